"""The time at which outcomes are written down: assumed, or that of a record to be reproduced."""

from collections.abc import Iterable
from datetime import datetime

from domain.signals import FollowedSignal
from domain.timeframes import from_ms, to_ms
from engine.backtest.clock import SteppedClock
from engine.backtest.feed import HistoryFeed
from engine.backtest.observations import ASSUMED_TIMES, RecordedTimes
from engine.backtest.repositories import KeptLedger
from engine.lifecycle import catch_up, next_candle_index
from engine.ports.clock import Clock


class FollowerClock(Clock):
    """The clock of the backtest, but for outcomes whose times are recorded."""

    def __init__(
        self, clock: SteppedClock, feed: HistoryFeed, ledger: KeptLedger, times: RecordedTimes
    ) -> None:
        self._clock = clock
        self._feed = feed
        self._ledger = ledger
        self._times = times
        self._last_expected = 0

    def now(self) -> datetime:
        """When the next entry was written, while one is expected; else the present instant."""
        sequence, now = len(self._ledger.entries) + 1, self._clock.now()
        if sequence > self._last_expected:
            return now
        return max(self._times.written_at(sequence) or now, now)

    def monotonic(self) -> float:
        """That of the backtest."""
        return self._clock.monotonic()

    async def sleep(self, exchange_seconds: float) -> None:
        """Time passes for the whole backtest."""
        await self._clock.sleep(exchange_seconds)

    def recorded_for(self, live: Iterable[FollowedSignal], close_ms: int) -> datetime | None:
        """When the first outcome that a close brings was written; None where it brings none."""
        if self._times is ASSUMED_TIMES or not self._count_ends(live, from_ms(close_ms)):
            return None
        return self._times.written_at(len(self._ledger.entries) + 1)

    def expect_outcomes(self, live: Iterable[FollowedSignal]) -> None:
        """Find out how many entries the follower is about to write."""
        if self._times is not ASSUMED_TIMES:
            ends = self._count_ends(live, self._clock.now())
            self._last_expected = len(self._ledger.entries) + ends

    def _count_ends(self, live: Iterable[FollowedSignal], now: datetime) -> int:
        return sum(self._ends(each, now) for each in live)

    def _ends(self, followed: FollowedSignal, now: datetime) -> bool:
        signal, course = followed.signal, followed.course
        series = self._feed.finest(signal.plan.symbol)
        first = next_candle_index(signal, course, series.timeframe)
        last = min(series.timeframe.last_closed_index(to_ms(now)), series.last_index)
        candles = [series.candle(at - series.first_index) for at in range(first, last + 1)]
        moves = catch_up(signal, course, candles, now, series.timeframe)
        return bool(moves) and moves[-1].course.state.is_final
