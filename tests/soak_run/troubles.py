"""Everything that goes wrong during a soak, drawn from a seed; each trouble ends by itself."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.soak_run.venue import VenueControl
from tests.telegram_server import (
    AnswerPlain,
    AnswerSlowly,
    Chat,
    DropConnection,
    TelegramServer,
    refuse,
    retry_after,
)

_VENUE_FAULTS: Mapping[str, Mapping[str, Any]] = {
    "a candle socket is cut": {"kind": "drop", "match": "/market", "count": 1},
    "a book socket is cut": {"kind": "drop", "match": "/public", "count": 1},
    "all sockets are cut": {"kind": "drop"},
    "a socket falls silent": {"kind": "half_open", "match": "/public", "count": 1},
    "frames are lost": {"kind": "frame_loss", "count": 300},
    "final candles are lost": {"kind": "frame_loss", "match": "kline_15m", "seconds": 1.0},
    "frames come late": {"kind": "frame_delay", "delay_seconds": 1.0, "seconds": 2.0},
    "frames come twice": {"kind": "frame_duplicate", "seconds": 3.0},
    "frames are cut short": {"kind": "frame_unparsable", "count": 50},
    "frames hold no numbers": {"kind": "frame_wrong_type", "count": 50},
    "REST 429": {"kind": "rest_status", "status": 429, "retry_after_seconds": 1, "count": 2},
    "REST 418": {"kind": "rest_status", "status": 418, "retry_after_seconds": 5, "count": 1},
    "REST 503": {"kind": "rest_status", "status": 503, "count": 4},
    "REST answers a page": {"kind": "rest_html", "status": 502, "count": 2},
    "REST answers half": {"kind": "rest_malformed", "count": 2},
    "REST answers words": {"kind": "rest_wrong_type", "count": 2},
    "REST is slow": {"kind": "rest_delay", "delay_seconds": 1.5, "seconds": 4.0},
    "REST requests are lost": {"kind": "rest_request_lost", "count": 2},
    "REST times out": {"kind": "rest_answer_lost", "delay_seconds": 3.0, "count": 2},
    "providers stand still": {"kind": "rest_stale", "match": "/feeds/", "seconds": 8.0},
    "providers fail": {"kind": "rest_status", "match": "/feeds/", "status": 500, "count": 10},
}

_TELEGRAM_FAULTS: Mapping[str, tuple[str, Any]] = {
    "Telegram 429 on a send": ("sendMessage", retry_after(2)),
    "Telegram 429 on an edit": ("editMessageText", retry_after(2)),
    "Telegram 500 on a send": ("sendMessage", refuse(500, "Internal Server Error")),
    "Telegram 502 on an edit": ("editMessageText", AnswerPlain()),
    "a send is lost": ("sendMessage", DropConnection()),
    "a send's answer is lost": ("sendMessage", DropConnection(delivers=True)),
    "an edit's answer is lost": ("editMessageText", DropConnection(delivers=True)),
    "a send is answered late": ("sendMessage", AnswerSlowly(seconds=2.0)),
    "a poll is cut": ("getUpdates", DropConnection()),
    "Telegram 500 on a poll": ("getUpdates", refuse(500, "Internal Server Error")),
}

_STOPPED = "the process is stopped"
_STOPPED_SECONDS = (0.3, 2.0)
_STOPPED_WEIGHT = 3
"""How many of the other troubles one stop is as likely as."""

Pause = tuple[float, float]


@dataclass(slots=True, kw_only=True)
class Troubles:
    """Causes one trouble after the other, and remembers which and when the bot could not act."""

    venue: VenueControl
    telegram: TelegramServer
    channel: Chat
    find_pid: Callable[[], int | None]
    draw: random.Random
    caused: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, str]] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    """Monotonic seconds between which the bot's process stood still or was away."""

    async def run(self, mean_seconds: float) -> None:
        """Cause troubles with exponential pauses between them, until cancelled."""
        while True:
            await asyncio.sleep(self.draw.expovariate(1.0 / mean_seconds))
            await self._cause(self._choose())

    async def end(self) -> None:
        """Take everything back that has not struck yet."""
        self.telegram.faults.clear()
        await self.venue.clear()

    def _choose(self) -> str:
        names = [*_VENUE_FAULTS, *_TELEGRAM_FAULTS, *[_STOPPED] * _STOPPED_WEIGHT]
        return self.draw.choice(names)

    async def _cause(self, name: str) -> None:
        self.caused[name] += 1
        self.times.append((time.monotonic(), name))
        if name in _VENUE_FAULTS:
            await self.venue.disturb(_VENUE_FAULTS[name])
        elif name in _TELEGRAM_FAULTS:
            self._fail_telegram(*_TELEGRAM_FAULTS[name])
        else:
            await self._stop_for_a_moment()

    def _fail_telegram(self, method: str, fault: Any) -> None:
        self.telegram.fail(method, fault, chat=None if method == "getUpdates" else self.channel)

    async def _stop_for_a_moment(self) -> None:
        pid = self.find_pid()
        if pid is None:
            return
        process, began = psutil.Process(pid), time.monotonic()
        process.suspend()
        try:
            await asyncio.sleep(self.draw.uniform(*_STOPPED_SECONDS))
        finally:
            process.resume()
            self.pauses.append((began, time.monotonic()))
