"""A recorded stream of kline frames, and the bot's own ingest that it is played to."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.candles import CandleSeries
from domain.derivatives import Funding
from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import Timeframe, to_ms
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.kline_stream import KlineListener
from exchanges.simulator import Market, SimulatorClock, SimulatorSettings
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.klines import KlinePublisher
from exchanges.simulator.streams.names import parse_stream
from tests.fakes.market import make_ticker
from tests.parity.venue_candles import candles_of, instrument_of

SLICE_MS: Final = 5_000
"""Exchange time between two looks of the venue at what it has to send."""


@dataclass(frozen=True, slots=True)
class RecordedFrame:
    """A frame as it came over the wire, and when, in exchange milliseconds."""

    at_ms: int
    stream: str
    body: bytes

    @property
    def is_final(self) -> bool:
        return b'"x":true' in self.body


def record(market: Market, symbols: list[str], until_ms: int) -> list[RecordedFrame]:
    """Everything that the venue sends about the pairs until an instant, forming candles too."""
    wall = 0.0
    clock = SimulatorClock(market.start_ms, 1.0, lambda: wall)
    clock.start()
    publisher = KlinePublisher(TradingFloor(market, clock, SimulatorSettings(forming_seconds=20.0)))
    streams = [
        stream
        for symbol in symbols
        for timeframe in Timeframe
        if (stream := parse_stream(f"{symbol.lower()}@kline_{timeframe}")) is not None
    ]
    recorded: list[RecordedFrame] = []
    for from_ms in range(market.start_ms, until_ms, SLICE_MS):
        wall += SLICE_MS / 1000.0
        frames = publisher.frames(Slice(from_ms, from_ms + SLICE_MS, wall), streams)
        recorded += map(_recorded, frames)
    return recorded


def _recorded(frame: Frame) -> RecordedFrame:
    return RecordedFrame(frame.at_ms, frame.stream, frame.body)


class ReplayedStream(BinanceKlineStream):
    """The product's decoder, with a recording in place of a socket."""

    def play_to(self, listener: KlineListener) -> None:
        self._listener = listener

    def replay(self, frame: RecordedFrame) -> None:
        self._on_frame(frame.body, frame.at_ms / 1000.0)


class VenueFacts(MarketFacts):
    """REST of the same market, for some of its pairs; counts what was asked."""

    def __init__(self, market: Market, symbols: Collection[str], clock: Clock) -> None:
        self._pairs = {symbol: market.by_symbol[symbol] for symbol in symbols}
        self._clock = clock
        self.requests = 0

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        self.requests += 1
        newest = timeframe.last_closed_index(to_ms(self._clock.now()))
        last = min(first_index + count - 1, newest)
        return candles_of(self._pairs[symbol], timeframe, first_index, last)

    async def fetch_instruments(self) -> Mapping[str, Instrument]:
        return {symbol: instrument_of(pair) for symbol, pair in self._pairs.items()}

    async def fetch_tickers(self) -> Mapping[str, Ticker]:
        return {symbol: make_ticker(symbol) for symbol in self._pairs}

    async def fetch_funding(self) -> Mapping[str, Funding]:
        return {}


def boundaries(start_ms: int, until_ms: int) -> Iterator[int]:
    """The 15-minute boundaries after a start, in milliseconds."""
    step = Timeframe.M15.milliseconds
    yield from range(start_ms // step * step + step, until_ms + 1, step)
