"""The index of fear and greed of the simulated world."""

import math

from aiohttp import web

from feeds.simulator.world import World

_BITCOIN = "BTCUSDT"
_DAY_SECONDS = 86_400
_DAY_MINUTES = 1_440
_MOST_DAYS = 1_000


class SimulatedFearGreed:
    """Answers as alternative.me: a day's index follows bitcoin's day before, with some noise."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/fear_greed/fng/", self._index)]

    async def _index(self, request: web.Request) -> web.Response:
        now = self._world.asked_ms(request) // 1000
        asked = request.query.get("limit", "1")
        count = min(int(asked), _MOST_DAYS) if asked.isdecimal() else 1
        today = now // _DAY_SECONDS
        days = [self._day(today - back) for back in range(max(1, count))]
        days[0]["time_until_update"] = str((today + 1) * _DAY_SECONDS - now)
        return web.json_response(
            {"name": "Fear and Greed Index", "data": days, "metadata": {"error": None}}
        )

    def _day(self, day: int) -> dict[str, str]:
        value = self._value(day)
        return {
            "value": str(value),
            "value_classification": _mood(value),
            "timestamp": str(day * _DAY_SECONDS),
        }

    def _value(self, day: int) -> int:
        moved = self._world.change_percent(_BITCOIN, day * _DAY_SECONDS * 1000, _DAY_MINUTES)
        noise = 24.0 * (self._world.noise("fear_greed", day) - 0.5)
        return round(min(98.0, max(2.0, 50.0 + 38.0 * math.tanh(moved / 3.0) + noise)))


def _mood(value: int) -> str:
    moods = ((25, "Extreme Fear"), (46, "Fear"), (55, "Neutral"), (76, "Greed"))
    return next((mood for below, mood in moods if value < below), "Extreme Greed")
