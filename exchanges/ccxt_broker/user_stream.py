"""Binance's user data stream: its key kept alive, its socket watched, its frames made hints."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog

from domain.errors import AccessRefusedError, QuorumError
from engine.ports.broker import AnyPair, OnHint
from engine.ports.clock import Clock
from exchanges.back_off import BackOff, Jitter
from exchanges.binance.routes import BASE_URL, Route
from exchanges.ccxt_broker.account_frames import AccountHint, hint_of
from exchanges.ccxt_broker.calls import VenueCalls
from exchanges.ccxt_broker.hints import HintSource, OnSettings
from exchanges.ccxt_broker.listing import Listing

_DIAL_SECONDS: Final = 10.0
_CLOSE_SECONDS: Final = 0.5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStreamLimits:
    """`renewal` and `lifetime` in exchange seconds: a listen key is good for an hour, a connection
    for a day. The others in wall seconds: `heartbeat` between pings, half of it for the answer, is
    what notices a half-open socket; a connection that lived `steady` starts the back-off over.
    """

    renewal: float = 25 * 60.0
    lifetime: float = 23 * 3600.0
    heartbeat: float = 15.0
    steady: float = 10.0
    first_back_off: float = 1.0
    longest_back_off: float = 30.0


class UserStream(HintSource):
    """One account's events as hints. REST is the truth: nothing in a frame is believed.

    A pair that is not on the `listing` is not traded here, and hints at anything.
    """

    def __init__(
        self,
        client: Any,
        calls: VenueCalls,
        listing: Listing,
        *,
        clock: Clock,
        jitter: Jitter,
        ws_url: str | None = None,
        limits: UserStreamLimits | None = None,
    ) -> None:
        self._client = client
        self._calls = calls
        self._listing = listing
        self._clock = clock
        self._base_url = (ws_url or BASE_URL).rstrip("/").removesuffix("/ws")
        self._limits = limits or UserStreamLimits()
        self._back_off = BackOff(
            jitter, first=self._limits.first_back_off, longest=self._limits.longest_back_off
        )
        self.connections = 0

    async def run(self, on_hint: OnHint, on_settings: OnSettings) -> None:
        """Listen until cancelled; raises `AccessRefusedError` when the key is refused."""
        async with aiohttp.ClientSession() as session:
            while True:
                begun = self._clock.monotonic()
                await self._listen(session, on_hint, on_settings)
                if self._clock.monotonic() - begun >= self._limits.steady:
                    self._back_off.reset()
                await asyncio.sleep(self._back_off.next_seconds())

    async def _listen(
        self, session: aiohttp.ClientSession, on_hint: OnHint, on_settings: OnSettings
    ) -> None:
        """One connection from dial to end."""
        try:
            socket = await self._dial(session)
        except AccessRefusedError:
            raise
        except (QuorumError, aiohttp.ClientError, OSError) as error:
            # The type alone: the text of a failed dial holds the listen key.
            log.warning("user_stream_dial_failed", reason=type(error).__name__)
            return
        self.connections += 1
        on_settings()
        on_hint(AnyPair.STREAM_BEGAN)
        async with asyncio.TaskGroup() as tasks:
            keeper = tasks.create_task(self._keep(socket))
            try:
                await self._read(socket, on_hint, on_settings)
            finally:
                keeper.cancel()
                await socket.close()

    async def _dial(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse[bool]:
        await self._listing.load()
        key = await self._calls.read("open a listen key", self._new_key)
        url = f"{self._base_url}/{Route.PRIVATE}/ws?listenKey={key}"
        async with asyncio.timeout(_DIAL_SECONDS):
            return await session.ws_connect(
                url,
                heartbeat=self._limits.heartbeat,
                timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
            )

    async def _new_key(self) -> str:
        return str((await self._client.fapiPrivatePostListenKey())["listenKey"])

    async def _read(
        self,
        socket: aiohttp.ClientWebSocketResponse[bool],
        on_hint: OnHint,
        on_settings: OnSettings,
    ) -> None:
        """Hand over hints until the socket ends, whoever ends it."""
        try:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                hint = hint_of(message.data)
                self._tell(hint, on_hint, on_settings)
                if hint.ends_stream:
                    break
        except (aiohttp.ClientError, OSError) as error:  # the answer to a ping could not be sent
            log.info("user_stream_broke", reason=type(error).__name__)
        log.info("user_stream_ended", code=socket.close_code)

    def _tell(self, hint: AccountHint, on_hint: OnHint, on_settings: OnSettings) -> None:
        if hint.changes_settings:
            on_settings()
        pairs = {self._listing.symbol_of(venue_id) for venue_id in hint.venue_ids} or {None}
        for symbol in pairs:
            on_hint(symbol or AnyPair.EVENT)

    async def _keep(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
        """Renew the key until the connection is old, or a renewal fails; then end it."""
        age = 0.0
        while age < self._limits.lifetime:
            pause = min(self._limits.renewal, self._limits.lifetime - age)
            await self._clock.sleep(pause)
            age += pause
            if not await self._renewed(self._client.fapiPrivatePutListenKey):
                break
        await socket.close()

    async def _renewed(self, put: Callable[[], Awaitable[Any]]) -> bool:
        try:
            await self._calls.read("renew the listen key", put)
        except QuorumError as error:
            log.warning("listen_key_not_renewed", reason=str(error))
            return False
        return True
