"""Wires what watches over the running bot: readings, notices, digest, metrics, health over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.ground import Ground
from app.health_reading import HealthSources, ReadRunningBot, Serving
from app.jobs import JobSchedule
from app.latency import LatencyRecorder
from app.loop_watch import LoopWatch
from app.supervisor import Supervisor
from app.tally import Tally
from domain.errors import ConfigurationError, QuorumError
from domain.timeframes import Timeframe
from engine.monitoring.digest import DigestSources, PublishDigest
from engine.monitoring.digest_values import Counts
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.rule import is_settling
from engine.monitoring.telling import TellOperators
from engine.monitoring.values import HealthReading
from engine.monitoring.watch import WatchHealth
from engine.monitoring.work_rules import crash_notice, ending_notice
from engine.ports.presenting import OperatorPresenter
from monitoring.apprise_notifier import AppriseNotifier
from monitoring.metrics import Metrics
from monitoring.server import HealthServer

_log = structlog.get_logger(__name__)

_SHORTEST_WALL_SECONDS = 5.0
"""Between two readings, however fast a simulated venue's time runs: they ask Telegram as well."""

_FIRST_READING_PHASE = 0.1
"""Of the time between two readings: the first one comes within seconds of the start."""

_FLUSH_SECONDS = 2.0

_OLDEST_READING_WALL_SECONDS = 900.0
"""Three times the longest time between two readings that can be set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Everything that watches. `read` is one reading, on demand as well."""

    ground: Ground
    read: Callable[[], Awaitable[HealthReading]]
    loop: LoopWatch
    operators: TellOperators
    health: WatchHealth
    digest: PublishDigest
    server: HealthServer | None
    serving: Serving
    redact: Callable[[str], str]
    has_database: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, supervisor: Supervisor) -> None:
        """Watch the event loop, tell of crashes, serve health: before anything else is started."""
        supervisor.keep_running("loop watch", self.loop.run)
        supervisor.history.listeners.append(self._note_crash)
        supervisor.on_failure.append(self._note_end)
        if self.server is not None:
            await self._serve(self.server)

    def tell(self, supervisor: Supervisor) -> None:
        """Carry notices: as soon as there is a database."""
        self.has_database.set()
        supervisor.keep_running("notices", self.operators.run)

    def look(self, jobs: JobSchedule) -> None:
        """Readings, soon and then in turn; they need no exchange, which may be long in coming."""
        jobs.every(
            "health",
            self.health,
            exchange_seconds=self.ground.settings.strategy.timing.health_seconds,
            shortest_wall_seconds=_SHORTEST_WALL_SECONDS,
            phase=_FIRST_READING_PHASE,
        )

    def schedule(self, jobs: JobSchedule) -> None:
        """Ask hourly whether a digest is due; exchange time has to be known."""
        timing = self.ground.settings.strategy.timing
        self.digest.begin()
        jobs.at_candle_close(
            "digest", self._publish, Timeframe.H1, delay_seconds=4 * timing.settle_seconds
        )

    async def stop(self) -> None:
        """Tell what waits, and serve no more.

        A database that was not taken over may be another bot's, whose admins it would tell.
        """
        await self.operators.flush(_FLUSH_SECONDS, to_admins=self.has_database.is_set())
        if self.server is not None:
            await self.server.stop()

    async def _publish(self) -> None:
        await self.digest()

    async def _serve(self, server: HealthServer) -> None:
        """A bot that trades is not given up for a port that is taken; its readings tell of it."""
        try:
            port = await server.start()
        except ConfigurationError as error:
            _log.error("health is not served", reason=str(error))
            self.serving.trouble = str(error)
            return
        _log.info("health is served", host=self.ground.settings.monitoring.host, port=port)

    def _note_end(self, _name: str, error: BaseException) -> None:
        is_worded = isinstance(error, QuorumError)
        reason = str(error) if is_worded else f"{type(error).__name__}: {error}"
        self.operators.note(ending_notice(self.redact(reason), self.ground.clock.now()))

    def _note_crash(self, name: str, error: BaseException) -> None:
        text = self.redact(f"{type(error).__name__}: {error}")
        self.operators.note(crash_notice(name, text, self.ground.clock.now()))


