"""Keeps the candles of the streamed pairs complete: history by REST, then stream, gaps by REST."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from domain.candles import Candle, CandleSeries
from domain.errors import InvalidDataError, StaleDataError
from domain.timeframes import Timeframe, to_ms
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed, MarketFacts
from exchanges.back_off import Jitter
from exchanges.candle_mender import CandleMender, FeedLimits, Progress, no_progress
from exchanges.kline_stream import KlineListener, KlineStream, Values
from exchanges.pair_candles import PairCandles
from exchanges.ready_waiters import ReadyWaiters

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How the feed fares. Ages are wall seconds since a pair's last message, None before the first.

    Since the start: `closed_candles` counts final frames of streamed pairs, `gaps` pairs hit by an
    interruption of the stream, `mends` candle stretches that REST had to fill in, `failed_mends`
    attempts at that, `contradictions` final frames that differed from what was stored,
    `bad_frames` what could not be read or believed.
    """

    message_ages: Mapping[str, float | None]
    open_connections: int
    reconnects: int
    closed_candles: int
    gaps: int
    mends: int
    failed_mends: int
    contradictions: int
    bad_frames: int


class LiveCandleFeed(CandleFeed, KlineListener):
    """The engine's candle feed over a stream and REST.

    `run` has to be running. `on_progress(done, total)` is called while history is loaded.
    """

    def __init__(
        self,
        facts: MarketFacts,
        stream: KlineStream,
        clock: Clock,
        jitter: Jitter,
        *,
        limits: FeedLimits | None = None,
        on_progress: Progress = no_progress,
    ) -> None:
        self._facts = facts
        self._stream = stream
        self._clock = clock
        self._on_progress = on_progress
        self._pairs: dict[str, PairCandles] = {}
        self._waiters = ReadyWaiters()
        self._mender = CandleMender(
            facts, clock, jitter, limits or FeedLimits(), self._waiters.notify
        )
        self._counts: Counter[str] = Counter()

    async def run(self) -> None:
        """Stream, and ask REST for whatever the stream fails to bring, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._stream.run(self))
            tasks.create_task(self._mender.sweep(lambda: list(self._pairs.values())))

    async def stream(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs: load history of new ones, forget the others.

        Returns when the history is loaded; a pair whose history could not be had is tried again by
        `run` and is not ready until then.
        """
        for symbol in self._pairs.keys() - set(symbols):
            self._counts["contradictions"] += self._pairs.pop(symbol).contradictions
            self._waiters.give_up(symbol)
        added = [self._mender.new_pair(one) for one in sorted(set(symbols) - self._pairs.keys())]
        self._pairs |= {pair.symbol: pair for pair in added}
        self._stream.set_symbols(self._pairs.keys())
        await self._mender.mend(added, to_ms(self._clock.now()), self._on_progress)

    def series(self, symbol: str, as_of: datetime) -> Mapping[Timeframe, CandleSeries]:
        """Closed candles of a streamed pair up to a 15-minute boundary.

        Raises `StaleDataError` when the pair is not ready at that boundary.
        """
        pair = self._pairs.get(symbol)
        if pair is None:
            raise StaleDataError(f"{symbol} is not streamed")
        return pair.series(to_ms(as_of))

    def is_ready(self, symbol: str, boundary: datetime) -> bool:
        """Whether every candle due at the boundary is in."""
        pair = self._pairs.get(symbol)
        return pair is not None and pair.is_ready(to_ms(boundary))

    async def wait_ready(
        self, symbols: Collection[str], boundary: datetime, *, wall_seconds: float
    ) -> frozenset[str]:
        """Wait until all of the symbols are ready, at most `wall_seconds`; the ready ones."""
        pending = {s for s in symbols if s in self._pairs and not self.is_ready(s, boundary)}
        await self._waiters.wait(pending, to_ms(boundary), wall_seconds)
        return frozenset(symbol for symbol in symbols if self.is_ready(symbol, boundary))

    async def mend(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        """Fetch what is missing at the boundary over REST; the symbols that are ready then."""
        pairs = [self._pairs[symbol] for symbol in symbols if symbol in self._pairs]
        await self._mender.mend(pairs, to_ms(boundary))
        return frozenset(symbol for symbol in symbols if self.is_ready(symbol, boundary))

    def ready_since(self, symbol: str, boundary: datetime) -> float | None:
        """Monotonic wall second at which the pair became ready at the boundary, if known."""
        pair = self._pairs.get(symbol)
        return None if pair is None else pair.ready_since(to_ms(boundary))

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        """Closed 1-minute candles with a number above `after_index`, oldest first, without a gap.

        From the store where it reaches, else over REST.
        """
        pair = self._pairs.get(symbol)
        store = None if pair is None else pair.stores[Timeframe.M1]
        if store is not None and store.first_index is not None and store.last_index is not None:
            first = after_index + 1
            if first >= store.first_index:
                return store.candles(first, store.last_index)
        return await self._minutes_by_rest(symbol, after_index)

    def health(self) -> FeedHealth:
        """How it stands."""
        now = self._clock.monotonic()
        stream = self._stream.health()
        return FeedHealth(
            message_ages={
                pair.symbol: None if pair.last_message_at is None else now - pair.last_message_at
                for pair in self._pairs.values()
            },
            open_connections=stream.open_connections,
            reconnects=stream.reconnects,
            closed_candles=self._counts["closed candles"],
            gaps=self._counts["gaps"],
            mends=self._mender.mends,
            failed_mends=self._mender.failures,
            contradictions=self._counts["contradictions"]
            + sum(pair.contradictions for pair in self._pairs.values()),
            bad_frames=stream.bad_frames + self._counts["bad frames"],
        )

    def on_kline(
        self,
        symbol: str,
        timeframe: Timeframe,
        index: int,
        values: Values,
        is_final: bool,
        received: float,
    ) -> None:
        """Take a frame of the stream in."""
        pair = self._pairs.get(symbol)
        if pair is None:
            return
        try:
            self._refuse_other_times(timeframe, index, is_final=is_final)
            self._counts["closed candles"] += is_final
            if pair.on_kline(timeframe, index, values, is_final, received):
                self._waiters.notify(pair)
        except InvalidDataError as error:
            self._counts["bad frames"] += 1
            log.warning("candle_refused", symbol=symbol, reason=str(error))

    def on_gap(self, symbols: Collection[str]) -> None:
        """Count an interruption; what was lost in it is missing now, and REST will be asked."""
        self._counts["gaps"] += len(symbols)
        log.info("stream_gap", symbols=len(symbols))

    def _refuse_other_times(self, timeframe: Timeframe, index: int, *, is_final: bool) -> None:
        """What has no time we can be in; a forming candle may be one ahead of our clock."""
        newest = timeframe.index_of(to_ms(self._clock.now())) + (not is_final)
        if not 0 <= index <= newest:
            kind = "final" if is_final else "forming"
            raise InvalidDataError(f"{kind} {timeframe} candle number {index} of another time")

    async def _minutes_by_rest(self, symbol: str, after_index: int) -> Sequence[Candle]:
        newest = Timeframe.M1.last_closed_index(to_ms(self._clock.now()))
        if after_index >= newest:
            return ()
        series = await self._facts.fetch_candles(
            symbol, Timeframe.M1, first_index=after_index + 1, count=newest - after_index
        )
        return () if series is None else [series.candle(i) for i in range(len(series))]
