"""The composition root: builds every part from the settings, starts and stops them in order."""

import asyncio
import random  # noqa: TID251 - app owns randomness
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.clock import ExchangeClock
from app.deciding import build_decide_at_close
from app.flow_notes import flow_notes
from app.instance import InstanceGuard
from app.jobs import JobSchedule
from app.latency import LatencyRecorder
from app.market_data import open_market_data
from app.outside import build_outside, build_outside_state
from app.pairing import PairingCode
from app.polls import Polls
from app.risk import build_risk
from app.rounds import Rounds, Tally
from app.settings import Settings
from app.settings.sections import StorageSettings
from app.supervisor import Supervisor
from app.use_cases import build_use_cases
from bot.delivery import DeliveryWorker, WakeUp
from bot.delivery_parameters import DeliveryParameters
from bot.handover import Delivered
from bot.messenger import Messenger
from bot.presenters.html_presenter import HtmlPresenter
from bot.use_cases import BotUseCases
from db.cache import MemoryCache, RedisCache
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.access import Role
from domain.errors import TemporaryVenueError
from domain.timeframes import Timeframe
from engine.activity import Activity
from engine.follow import FollowSignals
from engine.issue import is_post_key
from engine.market_state import MarketState
from engine.order_flow import OrderFlowState
from engine.periodic_reports import PublishReports
from engine.poll_derivatives import PollDerivatives, PollingParameters
from engine.scan import ScanMarket
from engine.statistics import LedgerReader
from exchanges.back_off import BackOff
from exchanges.exchange_time import measure

_log = structlog.get_logger(__name__)

