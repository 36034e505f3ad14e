"""forceOrder streams: in a violent minute positions are closed by force, as the tape tells."""

from collections.abc import Iterator, Sequence

import msgspec

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.minute_trades import is_violent
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.trades import AggregateTrade
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class LiquidationPublisher:
    """Publishes the forced trades of the tape; sells that closed a long, buys that closed a short.

    As at the venue there is at most one a second for a pair.
    """

    kinds = (StreamKind.LIQUIDATION, StreamKind.ALL_LIQUIDATIONS)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """The liquidations of the slice."""
        for stream in streams:
            pair = self._floor.find(stream.symbol)
            pairs = self._floor.listed() if not stream.symbol else [pair] if pair else []
            for each in pairs:
                for trade in self._forced(each, span):
                    yield _frame(stream, each, trade)

    def _forced(self, pair: Pair, span: Slice) -> Iterator[AggregateTrade]:
        first = max(span.from_ms // MINUTE_MS, pair.bars.first_minute)
        last = min(span.to_ms // MINUTE_MS, pair.bars.end_minute - 1)
        for minute in range(first, last + 1):
            if minute in pair.scripted or is_violent(pair, minute):
                for trade in self._floor.tape.forced(pair, minute):
                    if span.from_ms < trade.at_ms <= span.to_ms:
                        yield trade


def _frame(stream: Stream, pair: Pair, trade: AggregateTrade) -> Frame:
    price = pair.contract.prices.text(trade.price)
    quantity = pair.contract.quantities.text(trade.quantity)
    order = {
        "s": pair.symbol,
        "S": "SELL" if trade.buyer_is_maker else "BUY",
        "o": "LIMIT",
        "f": "IOC",
        "q": quantity,
        "p": price,
        "ap": price,
        "X": "FILLED",
        "l": quantity,
        "z": quantity,
        "T": trade.at_ms,
    }
    event = {"e": "forceOrder", "E": trade.at_ms, "o": order, "st": 1}
    return Frame(stream.name, trade.at_ms, msgspec.json.encode(event))
