"""Accepts WebSocket clients on the venue's routes and keeps its connection rules."""

from contextlib import suppress
from typing import Final

from aiohttp import WSMessage, WSMsgType, web

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.settings import SimulatorSettings
from exchanges.simulator.streams.connections import Connection, Subscriptions
from exchanges.simulator.streams.control_frames import answer_control_frame
from exchanges.simulator.streams.frames import text_packet
from exchanges.simulator.streams.names import Route

_POLICY_VIOLATION: Final = 1008
_GOING_AWAY: Final = 1001


class StreamGateway:
    """The WebSocket side of the venue."""

    def __init__(
        self, subscriptions: Subscriptions, clock: SimulatorClock, settings: SimulatorSettings
    ) -> None:
        self._subscriptions = subscriptions
        self._clock = clock
        self._settings = settings

    def routes(self) -> list[web.RouteDef]:
        """`/<route>/ws[/<stream>/...]` raw and `/<route>/stream?streams=a/b` wrapped.

        An account's events: `/private/ws?listenKey=<key>` or `/private/ws/<key>`.
        """
        entrances = "|".join(Route)
        return [
            web.get(f"/{{route:{entrances}}}/ws", self._serve),
            web.get(f"/{{route:{entrances}}}/ws/{{streams:.*}}", self._serve),
            web.get(f"/{{route:{entrances}}}/stream", self._serve),
        ]

    async def tend(self) -> None:
        """Ping whom it is time to ping; close who is too old or did not answer."""
        wall, settings = self._clock.wall_seconds(), self._settings
        for connection in list(self._subscriptions.connections):
            too_old = wall - connection.opened >= settings.lifetime_seconds
            if too_old or wall - connection.last_pong >= settings.pong_seconds:
                connection.close(_GOING_AWAY)
            elif wall - connection.last_ping >= settings.ping_seconds and not connection.silent:
                connection.last_ping = wall
                with suppress(ConnectionError):  # it was cut a moment ago
                    await connection.socket.ping()

    def close_all(self) -> None:
        """Say goodbye to every client."""
        for connection in list(self._subscriptions.connections):
            connection.close(_GOING_AWAY)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, compress=False)
        await socket.prepare(request)
        route = Route(request.match_info["route"])
        connection = Connection(socket, request, route, self._clock.wall_seconds())
        self._subscriptions.connections.add(connection)
        self._subscriptions.subscribe(connection, _names_in(request))
        try:
            async for message in socket:
                await self._hear(connection, message)
        finally:
            self._subscriptions.forget(connection)
        return socket

    async def _hear(self, connection: Connection, message: WSMessage) -> None:
        wall = self._clock.wall_seconds()
        if connection.messages.count(wall) > self._settings.messages_per_second:
            connection.close(_POLICY_VIOLATION)
        elif message.type is WSMsgType.PONG:
            connection.last_pong = wall
        elif connection.silent:
            return
        elif message.type is WSMsgType.PING:
            await connection.socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            answer = answer_control_frame(message.data, connection, self._subscriptions)
            connection.push(text_packet(answer))
            connection.flush()


def _names_in(request: web.Request) -> list[str]:
    asked = request.query.get("streams") or request.query.get("listenKey", "")
    listed = request.match_info.get("streams") or asked
    return [name for name in listed.split("/") if name]
