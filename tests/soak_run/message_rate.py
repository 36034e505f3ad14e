"""How many messages a second the bot's subscriptions bring, counted by a client of its own."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from domain.timeframes import Timeframe
from exchanges.binance.routes import book_stream, kline_stream, trade_stream
from exchanges.kline_stream import STREAMED_TIMEFRAMES
from tests.soak_run.venue import VenueControl

_NAMES_A_REQUEST = 100


async def count_messages(
    venue: VenueControl, symbols: Sequence[str], seconds: float
) -> Mapping[str, float]:
    """Messages per wall second by kind, for the streams that the bot has of these pairs."""
    streams = {
        "candles": ("market", _candles(symbols, STREAMED_TIMEFRAMES)),
        "trades": ("market", [trade_stream(symbol) for symbol in symbols]),
        "books": ("public", [book_stream(symbol) for symbol in symbols]),
    }
    async with asyncio.TaskGroup() as group:
        counts = {
            kind: group.create_task(_count(venue, route, names, seconds))
            for kind, (route, names) in streams.items()
        }
    return {kind: round(count.result(), 1) for kind, count in counts.items()}


def _candles(symbols: Sequence[str], timeframes: Sequence[Timeframe]) -> list[str]:
    return [kline_stream(*pair) for pair in itertools.product(symbols, timeframes)]


async def _count(venue: VenueControl, route: str, names: Sequence[str], seconds: float) -> float:
    async with (
        ClientSession() as session,
        session.ws_connect(f"{venue.ws_url}/{route}/ws", max_msg_size=0) as socket,
    ):
        for begin in range(0, len(names), _NAMES_A_REQUEST):
            request = names[begin : begin + _NAMES_A_REQUEST]
            await socket.send_json({"method": "SUBSCRIBE", "params": request, "id": begin})
        return await _rate(socket, seconds)


async def _rate(socket: ClientWebSocketResponse, seconds: float) -> float:
    kinds: Counter[WSMsgType] = Counter()
    began = time.monotonic()
    while (left := began + seconds - time.monotonic()) > 0:
        try:
            message = await socket.receive(timeout=left)
        except TimeoutError:
            break
        kinds[message.type] += 1
        if message.type in (WSMsgType.CLOSED, WSMsgType.ERROR):
            break
    return kinds[WSMsgType.TEXT] / (time.monotonic() - began)
