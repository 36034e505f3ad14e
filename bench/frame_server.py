"""A process that sends the same candle frames, evenly paced, to whoever connects. Loopback only."""

import asyncio
import sys

import uvloop
from aiohttp import WSMsgType, web

SYMBOLS = tuple(f"PAIR{number}USDT" for number in range(40))
FRAMES_PER_SECOND = 640
"""What 40 pairs bring: four timeframes each, an update every 250 ms."""

SECONDS = 4
_SLICE = 0.0015
_TIMEFRAMES = ("1m", "5m", "15m", "1h")
FRAME_COUNT = FRAMES_PER_SECOND * SECONDS
_MINUTE_MS = 60_000
_OPEN_MS = 1_767_614_400_000  # on the hour, so that it opens a candle of every timeframe


def frame(number: int) -> str:
    """The candle frame with a number: pairs and timeframes take turns, prices move."""
    symbol = SYMBOLS[number % len(SYMBOLS)]
    timeframe = _TIMEFRAMES[number // len(SYMBOLS) % len(_TIMEFRAMES)]
    price = 100.0 + (number % 997) * 0.01
    return (
        f'{{"e":"kline","E":{_OPEN_MS + number},"s":"{symbol}","k":{{"t":{_OPEN_MS},'
        f'"T":{_OPEN_MS + _MINUTE_MS - 1},"s":"{symbol}","i":"{timeframe}","f":1000,'
        f'"L":{1000 + number},"o":"100.00","c":"{price:.2f}","h":"{price + 1:.2f}","l":"99.00",'
        f'"v":"{number}.125","n":{number},"x":false,"q":"1234567.89","V":"456.125",'
        '"Q":"45612.50","B":"0"},"st":1,"ps":"' + symbol + '"}'
    )


async def _serve(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    sender = asyncio.ensure_future(_send(socket))
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str('{"result":null,"id":' + str(message.json()["id"]) + "}")
    sender.cancel()
    return socket


async def _send(socket: web.WebSocketResponse) -> None:
    await asyncio.sleep(1.0)  # subscriptions first
    loop = asyncio.get_running_loop()
    started = loop.time()
    sent = 0
    while sent < FRAME_COUNT:
        await asyncio.sleep(_SLICE)
        due = min(FRAME_COUNT, int((loop.time() - started) * FRAMES_PER_SECOND))
        for number in range(sent, due):
            await socket.send_str(frame(number))
        sent = due
    await socket.close()


async def _main() -> None:
    application = web.Application()
    application.router.add_get("/{path:.*}", _serve)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(_main())
