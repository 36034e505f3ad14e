"""Quotes of funds and yields of the simulated world, as Alpha Vantage tells them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from aiohttp import web

from domain.sentiment import MacroSeries
from domain.timeframes import from_ms, to_ms
from feeds.alpha_vantage import FUNDS
from feeds.simulator.macro import macro_level
from feeds.simulator.world import World

_FUND_SHARE: Final = {MacroSeries.SP500: 0.0995, MacroSeries.DOLLAR: 0.28}
"""A fund's price over the level of the series it follows."""

_YIELD_DAYS: Final = 30
_SATURDAY: Final = 5
_CLOSE_HOUR: Final = 21


class SimulatedAlphaVantage:
    """Answers GLOBAL_QUOTE of the two funds and TREASURY_YIELD; any key does, none does not."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._funds = {fund: series for series, fund in FUNDS.items()}

    def routes(self) -> list[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/alpha_vantage/query", self._query)]

    async def _query(self, request: web.Request) -> web.Response:
        asked = request.query
        now = from_ms(self._world.asked_ms(request))
        if not asked.get("apikey"):
            return web.json_response(
                {"Error Message": "the parameter apikey is invalid or missing."}
            )
        if asked.get("function") == "TREASURY_YIELD":
            return web.json_response(self._yields(now))
        return web.json_response({"Global Quote": self._fund(asked.get("symbol", ""), now)})

    def _fund(self, symbol: str, now: datetime) -> dict[str, str]:
        series = self._funds.get(symbol)
        if series is None:
            return {}
        day = next(_trading_days(now))
        price = macro_level(self._world, series, _close_ms(day, now)) * _FUND_SHARE[series]
        return {
            "01. symbol": symbol,
            "05. price": f"{price:.4f}",
            "07. latest trading day": f"{day:%Y-%m-%d}",
        }

    def _yields(self, now: datetime) -> dict[str, Any]:
        days = islice(_trading_days(now), _YIELD_DAYS)
        return {
            "name": "10-Year Treasury Constant Maturity Rate",
            "interval": "daily",
            "unit": "percent",
            "data": [{"date": f"{day:%Y-%m-%d}", "value": self._yield(day, now)} for day in days],
        }

    def _yield(self, day: datetime, now: datetime) -> str:
        if self._world.noise("holiday", f"{day:%Y-%m-%d}") < 1 / 25:
            return "."
        return f"{macro_level(self._world, MacroSeries.US10Y, _close_ms(day, now)):.2f}"


def _trading_days(now: datetime) -> Iterator[datetime]:
    """Today and the days before, without weekends, newest first."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    while True:
        if day.weekday() < _SATURDAY:
            yield day
        day -= timedelta(days=1)


def _close_ms(day: datetime, now: datetime) -> int:
    return to_ms(min(day.replace(hour=_CLOSE_HOUR), now))
