"""Books and trades of 40 pairs from socket to updated features: ours, ccxt.pro, a bare decode loop.

2,000 messages a second, evenly paced: CPU per message and the time from sending to updated
features; then as fast as the client takes them. Features are those of `OrderFlowState`; with every
book the whole reading of its pair is taken besides, as a playbook on ticks would.
"""

import asyncio
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import aiohttp
import structlog
import uvloop

from app.clock import ExchangeClock
from bench.flow_server import (
    BEGIN_MS,
    BOOKS_PER_SECOND,
    SECONDS,
    SYMBOLS,
    TRADES_PER_SECOND,
)
from bench.ingest import market_of
from bench.result import Result, interleaved
from domain.order_book import Level
from domain.timeframes import from_ms
from engine.order_flow import OrderFlowState
from exchanges.binance.connection import ConnectionLimits
from exchanges.binance.flow_frames import FlowFrames
from exchanges.binance.flow_messages import decode_book, decode_trade_or_liquidation
from exchanges.binance.routes import book_stream, stream_url, trade_stream
from exchanges.binance.stream_set import StreamSet
from layers.orderflow import OrderFlowParameters
from tests.builders.market import make_instrument
from tests.fakes.clock import HandClock

_RUNS = 3
_FRAMES = (BOOKS_PER_SECOND + TRADES_PER_SECOND) * SECONDS
_DEADLINE = SECONDS + 12.0


class Timed:
    """CPU and wall time from the first frame to the newest, and how old each was when done."""

    def __init__(self) -> None:
        self.frames = 0
        self._first = self._newest = (0.0, 0.0)
        self.latencies: list[float] = []
        self.complete = asyncio.Event()

    def done(self, sent_ns: int | None = None) -> None:
        self._newest = time.process_time(), time.monotonic()
        if self.frames == 0:
            self._first = self._newest
        self.frames += 1
        if sent_ns is not None:
            self.latencies.append(self._newest[1] * 1000.0 - sent_ns / 1e6)
        if self.frames == _FRAMES:
            self.complete.set()

    async def wait(self) -> "Timed":
        with suppress(TimeoutError):
            await asyncio.wait_for(self.complete.wait(), _DEADLINE)
        return self

    @property
    def cpu_ms(self) -> float:
        return (self._newest[0] - self._first[0]) * 1000.0 / max(1, self.frames)

    @property
    def per_second(self) -> float:
        return self.frames / (self._newest[1] - self._first[1])


class StampedFrames(FlowFrames):
    """The product's frames; tells when each was sent and is done with."""

    def __init__(self, timed: Timed, state: OrderFlowState, *, reads: bool) -> None:
        super().__init__()
        self.listener = self
        self._timed = timed
        self._state = state
        self._reads = reads
        self._sent: dict[str, int] = {}

    def on_book_frame(self, frame: bytes, received: float) -> None:
        before = self.books
        super().on_book_frame(frame, received)
        if self.books > before:
            symbol = frame[frame.index(b'"s":"') + 5 : frame.index(b'","ps"')].decode()
            if symbol in self._sent:
                self._timed.done()  # it was dropped for this newer one
            self._sent[symbol] = _sent_ns(frame)

    def on_trade_frame(self, frame: bytes, received: float) -> None:
        before = self.trades
        super().on_trade_frame(frame, received)
        if self.trades > before:
            self._timed.done(_sent_ns(frame))

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        self._state.on_book(symbol, exchange_ms, bids, asks)
        if self._reads:
            self._state.order_flow(symbol, datetime.fromtimestamp(exchange_ms / 1000.0, UTC))
        self._timed.done(self._sent.pop(symbol))

    def on_trade(self, *trade: Any) -> None:
        self._state.on_trade(*trade)

    def on_liquidation(self, symbol: str, liquidation: object) -> None:
        """None is sent."""

    def on_gap(self, symbols: object) -> None:
        """None is made."""


