"""The simulated mempool.space: bitcoin payments of the world, and the price of a bitcoin."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from feeds.labels.addresses import BITCOIN
from feeds.labels.labels import load_labels
from feeds.simulator.chain_movements import ChainMovements, Movement, address
from feeds.simulator.world import MINUTE_MS, World

_PAGE_ROWS: Final = 25
_TOLD_MS: Final = 2 * 60 * MINUTE_MS
_BLOCK_MS: Final = 10 * MINUTE_MS
_SATOSHIS: Final = 100_000_000
_FEE: Final = 5_000
_CHANGE: Final = 0.3


class SimulatedMempool:
    """Paths below /feeds/mempool."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._movements = ChainMovements(world, load_labels())

    def routes(self) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        chain = "/feeds/mempool/api/address/{address}/txs/chain"
        return [
            web.get("/feeds/mempool/api/v1/prices", self._prices),
            web.get(chain, self._payments),
            web.get(chain + "/{after}", self._payments),
        ]

    async def _prices(self, request: web.Request) -> web.Response:
        now_ms = self._world.asked_ms(request)
        price = self._movements.price("BTC", now_ms)
        if price is None:
            raise web.HTTPServiceUnavailable(text="prices are being fetched")
        return web.json_response({"time": now_ms // 1000, "USD": round(price)})

    async def _payments(self, request: web.Request) -> web.Response:
        asked, until_ms = request.match_info["address"], self._world.asked_ms(request)
        movements = [
            movement
            for movement in reversed(self._movements.between(until_ms - _TOLD_MS, until_ms))
            if movement.chain == BITCOIN and asked in {movement.sender, movement.receiver}
        ]
        hashes = [movement.transaction for movement in movements]
        after = request.match_info.get("after")
        first = hashes.index(after) + 1 if after in hashes else 0
        rows = [self._row(movement) for movement in movements[first : first + _PAGE_ROWS]]
        return web.json_response(rows)

    def _row(self, movement: Movement) -> dict[str, Any]:
        """Coins of one input, and what is left of it back to a sender with a change address."""
        paid = round(movement.amount * _SATOSHIS)
        change = round(paid * _CHANGE)
        spent = _coins(movement.sender, paid + change + _FEE)
        return {
            "txid": movement.transaction,
            "version": 2,
            "locktime": 0,
            "vin": [
                {
                    "txid": address(self._world, "", movement.transaction)[2:].ljust(64, "0"),
                    "vout": 0,
                    "prevout": spent,
                    "is_coinbase": False,
                    "sequence": 4294967293,
                }
            ],
            "vout": [_coins(movement.receiver, paid), _coins(movement.sender, change)],
            "size": 222,
            "weight": 561,
            "fee": _FEE,
            "status": {
                "confirmed": True,
                "block_height": movement.at_ms // _BLOCK_MS,
                "block_time": movement.at_ms // 1000,
            },
        }


def _coins(owner: str, satoshis: int) -> dict[str, Any]:
    return {
        "scriptpubkey_type": "v0_p2wpkh",
        "scriptpubkey_address": owner,
        "value": satoshis,
    }
