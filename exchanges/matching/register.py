"""What an account holds, and the one place where a change of it becomes an event."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from domain.accounts import PositionMode
from domain.directions import Direction
from exchanges.matching.events import (
    BalanceChanged,
    BalanceReason,
    ConditionalChanged,
    Event,
    OrderChange,
    OrderChanged,
    PositionNow,
)
from exchanges.matching.positions import HeldPosition
from exchanges.matching.records import ConditionalOrder, Execution, VenueOrder
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.terms import AccountTerms, SymbolTerms

R = TypeVar("R", VenueOrder, ConditionalOrder)

Slot = tuple[str, Direction | None]
"""Where a position is kept: symbol, and the direction in hedge mode (None in one-way mode)."""


@dataclass(slots=True, kw_only=True)
class AccountState:
    """Everything that must survive a restart. Orders by number; counts are of numbers given."""

    wallet: Decimal
    mode: PositionMode
    positions: dict[Slot, HeldPosition] = field(default_factory=dict)
    open_orders: dict[int, VenueOrder] = field(default_factory=dict)
    ended_orders: dict[int, VenueOrder] = field(default_factory=dict)
    open_conditionals: dict[int, ConditionalOrder] = field(default_factory=dict)
    ended_conditionals: dict[int, ConditionalOrder] = field(default_factory=dict)
    executions: list[Execution] = field(default_factory=list)
    leverages: dict[str, int] = field(default_factory=dict)
    isolated: dict[str, bool] = field(default_factory=dict)
    marks: dict[str, Decimal] = field(default_factory=dict)
    lasts: dict[str, Decimal] = field(default_factory=dict)
    order_count: int = 0
    conditional_count: int = 0
    execution_count: int = 0
    event_count: int = 0


class Register:
    """The state with its terms; `events` are those not drained yet."""

    def __init__(
        self, state: AccountState, terms: AccountTerms, symbols: Iterable[SymbolTerms]
    ) -> None:
        self.state = state
        self.terms = terms
        self.symbols: dict[str, SymbolTerms] = {each.symbol: each for each in symbols}
        self.events: list[Event] = []

    def terms_of(self, symbol: str) -> SymbolTerms:
        """Terms of a symbol. Raises `RuleBrokenError` for one that is not traded."""
        try:
            return self.symbols[symbol]
        except KeyError:
            raise RuleBrokenError(Cause.UNKNOWN_SYMBOL, symbol) from None

    def leverage(self, symbol: str) -> int:
        """Leverage that new positions of a symbol get."""
        return self.state.leverages.get(symbol, self.terms.leverage)

    def is_isolated(self, symbol: str) -> bool:
        """Whether a symbol is on isolated margin."""
        return self.state.isolated.get(symbol, self.terms.starts_isolated)

    def orders(self, symbol: str | None = None) -> list[VenueOrder]:
        """Open plain orders, oldest first."""
        orders = self.state.open_orders.values()
        return [each for each in orders if symbol in (None, each.ticket.symbol)]

    def conditionals(self, symbol: str | None = None) -> list[ConditionalOrder]:
        """Waiting conditional orders, oldest first."""
        waiting = self.state.open_conditionals.values()
        return [each for each in waiting if symbol in (None, each.ticket.symbol)]

    def positions(self, symbol: str | None = None) -> list[tuple[Slot, HeldPosition]]:
        """Positions that are not flat, with their places."""
        return [each for each in self.state.positions.items() if symbol in (None, each[0][0])]

    def next_order_number(self) -> int:
        """A number for a new plain order."""
        self.state.order_count += 1
        return self.state.order_count

    def next_conditional_number(self) -> int:
        """A number for a new conditional order."""
        self.state.conditional_count += 1
        return self.state.conditional_count

    def next_execution_number(self) -> int:
        """A number for a new fill."""
        self.state.execution_count += 1
        return self.state.execution_count

    def keep_order(self, order: VenueOrder) -> None:
        """Keep an order without telling anybody: nobody sees its place in the queue."""
        if order.is_open:
            self.state.open_orders[order.number] = order
        else:
            self.state.open_orders.pop(order.number, None)
            self.state.ended_orders[order.number] = order

    def record_order(
        self,
        order: VenueOrder,
        change: OrderChange,
        at_ms: int,
        execution: Execution | None = None,
    ) -> VenueOrder:
        """Keep an order as it is now, with the fill that changed it."""
        order = replace(order, updated_ms=at_ms)
        self.keep_order(order)
        if execution is not None:
            self.state.executions.append(execution)
        self.events.append(
            OrderChanged(
                number=self.next_event_number(),
                at_ms=at_ms,
                change=change,
                order=order,
                execution=execution,
            )
        )
        return order

    def record_conditional(self, conditional: ConditionalOrder, at_ms: int) -> ConditionalOrder:
        """Keep a conditional order as it is now."""
        conditional = replace(conditional, updated_ms=at_ms)
        if conditional.is_open:
            self.state.open_conditionals[conditional.number] = conditional
        else:
            self.state.open_conditionals.pop(conditional.number, None)
            self.state.ended_conditionals[conditional.number] = conditional
        self.events.append(
            ConditionalChanged(
                number=self.next_event_number(), at_ms=at_ms, conditional=conditional
            )
        )
        return conditional

    def record_balance(
        self, reason: BalanceReason, amount: Decimal, at_ms: int, slot: Slot | None = None
    ) -> None:
        """Add to the wallet, and tell it with the position it came from, as that is by now."""
        self.state.wallet += amount
        self.events.append(
            BalanceChanged(
                number=self.next_event_number(),
                at_ms=at_ms,
                reason=reason,
                wallet=self.state.wallet,
                amount=amount,
                position=None if slot is None else self._position_now(slot),
            )
        )

    def hold(self, slot: Slot, position: HeldPosition | None) -> None:
        """Put a position in its place; None: it is flat."""
        if position is None:
            self.state.positions.pop(slot, None)
        else:
            self.state.positions[slot] = position

    def forget(self, before_ms: int) -> None:
        """Drop ended orders and fills that are older."""
        state = self.state
        state.ended_orders = _since(state.ended_orders, before_ms)
        state.ended_conditionals = _since(state.ended_conditionals, before_ms)
        state.executions = [each for each in state.executions if each.at_ms >= before_ms]

    def next_event_number(self) -> int:
        """A number for a new event."""
        self.state.event_count += 1
        return self.state.event_count

    def _position_now(self, slot: Slot) -> PositionNow:
        symbol, position_side = slot
        held = self.state.positions.get(slot)
        return PositionNow(symbol=symbol, position_side=position_side, held=held)


def _since(records: dict[int, R], before_ms: int) -> dict[int, R]:
    return {number: each for number, each in records.items() if each.updated_ms >= before_ms}
