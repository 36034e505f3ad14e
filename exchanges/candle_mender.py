"""Asks REST for the candles that a stream has not brought: history, gaps, silent pairs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from domain.errors import QuorumError
from domain.timeframes import Timeframe, to_ms
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from exchanges.back_off import BackOff, Jitter
from exchanges.pair_candles import PairCandles

Progress = Callable[[int, int], None]
"""Told how many pairs are done, of how many."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimits:
    """`pairs_at_once` ask REST at the same time. All else in wall seconds.

    `grace` is how late a final frame may be before REST is asked for the candle. What fails for a
    pair is tried again after `first_retry`, then after twice that, up to `longest_retry`.
    """

    pairs_at_once: int = 8
    grace: float = 3.0
    first_retry: float = 2.0
    longest_retry: float = 60.0


class CandleMender:
    """Brings what is missing; `on_ready` hears of every pair that became ready by it.

    `mends` counts stretches filled in behind a running stream, `failures` pairs for which REST
    could not help.
    """

    def __init__(
        self,
        facts: MarketFacts,
        clock: Clock,
        jitter: Jitter,
        limits: FeedLimits,
        on_ready: Callable[[PairCandles], None],
    ) -> None:
        self._facts = facts
        self._clock = clock
        self._jitter = jitter
        self._limits = limits
        self._on_ready = on_ready
        self._asking = asyncio.Semaphore(limits.pairs_at_once)
        self.mends = 0
        self.failures = 0

    def new_pair(self, symbol: str) -> PairCandles:
        """An empty pair: everything is missing."""
        limits = self._limits
        retry = BackOff(self._jitter, first=limits.first_retry, longest=limits.longest_retry)
        return PairCandles(symbol, retry)

    async def mend(
        self, pairs: Sequence[PairCandles], at_ms: int, on_progress: Progress | None = None
    ) -> None:
        """Bring all that is due at an instant; what fails is left for a later attempt."""
        tell = on_progress or no_progress
        tell(0, len(pairs))
        async with asyncio.TaskGroup() as tasks:
            mending = [tasks.create_task(self._mend_pair(pair, at_ms)) for pair in pairs]
            for done, finished in enumerate(asyncio.as_completed(mending), start=1):
                await finished
                tell(done, len(pairs))

    async def sweep(self, pairs: Callable[[], Sequence[PairCandles]]) -> None:
        """Look every few seconds for candles that have been due for too long, until cancelled."""
        while True:
            due_ms = to_ms(self._clock.now())
            await asyncio.sleep(self._limits.grace)
            now = self._clock.monotonic()
            overdue = [
                pair
                for pair in pairs()
                if pair.retry_at <= now and not pair.lock.locked() and pair.missing(due_ms)
            ]
            await self.mend(overdue, due_ms)

    async def _mend_pair(self, pair: PairCandles, at_ms: int) -> None:
        async with pair.lock, self._asking:
            try:
                for timeframe, first, count in pair.missing(at_ms):
                    await self._fetch(pair, timeframe, first, count)
            except QuorumError as error:
                self.failures += 1
                log.warning("candles_not_mended", symbol=pair.symbol, reason=str(error))
            if pair.missing(at_ms):
                pair.retry_at = self._clock.monotonic() + pair.retry.next_seconds()
            else:
                pair.retry.reset()

    async def _fetch(self, pair: PairCandles, timeframe: Timeframe, first: int, count: int) -> None:
        series = await self._facts.fetch_candles(
            pair.symbol, timeframe, first_index=first, count=count
        )
        if series is None:
            return
        self.mends += pair.stores[timeframe].last_index is not None
        if pair.confirm(timeframe, series, self._clock.monotonic()):
            self._on_ready(pair)


def no_progress(_done: int, _total: int) -> None:
    """Nobody wants to know."""
