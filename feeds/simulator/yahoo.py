"""Charts of the markets outside crypto, as Yahoo Finance draws them."""

from typing import Any, Final

from aiohttp import web

from domain.sentiment import MacroSeries
from feeds.simulator.macro import macro_level
from feeds.simulator.world import World
from feeds.yahoo import YAHOO_SYMBOLS

_BAR_SECONDS: Final = 300
_DAY_SECONDS: Final = 86_400
_GAPS: Final = 0.02
"""Share of bars in which nothing traded."""


class SimulatedYahoo:
    """Answers the chart endpoint: five-minute bars of the last day, around the clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._series = {symbol: series for series, symbol in YAHOO_SYMBOLS.items()}

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/yahoo/v8/finance/chart/{symbol}", self._chart)]

    async def _chart(self, request: web.Request) -> web.Response:
        series = self._series.get(request.match_info["symbol"])
        if series is None:
            text = "No data found, symbol may be delisted"
            problem = {"code": "Not Found", "description": text}
            return web.json_response({"chart": {"result": None, "error": problem}}, status=404)
        chart = self._drawn(series, self._world.asked_ms(request) // 1000)
        return web.json_response({"chart": {"result": [chart], "error": None}})

    def _drawn(self, series: MacroSeries, now: int) -> dict[str, Any]:
        """Bars that are over, and the newest quote at its own time."""
        oldest = (now - _DAY_SECONDS) // _BAR_SECONDS * _BAR_SECONDS
        begins = range(oldest, now - _BAR_SECONDS + 1, _BAR_SECONDS)
        newest = _quoted(self._world, series, now)
        return {
            "meta": {
                "currency": "USD",
                "symbol": YAHOO_SYMBOLS[series],
                "regularMarketPrice": newest,
                "dataGranularity": "5m",
                "range": "1d",
            },
            "timestamp": [*begins, now],
            "indicators": {
                "quote": [{"close": [*(self._close(series, begin) for begin in begins), newest]}]
            },
        }

    def _close(self, series: MacroSeries, begin: int) -> float | None:
        if self._world.noise("gap", series.value, begin) < _GAPS:
            return None
        return _quoted(self._world, series, begin + _BAR_SECONDS)


def _quoted(world: World, series: MacroSeries, at_seconds: int) -> float:
    return round(macro_level(world, series, at_seconds * 1000), 4)
