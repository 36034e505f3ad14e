"""The composition root: builds every part from the settings, starts and stops them in order."""

import asyncio
import random  # noqa: TID251 - app owns randomness
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.automatic import build_automatic
from app.clock import ExchangeClock
from app.flow_notes import flow_notes
from app.ground import Ground, Hide
from app.health_reading import HealthSources
from app.host_clock import HostClockWatch
from app.instance import InstanceGuard
from app.jobs import JobSchedule
from app.latency import Handed, LatencyRecorder
from app.live_parameters import strategy_file_alone
from app.loop_watch import LoopWatch, OnHang
from app.market_data import open_market_data
from app.outside import build_outside, build_outside_state
from app.pairing import PairingCode
from app.readiness import build_live_gate
from app.redaction import Redactor
from app.risk import build_risk
from app.roles import grant_roles
from app.round_wiring import (
    Aftermath,
    Measures,
    build_polls,
    build_rounds,
    schedule_polls,
    schedule_rounds,
)
from app.settings import Settings, secrets_of
from app.settings.sections import StorageSettings
from app.skipped_rows import skipped_notes
from app.supervisor import Supervisor
from app.tally import Tally
from app.telegram_probe import TelegramProbe
from app.trading import TradingGround, build_trading
from app.upkeep.wiring import schedule_upkeep
from app.use_cases import build_use_cases
from app.version import VERSION
from app.watching import build_watching
from bot.delivery import DeliveryWorker, WakeUp
from bot.delivery_parameters import DeliveryParameters
from bot.handover import Delivered
from bot.messenger import Messenger
from bot.presenters.html_presenter import HtmlPresenter
from bot.use_cases import BotUseCases
from db.cache import FallbackCache, MemoryCache, RedisCache
from db.engine import create_database_engine, folders_of, is_sqlite
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.errors import TemporaryVenueError
from domain.signals import FollowedSignal
from engine.activity import Activity
from engine.flow_audience import FlowAudience
from engine.issue import is_post_key
from engine.market_state import MarketState
from engine.order_flow import OrderFlowState
from engine.parameter_sets.configuration import RunningParameters
from engine.statistics import LedgerReader
from exchanges.back_off import BackOff
from exchanges.exchange_time import measure
from monitoring.metrics import Metrics
from monitoring.process import ProcessMeter

_log = structlog.get_logger(__name__)

_DELIVERY_SECONDS = 4.0
"""How long messages under way may take at the end; what is cut off is in doubt at the start."""

_DATA = Path("var")
"""Where this process keeps what it writes, beside an SQLite file: their disks are looked at."""

Progress = Callable[[int, int], None]
"""Told how many pairs' history is loaded, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where messages go: who carries them, how fast, and what has to run for it."""

    messenger: Messenger
    delivery: DeliveryParameters
    tasks: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    close: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletParts:
    """What an outlet is built from."""

    use_cases: BotUseCases
    presenter: HtmlPresenter
    clock: ExchangeClock


OpenOutlet = Callable[[OutletParts], Outlet]


