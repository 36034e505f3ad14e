"""Streams of one route spread over as many connections as they need, each watched for silence."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Final

import aiohttp
import structlog

from engine.ports.clock import Clock
from exchanges.back_off import Jitter
from exchanges.binance.connection import ConnectionLimits, StreamConnection
from exchanges.binance.messages import decode_reply
from exchanges.binance.socket import FrameHandler
from exchanges.unreadable import UNREADABLE

_COMPLAINT_SECONDS: Final = 60.0
"""Wall seconds between two words about unreadable frames; all of them are counted."""

log = structlog.get_logger()


class Stream:
    """A stream that is wanted, when it last said something, and when it was last asked to.

    `symbol` is the pair that it tells of, empty when it tells of the whole market. Silence of a
    stream that `may_be_silent` is no sign of a fault.
    """

    __slots__ = ("asked_at", "last_frame_at", "may_be_silent", "name", "symbol")

    def __init__(
        self, name: str, symbol: str, since: float, *, may_be_silent: bool = False
    ) -> None:
        self.name = name
        self.symbol = symbol
        self.last_frame_at = self.asked_at = since
        self.may_be_silent = may_be_silent


class StreamSet:
    """Keeps streams of one route delivering to `on_event`.

    `on_event` notes `Stream.last_frame_at` of the stream that a frame belongs to, and raises
    `msgspec.DecodeError` for a frame that is no event. `on_gap` is called with the pairs of a
    connection that came back and may have lost frames.
    """

    def __init__(
        self,
        clock: Clock,
        jitter: Jitter,
        *,
        base_url: str,
        limits: ConnectionLimits,
        on_event: FrameHandler,
        on_gap: Callable[[Collection[str]], None],
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._base_url = base_url
        self._limits = limits
        self._on_event = on_event
        self._on_gap = on_gap
        self._streams: dict[str, Stream] = {}
        self._connections: list[StreamConnection] = []
        self._changed = asyncio.Event()
        self._complained_at = float("-inf")
        self._earlier_reconnects = 0
        self._has_run = False
        self.bad_frames = 0

    async def run(self) -> None:
        """Stream until cancelled, through every fault of the network.

        When it runs again after a crash, what comes back may have lost frames.
        """
        self._earlier_reconnects = self.reconnects
        self._has_run = bool(self._connections)
        self._connections.clear()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                for connection in self._spread_streams():
                    tasks.create_task(connection.run(session))
                await self._until_changed()
                self._ask_stale_again()

    def want(self, streams: Collection[Stream]) -> None:
        """Make these the streams; takes effect soon, without touching those that stay."""
        self._streams = {stream.name: stream for stream in streams}
        self._changed.set()

    @property
    def open_connections(self) -> int:
        """How many sockets are open."""
        return sum(connection.is_open for connection in self._connections)

    @property
    def reconnects(self) -> int:
        """How often a connection has come back since the start."""
        now = sum(connection.reconnects for connection in self._connections)
        return self._earlier_reconnects + now

    def _on_frame(self, frame: bytes, received: float) -> None:
        try:
            self._on_event(frame, received)
        except UNREADABLE:
            self._on_other_frame(frame)

    def _on_other_frame(self, frame: bytes) -> None:
        """The answer to a control message, or something that cannot be read."""
        try:
            reply = decode_reply(frame)
        except UNREADABLE:
            self._on_bad_frame(frame)
            return
        if reply.refusal is not None:
            log.warning("stream_request_refused", reason=reply.refusal)
        elif reply.id is None:
            self._on_bad_frame(frame)

    def _on_bad_frame(self, frame: bytes) -> None:
        self.bad_frames += 1
        now = self._clock.monotonic()
        if now - self._complained_at >= _COMPLAINT_SECONDS:
            self._complained_at = now
            start = frame[:80].decode(errors="replace")
            log.warning("frame_unreadable", start=start, so_far=self.bad_frames)

    def _on_lost_frames(self, names: Collection[str]) -> None:
        streams = (self._streams.get(name) for name in names)
        self._on_gap({stream.symbol for stream in streams if stream and stream.symbol})

    def _spread_streams(self) -> Iterator[StreamConnection]:
        """Give every stream to a connection; yields the connections that this adds."""
        unplaced = set(self._streams)
        for connection in self._connections:
            connection.want(connection.wanted & unplaced)
            unplaced -= connection.wanted
        for connection in self._connections:
            self._fill(connection, unplaced)
        while unplaced:
            connection = self._new_connection()
            self._connections.append(connection)
            self._fill(connection, unplaced)
            yield connection

    def _fill(self, connection: StreamConnection, unplaced: set[str]) -> None:
        room = self._limits.streams - len(connection.wanted)
        taken = set(sorted(unplaced)[:room])
        if taken:
            unplaced -= taken
            connection.want(connection.wanted | taken)

    def _new_connection(self) -> StreamConnection:
        return StreamConnection(
            self._base_url,
            clock=self._clock,
            jitter=self._jitter,
            limits=self._limits,
            on_frame=self._on_frame,
            on_gap=self._on_lost_frames,
            is_return=self._has_run,
        )

    async def _until_changed(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.stale):
                await self._changed.wait()

    def _ask_stale_again(self) -> None:
        """Subscribe anew what has been silent on a connection that otherwise lives."""
        now = self._clock.monotonic()
        since = now - self._limits.stale
        stale = [
            stream
            for stream in self._streams.values()
            if max(stream.last_frame_at, stream.asked_at) < since and not stream.may_be_silent
        ]
        names = {stream.name for stream in stale}
        for stream in stale:
            stream.asked_at = now
        if names:
            log.warning("streams_stale", count=len(names), first=min(names))
        for connection in self._connections:
            connection.ask_again(names)
