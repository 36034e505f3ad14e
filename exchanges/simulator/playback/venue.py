"""The venue of a recording: binds player, clock, REST and streams to a local port."""

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from exchanges.recordings import Recording
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.faults import Faults
from exchanges.simulator.playback.endpoints import RecordedVenue
from exchanges.simulator.playback.pace import PatientWall
from exchanges.simulator.playback.player import Player
from exchanges.simulator.playback.shelf import Shelf
from exchanges.simulator.rest.control import ControlPaths
from exchanges.simulator.rest.http import fault_middleware, routes
from exchanges.simulator.rest.metering import RequestMeter
from exchanges.simulator.server import LocalServer
from exchanges.simulator.settings import SimulatorSettings
from exchanges.simulator.streams.broadcast import Broadcast
from exchanges.simulator.streams.connections import Connection, Subscriptions
from exchanges.simulator.streams.gateway import StreamGateway
from exchanges.simulator.venue import TaskSpawner

_log = logging.getLogger(__name__)

_BATCH: Final = 256
"""Frames between two looks at the clients."""

_LARGEST_BACKLOG: Final = 4 * 1024 * 1024
_SHORTEST_PAUSE: Final = 0.001


class PlaybackVenue:
    """A local venue that plays a recording once. `async with venue:` listens and lets time run.

    Frames leave at the recorded spacing divided by `speed`; where a client or this machine cannot
    keep up, time waits. At the end of the recording time stands still, and the venue keeps
    answering. `wall` returns seconds that only ever grow; `spawn` starts the one background task.
    """

    def __init__(
        self,
        recording: Recording,
        *,
        speed: float,
        wall: Callable[[], float],
        spawn: TaskSpawner,
        host: str = "127.0.0.1",
        port: int = 0,
        settings: SimulatorSettings | None = None,
    ) -> None:
        self._recording = recording
        self._spawn = spawn
        self._server = LocalServer(host, port)
        shelf = Shelf()
        self._player = Player(recording, shelf)
        self._restless_wall = wall
        self._wall = PatientWall(wall)
        self.clock = SimulatorClock(self._player.start_ms, speed, self._wall)
        self._settings = settings or SimulatorSettings()
        self._subscriptions = Subscriptions()
        self.faults = Faults(self.clock.wall_seconds, lambda: list(self._subscriptions.connections))
        self._gateway = StreamGateway(self._subscriptions, self.clock, self._settings)
        self._broadcast = Broadcast(self._subscriptions, self.faults)
        self._rest = RecordedVenue(shelf, self.clock, recording.manifest.pairs)
        self._playing: asyncio.Task[None] | None = None

    @property
    def rest_url(self) -> str:
        """Base URL of REST; known once started."""
        return self._server.rest_url

    @property
    def ws_url(self) -> str:
        """Base URL of the stream routes: clients append /public/..., /market/... ."""
        return self._server.ws_url

    @property
    def origin(self) -> str:
        """What is played, in words."""
        return f"the recording in {self._recording.folder}"

    @property
    def info(self) -> dict[str, Any]:
        """What is played and how far it has come."""
        return {
            "origin": self.origin,
            "interpolatedBelow": None,
            "pairs": len(self._recording.manifest.pairs),
            "startTime": self.clock.start_ms,
            "serverTime": self.clock.now_ms(),
            "framesPlayed": self._player.played,
            "cutTails": len(self._recording.cut_tails),
            "missingFiles": len(self._recording.missing_files),
            "speed": self.clock.speed,
            "held": self.clock.held,
            "ended": self.clock.ended,
            "connections": len(self._subscriptions.connections),
            "faults": self.faults.active,
        }

    async def start(self) -> None:
        """Listen, and let time run."""
        await self._server.listen(self._application())
        self.clock.start()
        self._playing = self._spawn("playback frames", self._play())
        if self._recording.missing_files:
            _log.warning("%s lacks the files %s", self.origin, self._recording.missing_files)
        _log.info("simulator: %s, speed %g, on %s", self.origin, self.clock.speed, self.rest_url)

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.wait({self._playing})
            self._playing = None
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
        meter = RequestMeter(self.clock, self._settings.weight_limit)
        control = ControlPaths(self.faults, self.clock, lambda: self.info)
        application = web.Application(middlewares=[fault_middleware(self.faults, self.clock)])
        application.add_routes(routes(self._rest.endpoints(), meter))
        application.add_routes(control.routes())
        application.add_routes(self._gateway.routes())
        return application

    async def _play(self) -> None:
        while self._player.next_ms is not None:
            await asyncio.sleep(self._pause(self._player.next_ms))
            await self._gateway.tend()
            if not self.clock.held:
                await self._play_due()
        self.clock.end_by(self._player.last_ms)
        for tail in self._recording.cut_tails:
            _log.warning("%s is %s: %d bytes left out", tail.path, tail.reason, tail.left_out)
        while True:
            await asyncio.sleep(self._settings.slice_seconds)
            self._broadcast.release_held(self.clock.wall_seconds())
            self._subscriptions.flush()
            await self._gateway.tend()

    def _pause(self, due_ms: int) -> float:
        """Wall seconds until the next message, within what hold and clients may change."""
        left = (due_ms - self.clock.now_ms()) / 1000.0 / self.clock.speed
        return min(max(left, _SHORTEST_PAUSE), self._settings.slice_seconds)

    async def _play_due(self) -> None:
        """Send what is due; time waits while that is more than goes out at once."""
        now_ms = self.clock.now_ms()
        self._broadcast.release_held(self.clock.wall_seconds())
        is_more = self._send_batch(now_ms)
        if is_more or self._is_somebody_behind():
            with self._wall.standing_still():
                await self._until_read()
                while is_more:
                    is_more = self._send_batch(now_ms)
                    await self._until_read()

    def _send_batch(self, now_ms: int) -> bool:
        """Send frames that are due; whether there may be more of them."""
        frames = self._player.until(now_ms, _BATCH)
        wall = self.clock.wall_seconds()
        for frame in frames:
            self._broadcast.send(frame, wall)
        self._subscriptions.flush()
        return len(frames) >= _BATCH

    async def _until_read(self) -> None:
        """Give clients the time to read; one that does not is cut off after a while."""
        # The playback's own wall stands still meanwhile; a pause takes longer than it was asked to.
        patience_ends = self._restless_wall() + self._settings.patience_seconds
        await asyncio.sleep(0)
        while behind := self._behind():
            if self._restless_wall() >= patience_ends:
                _cut_off(behind)
                return
            await asyncio.sleep(_SHORTEST_PAUSE)

    def _is_somebody_behind(self) -> bool:
        return bool(self._behind())

    def _behind(self) -> list[Connection]:
        connections = self._subscriptions.connections
        return [one for one in connections if one.backlog > _LARGEST_BACKLOG]


def _cut_off(connections: list[Connection]) -> None:
    for one in connections:
        _log.warning("playback: %s does not read, cut off", one.path)
        one.abort()