class Application:
    """The whole bot. `start` returns when it is ready; `stop` leaves nothing running."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: ExchangeClock,
        supervisor: Supervisor,
        wake: WakeUp,
        open_outlet: OpenOutlet,
        on_progress: Progress,
        hide: Hide,
        pairing: PairingCode | None = None,
        parameters: RunningParameters | None = None,
        on_hang: OnHang | None = None,
    ) -> None:
        self._settings = settings
        self._pairing = pairing
        self._clock = clock
        self._supervisor = supervisor
        self._wake = wake
        self.ready = asyncio.Event()
        self._is_stopping = False
        self._waited_until: float | None = None
        metrics = Metrics(version=VERSION)
        self.tally = Tally(metrics=metrics)
        self.latency = LatencyRecorder(metrics.observe_latency)
        self.market = MarketState(
            OrderFlowState(settings.strategy.orderflow, clock, speed=clock.speed),
            build_outside_state(settings),
        )
        self._activity = Activity()
        self._database = create_database_engine(settings.storage.database_url.get_secret_value())
        self.storage = SqlStorage(self._database)
        self._cache = _open_cache(settings.storage, clock)
        self._ledger_reader = LedgerReader()
        self._guard = InstanceGuard(settings.storage, clock)
        self.data = open_market_data(
            settings.exchange,
            settings.strategy.market_data,
            clock,
            on_progress,
            pool_share=settings.strategy.polling.pool_share,
        )
        redactor = Redactor(secrets_of(settings))
        self._jobs = JobSchedule(clock)
        self._presenter = HtmlPresenter()
        ground = Ground(
            settings=settings,
            market=self.market,
            data=self.data,
            storage=self.storage,
            presenter=self._presenter,
            clock=clock,
            wake=wake.set,
            hide=lambda secrets: _hide(secrets, hide, redactor.learn),
        )
        self._ground = ground
        self._risk = build_risk(ground)
        self._gate = build_live_gate(settings, clock)
        self.trading = build_trading(
            TradingGround.on(ground, risk_facts=self._risk.facts, gate=self._gate)
        )
        self._automatic = build_automatic(settings, self.trading, self.storage, clock, wake.set)
        self.outside = build_outside(ground)
        self._rounds = build_rounds(
            ground,
            risk=self._risk,
            cache=self._cache,
            reader=self._ledger_reader,
            live_override=self._gate.override,
            aftermath=Aftermath(
                remember=self.outside.rounds.poll.remember,
                execute=_nobody if self._automatic is None else self._automatic.take,
            ),
            measures=Measures(activity=self._activity, latency=self.latency, tally=self.tally),
        )
        self._polls = build_polls(ground)
        self.watching = build_watching(
            ground,
            HealthSources(
                database=_name_of(self._database),
                cache=self._cache.read,
                telegram=self._probe(),
                jobs=self._jobs.history,
                supervisor=supervisor,
                loop=LoopWatch(monotonic=clock.monotonic, on_hang=on_hang),
                meter=ProcessMeter(
                    monotonic=clock.monotonic,
                    data_paths=(_DATA, *folders_of(self._database.url)),
                ),
                activity=self._activity,
                feeds=self.outside.rounds.health,
                halted_accounts=self.trading.desk.halted_accounts,
                book_age=self.trading.quotes.book_age_seconds,
                waited_until=lambda: self._waited_until,
                redact=redactor,
            ),
            presenter=self._presenter,
            tally=self.tally,
            latency=self.latency,
            is_ready=lambda: self.ready.is_set() and not self._is_stopping,
        )
        use_cases = build_use_cases(
            ground,
            reader=self._ledger_reader,
            activity=self._activity,
            notes=self._notes,
            feeds=self.outside.rounds.health,
            read_health=self.watching.read,
            risk_facts=self._risk.facts,
            trading=self.trading.use_cases,
            live_override=self._gate.override,
            parameters=parameters or strategy_file_alone(settings),
            pairing_code=None if pairing is None else pairing.code,
        )
        self._outlet = open_outlet(
            OutletParts(use_cases=use_cases, presenter=self._presenter, clock=clock)
        )
        self._worker = DeliveryWorker(
            storage=self.storage,
            messenger=self._outlet.messenger,
            clock=clock,
            parameters=self._outlet.delivery,
            wake=wake,
            on_delivered=self._note_delivered,
        )

    async def start(self) -> None:
        """Bring everything up, in the order in which the parts need each other."""
        await self.watching.begin(self._supervisor)
        await self._guard.acquire()
        if self._guard.keep is not None:
            self._supervisor.spawn("instance lock", self._guard.keep())
        await upgrade(self._database)
        await self._grant_roles()
        self.watching.tell(self._supervisor)
        self._look_after()
        await self.trading.rounds.readiness()
        self._supervisor.keep_running("delivery", self._worker.run)
        for name, work in self._outlet.tasks.items():
            self._supervisor.keep_running(name, work)
        await self._until_venue_answers(self._align_clock)
        self._start_trading()
        self._supervisor.keep_running("candle feed", self.data.feed.run)
        self._supervisor.keep_running("order flow", self._stream_order_flow)
        await self._until_venue_answers(self._rounds.scan)
        await self._polls.funding()
        await self.outside.rounds.poll.restore()
        await self._rounds.report()
        self._schedule()
        self._supervisor.spawn("first answers", self.outside.rounds.ask_all())
        self._supervisor.spawn("first correlations", self._risk.rounds.correlations())
        self.ready.set()
        _log.info("ready", pairs=len(self.market.watchlist))

    def supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run something beside the bot, under the same owner."""
        self._supervisor.keep_running(name, work)

    async def stop_jobs(self) -> None:
        """Begin nothing new; what is in the outbox still goes out."""
        await self._jobs.stop()

    async def stop(self) -> None:
        """Stop new work first, then what is under way, then the connections."""
        self._is_stopping = True
        await self._jobs.stop()
        await self.watching.stop()
        self._worker.stop()
        await self._supervisor.finish("delivery", seconds=_DELIVERY_SECONDS)
        await self._supervisor.stop()
        if self._outlet.close is not None:
            await self._outlet.close()
        await self.trading.desk.finish()
        await self.data.close()
        await self.outside.opened.close()
        await self._cache.close()
        await self._database.dispose()
        await self._guard.release()

    async def _stream_order_flow(self) -> None:
        audience = (self.market.order_flow, self.trading.quotes, self.trading.paper)
        await self.data.flow.run(FlowAudience(audience))

    def _start_trading(self) -> None:
        """Before anything else is asked of the market: a position may have lost its stop."""
        self._supervisor.keep_running("paper venue", self.trading.paper.run)
        self._supervisor.keep_running("desk", self._trade)
        if self._automatic is not None:
            self._supervisor.keep_running("automatic execution", self._automatic.run)

    async def _trade(self) -> None:
        """Nothing new is executed before every account has been compared with the exchange."""
        if self.trading.desk.halted():
            await self.trading.desk.start_up()
        await self.trading.desk.run()

    def _look_after(self) -> None:
        """Before the exchange is asked: a bot that waits for it must not wait unseen."""
        self.watching.look(self._jobs)
        self._jobs.start()
        watch = HostClockWatch(self._clock, self._after_host_step)
        self._supervisor.keep_running("host clock", watch.run)

    def _schedule(self) -> None:
        timing, jobs = self._settings.strategy.timing, self._jobs
        schedule_rounds(jobs, self._rounds, self._ground)
        jobs.every("clock", self._align_clock, exchange_seconds=timing.align_clock_seconds)
        schedule_polls(jobs, self._polls, self._ground)
        self.outside.schedule(jobs)
        self._risk.schedule(jobs, timing)
        self.trading.rounds.schedule(jobs, timing)
        self.watching.schedule(jobs)
        schedule_upkeep(jobs, self._ground, storage=self.storage, database=self._database)

    async def _until_venue_answers(self, work: Callable[[], Awaitable[None]]) -> None:
        """A venue that is away at the start may come back; telling so is all there is to do."""
        pause = BackOff(random.random)
        while True:
            try:
                return await work()
            except TemporaryVenueError as error:
                seconds = pause.next_seconds()
                _log.warning(
                    "exchange does not answer, trying again",
                    exchange=self._settings.exchange.name,
                    rest_url=self._settings.exchange.rest_url or "its own address",
                    reason=str(error),
                    wall_seconds=round(seconds, 1),
                )
                await asyncio.sleep(seconds)
                self._waited_until = self._clock.monotonic()

    async def _grant_roles(self) -> None:
        async with self.storage() as unit:
            admins = await grant_roles(unit, self._settings.telegram, self._clock.now())
            await unit.commit()
        if self._pairing is not None and not admins:
            self._pairing.announce()

    async def _align_clock(self) -> None:
        reading = await measure(self.data.facts, self._clock)
        moved = self._clock.align(reading.exchange_now, reading.at_monotonic)
        if abs(moved) > timedelta(seconds=self._clock.speed):
            _log.info("clock aligned", moved_seconds=moved.total_seconds())

    def _probe(self) -> TelegramProbe:
        """Messages in the terminal need no asking."""
        is_terminal = self._settings.telegram.bot_token is None
        return TelegramProbe(None if is_terminal else self._ask_telegram, self._clock)

    async def _ask_telegram(self) -> None:
        await self._outlet.messenger.check()

    async def _after_host_step(self) -> None:
        """Exchange time first: runs are planned by it."""
        with suppress(TemporaryVenueError):  # the clock's own job asks again
            await self._align_clock()
        self._jobs.plan_anew()

    def _note_delivered(self, delivered: Delivered) -> None:
        self.tally.message()
        if is_post_key(delivered.row.message.key):
            handed = Handed(over_at=delivered.handed_over_at, accepted_at=delivered.accepted_at)
            self.latency.delivered(delivered.row.message.key, handed)

    def _notes(self) -> list[str]:
        health = self.data.feed.health()
        notes = self._guard.notes()
        notes += [f"{job}: {times} runs missed" for job, times in self._jobs.history.missed.items()]
        if health.failed_mends:
            notes.append(f"{health.failed_mends} times candles could not be fetched over REST")
        notes += self.trading.desk.halted_accounts().values()
        notes += self.market.outside.notes()
        notes += flow_notes(self.market.order_flow.tally(), self.data.flow.health())
        notes += skipped_notes(self.data.rejected.counts)
        if self.data.budget.silent_seconds > 0:
            notes.append(f"the venue asked for silence: {self.data.budget.silent_seconds:.0f} s")
        return notes


def _hide(secrets: Sequence[str], *ways: Hide) -> None:
    for hide in ways:
        hide(secrets)


def _nobody(_issued: Sequence[FollowedSignal]) -> None:
    """Signals are executed by whoever presses."""


def _open_cache(settings: StorageSettings, clock: ExchangeClock) -> MemoryCache | FallbackCache:
    if settings.redis_url is None:
        return MemoryCache(clock)
    return FallbackCache(RedisCache(settings.redis_url.get_secret_value()), clock)


def _name_of(database: AsyncEngine) -> str:
    return "SQLite" if is_sqlite(database.url) else "PostgreSQL"
