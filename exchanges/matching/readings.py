"""What can be read of an account without changing it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from domain.accounts import AccountStanding, PositionMode
from domain.directions import Direction
from exchanges.matching import margins
from exchanges.matching.positions import HeldPosition
from exchanges.matching.records import ConditionalOrder, Execution, VenueOrder
from exchanges.matching.register import Register

R = TypeVar("R", VenueOrder, ConditionalOrder)


class AccountReadings:
    """The reading half of a trading account."""

    def __init__(self, register: Register) -> None:
        self._register = register

    @property
    def wallet(self) -> Decimal:
        """Wallet balance: deposits, realised profit, fees and funding, margins included."""
        return self._register.state.wallet

    @property
    def position_mode(self) -> PositionMode:
        """One-way or hedge."""
        return self._register.state.mode

    def standing(self) -> AccountStanding:
        """Equity (wallet plus unrealised profit), available margin and position mode.

        A position without a mark price yet counts as it was entered.
        """
        return AccountStanding(
            equity=self.wallet + sum(map(self.unrealised, self.positions()), Decimal(0)),
            available=max(Decimal(0), margins.available(self._register)),
            position_mode=self.position_mode,
        )

    def unrealised(self, position: HeldPosition) -> Decimal:
        """Profit of a position at the newest mark price; 0 before the first."""
        mark = self.mark(position.symbol)
        return Decimal(0) if mark is None else position.unrealised(mark)

    def leverage(self, symbol: str) -> int:
        """Leverage set for a symbol."""
        return self._register.leverage(symbol)

    def is_isolated(self, symbol: str) -> bool:
        """Whether a symbol is set to isolated margin."""
        return self._register.is_isolated(symbol)

    def mark(self, symbol: str) -> Decimal | None:
        """Newest mark price; None before the first."""
        return self._register.state.marks.get(symbol)

    def positions(self, symbol: str | None = None) -> list[HeldPosition]:
        """Positions that are not flat."""
        return [held for _, held in self._register.positions(symbol)]

    def position(self, symbol: str, direction: Direction) -> HeldPosition | None:
        """The position on a symbol in a direction."""
        held = self.positions(symbol)
        return next((each for each in held if each.direction is direction), None)

    def liquidation_price(self, position: HeldPosition) -> Decimal | None:
        """Where the mark price liquidates it; None when no price above 0 does."""
        return margins.liquidation_price(position, self._register.terms_of(position.symbol))

    def open_orders(self, symbol: str | None = None) -> list[VenueOrder]:
        """Open plain orders, oldest first."""
        return self._register.orders(symbol)

    def open_conditionals(self, symbol: str | None = None) -> list[ConditionalOrder]:
        """Waiting conditional orders, oldest first."""
        return self._register.conditionals(symbol)

    def find_order(
        self, symbol: str, *, client_id: str | None = None, number: int | None = None
    ) -> VenueOrder | None:
        """A plain order, open or not, by either name: the newest one with a client id."""
        state = self._register.state
        known = [*state.ended_orders.values(), *state.open_orders.values()]
        return _newest((each for each in known if each.ticket.symbol == symbol), client_id, number)

    def find_conditional(
        self, *, client_id: str | None = None, number: int | None = None
    ) -> ConditionalOrder | None:
        """A conditional order, open or not, by either name: the newest one with a client id."""
        state = self._register.state
        known = [*state.ended_conditionals.values(), *state.open_conditionals.values()]
        return _newest(known, client_id, number)

    def orders(self, symbol: str | None = None, since_ms: int = 0) -> list[VenueOrder]:
        """Plain orders, open or not, that arrived at or after an instant, oldest first."""
        state = self._register.state
        known = [*state.ended_orders.values(), *state.open_orders.values()]
        return sorted(
            (
                each
                for each in known
                if symbol in (None, each.ticket.symbol) and each.created_ms >= since_ms
            ),
            key=lambda order: order.number,
        )

    def executions(self, symbol: str | None = None, since_ms: int = 0) -> list[Execution]:
        """Fills at or after an instant, oldest first."""
        return [
            each
            for each in self._register.state.executions
            if each.at_ms >= since_ms and symbol in (None, each.ticket.symbol)
        ]


def _newest(known: Iterable[R], client_id: str | None, number: int | None) -> R | None:
    """The newest record of a name; `number` goes before `client_id`."""
    if number is not None:
        return next((each for each in known if each.number == number), None)
    named = [each for each in known if each.ticket.client_id == client_id]
    return max(named, key=lambda each: each.number, default=None)
