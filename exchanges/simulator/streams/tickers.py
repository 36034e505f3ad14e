"""24-hour ticker streams, short and full, of single symbols and of all."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.day import last_day
from exchanges.simulator.market.oddities import coin_margined, universe
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.streams.frames import Cadence, Frame, Slice
from exchanges.simulator.streams.names import Stream, StreamKind

_FULL: Final = {StreamKind.TICKER, StreamKind.ALL_TICKERS}


class TickerPublisher:
    """Publishes the last 24 hours of each stream whose turn it is."""

    kinds = (
        StreamKind.MINI_TICKER,
        StreamKind.ALL_MINI_TICKERS,
        StreamKind.TICKER,
        StreamKind.ALL_TICKERS,
    )

    def __init__(self, floor: TradingFloor) -> None:
        self._floor = floor
        self._cadence = Cadence()

    def frames(self, span: Slice, streams: Sequence[Stream]) -> Iterator[Frame]:
        """One object per symbol stream, one array per stream of all symbols."""
        for stream in streams:
            if not self._cadence.is_due(stream.name, stream.period_seconds, span.wall):
                continue
            event = _full_ticker if stream.kind in _FULL else _mini_ticker
            pair = self._floor.find(stream.symbol)
            if not stream.symbol:
                pairs = self._floor.listed()
                rows = [
                    event(self._floor, each, span.to_ms)
                    for each in (*pairs, coin_margined(pairs[0]))
                ]
                yield Frame(stream.name, span.to_ms, msgspec.json.encode(rows))
            elif pair is not None:
                yield Frame(
                    stream.name,
                    span.to_ms,
                    msgspec.json.encode(event(self._floor, pair, span.to_ms)),
                )


def _mini_ticker(floor: TradingFloor, pair: Pair, at_ms: int) -> dict[str, Any]:
    day = last_day(floor.tape, pair, at_ms)
    price, quantity = pair.contract.prices.text, pair.contract.quantities.text
    return {
        "e": "24hrMiniTicker",
        "E": at_ms,
        "s": pair.symbol,
        "c": price(day.last),
        "o": price(day.open),
        "h": price(day.high),
        "l": price(day.low),
        "v": quantity(day.volume),
        "q": f"{day.quote_volume:.2f}",
        "st": universe(pair),
    }


def _full_ticker(floor: TradingFloor, pair: Pair, at_ms: int) -> dict[str, Any]:
    day = last_day(floor.tape, pair, at_ms)
    price, size = pair.contract.prices.text, pair.contract.quantities.size
    extra = {
        "e": "24hrTicker",
        "p": price(day.change),
        "P": f"{day.change_percent:.3f}",
        "w": f"{day.quote_volume / max(day.volume * size, size):.8f}",
        "Q": pair.contract.quantities.text(1),
        "O": day.open_ms,
        "C": at_ms,
        "F": day.first_trade,
        "L": day.first_trade + day.trades - 1,
        "n": day.trades,
    }
    return _mini_ticker(floor, pair, at_ms) | extra
