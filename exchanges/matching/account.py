"""One trading account at a futures venue: orders in, market data in, events out.

Nothing here reads a clock or does input or output. Times are exchange milliseconds and must not
run backwards. A refused request raises `RuleBrokenError` and changes nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from domain.accounts import PositionMode
from domain.instruments import to_decimal
from exchanges.matching.account_settings import (
    change_leverage,
    change_margin_type,
    change_position_mode,
)
from exchanges.matching.conditional_orders import ConditionalOrders
from exchanges.matching.dumping import dump_state, load_state
from exchanges.matching.events import BalanceReason, Event
from exchanges.matching.filling import Filling
from exchanges.matching.market_view import MarketView
from exchanges.matching.money import round_money
from exchanges.matching.order_entry import OrderEntry
from exchanges.matching.readings import AccountReadings
from exchanges.matching.records import ConditionalOrder, VenueOrder
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.register import AccountState, Register
from exchanges.matching.resting_orders import Print, RestingOrders
from exchanges.matching.settling import Settling
from exchanges.matching.shown_book import Shown
from exchanges.matching.terms import AccountTerms, SymbolTerms
from exchanges.matching.tickets import ConditionalTicket, Ticket, WorkingPrice

__all__ = ["Shown", "TradingAccount"]


class TradingAccount(AccountReadings):
    """An account on isolated margin, one-way or hedge, in one quote currency."""

    def __init__(
        self,
        terms: AccountTerms,
        symbols: Iterable[SymbolTerms],
        state: AccountState | None = None,
    ) -> None:
        fresh = AccountState(wallet=terms.wallet, mode=terms.position_mode)
        super().__init__(Register(fresh if state is None else state, terms, symbols))
        filling = Filling(self._register)
        self._market = MarketView(self._register)
        self._entry = OrderEntry(self._register, self._market, filling)
        self._conditionals = ConditionalOrders(self._register, self._market, self._entry)
        self._resting = RestingOrders(self._register, filling)
        self._settling = Settling(self._register, filling)

    def set_terms(self, terms: SymbolTerms) -> None:
        """Add a symbol, or change its terms from now on."""
        self._register.symbols[terms.symbol] = terms

    # What the market does.

    def on_book(self, symbol: str, bids: Shown, asks: Shown, at_ms: int) -> None:
        """Show a new book, in place of the last one; the levels must not be changed afterwards.

        What was taken from the last one is forgotten; resting orders that it crosses are filled
        at their own price as far as it reaches, and queues that it shows to be shorter shrink.
        Symbols without terms are ignored, here and below.
        """
        if symbol in self._register.symbols:
            self._resting.meet_book(symbol, self._market.show(symbol, bids, asks), at_ms)

    def on_trade(
        self,
        symbol: str,
        price: Decimal | float,
        quantity: Decimal | float,
        is_buy: bool,
        at_ms: int,
    ) -> None:
        """Show a trade; `is_buy`: the taker bought. Fills what it reaches, fires LAST triggers."""
        if symbol not in self._register.symbols:
            return
        instrument = self._register.terms_of(symbol).instrument
        exact = instrument.price(price)
        size = instrument.quantity(to_decimal(quantity))
        self._register.state.lasts[symbol] = exact
        self._resting.meet_trade(
            symbol, Print(price=exact, quantity=size, is_buy=is_buy, at_ms=at_ms)
        )
        self._conditionals.fire(symbol, WorkingPrice.LAST, exact, at_ms)

    def on_mark(self, symbol: str, mark: Decimal | float, at_ms: int) -> None:
        """Show a mark price: fires MARK triggers, then liquidates what is below maintenance."""
        if symbol not in self._register.symbols:
            return
        exact = self._note_mark(symbol, mark)
        self._conditionals.fire(symbol, WorkingPrice.MARK, exact, at_ms)
        self._settling.liquidate(symbol, exact, at_ms)

    def on_funding(
        self, symbol: str, rate: Decimal | float, mark: Decimal | float, at_ms: int
    ) -> None:
        """Settle funding at a mark price: `rate` is a fraction of notional, longs pay shorts."""
        if symbol not in self._register.symbols:
            return
        exact = self._note_mark(symbol, mark)
        self._settling.pay_funding(symbol, to_decimal(rate), exact, at_ms)
        self._settling.liquidate(symbol, exact, at_ms)

    # What its owner does.

    def place(self, ticket: Ticket, at_ms: int) -> VenueOrder:
        """Send a plain order; what it took is in the answer. Raises `RuleBrokenError`."""
        self._register.terms_of(ticket.symbol)
        self._entry.check_room(ticket)
        approved = self._entry.approve(ticket)
        return self._entry.enter(approved, self._register.next_order_number(), at_ms)

    def place_conditional(self, ticket: ConditionalTicket, at_ms: int) -> ConditionalOrder:
        """Send a conditional order. Raises `RuleBrokenError`."""
        return self._conditionals.place(ticket, at_ms)

    def cancel(
        self, symbol: str, at_ms: int, *, client_id: str | None = None, number: int | None = None
    ) -> VenueOrder:
        """Cancel an open order by either name. Raises `RuleBrokenError` with UNKNOWN_ORDER."""
        for order in self.open_orders(symbol):
            if number == order.number or (number is None and client_id == order.ticket.client_id):
                return self._entry.cancel(order, at_ms)
        raise RuleBrokenError(Cause.UNKNOWN_ORDER, f"{symbol} {number or client_id}")

    def cancel_conditional(
        self, at_ms: int, *, client_id: str | None = None, number: int | None = None
    ) -> ConditionalOrder:
        """Cancel a waiting conditional order by either name. Raises as `cancel`."""
        for order in self.open_conditionals():
            if number == order.number or (number is None and client_id == order.ticket.client_id):
                return self._conditionals.cancel(order, at_ms)
        raise RuleBrokenError(Cause.UNKNOWN_ORDER, f"conditional {number or client_id}")

    def cancel_all(self, symbol: str, at_ms: int) -> list[VenueOrder]:
        """Cancel the plain orders of a symbol: conditional ones stay."""
        return [self._entry.cancel(order, at_ms) for order in self.open_orders(symbol)]

    def cancel_all_conditionals(self, symbol: str, at_ms: int) -> list[ConditionalOrder]:
        """Cancel the conditional orders of a symbol: plain ones stay."""
        waiting = self.open_conditionals(symbol)
        return [self._conditionals.cancel(each, at_ms) for each in waiting]

    def set_leverage(self, symbol: str, leverage: int) -> bool:
        """Set the leverage of a symbol; False when it was that already.

        Raises `RuleBrokenError`: out of range, lower than that of an open position, or too high
        for its size.
        """
        return change_leverage(self._register, symbol, leverage)

    def set_isolated(self, symbol: str, isolated: bool) -> bool:
        """Set isolated (or cross) margin; False when it was that already.

        Raises `RuleBrokenError` while the symbol has orders or a position.
        """
        return change_margin_type(self._register, symbol, isolated=isolated)

    def set_position_mode(self, mode: PositionMode) -> bool:
        """Set one-way or hedge mode; False when it was that already. Raises as `set_isolated`."""
        return change_position_mode(self._register, mode)

    def deposit(self, amount: Decimal, at_ms: int) -> None:
        """Add to the wallet; below 0 takes from it."""
        self._register.record_balance(BalanceReason.DEPOSIT, amount, at_ms)

    def drain(self) -> list[Event]:
        """Events since the last call, oldest first."""
        events, self._register.events = self._register.events, []
        return events

    # How it is kept.

    def forget(self, before_ms: int) -> None:
        """Drop ended orders and fills that are older, so that what is kept stays small."""
        self._register.forget(before_ms)

    def dump(self) -> dict[str, Any]:
        """Everything but the shown books, as plain values that any encoder takes, exactly.

        Undrained events are not in it: drain them in the same step.
        """
        return dump_state(self._register.state)

    @classmethod
    def load(
        cls, dumped: Mapping[str, Any], terms: AccountTerms, symbols: Iterable[SymbolTerms]
    ) -> "TradingAccount":
        """The account again. It sees no book until the first one is shown.

        Raises `InvalidDataError` when it is not what `dump` made.
        """
        return cls(terms, symbols, load_state(dumped))

    def _note_mark(self, symbol: str, mark: Decimal | float) -> Decimal:
        exact = round_money(to_decimal(mark))
        self._register.state.marks[symbol] = exact
        return exact
