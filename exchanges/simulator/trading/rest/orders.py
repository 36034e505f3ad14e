"""Plain orders: send, ask, cancel, list, and the countdown that cancels them all."""

from typing import Any, Final

from exchanges.matching.records import VenueOrder
from exchanges.matching.tickets import Ticket
from exchanges.simulator.faults import FaultKind, Faults
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.rest.listing import by_presence
from exchanges.simulator.trading.complaints import in_venue_words
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.rest.endpoint import PrivateEndpoint
from exchanges.simulator.trading.rest.order_rows import (
    Row,
    accepted,
    acknowledgement,
    order_row,
)
from exchanges.simulator.trading.rest.tickets import plain_ticket
from exchanges.simulator.trading.trader import Trader

ALL_DONE: Final = {"code": 200, "msg": "The operation of cancel all open order is done."}


class PlainOrders:
    """What is done with plain orders of one account at a time."""

    def __init__(self, desk: TradingDesk, faults: Faults) -> None:
        self._desk = desk
        self._faults = faults

    def endpoints(self) -> list[PrivateEndpoint]:
        """Endpoints for plain orders."""
        order, every = "/fapi/v1/order", by_presence(1, 40)
        return [
            PrivateEndpoint(
                method="POST", path=order, answer=self.send, weight=lambda _: 0, is_order=True
            ),
            PrivateEndpoint(method="GET", path=order, answer=self.ask),
            PrivateEndpoint(method="DELETE", path=order, answer=self.cancel),
            PrivateEndpoint(
                method="GET", path="/fapi/v1/openOrders", answer=self.list_open, weight=every
            ),
            PrivateEndpoint(method="DELETE", path="/fapi/v1/allOpenOrders", answer=self.cancel_all),
            PrivateEndpoint(
                method="POST",
                path="/fapi/v1/countdownCancelAll",
                answer=self.count_down,
                weight=lambda _: 10,
            ),
        ]

    def send(self, trader: Trader, query: Query) -> Row:
        """A new order."""
        contract = self._desk.tradable(query.required("symbol")).contract
        ticket = plain_ticket(query, contract, trader.next_name())
        now_ms = self._desk.open_for_orders(trader, contract.symbol)
        partial = self._faults.take(FaultKind.PARTIAL_FILL, f"POST /fapi/v1/order?{query}", now_ms)
        if partial is not None:
            self._desk.thin_out(trader, contract.symbol, partial.share, ticket.quantity)
        order = self._placed(trader, ticket, now_ms)
        if partial is not None and not order.is_open:
            self._desk.show_standing(trader, contract.symbol)
        is_result_asked = query.text("newOrderRespType") in ("RESULT", "FULL")
        return (acknowledgement if is_result_asked else accepted)(order, trader.numbers)

    def _placed(self, trader: Trader, ticket: Ticket, now_ms: int) -> VenueOrder:
        with in_venue_words():
            return trader.books.place(ticket, now_ms)

    def ask(self, trader: Trader, query: Query) -> Row:
        """An order by either of its names, open or not."""
        names = _names(trader, query)
        order = trader.books.find_order(query.required("symbol"), **names)
        if order is None:
            raise VenueError(-2013, "Order does not exist.")
        return order_row(order, trader.numbers)

    def cancel(self, trader: Trader, query: Query) -> Row:
        """Cancel an open order."""
        symbol, names = query.required("symbol"), _names(trader, query)
        with in_venue_words():
            gone = trader.books.cancel(symbol, trader.seen_ms, **names)
        return acknowledgement(gone, trader.numbers)

    def list_open(self, trader: Trader, query: Query) -> list[Row]:
        """Open orders of one symbol or of all."""
        orders = trader.books.open_orders(query.text("symbol"))
        return [order_row(order, trader.numbers) for order in orders]

    def cancel_all(self, trader: Trader, query: Query) -> dict[str, Any]:
        """Cancel every plain order of a symbol; conditional ones stay."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        trader.books.cancel_all(symbol, trader.seen_ms)
        return ALL_DONE

    def count_down(self, trader: Trader, query: Query) -> dict[str, Any]:
        """Cancel every plain order of a symbol unless this is asked for again in time."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        query.required("countdownTime")
        wait_ms = query.integer("countdownTime") or 0
        trader.countdowns.pop(symbol, None)
        if wait_ms > 0:
            trader.countdowns[symbol] = trader.seen_ms + wait_ms
        return {"symbol": symbol, "countdownTime": str(wait_ms)}


def _names(trader: Trader, query: Query) -> dict[str, Any]:
    """The names an order is asked for by; at least one must be given."""
    number, name = query.integer("orderId"), query.text("origClientOrderId")
    if number is None and name is None:
        raise VenueError(
            -1102,
            "Mandatory parameter 'orderId or origClientOrderId' was not sent, was empty/null, "
            "or malformed.",
        )
    if number is not None:
        return {"number": trader.numbers.of_order(number)}
    return {"client_id": name}
