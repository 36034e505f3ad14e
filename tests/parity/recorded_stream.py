"""A recorded stream of a venue's frames, and the bot's own ingest that it is played to."""

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
from engine.ports.order_flow import FlowListener
from exchanges.binance.flow_frames import FlowFrames
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.kline_stream import KlineListener
from exchanges.simulator import Market, SimulatorClock, SimulatorSettings
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.streams.books import BookPublisher
from exchanges.simulator.streams.frames import Frame, Slice
from exchanges.simulator.streams.klines import KlinePublisher
from exchanges.simulator.streams.names import Stream, parse_stream
from exchanges.simulator.streams.trades import TradePublisher
from tests.fakes.market import make_ticker
from tests.parity.venue_candles import candles_of, instrument_of

SLICE_MS: Final = 5_000
"""Exchange time between two looks of the venue at what it has to send."""

BOOKS_FROM_MS: Final = 3_000
BOOKS_UNTIL_MS: Final = 1_000
"""Books are recorded from so long before a close until so long after it."""


@dataclass(frozen=True, slots=True)
class RecordedFrame:
    """A frame as it came over the wire, and when, in exchange milliseconds."""

    at_ms: int
    stream: str
    body: bytes

    @property
    def is_final(self) -> bool:
        return b'"x":true' in self.body


def floor_of(market: Market, *, trades_per_minute: int = 30) -> TradingFloor:
    """The market's floor, with few trades and few updates of forming candles."""
    clock = SimulatorClock(market.start_ms, 1.0, lambda: 0.0)
    settings = SimulatorSettings(forming_seconds=20.0, trades_per_minute=trades_per_minute)
    return TradingFloor(market, clock, settings)


def record(market: Market, symbols: list[str], until_ms: int) -> list[RecordedFrame]:
    """What the venue sends about the pairs until an instant: candles, also forming ones, trades,
    and books around each close."""
    floor = floor_of(market)
    klines = KlinePublisher(floor), _streams(symbols, [f"kline_{one}" for one in Timeframe])
    trades = TradePublisher(floor), _streams(symbols, ["aggTrade"])
    books = BookPublisher(floor), _streams(symbols, ["depth20@100ms"])
    recorded: list[RecordedFrame] = []
    for from_ms in range(market.start_ms, until_ms, SLICE_MS):
        span = Slice(from_ms, from_ms + SLICE_MS, (from_ms + SLICE_MS - market.start_ms) / 1000.0)
        for publisher, streams in (klines, trades):
            recorded += map(_recorded, publisher.frames(span, streams))
    for boundary in boundaries(market.start_ms, until_ms):
        span = Slice(boundary - BOOKS_FROM_MS, boundary + BOOKS_UNTIL_MS, 0.0)
        recorded += map(_recorded, books[0].frames(span, books[1]))
    return sorted(recorded, key=lambda frame: frame.at_ms)


def _streams(symbols: list[str], channels: list[str]) -> list[Stream]:
    names = [f"{symbol.lower()}@{channel}" for symbol in symbols for channel in channels]
    return [stream for stream in map(parse_stream, names) if stream is not None]


def _recorded(frame: Frame) -> RecordedFrame:
    return RecordedFrame(frame.at_ms, frame.stream, frame.body)


class ReplayedStream(BinanceKlineStream):
    """The product's decoders, with a recording in place of sockets."""

    def play_to(self, listener: KlineListener, flow: FlowListener) -> None:
        self._listener = listener
        self._flow = FlowFrames()
        self._flow.listener = flow

    def set_symbols(self, symbols: Collection[str]) -> None:
        super().set_symbols(symbols)
        self._flow.set_symbols(symbols, 0.0)

    def replay(self, frame: RecordedFrame) -> None:
        received = frame.at_ms / 1000.0
        if "@kline" in frame.stream:
            self._on_frame(frame.body, received)
        elif "@aggTrade" in frame.stream:
            self._flow.on_trade_frame(frame.body, received)
        else:
            self._flow.on_book_frame(frame.body, received)
            self._flow.hand_over_books()


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
