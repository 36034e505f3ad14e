"""The simulated DefiLlama: dollars in circulation, drifting, and growing when bitcoin is wanted."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from feeds.simulator.world import MINUTE_MS, World

_HOUR_MS: Final = 60 * MINUTE_MS
_KNOT_MS: Final = 12 * _HOUR_MS
_DAY_MS: Final = 24 * _HOUR_MS
_TOTAL: Final = 290e9
_DRIFT, _FOLLOWING = 0.008, 0.002
_COINS: Final = (("Tether", "USDT", 0.62), ("USD Coin", "USDC", 0.28), ("Ethena USDe", "USDe", 0.1))
_EURO: Final = 400e6


class SimulatedDefiLlama:
    """Path below /feeds/defillama."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/defillama/stablecoins", self._stablecoins)]

    async def _stablecoins(self, request: web.Request) -> web.Response:
        hour_ms = self._world.asked_ms(request) // _HOUR_MS * _HOUR_MS
        totals = [self._total(hour_ms - before) for before in (0, _DAY_MS, 7 * _DAY_MS)]
        coins = [
            _coin(name, symbol, "peggedUSD", [total * share for total in totals])
            for name, symbol, share in _COINS
        ]
        euro = _coin("Euro Coin", "EURC", "peggedEUR", [_EURO] * len(totals))
        return web.json_response({"peggedAssets": [*coins, euro]})

    def _total(self, at_ms: int) -> float:
        """A line between one noise every half day and the next, and some following the market."""
        knot, within = divmod(at_ms, _KNOT_MS)
        left, right = (self._world.noise("dollars", knot + step) for step in (0, 1))
        drift = left + (right - left) * within / _KNOT_MS - 0.5
        follows = self._world.lean("BTCUSDT", at_ms)
        return _TOTAL * (1.0 + _DRIFT * drift + _FOLLOWING * follows)


def _coin(name: str, symbol: str, peg: str, amounts: Sequence[float]) -> dict[str, Any]:
    now, day_ago, week_ago = ({peg: amount} for amount in amounts)
    return {
        "id": symbol,
        "name": name,
        "symbol": symbol,
        "pegType": peg,
        "circulating": now,
        "circulatingPrevDay": day_ago,
        "circulatingPrevWeek": week_ago,
        "price": 1.0,
    }
