"""forceOrder streams: a violent minute ends somebody's position."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import HIGH, LOW, MINUTE_MS, VOLUME
from exchanges.simulator.market.minute_path import minute_shape
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind

_VIOLENT_RANGE: Final = 0.008
_LIQUIDATED_SHARE: Final = 0.02


class LiquidationPublisher:
    """Publishes one liquidation in each minute whose range is violent, when it turns."""

    kinds = (StreamKind.LIQUIDATION, StreamKind.ALL_LIQUIDATIONS)

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """The liquidations of the slice."""
        for stream in streams:
            pair = self._floor.find(stream.symbol)
            pairs = self._floor.listed() if not stream.symbol else [pair] if pair else []
            for each in pairs:
                for minute in range(span.from_ms // MINUTE_MS, span.to_ms // MINUTE_MS + 1):
                    yield from _liquidations(stream, each, minute, span)


def _liquidations(stream: Stream, pair: Pair, minute: int, span: Slice) -> Iterator[Frame]:
    if not pair.bars.first_minute <= minute < pair.bars.end_minute:
        return
    high, low, volume = pair.bars.columns[
        [HIGH, LOW, VOLUME], minute - pair.bars.first_minute
    ].tolist()
    shape = minute_shape(pair, minute)
    at_ms = minute * MINUTE_MS + int(shape.second_at * MINUTE_MS)
    if high - low < _VIOLENT_RANGE * high or not span.from_ms < at_ms <= span.to_ms:
        return
    price = pair.contract.prices.text(shape.second_extreme)
    quantity = pair.contract.quantities.text(max(1, round(volume * _LIQUIDATED_SHARE)))
    order = {
        "s": pair.symbol,
        "S": "SELL" if shape.second_extreme == low else "BUY",
        "o": "LIMIT",
        "f": "IOC",
        "q": quantity,
        "p": price,
        "ap": price,
        "X": "FILLED",
        "l": quantity,
        "z": quantity,
        "T": at_ms,
    }
    event = {"e": "forceOrder", "E": at_ms, "o": order, "st": 1}
    yield Frame(stream.name, at_ms, msgspec.json.encode(event))