_DELIVERY_SECONDS = 5.0
"""How long messages under way may take at the end; what is cut off is in doubt at the start."""

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
        pairing: PairingCode | None = None,
    ) -> None:
        self._settings = settings
        self._pairing = pairing
        self._clock = clock
        self._supervisor = supervisor
        self._wake = wake
        self.ready = asyncio.Event()
        self.tally = Tally()
        self.latency = LatencyRecorder()
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
        self._jobs = JobSchedule(clock)
        self._presenter = HtmlPresenter()
        self._risk = build_risk(
            settings.strategy,
            market=self.market,
            data=self.data,
            storage=self.storage,
            presenter=self._presenter,
            clock=clock,
            wake=self._wake.set,
        )
        self._rounds = self._build_rounds()
        self._polls = self._build_polls()
        self.outside = build_outside(
            settings,
            market=self.market,
            facts=self.data.facts,
            storage=self.storage,
            presenter=self._presenter,
            clock=clock,
            wake=self._wake.set,
        )
        use_cases = build_use_cases(
            settings.strategy,
            storage=self.storage,
            reader=self._ledger_reader,
            market=self.market,
            data=self.data,
            clock=clock,
            activity=self._activity,
            notes=self._notes,
            feeds=self.outside.rounds.health,
            risk_facts=self._risk.facts,
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
        await self._guard.acquire()
        if self._guard.keep is not None:
            self._supervisor.spawn("instance lock", self._guard.keep())
        await upgrade(self._database)
        await self._grant_admins()
        self._supervisor.keep_running("delivery", self._worker.run)
        for name, work in self._outlet.tasks.items():
            self._supervisor.keep_running(name, work)
        await self._until_venue_answers(self._align_clock)
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

    async def stop_jobs(self) -> None:
        """Begin nothing new; what is in the outbox still goes out."""
        await self._jobs.stop()

    async def stop(self) -> None:
        """Stop new work first, then what is under way, then the connections."""
        await self._jobs.stop()
        self._worker.stop()
        await self._supervisor.finish("delivery", seconds=_DELIVERY_SECONDS)
        await self._supervisor.stop()
        if self._outlet.close is not None:
            await self._outlet.close()
        await self.data.close()
        await self.outside.opened.close()
        if isinstance(self._cache, RedisCache):
            await self._cache.close()
        await self._database.dispose()
        await self._guard.release()

    def _build_rounds(self) -> Rounds:
        strategy, storage, clock = self._settings.strategy, self.storage, self._clock
        feed, presenter = self.data.feed, self._presenter
        return Rounds(
            clock=clock,
            feed=feed,
            scan_market=ScanMarket(
                facts=self.data.facts,
                feed=feed,
                flow_streams=self.data.flow,
                market=self.market,
                storage=storage,
                cache=self._cache,
                clock=clock,
                parameters=strategy.scanner,
            ),
            decide_at_close=build_decide_at_close(
                strategy,
                market=self.market,
                feed=feed,
                storage=storage,
                presenter=presenter,
                clock=clock,
                risk_facts=self._risk.facts,
            ),
            follow_signals=FollowSignals(
                storage=storage,
                feed=feed,
                presenter=presenter,
                clock=clock,
            ),
            publish_reports=PublishReports(
                storage=storage,
                reader=self._ledger_reader,
                render=presenter.period_report,
                clock=clock,
                parameters=strategy.statistics,
            ),
            risk=self._risk.rounds,
            remember=self._remember,
            activity=self._activity,
            latency=self.latency,
            tally=self.tally,
            wake=self._wake.set,
        )

    def _build_polls(self) -> Polls:
        return Polls(
            poll=PollDerivatives(
                facts=self.data.derivatives,
                market_facts=self.data.facts,
                listener=self.market,
                clock=self._clock,
                symbols=lambda: {pair.symbol for pair in self.market.watchlist},
                free_weight_share=lambda: self.data.budget.free_share,
                positioning_room=self.data.derivatives.positioning_room,
                parameters=self._settings.strategy.polling,
            )
        )

    async def _remember(self) -> None:
        await self.outside.rounds.poll.remember()

    async def _stream_order_flow(self) -> None:
        await self.data.flow.run(self.market.order_flow)

    def _schedule(self) -> None:
        timing, rounds, jobs = self._settings.strategy.timing, self._rounds, self._jobs
        settle = timing.settle_seconds
        jobs.at_candle_close("decide", rounds.close, Timeframe.M15)
        jobs.at_candle_close("follow", rounds.follow, Timeframe.M1, delay_seconds=settle)
        # Hourly, though only midnight has news: whatever was missed at midnight is made up for.
        jobs.at_candle_close("report", rounds.report, Timeframe.H1, delay_seconds=2 * settle)
        jobs.every("scan", rounds.scan, exchange_seconds=timing.scan_seconds)
        jobs.every(
            "clock",
            self._align_clock,
            exchange_seconds=timing.align_clock_seconds,
        )
        self._schedule_polls(self._settings.strategy.polling)
        self.outside.schedule(jobs)
        self._risk.schedule(jobs, timing)
        jobs.start()

    def _schedule_polls(self, polling: PollingParameters) -> None:
        for name, job, seconds in (
            ("open interest", self._polls.open_interest, polling.open_interest_seconds),
            ("positioning", self._polls.positioning, polling.positioning_seconds),
            ("funding", self._polls.funding, polling.funding_seconds),
        ):
            self._jobs.every(
                name,
                job,
                exchange_seconds=seconds,
                shortest_wall_seconds=polling.shortest_wall_seconds,
            )

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

    async def _grant_admins(self) -> None:
        async with self.storage() as unit:
            for user_id in self._settings.telegram.admin_ids:
                await unit.users.grant(user_id, Role.ADMIN, at=self._clock.now(), how="settings")
            await unit.users.keep_only("settings", self._settings.telegram.admin_ids)
            await unit.commit()
            admins = await unit.users.list_with(Role.ADMIN)
        if self._pairing is not None and not admins:
            self._pairing.announce()

    async def _align_clock(self) -> None:
        reading = await measure(self.data.facts, self._clock)
        moved = self._clock.align(reading.exchange_now, reading.at_monotonic)
        if abs(moved) > timedelta(seconds=self._clock.speed):
            _log.info("clock aligned", moved_seconds=moved.total_seconds())

    def _note_delivered(self, delivered: Delivered) -> None:
        self.tally.messages += 1
        if is_post_key(delivered.row.message.key):
            self.latency.delivered(delivered.row.message.key, delivered.handed_over_at)

    def _notes(self) -> list[str]:
        health = self.data.feed.health()
        notes = [f"{job}: {times} runs missed" for job, times in self._jobs.missed.items()]
        if health.failed_mends:
            notes.append(f"{health.failed_mends} times candles could not be fetched over REST")
        notes += self.market.outside.notes()
        notes += flow_notes(self.market.order_flow.tally(), self.data.flow.health())
        if self.data.budget.silent_seconds > 0:
            notes.append(f"the venue asked for silence: {self.data.budget.silent_seconds:.0f} s")
        return notes


def _open_cache(settings: StorageSettings, clock: ExchangeClock) -> MemoryCache | RedisCache:
    if settings.redis_url is None:
        return MemoryCache(clock)
    return RedisCache(settings.redis_url.get_secret_value())