def build_watching(
    ground: Ground,
    sources: HealthSources,
    *,
    presenter: OperatorPresenter,
    tally: Tally,
    latency: LatencyRecorder,
    is_ready: Callable[[], bool],
) -> Watching:
    """Watches nothing yet. Raises `ConfigurationError` for an address of NOTIFY_URLS."""
    strategy, clock = ground.settings.strategy, ground.clock
    read = ReadRunningBot(ground, sources)
    operators = _build_operators(ground, presenter, tally.metrics)
    health = WatchHealth(
        read=_told_to(tally.metrics, read.take),
        note=operators.note,
        parameters=strategy.health,
        clock=clock,
        told=operators.standing,
    )
    return Watching(
        ground=ground,
        read=_told_to(tally.metrics, read),
        loop=sources.loop,
        operators=operators,
        health=health,
        digest=PublishDigest(
            storage=ground.storage,
            sources=DigestSources(
                latency=latency.summaries,
                counts=lambda: _counts(tally, sources),
                newest=lambda: health.newest,
                standing=lambda: health.standing,
                extremes=health.extremes,
                start_over=latency.start_over,
            ),
            operators=operators,
            presenter=presenter,
            clock=clock,
            on_wake=ground.wake,
        ),
        server=_build_server(ground, sources.supervisor, tally.metrics, health, is_ready),
        serving=sources.serving,
        redact=sources.redact,
    )


def _build_operators(
    ground: Ground, presenter: OperatorPresenter, metrics: Metrics
) -> TellOperators:
    urls = [url.get_secret_value() for url in ground.settings.monitoring.notify_urls]
    return TellOperators(
        storage=ground.storage,
        presenter=presenter,
        notifier=AppriseNotifier(urls) if urls else None,
        clock=ground.clock,
        parameters=ground.settings.strategy.notices,
        on_wake=ground.wake,
        on_told=metrics.count_notice,
    )


def _build_server(
    ground: Ground,
    supervisor: Supervisor,
    metrics: Metrics,
    health: WatchHealth,
    is_ready: Callable[[], bool],
) -> HealthServer | None:
    settings = ground.settings.monitoring
    if settings.port == 0:
        return None

    def liveness() -> Sequence[str]:
        return ["a task failed for good; the process is ending"] if supervisor.has_failed else []

    return HealthServer(
        host=settings.host,
        port=settings.port,
        metrics=metrics,
        liveness=liveness,
        readiness=lambda: unready(
            health.newest,
            ground.clock.now(),
            is_ready=is_ready(),
            parameters=ground.settings.strategy.health,
        ),
    )


def unready(
    newest: HealthReading | None,
    now: datetime,
    *,
    is_ready: bool,
    parameters: HealthParameters,
) -> list[str]:
    """Why the bot cannot do its work: empty when it can.

    Right after a close no pair has the candles of it: that is no reason, as in the rule of pairs.
    """
    if not is_ready:
        return ["not started yet, or stopping"]
    if newest is None:
        return []
    reasons = []
    age = (now - newest.at).total_seconds() / newest.speed
    if age > _OLDEST_READING_WALL_SECONDS:
        reasons.append(f"nobody has looked after it for {age:.0f} s")
    if newest.database.error is not None:
        reasons.append(f"database: {newest.database.error}")
    if newest.pairs_ready == 0 and not (newest.pairs_watched and is_settling(newest, parameters)):
        reasons.append(f"none of {newest.pairs_watched} pairs has whole candles")
    return reasons


def _told_to(
    metrics: Metrics, read: Callable[[], Awaitable[HealthReading]]
) -> Callable[[], Awaitable[HealthReading]]:
    async def read_and_show() -> HealthReading:
        reading = await read()
        metrics.take(reading)
        return reading

    return read_and_show


def _counts(tally: Tally, sources: HealthSources) -> Counts:
    return Counts(
        closes=tally.closes,
        late_closes=tally.late_closes,
        messages=tally.messages,
        missed_runs=sum(sources.jobs.missed.values()),
        crashes=sources.supervisor.history.crashes,
        stalls=sources.loop.stalls,
    )
