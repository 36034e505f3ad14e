"""Keeps one group of streams alive: dials, watches, dials anew, changes over before the cut."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import structlog

from engine.ports.clock import Clock
from exchanges.back_off import BackOff, Jitter
from exchanges.binance.socket import FrameHandler, StreamSocket

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """All in wall seconds, but `streams`, the most that one connection carries.

    `silence`: without any frame for so long a connection is dead. `stale`: a single stream that is
    silent for so long on a live connection is subscribed anew. `heartbeat`: ping interval; half
    of it is allowed for the answer. `lifetime`: at this age a new socket takes over (the venue cuts
    at 24 h), both delivering for `overlap`. `steady`: a connection that lived so long makes the
    next back-off start over. `check`: how often all that is looked at.
    """

    streams: int = 200
    silence: float = 30.0
    stale: float = 120.0
    heartbeat: float = 15.0
    lifetime: float = 23 * 3600.0
    overlap: float = 5.0
    steady: float = 10.0
    check: float = 1.0
    first_back_off: float = 1.0
    longest_back_off: float = 30.0


class StreamConnection:
    """One group of streams and the socket that carries it at the moment.

    `on_gap` is called with the streams after every reconnect that may have lost frames, and when
    the connection `is_return` of one that broke before; a planned change-over loses none, for the
    new socket delivers before the old one is closed.
    """

    def __init__(
        self,
        base_url: str,
        *,
        clock: Clock,
        jitter: Jitter,
        limits: ConnectionLimits,
        on_frame: FrameHandler,
        on_gap: Callable[[Collection[str]], None],
        is_return: bool = False,
    ) -> None:
        self._base_url = base_url
        self._clock = clock
        self._limits = limits
        self._on_frame = on_frame
        self._on_gap = on_gap
        self._back_off = BackOff(
            jitter, first=limits.first_back_off, longest=limits.longest_back_off
        )
        self._attention = asyncio.Event()
        self._socket: StreamSocket | None = None
        self._may_have_lost = is_return
        self.wanted: set[str] = set()
        self.reconnects = 0

    def want(self, streams: set[str]) -> None:
        """Make these the streams; the run takes them up at once."""
        self.wanted = streams
        self._attention.set()

    def ask_again(self, streams: Collection[str]) -> None:
        """Subscribe streams anew that should deliver and don't."""
        if self._socket is not None:
            self._socket.subscribed.difference_update(streams)
            self._attention.set()

    @property
    def is_open(self) -> bool:
        """Whether a socket is open."""
        return self._socket is not None

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Stream until cancelled."""
        while True:
            await self._until_wanted()
            begun = self._clock.monotonic()
            await self._stay_connected(session)
            if self._clock.monotonic() - begun >= self._limits.steady:
                self._back_off.reset()
            if self.wanted:
                pause = self._back_off.next_seconds()
                log.warning("stream_reconnects", streams=len(self.wanted), wall_seconds=pause)
                await asyncio.sleep(pause)
                self.reconnects += 1
                self._may_have_lost = True

    async def _until_wanted(self) -> None:
        while not self.wanted:
            self._attention.clear()
            await self._attention.wait()

    async def _stay_connected(self, session: aiohttp.ClientSession) -> None:
        """Stream over one socket after another until one ends by itself or none can be opened."""
        async with asyncio.TaskGroup() as readers:
            self._socket = await self._open(session, readers)
            if self._socket is not None and self._may_have_lost:
                self._may_have_lost = False
                self._on_gap(self.wanted)  # before its first frame is read
            try:
                while self._socket is not None and await self._tend(self._socket):
                    self._socket = await self._change_over(self._socket, session, readers)
            finally:
                last, self._socket = self._socket, None
                if last is not None:
                    await last.close()

    async def _change_over(
        self, old: StreamSocket, session: aiohttp.ClientSession, readers: asyncio.TaskGroup
    ) -> StreamSocket:
        """A fresh socket in place of the old one, both delivering for a while; the old one, for
        some time yet, when the venue cannot be reached."""
        fresh = await self._open(session, readers)
        if fresh is None:
            old.retire_at = self._clock.monotonic() + self._limits.longest_back_off
            return old
        await self._adjust(fresh)
        await asyncio.sleep(self._limits.overlap)
        await old.close()
        log.info("stream_changed_over", streams=len(self.wanted))
        return fresh

    async def _open(
        self, session: aiohttp.ClientSession, readers: asyncio.TaskGroup
    ) -> StreamSocket | None:
        """A socket that delivers one of the wanted streams and is about to be read; None when the
        venue is unreachable."""
        try:
            socket = await StreamSocket.dial(
                session,
                self._base_url,
                min(self.wanted),
                clock=self._clock,
                on_frame=self._on_frame,
                heartbeat_seconds=self._limits.heartbeat,
            )
        except (aiohttp.ClientError, OSError) as error:
            log.warning("stream_dial_failed", url=self._base_url, reason=str(error))
            return None
        socket.retire_at = socket.opened_at + self._limits.lifetime
        readers.create_task(self._read(socket))
        return socket

    async def _read(self, socket: StreamSocket) -> None:
        await socket.read()
        self._attention.set()

    async def _tend(self, socket: StreamSocket) -> bool:
        """Keep subscriptions in step until the socket ends (False) or shall be replaced (True)."""
        while not socket.closed and self.wanted:
            self._attention.clear()
            await self._adjust(socket)
            now = self._clock.monotonic()
            if now - socket.last_frame_at > self._limits.silence:
                log.warning("stream_silent", streams=len(self.wanted))
                return False
            if now >= socket.retire_at and self.wanted:
                return True
            await self._next_look()
        return False

    async def _adjust(self, socket: StreamSocket) -> None:
        try:
            await socket.deliver(set(self.wanted))
        except (aiohttp.ClientError, OSError) as error:
            log.info("stream_control_failed", reason=str(error))

    async def _next_look(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.check):
                await self._attention.wait()
