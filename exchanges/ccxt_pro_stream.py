"""Candle streams of any venue through ccxt.pro.

ccxt drops the venue's word that a candle is closed, so this stream never says that one is final.
It shows which candle is forming; that a later one has begun proves the earlier one over, and its
values come from REST. Dearer than an ingest of our own, but right wherever ccxt can stream.
"""

import asyncio
from collections.abc import Collection
from typing import Any

import structlog

from domain.errors import ConfigurationError, QuorumError
from domain.timeframes import Timeframe
from engine.ports.clock import Clock
from exchanges.back_off import BackOff, Jitter
from exchanges.ccxt_errors import translated
from exchanges.ccxt_watched_pairs import WatchedPairs
from exchanges.kline_stream import (
    STREAMED_TIMEFRAMES,
    KlineListener,
    KlineStream,
    StreamHealth,
    Values,
)
from exchanges.weight import WeightBudget

log = structlog.get_logger()


class CcxtProKlineStream(KlineStream):
    """`client` comes from `open_client(..., streaming=True)`; `run` closes it when it ends.

    A pair that is not wanted any more goes on arriving, unheard, until the next reconnect.
    """

    def __init__(self, client: Any, clock: Clock, budget: WeightBudget, jitter: Jitter) -> None:
        if client.has["watchOHLCVForSymbols"] is not True:
            raise ConfigurationError(
                f"EXCHANGE {client.id} cannot stream candles of many pairs through ccxt; "
                "use binanceusdm, bybit or okx"
            )
        self._client = client
        self._clock = clock
        self._budget = budget
        self._jitter = jitter
        self._pairs = WatchedPairs(client, budget)
        self._watching: set[Timeframe] = set()
        self._reconnects = 0

    async def run(self, listener: KlineListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for timeframe in STREAMED_TIMEFRAMES:
                    tasks.create_task(self._keep_watching(timeframe, listener))
        finally:
            await self._client.close()

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others.

        Raises `ConfigurationError` for more than ccxt can watch.
        """
        self._pairs.want(symbols)

    def health(self) -> StreamHealth:
        """How it stands: ccxt hides its sockets and drops what it cannot read, so a watched
        timeframe counts as a connection, and bad frames stay unknown."""
        return StreamHealth(
            open_connections=len(self._watching), reconnects=self._reconnects, bad_frames=0
        )

    async def _keep_watching(self, timeframe: Timeframe, listener: KlineListener) -> None:
        back_off = BackOff(self._jitter)
        while True:
            await self._pairs.until_any()
            try:
                await self._watch(timeframe, listener)
                self._watching.add(timeframe)
                back_off.reset()
            except QuorumError as error:
                self._watching.discard(timeframe)
                self._reconnects += 1
                log.warning("watch_failed", timeframe=timeframe.value, reason=str(error))
                listener.on_gap(self._pairs.symbols)
                await asyncio.sleep(back_off.next_seconds())

    async def _watch(self, timeframe: Timeframe, listener: KlineListener) -> None:
        """Pass on what the next frame of any wanted pair shows."""
        names = await self._pairs.names()
        with translated(f"watch {timeframe} candles", self._budget):
            watched = [[name, timeframe.value] for name in names]
            told = await self._client.watch_ohlcv_for_symbols(watched)
            rows = [
                (names[name], int(row[0]) // timeframe.milliseconds, _values(row))
                for name, by_timeframe in told.items()
                if name in names
                for row in by_timeframe[timeframe.value]
            ]
        received = self._clock.monotonic()
        for symbol, index, values in rows:
            listener.on_kline(symbol, timeframe, index, values, False, received)


def _values(row: list[Any]) -> Values:
    opened, high, low, close, volume = map(float, row[1:6])
    return (opened, high, low, close, volume, float("nan"))
