"""Open connections, and who of them listens to which stream."""

import logging
from collections import deque
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from exchanges.simulator.streams.frames import Frame, close_packet, text_packet
from exchanges.simulator.streams.names import Route, Stream, StreamKind, parse_stream

_log = logging.getLogger(__name__)

_LARGEST_BACKLOG: Final = 32 * 1024 * 1024


class MessageRate:
    """How many messages came within the last second."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def count(self, wall: float) -> int:
        """Count one more message, at a wall time in seconds."""
        self._times.append(wall)
        while self._times[0] <= wall - 1.0:
            self._times.popleft()
        return len(self._times)


class Connection:
    """One client. What is pushed leaves with the next `flush`, in order and in one write."""

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, route: Route, opened: float
    ) -> None:
        self.socket = socket
        self.route = route
        self.opened = opened
        self.last_ping = opened
        self.last_pong = opened
        self.wrapped = request.path.endswith("/stream")
        self.names: dict[str, None] = {}
        self._path = request.path_qs
        self._transport = request.transport
        self._outbox: list[bytes] = []
        self.messages = MessageRate()
        self.silent = False

    @property
    def path(self) -> str:
        """Where the client connected, with what it asked for: streams, or a listen key."""
        return self._path

    @property
    def backlog(self) -> int:
        """Bytes that were written and that the client has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def push(self, packet: bytes) -> None:
        """Add a wire frame to what leaves next."""
        self._outbox.append(packet)

    def flush(self) -> None:
        """Write what was pushed; a client that does not read is cut off, as at the venue."""
        transport = self._transport
        if not self._outbox or transport is None:
            return
        packets, self._outbox = self._outbox, []
        if not transport.is_closing() and not self.silent:
            transport.write(b"".join(packets))
            if transport.get_write_buffer_size() > _LARGEST_BACKLOG:
                _log.warning("simulator: %s does not read, cut off", self._path)
                transport.abort()

    def close(self, code: int) -> None:
        """Send a close frame and hang up without waiting for the client's answer."""
        self.push(close_packet(code))
        self.flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection without a closing handshake."""
        if self._transport is not None:
            self._transport.abort()

    def fall_silent(self) -> None:
        """Send nothing any more, not even a pong, and stay open."""
        self.silent = True


class Subscriptions:
    """Connections by stream. A stream on the wrong route is remembered but never served."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self._listeners: dict[str, set[Connection]] = {}
        self._streams: dict[StreamKind, dict[str, Stream]] = {}

    def active(self, kind: StreamKind) -> list[Stream]:
        """Streams of a kind that somebody listens to."""
        return list(self._streams.get(kind, {}).values())

    def subscribe(self, connection: Connection, names: Iterable[str]) -> None:
        """Add streams to a connection; unknown names are accepted and stay silent.

        On the private route the names are listen keys.
        """
        for name in names:
            connection.names[name] = None
            if connection.route is Route.PRIVATE:
                self._listeners.setdefault(name, set()).add(connection)
                continue
            stream = parse_stream(name)
            if stream is not None and stream.route is connection.route:
                self._listeners.setdefault(name, set()).add(connection)
                self._streams.setdefault(stream.kind, {})[name] = stream

    def unsubscribe(self, connection: Connection, names: Iterable[str]) -> None:
        """Take streams from a connection."""
        for name in list(names):
            connection.names.pop(name, None)
            listeners = self._listeners.get(name, set())
            listeners.discard(connection)
            if not listeners and self._listeners.pop(name, None) is not None:
                for streams in self._streams.values():
                    streams.pop(name, None)

    def forget(self, connection: Connection) -> None:
        """Remove a closed connection."""
        self.unsubscribe(connection, connection.names)
        self.connections.discard(connection)

    def deliver(self, frame: Frame) -> None:
        """Push a frame to everybody who listens to its stream."""
        raw = wrapped = b""
        for connection in self._listeners.get(frame.stream, ()):
            if connection.wrapped:
                wrapped = wrapped or text_packet(frame.wrapped())
                connection.push(wrapped)
            else:
                raw = raw or text_packet(frame.body)
                connection.push(raw)

    def flush(self) -> None:
        """Send what was pushed."""
        for connection in self.connections:
            connection.flush()
