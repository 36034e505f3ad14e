"""Conditional orders: the venue's algo service, with ids, lists and cancelling of its own."""

from typing import Any

from exchanges.matching.records import ConditionalOrder
from exchanges.simulator.rest.endpoints import Query, VenueError
from exchanges.simulator.rest.listing import by_presence
from exchanges.simulator.trading.complaints import in_venue_words
from exchanges.simulator.trading.desk import TradingDesk
from exchanges.simulator.trading.rest.endpoint import PrivateEndpoint
from exchanges.simulator.trading.rest.order_rows import Row, algo_row
from exchanges.simulator.trading.rest.orders import ALL_DONE
from exchanges.simulator.trading.rest.tickets import conditional_ticket
from exchanges.simulator.trading.trader import Trader


class ConditionalOrders:
    """What is done with conditional orders of one account at a time."""

    def __init__(self, desk: TradingDesk) -> None:
        self._desk = desk

    def endpoints(self) -> list[PrivateEndpoint]:
        """Endpoints for conditional orders."""
        order, every = "/fapi/v1/algoOrder", by_presence(1, 40)
        return [
            PrivateEndpoint(
                method="POST", path=order, answer=self.send, weight=lambda _: 0, is_order=True
            ),
            PrivateEndpoint(method="GET", path=order, answer=self.ask),
            PrivateEndpoint(method="DELETE", path=order, answer=self.cancel),
            PrivateEndpoint(
                method="GET", path="/fapi/v1/openAlgoOrders", answer=self.list_open, weight=every
            ),
            PrivateEndpoint(
                method="DELETE", path="/fapi/v1/algoOpenOrders", answer=self.cancel_all
            ),
        ]

    def send(self, trader: Trader, query: Query) -> Row:
        """A new conditional order."""
        contract = self._desk.tradable(query.required("symbol")).contract
        ticket = conditional_ticket(query, contract, trader.next_name())
        now_ms = self._desk.open_for_orders(trader, contract.symbol)
        with in_venue_words():
            conditional = trader.books.place_conditional(ticket, now_ms)
        return algo_row(conditional, None, trader.numbers)

    def ask(self, trader: Trader, query: Query) -> Row:
        """A conditional order by either of its names, waiting or not."""
        found = trader.books.find_conditional(**_names(trader, query))
        if found is None:
            raise VenueError(-2013, "Order does not exist.")
        return self._row(trader, found)

    def cancel(self, trader: Trader, query: Query) -> dict[str, Any]:
        """Cancel a waiting conditional order."""
        names = _names(trader, query)
        with in_venue_words():
            gone = trader.books.cancel_conditional(trader.seen_ms, **names)
        return {
            "algoId": trader.numbers.conditional(gone.number),
            "clientAlgoId": gone.ticket.client_id,
            "code": "200",
            "msg": "success",
        }

    def list_open(self, trader: Trader, query: Query) -> list[Row]:
        """Waiting conditional orders of one symbol or of all."""
        waiting = trader.books.open_conditionals(query.text("symbol"))
        return [self._row(trader, conditional) for conditional in waiting]

    def cancel_all(self, trader: Trader, query: Query) -> dict[str, Any]:
        """Cancel every conditional order of a symbol; plain ones stay."""
        symbol = self._desk.tradable(query.required("symbol")).symbol
        trader.books.cancel_all_conditionals(symbol, trader.seen_ms)
        return ALL_DONE

    def _row(self, trader: Trader, conditional: ConditionalOrder) -> Row:
        number, symbol = conditional.engine_number, conditional.ticket.symbol
        engine = None if number is None else trader.books.find_order(symbol, number=number)
        return algo_row(conditional, engine, trader.numbers)


def _names(trader: Trader, query: Query) -> dict[str, Any]:
    number, name = query.integer("algoId"), query.text("clientAlgoId")
    if number is None and name is None:
        raise VenueError(
            -1102,
            "Mandatory parameter 'algoId or clientAlgoId' was not sent, was empty/null, or "
            "malformed.",
        )
    if number is not None:
        return {"number": trader.numbers.of_conditional(number)}
    return {"client_id": name}
