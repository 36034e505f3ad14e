"""A process that sends books and trades of 40 pairs to whoever connects. Loopback only.

Books go out on the public route, trades on the market route, as at the venue. Below `/fast` they
leave as quickly as the client takes them, else evenly paced. Each frame ends with the monotonic
nanosecond at which it was sent.
"""

import asyncio
import sys
import time
from collections.abc import Iterator

import uvloop
from aiohttp import WSMsgType, web

SYMBOLS = tuple(f"PAIR{number}USDT" for number in range(40))
BOOKS_PER_SECOND = 400
"""A book every 100 ms of each pair."""

TRADES_PER_SECOND = 1_600
SECONDS = 5
_STARTS_AFTER = 3.0
"""Subscriptions and, for ccxt, snapshots come first."""

_SLICE = 0.002
BEGIN_MS = 1_767_614_400_000
_LEVELS = 20


def trade(number: int) -> str:
    """A trade without its end: pairs take turns, ids of a pair grow by one."""
    symbol, order = SYMBOLS[number % len(SYMBOLS)], number // len(SYMBOLS)
    at_ms = BEGIN_MS + number * 1000 // TRADES_PER_SECOND
    price = 100.0 + (order * 7 % 13 - 6) * 0.01
    maker = "true" if order * 5 % 11 < 5 else "false"
    quantity = 0.5 + (order * 31 % 97) * 0.125
    return (
        f'{{"e":"aggTrade","E":{at_ms},"a":{order},"s":"{symbol}","p":"{price:.2f}",'
        f'"q":"{quantity:.3f}","nq":"{quantity:.3f}","f":{order},"l":{order},"T":{at_ms},'
        f'"m":{maker},"st":1'
    )


def book(number: int) -> str:
    """A 20-level book without its end: pairs take turns, the price and the sizes move."""
    symbol, order = SYMBOLS[number % len(SYMBOLS)], number // len(SYMBOLS) + 1
    at_ms = BEGIN_MS + number * 1000 // BOOKS_PER_SECOND
    middle = 10_000 + order * 7 % 13 - 6
    bids = ",".join(_level(middle - 1 - step, order + step) for step in range(_LEVELS))
    asks = ",".join(_level(middle + 1 + step, order * 3 + step) for step in range(_LEVELS))
    return (
        f'{{"e":"depthUpdate","E":{at_ms},"T":{at_ms},"s":"{symbol}","ps":"{symbol}","st":1,'
        f'"U":{order},"u":{order},"pu":{order - 1},"b":[{bids}],"a":[{asks}]'
    )


def _level(ticks: int, seed: int) -> str:
    return f'["{ticks / 100:.2f}","{1 + seed * 17 % 41 * 0.25:.3f}"]'


def _frames(route: str) -> tuple[Iterator[str], int]:
    """All frames of a route, and how many go out in a second."""
    if route == "public":
        return map(book, range(BOOKS_PER_SECOND * SECONDS)), BOOKS_PER_SECOND
    return map(trade, range(TRADES_PER_SECOND * SECONDS)), TRADES_PER_SECOND


async def _serve(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    route = "public" if "/public/" in request.path else "market"
    send = _send_fast if request.path.startswith("/fast/") else _send_paced
    sender = asyncio.ensure_future(send(socket, route))
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str('{"result":null,"id":' + str(message.json()["id"]) + "}")
    sender.cancel()
    return socket


async def _send_paced(socket: web.WebSocketResponse, route: str) -> None:
    await asyncio.sleep(_STARTS_AFTER)
    frames, per_second = _frames(route)
    started, sent = time.monotonic(), 0
    while True:
        await asyncio.sleep(_SLICE)
        due = int((time.monotonic() - started) * per_second)
        for _ in range(due - sent):
            frame = next(frames, None)
            if frame is None:
                return
            await socket.send_str(_stamped(frame))
        sent = due


async def _send_fast(socket: web.WebSocketResponse, route: str) -> None:
    frames = list(_frames(route)[0])
    await asyncio.sleep(_STARTS_AFTER)
    for frame in frames:
        await socket.send_str(_stamped(frame))


def _stamped(frame: str) -> str:
    return f'{frame},"ns":{time.monotonic_ns()}}}'


async def _snapshot(_: web.Request) -> web.Response:
    """An empty book to which the first frame of a pair fits."""
    return web.json_response(
        {"lastUpdateId": 0, "E": BEGIN_MS, "T": BEGIN_MS, "bids": [], "asks": []}
    )


async def _main() -> None:
    application = web.Application()
    application.router.add_get("/fapi/v1/depth", _snapshot)
    application.router.add_get("/{path:.*}", _serve)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(_main())
