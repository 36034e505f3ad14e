"""The simulated Etherscan: token transfers of the world in the format of API V2."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from feeds.labels.addresses import ETHEREUM, one_spelling
from feeds.labels.labels import TokenContract, load_labels
from feeds.simulator.chain_movements import ChainMovements, Movement, address, hexadecimal
from feeds.simulator.world import MINUTE_MS, World

_BLOCK_MS: Final = 12_000
_TOLD_MS: Final = 2 * 60 * MINUTE_MS
_TRADE_MINUTES: Final = 10
_TRADE_ODDS: Final = 0.3
_FAKE_ODDS: Final = 0.02
_FAKE_AMOUNT: Final = 9_000_000.0
_FOLLOWING: Final = 0.48
_SMALLEST_TRADE_USD, _LARGEST_TRADE_USD = 20_000.0, 500_000.0


class SimulatedEtherscan:
    """Path below /feeds/etherscan.

    An address that is no exchange's is taken for a trader's: it buys and sells tokens with pools.
    Exchanges also get worthless tokens that call themselves USDT, as in the real world.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._labels = load_labels()
        self._movements = ChainMovements(world, self._labels)
        self._exchanges = frozenset(self._labels.wallets_on(ETHEREUM))

    def routes(self) -> Sequence[web.RouteDef]:
        """Routes for an aiohttp application."""
        return [web.get("/feeds/etherscan/v2/api", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        query = request.query
        if not query.get("apikey"):
            return _refusal("Missing/Invalid API Key")
        if query.get("chainid") != "1":
            return _refusal("Missing or unsupported chainid parameter (required for v2 api)")
        if (query.get("module"), query.get("action")) != ("account", "tokentx"):
            return _refusal("Error! Missing Or invalid Action name")
        return _page(query, self._rows(query["address"], self._world.asked_ms(request)))

    def _rows(self, asked: str, until_ms: int) -> list[dict[str, str]]:
        """Transfers of an address, oldest first."""
        wallet = one_spelling(ETHEREUM, asked)
        after_ms = until_ms - _TOLD_MS
        if wallet in self._exchanges:
            rows = self._transfers(wallet, after_ms, until_ms)
            rows += self._fakes(wallet, after_ms, until_ms)
        else:
            rows = self._trades(wallet, after_ms, until_ms)
        return sorted(rows, key=lambda row: int(row["timeStamp"]))

    def _transfers(self, wallet: str, after_ms: int, until_ms: int) -> list[dict[str, str]]:
        return [
            _row(movement, token)
            for movement in self._movements.between(after_ms, until_ms)
            if wallet in {movement.sender, movement.receiver}
            and (token := self._movements.token(movement.asset)) is not None
        ]

    def _trades(self, wallet: str, after_ms: int, until_ms: int) -> list[dict[str, str]]:
        span = _TRADE_MINUTES * MINUTE_MS
        trades = (
            self._trade(wallet, slot * span)
            for slot in range(after_ms // span + 1, until_ms // span + 1)
        )
        return [row for row in trades if row is not None]

    def _trade(self, wallet: str, at_ms: int) -> dict[str, str] | None:
        key = ("trade", wallet, at_ms)
        noise = self._world.noise
        coins = self._movements.coins()
        tokens = [token for token in self._labels.tokens_on(ETHEREUM) if token.asset in coins]
        if not tokens or noise(*key, "odds") >= _TRADE_ODDS:
            return None
        token = tokens[int(noise(*key, "asset") * len(tokens))]
        price = self._movements.price(token.asset, at_ms)
        if price is None:
            return None
        buys = noise(*key, "side") < 0.5 + _FOLLOWING * self._movements.lean(token.asset, at_ms)
        pool = address(self._world, ETHEREUM, "pool", token.asset)
        spread = _LARGEST_TRADE_USD - _SMALLEST_TRADE_USD
        usd = _SMALLEST_TRADE_USD + spread * noise(*key, "size") ** 3
        return _token_row(
            transaction=hexadecimal(self._world, 32, *key),
            at_ms=at_ms,
            parties=(pool, wallet) if buys else (wallet, pool),
            token=token,
            amount=usd / price,
        )

    def _fakes(self, wallet: str, after_ms: int, until_ms: int) -> list[dict[str, str]]:
        minutes = range(after_ms // MINUTE_MS + 1, until_ms // MINUTE_MS + 1)
        keys = [("fake", wallet, minute) for minute in minutes]
        contract = address(self._world, ETHEREUM, "fake token")
        fake = TokenContract(chain=ETHEREUM, address=contract, ticker="USDT", decimals=6)
        return [
            _token_row(
                transaction=hexadecimal(self._world, 32, *key),
                at_ms=key[2] * MINUTE_MS,
                parties=(address(self._world, ETHEREUM, *key), wallet),
                token=fake,
                amount=_FAKE_AMOUNT,
            )
            for key in keys
            if self._world.noise(*key) < _FAKE_ODDS
        ]


def _page(query: Mapping[str, str], oldest_first: list[dict[str, str]]) -> web.Response:
    rows = [
        row for row in oldest_first if int(row["blockNumber"]) >= int(query.get("startblock", "0"))
    ]
    if query.get("sort", "asc") == "desc":
        rows.reverse()
    length = int(query.get("offset", "10000"))
    first = (int(query.get("page", "1")) - 1) * length
    page: list[Any] = rows[first : first + length]
    if not page:
        return _answered("0", "No transactions found", page)
    return _answered("1", "OK", page)


def _refusal(reason: str) -> web.Response:
    return _answered("0", "NOTOK", reason)


def _answered(status: str, message: str, result: list[Any] | str) -> web.Response:
    return web.json_response({"status": status, "message": message, "result": result})


def _row(movement: Movement, token: TokenContract) -> dict[str, str]:
    return _token_row(
        transaction=movement.transaction,
        at_ms=movement.at_ms,
        parties=(movement.sender, movement.receiver),
        token=token,
        amount=movement.amount,
    )


def _token_row(
    *,
    transaction: str,
    at_ms: int,
    parties: tuple[str, str],
    token: TokenContract,
    amount: float,
) -> dict[str, str]:
    sender, receiver = parties
    return {
        "blockNumber": str(at_ms // _BLOCK_MS),
        "timeStamp": str(at_ms // 1000),
        "hash": f"0x{transaction}",
        "nonce": "1",
        "blockHash": f"0x{transaction[::-1]}",
        "from": sender,
        "contractAddress": token.address.lower(),
        "to": receiver,
        "value": str(int(amount * 10**token.decimals)),
        "tokenName": token.ticker,
        "tokenSymbol": token.ticker,
        "tokenDecimal": str(token.decimals),
        "transactionIndex": "1",
        "gas": "90000",
        "gasPrice": "1000000000",
        "gasUsed": "60000",
        "cumulativeGasUsed": "100000",
        "input": "deprecated",
        "confirmations": "10",
    }