def run(on_progress: Callable[[int, int], None]) -> Result:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    timed: dict[str, list[Timed]] = {"ours": [], "ccxt": [], "bare": [], "reading": [], "fast": []}
    done = 0
    with _flow_server() as url:

        def measured(name: str, client: Callable[[], Coroutine[Any, Any, Timed]]) -> float:
            nonlocal done
            one: Timed = uvloop.run(client())
            if one.frames < _FRAMES * 0.9:
                raise RuntimeError(f"only {one.frames} of {_FRAMES} frames reached {name}")
            timed[name].append(one)
            done += 1
            on_progress(done, 2 * _RUNS + 3)
            return one.cpu_ms

        ours_ms, base_ms, ratio = interleaved(
            lambda: measured("ours", lambda: _ours(url)),
            lambda: measured("ccxt", lambda: _ccxt(url)),
            _RUNS,
        )
        measured("bare", lambda: _bare(url))
        measured("reading", lambda: _ours(url, reads=True))
        measured("fast", lambda: _ours(f"{url}/fast"))
    latencies = [each for one in timed["ours"] for each in one.latencies]
    cuts = statistics.quantiles(latencies, n=100)
    rate = BOOKS_PER_SECOND + TRADES_PER_SECOND
    return Result(
        name="flow",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="CPU per message of ccxt.pro's trades and books, uvloop as ours",
        details={
            "messages a second": float(rate),
            "share of a core": ours_ms * rate / 1000.0,
            "share of a core, with a whole reading at each book": timed["reading"][0].cpu_ms
            * rate
            / 1000.0,
            "share of a core, bare decode loop": timed["bare"][0].cpu_ms * rate / 1000.0,
            "share of a core, ccxt.pro": base_ms * rate / 1000.0,
            "sent to updated features, p50 ms": cuts[49],
            "sent to updated features, p99 ms": cuts[98],
            "messages a second, unpaced": timed["fast"][0].per_second,
        },
    )


async def _ours(url: str, *, reads: bool = False) -> Timed:
    timed, clock = Timed(), ExchangeClock()
    state = OrderFlowState(OrderFlowParameters(), HandClock(from_ms(BEGIN_MS + SECONDS * 1000)))
    state.watch([make_instrument(symbol.removesuffix("USDT")) for symbol in SYMBOLS])
    frames = StampedFrames(timed, state, reads=reads)
    frames.set_symbols(SYMBOLS, clock.monotonic())
    sets = [
        _stream_set(clock, url, frames.on_book_frame, frames.book_streams.values()),
        _stream_set(clock, url, frames.on_trade_frame, frames.trade_streams.values()),
    ]
    return await _until_complete(timed, [one.run() for one in sets])


def _stream_set(clock: ExchangeClock, url: str, on_event: Any, streams: Any) -> StreamSet:
    one = StreamSet(
        clock,
        lambda: 0.5,
        base_url=url,
        limits=ConnectionLimits(),
        on_event=on_event,
        on_gap=lambda _: None,
    )
    one.want(streams)
    return one


async def _bare(url: str) -> Timed:
    """One socket a route, typed decoding, and nothing else."""
    timed = Timed()

    async def read(stream: str, decode: Callable[[bytes], object]) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(stream_url(url, stream), decode_text=False) as socket,
        ):
            async for message in socket:
                decode(message.data)
                timed.done()

    symbol = SYMBOLS[0]
    return await _until_complete(
        timed,
        [
            read(book_stream(symbol), decode_book),
            read(trade_stream(symbol), decode_trade_or_liquidation),
        ],
    )


async def _ccxt(url: str) -> Timed:
    import ccxt.pro

    timed = Timed()

    class Counting(ccxt.pro.binanceusdm):  # type: ignore[misc]  # ccxt is untyped
        def handle_message(self, client: Any, message: Any) -> Any:
            answer = super().handle_message(client, message)
            if "e" in message:
                timed.done()
            return answer

    client = Counting(
        {
            "newUpdates": True,
            "enableRateLimit": False,
            "options": {"watchTradesForSymbols": {"name": "aggTrade"}},
        }
    )
    client.urls["api"]["ws"]["linear"] = f"{url}/ws"
    client.urls["api"]["fapiPublic"] = url.replace("ws://", "http://") + "/fapi/v1"
    client.set_markets([market_of(client, symbol) for symbol in SYMBOLS])
    wanted = [f"{symbol.removesuffix('USDT')}/USDT:USDT" for symbol in SYMBOLS]

    async def watch(method: Callable[[list[str]], Coroutine[Any, Any, object]]) -> None:
        while True:
            await method(wanted)

    try:
        return await _until_complete(
            timed,
            [
                watch(client.watch_trades_for_symbols),
                watch(client.watch_order_book_for_symbols),
            ],
        )
    finally:
        await client.close()


async def _until_complete(timed: Timed, work: list[Coroutine[Any, Any, None]]) -> Timed:
    tasks = [asyncio.create_task(one) for one in work]
    try:
        return await timed.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _sent_ns(frame: bytes) -> int:
    return int(frame[frame.rindex(b":") + 1 : -1])


@contextmanager
def _flow_server() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.flow_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the flow server has no output")
        yield f"ws://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()
