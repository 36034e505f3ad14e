"""Order flow of a simulated pair, told by the venue's own functions instead of its frames."""

from domain.order_book import Level
from domain.order_flow import OrderFlow
from domain.timeframes import Timeframe, from_ms
from engine.order_flow import OrderFlowState
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.pairs import Pair
from layers.orderflow import OrderFlowParameters
from tests.fakes.clock import HandClock
from tests.parity.recorded_stream import BOOKS_FROM_MS, BOOKS_UNTIL_MS
from tests.parity.venue_candles import instrument_of

_BOOK_EVERY_MS = 100
_LEVELS = 20


class ToldFlow:
    """One pair as somebody sees it who has listened since an instant."""

    def __init__(self, floor: TradingFloor, pair: Pair, since_ms: int) -> None:
        self._floor = floor
        self._pair = pair
        self._told_ms = since_ms
        self._clock = HandClock(from_ms(since_ms))
        self.state = OrderFlowState(OrderFlowParameters(), self._clock)
        self.state.watch([instrument_of(pair)])

    def at(self, at_ms: int) -> OrderFlow | None:
        """What is known as of an instant; instants may only rise from call to call."""
        self._tell_until(at_ms)
        return self.state.order_flow(self._pair.symbol, from_ms(at_ms))

    def _tell_until(self, at_ms: int) -> None:
        """Every trade until an instant, and the books near each close."""
        self._clock.set(max(self._clock.now(), from_ms(at_ms)))
        for trade in self._floor.tape.between(self._pair, self._told_ms, at_ms):
            price = float(self._pair.contract.prices.text(trade.price))
            quantity = float(self._pair.contract.quantities.text(trade.quantity))
            is_buy = not trade.buyer_is_maker
            self.state.on_trade(self._pair.symbol, trade.id, trade.at_ms, price, quantity, is_buy)
        begin = self._told_ms // _BOOK_EVERY_MS * _BOOK_EVERY_MS + _BOOK_EVERY_MS
        for book_ms in filter(_is_near_close, range(begin, at_ms + 1, _BOOK_EVERY_MS)):
            self._tell_book(book_ms)
        self._told_ms = max(self._told_ms, at_ms)

    def _tell_book(self, at_ms: int) -> None:
        book = self._floor.book_at(self._pair, at_ms, _LEVELS)
        bids, asks = self._levels(book.bids), self._levels(book.asks)
        self.state.on_book(self._pair.symbol, at_ms, bids, asks)

    def _levels(self, side: dict[int, int]) -> list[Level]:
        price, quantity = self._pair.contract.prices.text, self._pair.contract.quantities.text
        return [(float(price(ticks)), float(quantity(steps))) for ticks, steps in side.items()]


def _is_near_close(at_ms: int) -> bool:
    since = (at_ms + BOOKS_FROM_MS) % Timeframe.M15.milliseconds
    return 0 < since <= BOOKS_FROM_MS + BOOKS_UNTIL_MS
