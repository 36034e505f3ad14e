"""One WebSocket from dial to close: subscriptions, paced control messages, frames."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

import aiohttp
import structlog

from engine.ports.clock import Clock
from exchanges.binance.messages import Control, encode_control
from exchanges.binance.routes import stream_url

FrameHandler = Callable[[bytes, float], None]
"""Takes a raw frame and the monotonic wall second of its arrival."""

CONTROL_PAUSE_SECONDS: Final = 0.2
"""Between control messages; the venue cuts a socket that sends more than ten a second."""

_DIAL_SECONDS: Final = 10.0
_CLOSE_SECONDS: Final = 0.5
"""A goodbye is a courtesy; a dead peer must not delay the reconnect."""

log = structlog.get_logger()


class StreamSocket:
    """An open WebSocket.

    `subscribed` are the streams asked for on it so far, `retire_at` the monotonic wall second at
    which its keeper means to replace it.
    """

    def __init__(
        self,
        websocket: aiohttp.ClientWebSocketResponse[bool],
        clock: Clock,
        on_frame: FrameHandler,
        subscribed: Iterable[str],
    ) -> None:
        self._websocket = websocket
        self._clock = clock
        self._on_frame = on_frame
        self._last_request = 0
        self.subscribed = set(subscribed)
        self.opened_at = clock.monotonic()
        self.last_frame_at = self.opened_at
        self.retire_at = float("inf")

    @classmethod
    async def dial(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        stream: str,
        *,
        clock: Clock,
        on_frame: FrameHandler,
        heartbeat_seconds: float,
    ) -> "StreamSocket":
        """Connect to where `stream` is served; raises `aiohttp.ClientError`, OSError, TimeoutError.

        A peer that does not answer a ping within half of `heartbeat_seconds` counts as gone.
        """
        async with asyncio.timeout(_DIAL_SECONDS):
            websocket = await session.ws_connect(
                stream_url(base_url, stream),
                heartbeat=heartbeat_seconds,
                timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
                decode_text=False,
            )
        return cls(websocket, clock, on_frame, {stream})

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self._websocket.closed

    async def read(self) -> None:
        """Hand over frames until the socket ends, whoever ends it."""
        reason = ""
        try:
            async for message in self._websocket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.last_frame_at = self._clock.monotonic()
                    self._on_frame(message.data, self.last_frame_at)
        except (aiohttp.ClientError, OSError) as error:  # the answer to a ping could not be sent
            reason = str(error)
        log.info(
            "stream_socket_ended",
            code=self._websocket.close_code,
            reason=reason or str(self._websocket.exception() or ""),
            age_seconds=round(self._clock.monotonic() - self.opened_at, 1),
        )

    async def deliver(self, wanted: set[str]) -> None:
        """Subscribe and unsubscribe until exactly `wanted` is asked for."""
        surplus, missing = self.subscribed - wanted, wanted - self.subscribed
        self.subscribed = set(wanted)
        await self._request("UNSUBSCRIBE", surplus)
        await self._request("SUBSCRIBE", missing)

    async def close(self) -> None:
        """Say goodbye; `read` ends."""
        await self._websocket.close()

    async def _request(self, method: str, streams: set[str]) -> None:
        if not streams:
            return
        self._last_request += 1
        control = Control(method=method, params=sorted(streams), id=self._last_request)
        await self._websocket.send_str(encode_control(control).decode())
        await asyncio.sleep(CONTROL_PAUSE_SECONDS)
