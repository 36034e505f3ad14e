"""markPrice streams of single symbols and of all."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.derivatives import mark_at
from exchanges.simulator.market.oddities import coin_margined, universe
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.streams.frames import Cadence, Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind


class MarkPublisher:
    """Publishes mark price and funding of each stream whose turn it is."""

    kinds = (StreamKind.MARK, StreamKind.ALL_MARKS)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._cadence = Cadence()

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """One object per symbol stream, one array per stream of all symbols."""
        for stream in streams:
            if not self._cadence.is_due(stream.name, stream.period_seconds, span.wall):
                continue
            pair = self._floor.find(stream.symbol)
            if stream.kind is StreamKind.ALL_MARKS:
                pairs = self._floor.listed()
                rows = [_mark(each, span.to_ms) for each in (*pairs, coin_margined(pairs[0]))]
                yield Frame(stream.name, span.to_ms, msgspec.json.encode(rows))
            elif pair is not None:
                yield Frame(stream.name, span.to_ms, msgspec.json.encode(_mark(pair, span.to_ms)))


def _mark(pair: Pair, at_ms: int) -> dict[str, Any]:
    mark = mark_at(pair, at_ms)
    return {
        "e": "markPriceUpdate",
        "E": at_ms,
        "s": pair.symbol,
        "p": f"{mark.price:.8f}",
        "ap": f"{mark.price:.8f}",
        "i": f"{mark.index_price:.8f}",
        "P": f"{mark.index_price:.8f}",
        "r": f"{mark.rate:.8f}",
        "T": mark.next_funding_ms,
        "st": universe(pair),
    }
