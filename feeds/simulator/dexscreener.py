"""The simulated DexScreener: pools of listed tokens, and one worthless pool beside them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from aiohttp import web

from feeds.labels.addresses import ETHEREUM, SOLANA
from feeds.labels.labels import TokenContract, load_labels
from feeds.simulator.chain_movements import ChainMovements, hexadecimal
from feeds.simulator.world import MINUTE_MS, World

_DOLLARS: Final = {
    ETHEREUM: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
    SOLANA: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
}
_STEP_MS: Final = 5 * MINUTE_MS
_MOST_TOKENS: Final = 30
_POOLS: Final = 2
_SWAPS: Final = 900
_USD_PER_SWAP: Final = 1_500.0
_LIQUIDITY_USD: Final = 4_000_000.0
_FOLLOWING, _NOISE = 0.12, 0.2


class SimulatedDexScreener:
    """Path below /feeds/dexscreener."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._labels = load_labels()
        self._movements = ChainMovements(world, self._labels)

    def routes(self) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/dexscreener/tokens/v1/{chain}/{addresses}", self._pairs)]

    async def _pairs(self, request: web.Request) -> web.Response:
        chain, asked = request.match_info["chain"], request.match_info["addresses"].split(",")
        if len(asked) > _MOST_TOKENS:
            return web.json_response({"schemaVersion": "1.0.0", "pairs": None}, status=400)
        at_ms = self._world.asked_ms(request) // _STEP_MS * _STEP_MS
        tokens = [self._labels.token(chain, address) for address in asked]
        return web.json_response(self._rows([token for token in tokens if token], at_ms))

    def _rows(self, tokens: Iterable[TokenContract], at_ms: int) -> list[dict[str, Any]]:
        coins = self._movements.coins()
        return [
            self._row(token, pool, at_ms)
            for token in tokens
            if token.asset in coins
            for pool in range(_POOLS + 1)
        ]

    def _row(self, token: TokenContract, pool: int, at_ms: int) -> dict[str, Any]:
        """A pool's last hour; the last pool of a token holds next to nothing."""
        key = ("pool", token.address, pool)
        worthless = pool == _POOLS
        noise = self._world.noise
        swaps = round(_SWAPS * (0.3 + noise(*key, at_ms, "swaps")))
        lean = self._movements.lean(token.asset, at_ms)
        share = 0.5 + _FOLLOWING * lean + _NOISE * (noise(*key, at_ms, "side") - 0.5)
        buys = round(swaps * share)
        return {
            "chainId": token.chain,
            "dexId": "uniswap" if token.address.startswith("0x") else "raydium",
            "pairAddress": f"0x{hexadecimal(self._world, 20, *key)}",
            "baseToken": {"address": token.address, "name": token.ticker, "symbol": token.ticker},
            "quoteToken": {
                "address": _DOLLARS[token.chain],
                "name": "USD Coin",
                "symbol": "USDC",
            },
            "priceUsd": str(self._movements.price(token.asset, at_ms) or 0.0),
            "txns": {"h1": {"buys": buys, "sells": swaps - buys}},
            "volume": {"h1": swaps * _USD_PER_SWAP},
            "liquidity": {"usd": 900.0 if worthless else _LIQUIDITY_USD * (0.5 + noise(*key))},
        }
