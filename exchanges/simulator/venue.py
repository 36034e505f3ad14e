"""The simulated venue: binds the market, the clock, REST, streams and trading to a local port."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from exchanges.matching.account import TradingAccount
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Faults
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.pairs import Market
from exchanges.simulator.rest import all_endpoints
from exchanges.simulator.rest.control import ControlPaths
from exchanges.simulator.rest.http import fault_middleware, routes
from exchanges.simulator.rest.metering import RequestMeter
from exchanges.simulator.server import LocalServer
from exchanges.simulator.settings import SimulatorSettings
from exchanges.simulator.streams import all_publishers
from exchanges.simulator.streams.broadcast import Broadcast
from exchanges.simulator.streams.connections import Subscriptions
from exchanges.simulator.streams.frames import Slice
from exchanges.simulator.streams.gateway import StreamGateway
from exchanges.simulator.trading.accounts import USUAL_ACCOUNT
from exchanges.simulator.trading.side import TradingSide

_log = logging.getLogger(__name__)

TaskSpawner = Callable[[str, Coroutine[Any, Any, None]], "asyncio.Task[None]"]


class SimulatedVenue:
    """A local venue. `async with venue:` listens and lets exchange time run.

    Accounts trade against its own book and tape, which take no notice of them.

    `spawn` starts the one background task (it publishes frames); `port` 0 takes a free one.
    `guests` are routes of others on the same port; faults disturb them as they do the venue's. Time
    ends with the market's last final candle: then the venue stands still and keeps answering.
    """

    def __init__(
        self,
        market: Market,
        clock: SimulatorClock,
        *,
        spawn: TaskSpawner,
        host: str = "127.0.0.1",
        port: int = 0,
        settings: SimulatorSettings | None = None,
        guests: Sequence[web.RouteDef] = (),
    ) -> None:
        self.clock = clock
        self.settings = settings or SimulatorSettings()
        self._spawn = spawn
        self._guests = guests
        self._server = LocalServer(host, port)
        self._subscriptions = Subscriptions()
        self.faults = Faults(clock.wall_seconds, lambda: list(self._subscriptions.connections))
        self._floor = TradingFloor(market, clock, self.settings)
        self._gateway = StreamGateway(self._subscriptions, clock, self.settings)
        self._broadcast = Broadcast(self._subscriptions, self.faults)
        self._publishers = all_publishers(self._floor)
        self._trading = TradingSide(self._floor, self.faults, self._broadcast, self._subscriptions)
        self._publishing: asyncio.Task[None] | None = None
        clock.end_by(market.end_ms + self.settings.final_delay_ms)

    @property
    def market(self) -> Market:
        """What is traded, with the moves that were made by hand."""
        return self._floor.market

    @property
    def rest_url(self) -> str:
        """Base URL of REST; known once started."""
        return self._server.rest_url

    @property
    def ws_url(self) -> str:
        """Base URL of the stream routes: clients append /public/..., /market/... ."""
        return self._server.ws_url

    @property
    def info(self) -> dict[str, Any]:
        """What is played and how far it has come."""
        return {
            "origin": self.market.origin,
            "interpolatedBelow": self.market.interpolated_below,
            "pairs": len(self.market.pairs),
            "beginTime": self.market.begin_ms,
            "startTime": self.market.start_ms,
            "endTime": self.market.end_ms,
            "serverTime": self.clock.now_ms(),
            "speed": self.clock.speed,
            "held": self.clock.held,
            "ended": self.clock.ended,
            "connections": len(self._subscriptions.connections),
            "faults": self.faults.active,
        }

    def move(self, symbol: str, factor: float) -> None:
        """Let the price of a pair jump by a factor from the next instant on.

        Raises `ConfigurationError` for a symbol that does not trade now.
        """
        self._floor.move(symbol, factor)

    def books(self, account: str = USUAL_ACCOUNT.name) -> TradingAccount:
        """What the venue keeps of an account, up to now. Raises `ConfigurationError`."""
        return self._trading.books(account)

    async def start(self) -> None:
        """Listen, and let time run."""
        await self._server.listen(self._application())
        self.clock.start()
        self._publishing = self._spawn("simulator frames", self._publish())
        _log.info(
            "simulator: %s, %d pairs, speed %g, made up below %s, on %s",
            self.market.origin,
            len(self.market.pairs),
            self.clock.speed,
            self.market.interpolated_below or "nothing",
            self.rest_url,
        )

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.wait({self._publishing})
            self._publishing = None
            self._gateway.close_all()
        await self._server.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        meter = RequestMeter(self.clock, self.settings.weight_limit)
        control = ControlPaths(self.faults, self.clock, lambda: self.info)
        application = web.Application(middlewares=[fault_middleware(self.faults, self.clock)])
        application.add_routes(routes(all_endpoints(self._floor), meter))
        application.add_routes(self._trading.routes(meter))
        application.add_routes(control.routes())
        application.add_routes(self._gateway.routes())
        application.add_routes(self._guests)
        return application

    async def _publish(self) -> None:
        last_ms = self.clock.now_ms()
        while True:
            await asyncio.sleep(self.settings.slice_seconds)
            now_ms = self.clock.now_ms()
            self._publish_slice(Slice(last_ms, now_ms, self.clock.wall_seconds()))
            last_ms = now_ms
            await self._gateway.tend()

    def _publish_slice(self, span: Slice) -> None:
        self._broadcast.release_held(span.wall)
        self._trading.run()
        for publisher in self._publishers:
            streams = [s for kind in publisher.kinds for s in self._subscriptions.active(kind)]
            if streams and span.to_ms > span.from_ms:
                for frame in publisher.frames(span, streams):
                    self._broadcast.send(frame, span.wall)
        self._subscriptions.flush()
