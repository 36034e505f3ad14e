"""The world that the simulated providers tell of: seeded, and leaning the way the market moves.

Everything is a pure function of seed and time: the same question about the same instant has the
same answer, whoever asks and however often.
"""

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from aiohttp import web

MINUTE_MS: Final = 60_000

_COMING_MINUTES: Final = 45
_PAST_MINUTES: Final = 60
_TYPICAL_PERCENT: Final = 0.4
"""A move of that size within an hour is one that people talk about."""


class MarketView(Protocol):
    """The simulated market, the future included."""

    def price(self, symbol: str, at_ms: int) -> float | None:
        """Last price of a pair ("BTCUSDT") at an instant; None outside the market's time."""

    def symbols(self) -> Sequence[str]:
        """All pairs."""


def never_held(_: web.Request) -> int | None:
    """No fault holds any answer."""
    return None


class World:
    """What all simulated providers share: the market, its time, and noise.

    `now` is simulated exchange time; `held` tells the instant at which a fault holds the answer to
    a request, None where none does.
    """

    def __init__(
        self,
        market: MarketView,
        *,
        seed: int,
        now: Callable[[], int],
        held: Callable[[web.Request], int | None] = never_held,
    ) -> None:
        self.market = market
        self.seed = seed
        self._now = now
        self._held = held

    def now_ms(self) -> int:
        """Simulated exchange time."""
        return self._now()

    def asked_ms(self, request: web.Request) -> int:
        """The instant that a request is answered as of: now, or where a fault holds it."""
        held = self._held(request)
        return self.now_ms() if held is None else held

    def noise(self, *key: object) -> float:
        """Uniform in [0, 1), a function of the seed and the key."""
        digest = blake2b(repr((self.seed, *key)).encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> 11) * 2.0**-53

    def change_percent(self, symbol: str, at_ms: int, minutes: float) -> float:
        """How far a pair moved in the minutes up to an instant, in percent; 0 where unknown."""
        last = self.market.price(symbol, at_ms)
        before = self.market.price(symbol, at_ms - round(minutes * MINUTE_MS))
        return 0.0 if not last or not before else (last / before - 1.0) * 100.0

    def lean(self, symbol: str, at_ms: int) -> float:
        """Which way those in the know lean at an instant, in (-1, 1), without noise.

        Above 0 where the price rose in the last hour and, weighing twice as much, where it rises
        in the next three quarters of one.
        """
        coming = self.change_percent(symbol, at_ms + _COMING_MINUTES * MINUTE_MS, _COMING_MINUTES)
        past = self.change_percent(symbol, at_ms, _PAST_MINUTES)
        return math.tanh((2.0 * coming + past) / 3.0 / _TYPICAL_PERCENT)
