"""The bot: starts its parts in the order in which they need each other, and stops them."""

from collections.abc import Awaitable, Callable

import structlog

from app.assembly import Surroundings, assemble
from app.exchange_time_keeping import ExchangeTimeKeeping
from app.host_clock import HostClockWatch
from app.roles import grant_roles
from app.settings import Settings
from app.venue_at_start import VenueAtStart
from db.migrate import upgrade
from engine.flow_audience import FlowAudience

_log = structlog.get_logger(__name__)

_DELIVERY_SECONDS = 4.0
"""How long messages under way may take at the end; what is cut off is in doubt at the start."""


class Application:
    """The whole bot. `start` returns when it is ready; `stop` leaves nothing running."""

    def __init__(self, settings: Settings, around: Surroundings) -> None:
        self._settings = settings
        self._clock = around.clock
        self._supervisor = around.supervisor
        self._pairing = around.pairing
        self._parts = parts = assemble(settings, around)
        self._life = parts.life
        self._foundation = parts.foundation
        self.work = parts.work
        self._jobs = parts.foundation.jobs
        self.ready = parts.life.ready
        self.tally = parts.measures.tally
        self.latency = parts.measures.latency
        self.storage = parts.foundation.storage
        self.data = parts.foundation.ground.data
        self.market = parts.foundation.ground.market
        self.trading = parts.work.trading
        self.watching = parts.watching
        self._time = ExchangeTimeKeeping(self.data.facts, around.clock, self._jobs)
        self._venue = VenueAtStart(settings.exchange, around.clock, parts.life)

    async def start(self) -> None:
        """Bring everything up, in the order in which the parts need each other."""
        await self.watching.begin(self._supervisor)
        await self._take_over_database()
        self.watching.tell(self._supervisor)
        self._supervisor.keep_running("last seen", self._parts.last_run.run)
        self._look_after()
        await self.trading.rounds.readiness()
        self._deliver()
        await self._venue.until_answers(self._time.align)
        self._start_trading()
        await self._open_market()
        await self._catch_up()
        self._schedule()
        self._supervisor.spawn("first answers", self.work.outside.rounds.ask_all())
        self._supervisor.spawn("first correlations", self.work.risk.rounds.correlations())
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
        self._life.is_stopping = True
        await self._jobs.stop()
        await self.watching.stop()
        self._parts.worker.stop()
        await self._supervisor.finish("delivery", seconds=_DELIVERY_SECONDS)
        await self._supervisor.stop()
        await self._parts.last_run.end()
        if self._parts.outlet.close is not None:
            await self._parts.outlet.close()
        await self.trading.desk.finish()
        await self.data.close()
        await self.work.outside.opened.close()
        await self._foundation.close()

    async def _take_over_database(self) -> None:
        """Before anything is read or written: another bot may be at work on it."""
        guard = self._foundation.guard
        await guard.acquire()
        if guard.keep is not None:
            self._supervisor.spawn("instance lock", guard.keep())
        await upgrade(self._foundation.database)
        await self._parts.last_run.begin()
        await self._grant_roles()

    async def _grant_roles(self) -> None:
        async with self.storage() as unit:
            admins = await grant_roles(unit, self._settings.telegram, self._clock.now())
            await unit.commit()
        if self._pairing is not None and not admins:
            self._pairing.announce()

    def _look_after(self) -> None:
        """Before the exchange is asked: a bot that waits for it must not wait unseen."""
        self.watching.look(self._jobs)
        self._jobs.start()
        watch = HostClockWatch(self._clock, self._time.after_host_step)
        self._supervisor.keep_running("host clock", watch.run)

    def _deliver(self) -> None:
        """What waits in the outbox goes out, and people are listened to."""
        self._supervisor.keep_running("delivery", self._parts.worker.run)
        for name, work in self._parts.outlet.tasks.items():
            self._supervisor.keep_running(name, work)

    def _start_trading(self) -> None:
        """Before anything else is asked of the market: a position may have lost its stop."""
        self._supervisor.keep_running("paper venue", self.trading.paper.run)
        self._supervisor.keep_running("desk", self._trade)
        if self.work.automatic is not None:
            self._supervisor.keep_running("automatic execution", self.work.automatic.run)

    async def _trade(self) -> None:
        """Nothing new is executed before every account has been compared with the exchange."""
        if self.trading.desk.halted():
            await self.trading.desk.start_up()
        await self.trading.desk.run()

    async def _open_market(self) -> None:
        self._supervisor.keep_running("candle feed", self.data.feed.run)
        self._supervisor.keep_running("order flow", self._stream_order_flow)
        await self._venue.until_answers(self.work.rounds.scan)

    async def _stream_order_flow(self) -> None:
        audience = (self.market.order_flow, self.trading.quotes, self.trading.paper)
        await self.data.flow.run(FlowAudience(audience))

    async def _catch_up(self) -> None:
        """What happened while nobody looked, before anything is decided."""
        await self.work.polls.funding()
        await self.work.outside.rounds.poll.restore()
        await self.work.rounds.report()

    def _schedule(self) -> None:
        self.work.schedule(self._foundation)
        self.watching.schedule(self._jobs)
        self._jobs.every(
            "clock",
            self._time.align,
            exchange_seconds=self._settings.strategy.timing.align_clock_seconds,
        )
