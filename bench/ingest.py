"""CPU per candle frame: our ingest against ccxt.pro, the same bytes at the same pace.

Both stream what the product streams: 40 pairs in four timeframes.
"""

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
import uvloop

from app.clock import ExchangeClock
from bench.frame_server import FRAME_COUNT, SECONDS, SYMBOLS
from bench.result import Result, interleaved
from domain.timeframes import Timeframe
from exchanges.binance.kline_stream import BinanceKlineStream

_RUNS = 5
_DEADLINE = SECONDS + 3.0


def run(on_progress: Callable[[int, int], None]) -> Result:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    done = 0
    with _frame_server() as url:

        def ours() -> float:
            return _cpu_per_frame(lambda: _ours(url))

        def base() -> float:
            nonlocal done
            done += 1
            on_progress(done, _RUNS)
            return _cpu_per_frame(lambda: _ccxt(url))

        ours_ms, base_ms, ratio = interleaved(ours, base, _RUNS)
    return Result(
        name="ingest",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="ccxt.pro watch_ohlcv_for_symbols, uvloop as ours",
        details={"frames per run": float(FRAME_COUNT), "pairs": float(len(SYMBOLS))},
    )


def _cpu_per_frame(client: Callable[[], Coroutine[Any, Any, tuple[float, int]]]) -> float:
    seconds, frames = uvloop.run(client())
    if frames < FRAME_COUNT * 0.9:
        raise RuntimeError(f"only {frames} of {FRAME_COUNT} frames arrived")
    return seconds * 1000.0 / frames


class _Counter:
    """Counts frames and remembers the CPU time at the first and the newest."""

    def __init__(self) -> None:
        self.frames = 0
        self.first = self.newest = 0.0
        self.complete = asyncio.Event()

    def count(self) -> None:
        self.newest = time.process_time()
        self.first = self.first or self.newest
        self.frames += 1
        if self.frames == FRAME_COUNT:
            self.complete.set()

    def on_kline(self, *_: object) -> None:
        self.count()

    def on_gap(self, symbols: object) -> None:
        """Nothing to count."""

    async def wait(self) -> tuple[float, int]:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.complete.wait(), _DEADLINE)
        return self.newest - self.first, self.frames


async def _ours(url: str) -> tuple[float, int]:
    counter = _Counter()
    stream = BinanceKlineStream(ExchangeClock(), lambda: 0.5, base_url=url)
    stream.set_symbols(SYMBOLS)
    task = asyncio.create_task(stream.run(counter))
    try:
        return await counter.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _ccxt(url: str) -> tuple[float, int]:
    import ccxt.pro

    counter = _Counter()

    class Counting(ccxt.pro.binanceusdm):  # type: ignore[misc]  # ccxt is untyped
        def handle_message(self, client: Any, message: Any) -> Any:
            answer = super().handle_message(client, message)
            counter.count()
            return answer

    client = Counting({"newUpdates": True})
    client.urls["api"]["ws"]["linear"] = f"{url}/ws"
    client.set_markets([market_of(client, symbol) for symbol in SYMBOLS])
    wanted = [
        [f"{symbol.removesuffix('USDT')}/USDT:USDT", timeframe.value]
        for symbol in SYMBOLS
        for timeframe in Timeframe
    ]

    async def watch() -> None:
        while True:
            await client.watch_ohlcv_for_symbols(wanted)

    task = asyncio.create_task(watch())
    try:
        return await counter.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.close()


def market_of(client: Any, symbol: str) -> Any:
    return client.parse_market(
        {
            "symbol": symbol,
            "pair": symbol,
            "contractType": "PERPETUAL",
            "deliveryDate": 4133404800000,
            "onboardDate": 1569398400000,
            "status": "TRADING",
            "baseAsset": symbol.removesuffix("USDT"),
            "quoteAsset": "USDT",
            "marginAsset": "USDT",
            "pricePrecision": 2,
            "quantityPrecision": 3,
            "filters": [
                {
                    "filterType": "PRICE_FILTER",
                    "tickSize": "0.01",
                    "minPrice": "0.01",
                    "maxPrice": "1000000",
                },
                {
                    "filterType": "LOT_SIZE",
                    "stepSize": "0.001",
                    "minQty": "0.001",
                    "maxQty": "1000",
                },
            ],
        }
    )


@contextmanager
def _frame_server() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.frame_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the frame server has no output")
        yield f"ws://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()
