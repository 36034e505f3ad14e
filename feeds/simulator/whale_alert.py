"""The simulated Whale Alert: transfers of the world in the format of API v1."""

from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from domain.assets import STABLECOINS
from domain.transfers import Party
from feeds.labels.addresses import BITCOIN, ETHEREUM
from feeds.labels.labels import Labels, load_labels
from feeds.simulator.chain_movements import ChainMovements, Movement
from feeds.simulator.world import World

_ROWS: Final = 100
_UNAUTHORIZED: Final = 401
_BAD: Final = 400


class SimulatedWhaleAlert:
    """Paths below /feeds/whale_alert."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._labels = load_labels()
        self._movements = ChainMovements(world, self._labels)

    def routes(self) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [
            web.get("/feeds/whale_alert/v1/transactions", self._transactions),
            web.get("/feeds/whale_alert/v1/status", self._status),
        ]

    async def _transactions(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("api_key"):
            return _refusal(_UNAUTHORIZED, "invalid api_key")
        if not query.get("start", "").isdecimal():
            return _refusal(_BAD, "value for start is missing or invalid")
        minimum, skipped = float(query.get("min_value", "500000")), _rows_before(query)
        movements = [
            movement
            for movement in self._movements.between(
                int(query["start"]) * 1000 - 1, self._world.asked_ms(request)
            )
            if movement.usd >= minimum
        ][skipped : skipped + int(query.get("limit", _ROWS))]
        rows = [_row(movement, self._labels) for movement in movements]
        page = {"result": "success", "cursor": f"{skipped + len(rows):x}-0", "count": len(rows)}
        return web.json_response(page | ({"transactions": rows} if rows else {}))

    async def _status(self, request: web.Request) -> web.Response:
        if not request.query.get("api_key"):
            return _refusal(_UNAUTHORIZED, "invalid api_key")
        symbols = sorted(asset.lower() for asset in (*self._movements.coins(), *STABLECOINS))
        chain = {"name": "ethereum", "symbols": symbols, "status": "connected"}
        return web.json_response(
            {"result": "success", "blockchain_count": 1, "blockchains": [chain]}
        )


def _rows_before(query: Any) -> int:
    return int(query.get("cursor", "0-0").partition("-")[0], 16)


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"result": "error", "message": message}, status=status)


def _row(movement: Movement, labels: Labels) -> dict[str, Any]:
    return {
        "blockchain": movement.chain,
        "symbol": movement.asset.lower(),
        "id": movement.transaction[:9],
        "transaction_type": "transfer",
        "hash": movement.transaction,
        "from": _owner(_party(movement.chain, movement.sender, labels)),
        "to": _owner(_party(movement.chain, movement.receiver, labels)),
        "timestamp": movement.at_ms // 1000,
        "amount": movement.amount,
        "amount_usd": movement.usd,
        "transaction_count": 1,
    }


def _party(chain: str, address: str, labels: Labels) -> Party:
    """Exchanges of this world have the same wallets on every chain but bitcoin's."""
    return labels.party(chain if chain == BITCOIN else ETHEREUM, address)


def _owner(party: Party) -> dict[str, str]:
    plain = {"address": party.address.removeprefix("0x")}
    if not party.is_exchange:
        return plain | {"owner_type": "unknown"}
    return plain | {"owner_type": "exchange", "owner": party.owner.lower()}
