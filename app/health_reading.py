"""Reads how the running bot is doing: every part is asked, none of them for long."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from app.clock import wall_now
from app.database_reading import ReadDatabase
from app.ground import Ground
from app.job_history import JobHistory
from app.loop_watch import LoopWatch
from app.supervisor import Supervisor
from app.telegram_probe import TelegramProbe
from domain.feeds import FeedHealth
from domain.timeframes import Timeframe
from engine.activity import Activity
from engine.monitoring.values import (
    ClockReading,
    HealthReading,
    JobReading,
    RestReading,
    StoreReading,
    StreamReading,
    TaskReading,
)
from monitoring.process import ProcessMeter

Told = TypeVar("Told", StoreReading, JobReading, TaskReading, FeedHealth)


@dataclass(slots=True)
class Serving:
    """Whether health is served over HTTP: `trouble` says why not, though it should be."""

    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSources:
    """The parts that are asked, beside those that all stand on.

    `database` is what the database is called; `book_age` gives wall seconds by symbol;
    `waited_until` is the monotonic second until which the start has waited for the exchange in
    vain, None where it has not; `redact` cuts secrets out of texts that came from elsewhere, for
    they are told in chats.
    """

    database: str
    cache: Callable[[], Awaitable[StoreReading]]
    telegram: TelegramProbe
    jobs: JobHistory
    supervisor: Supervisor
    loop: LoopWatch
    meter: ProcessMeter
    activity: Activity
    feeds: Callable[[], Sequence[FeedHealth]]
    halted_accounts: Callable[[], Mapping[str, str]]
    book_age: Callable[[str], float | None]
    waited_until: Callable[[], float | None]
    redact: Callable[[str], str]
    serving: Serving = field(default_factory=Serving)


class ReadRunningBot:
    """One reading of everything; `take` is for the watch, which asks by itself."""

    def __init__(self, ground: Ground, sources: HealthSources) -> None:
        self._ground = ground
        self._from = sources
        self._read_kept = ReadDatabase(
            ground.storage, ground.clock, name=sources.database, redact=sources.redact
        )
        self._started_at = ground.clock.monotonic()

    async def __call__(self) -> HealthReading:
        """The state of things now. It changes nothing, however often somebody asks."""
        return await self._read(lambda: self._from.loop.longest)

    async def take(self) -> HealthReading:
        """The same, and the longest stall of the event loop is looked for anew from now on.

        That is told once and by the watch alone: who asks in between must not take it away.
        """
        return await self._read(self._from.loop.take_longest)

    async def _read(self, longest_stall: Callable[[], float]) -> HealthReading:
        sources, now = self._from, self._ground.clock.now()
        redact = sources.redact
        kept = await self._read_kept()
        watched = sorted(self._ground.market.symbols())
        return HealthReading(
            at=now,
            streams=self._streams(watched),
            rest=self._rest(),
            clock=self._clock(),
            database=kept.store,
            cache=_cut(await sources.cache(), "error", redact),
            outbox=kept.outbox,
            telegram=await sources.telegram.read(),
            jobs=tuple(_cut(job, "last_error", redact) for job in sources.jobs.readings()),
            tasks=tuple(_cut(task, "last_error", redact) for task in sources.supervisor.readings()),
            process=sources.meter.read(longest_stall(), sources.loop.stalls, self._started_at),
            feeds=tuple(_cut(feed, "reason", redact) for feed in sources.feeds()),
            halted_accounts=tuple(
                redact(f"{name}: {reason}") for name, reason in sources.halted_accounts().items()
            ),
            last_decision_at=sources.activity.last_decision_at,
            last_signal_at=sources.activity.last_signal_at,
            is_paused=kept.is_paused,
            pairs_watched=len(watched),
            pairs_ready=self._count_ready(watched, now),
            speed=self._ground.clock.speed,
            waited_seconds=self._waited_seconds(),
            unserved=sources.serving.trouble,
        )

    def _waited_seconds(self) -> float:
        until = self._from.waited_until()
        return 0.0 if until is None else until - self._started_at

    def _streams(self, watched: Sequence[str]) -> tuple[StreamReading, ...]:
        candles = sorted(self._ground.data.feed.health().message_ages.items())
        books = ((symbol, self._from.book_age(symbol)) for symbol in watched)
        trade_age = self._ground.market.order_flow.trade_age_seconds
        return (
            *(self._by_wall_age(symbol, "candles", age) for symbol, age in candles),
            *(self._by_wall_age(symbol, "book", age) for symbol, age in books),
            *(StreamReading(symbol=s, kind="trades", age_seconds=trade_age(s)) for s in watched),
        )

    def _by_wall_age(self, symbol: str, kind: str, wall_age: float | None) -> StreamReading:
        age = None if wall_age is None else wall_age * self._ground.clock.speed
        return StreamReading(symbol=symbol, kind=kind, age_seconds=age)

    def _rest(self) -> RestReading:
        budget = self._ground.data.budget
        return RestReading(
            weight_used=budget.used,
            weight_allowed=budget.allowed,
            silent_seconds=budget.silent_seconds,
        )

    def _clock(self) -> ClockReading:
        """A simulated venue has a time of its own, from which this machine's may well differ."""
        clock, exchange = self._ground.clock, self._ground.settings.exchange
        skew = (wall_now() - clock.now()).total_seconds()
        age = clock.age_seconds()
        return ClockReading(
            skew_seconds=skew if exchange.rest_url is None else None,
            age_seconds=age if math.isfinite(age) else None,
        )

    def _count_ready(self, watched: Sequence[str], now: datetime) -> int:
        boundary = Timeframe.M15.previous_boundary(now)
        return sum(self._ground.data.feed.is_ready(symbol, boundary) for symbol in watched)


def _cut(told: Told, field: str, redact: Callable[[str], str]) -> Told:
    """The same without secrets in one of its texts."""
    text = getattr(told, field)
    changes: dict[str, Any] = {field: redact(text)} if text else {}
    return replace(told, **changes)
