"""Etherscan: ERC-20 transfers to and from labelled exchange wallets and the operator's wallets.

API V2, https://docs.etherscan.io/api-endpoints/accounts: needs a key. A free one may ask 3 times a
second and 100,000 times a day. Which coin a token is follows from its contract's address alone:
name, symbol and decimals in an answer are whatever the contract's author wrote.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.timeframes import to_ms
from domain.transfers import Transfer, kind_between
from engine.ports.clock import Clock
from feeds.labels.addresses import ETHEREUM, one_spelling, one_transaction
from feeds.labels.labels import Labels, TokenContract
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import MOST_USD, AssetNames, UnixSeconds, sorted_rows
from feeds.unread import Unread

NAME: Final = "etherscan"
ETHERSCAN_URL: Final = "https://api.etherscan.io"

_MAINNET: Final = "1"
_PAGE_ROWS: Final = 1000
_NOTHING_FOUND: Final = frozenset({"No transactions found", "No token transfers found"})
_LATE_MS: Final = timedelta(hours=1) // timedelta(milliseconds=1)
"""A quiet wallet's first page reaches back for months: what is older than this is history."""

Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Digits = Annotated[int, Field(ge=0, lt=2**256)]
"""A whole number of 256 bits, sent as text."""

PriceOf = Callable[[str], float | None]
"""Dollars for one coin, by its canonical name; None where unknown."""


class TokenMovement(Payload):
    """One transfer of a token. `value` counts its smallest units."""

    hash: str = Field(pattern=r"^0x[0-9a-fA-F]{64}$")
    block: Digits = Field(alias="blockNumber")
    timestamp: UnixSeconds = Field(alias="timeStamp")
    sender: Address = Field(alias="from")
    receiver: Address = Field(alias="to")
    contract: Address = Field(alias="contractAddress")
    value: Digits


class TokenPage(Payload):
    """Transfers of one address; with status 0, why there are none (in words)."""

    status: Literal["0", "1"]
    message: str
    result: list[object] | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is looked for: whose wallets, which sums in USD, how coins are valued."""

    labels: Labels
    wallets: frozenset[str]
    assets: frozenset[str]
    price_of: PriceOf
    minimum_usd: float
    wallet_minimum_usd: float


def etherscan_plan(*, api_key: str, base_url: str = ETHERSCAN_URL) -> ProviderPlan:
    """How Etherscan is asked: every minute, each wallet once; a free key allows 180 questions."""
    return ProviderPlan(
        name=NAME,
        base_url=base_url,
        every_seconds=60.0,
        requests_per_minute=150.0,
        secrets=(api_key,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Transfers of an address in whole blocks, and before when some are missing (or 0)."""

    rows: Sequence[TokenMovement]
    unread_before_ms: int


class EtherscanFeed(ProviderFeed):
    """Asks for the transfers of one address after the other, each since its last known block."""

    def __init__(
        self,
        provider: Provider,
        *,
        api_key: str,
        assets: AssetNames,
        labels: Labels,
        price_of: PriceOf,
        clock: Clock,
        wallets: Collection[str] = (),
        minimum_usd: float = 500_000.0,
        wallet_minimum_usd: float = 10_000.0,
    ) -> None:
        """`wallets` are the operator's; sums to and from them count from a lower value on."""
        super().__init__(provider)
        self._api_key = api_key
        self._assets = assets
        self._labels = labels
        self._price_of = price_of
        self._clock = clock
        self._wallets = tuple(one_spelling(ETHEREUM, wallet) for wallet in wallets)
        self._minimum_usd = minimum_usd
        self._wallet_minimum_usd = wallet_minimum_usd
        self._blocks: dict[str, int] = {}
        self._unread = Unread(_LATE_MS)

    async def fetch(self) -> FeedAnswer:
        """Transfers of every address; one that is not answered fails the whole."""
        addresses = (*self._labels.wallets_on(ETHEREUM), *self._wallets)
        now_ms = to_ms(self._clock.now())
        looks = {
            address: await self._movements(address, now_ms) for address in dict.fromkeys(addresses)
        }
        watch = self._watch()
        rows = {address: look.rows for address, look in looks.items()}
        fresh = [row for row in counted_once(rows) if row.timestamp * 1000 >= now_ms - _LATE_MS]
        priced = frozenset(asset for asset in watch.assets if watch.price_of(asset) is not None)
        watched = told_whole(self._labels, priced)
        self._unread.look_for(watched, now_ms)
        for address, look in looks.items():
            newest = max((row.block for row in look.rows), default=0)
            self._blocks[address] = max(newest, self._blocks.get(address, 0))
            self._unread.note(watched, look.unread_before_ms)
        return self._provider.answer(
            transfers_of(fresh, watch, self.provider), self._unread.without(watched, now_ms)
        )

    def _watch(self) -> Watch:
        return Watch(
            labels=self._labels,
            wallets=frozenset(self._wallets),
            assets=self._assets(),
            price_of=self._price_of,
            minimum_usd=self._minimum_usd,
            wallet_minimum_usd=self._wallet_minimum_usd,
        )

    async def _movements(self, address: str, now_ms: int) -> _Look:
        """The newest transfers of an address."""
        page = await self._provider.get(TokenPage, "/v2/api", self._question(address))
        told = self._rows(page)
        rows, odd = sorted_rows(self._provider, TokenMovement, told)
        unread_before_ms = now_ms if odd else 0
        if len(told) < _PAGE_ROWS:
            return _Look(rows=rows, unread_before_ms=unread_before_ms)
        # The page may end in the middle of a transaction, whose sum would then be wrong.
        return _Look(
            rows=[row for row in rows if row.block > rows[-1].block],
            unread_before_ms=max(unread_before_ms, min(now_ms, rows[-1].timestamp * 1000)),
        )

    def _question(self, address: str) -> dict[str, str]:
        return {
            "chainid": _MAINNET,
            "module": "account",
            "action": "tokentx",
            "address": address,
            "startblock": str(self._blocks.get(address, 0)),
            "page": "1",
            "offset": str(_PAGE_ROWS),
            "sort": "desc",
            "apikey": self._api_key,
        }

    def _rows(self, page: TokenPage) -> Sequence[object]:
        if page.message in _NOTHING_FOUND and not page.result:
            return ()
        if page.status == "0":
            said = page.result if isinstance(page.result, str) else page.message
            raise self._provider.refused(said)
        if not isinstance(page.result, list):
            raise self._provider.reject(repr(page), "status 1 without a list of transfers")
        return page.result


def counted_once(rows: Mapping[str, Iterable[TokenMovement]]) -> list[TokenMovement]:
    """Rows of all addresses; one between two of them stands in both answers, and counts in one."""
    return [
        row
        for address, movements in rows.items()
        for row in movements
        if one_spelling(ETHEREUM, row.sender) == address
        or one_spelling(ETHEREUM, row.sender) not in rows
    ]


def told_whole(labels: Labels, assets: frozenset[str]) -> frozenset[str]:
    """Coins that live on Ethereum: silence of WBTC says nothing of bitcoin.

    `assets` are the traded ones whose price is known; without it transfers cannot be weighed.
    """
    return frozenset(
        token.asset
        for token in labels.tokens_on(ETHEREUM)
        if not token.is_wrapped and (token.is_stablecoin or token.asset in assets)
    )


def transfers_of(
    movements: Iterable[TokenMovement], watch: Watch, provider: str = NAME
) -> list[Transfer]:
    """Transfers of listed coins that are worth enough.

    A transaction may pay one receiver in several pieces of one coin: they make one transfer, of the
    side that paid the largest.
    """
    pieces: dict[tuple[str, str, str], list[TokenMovement]] = {}
    for row in movements:
        key = (row.hash.lower(), row.contract.lower(), row.receiver.lower())
        pieces.setdefault(key, []).append(row)
    found = (_transfer(rows, watch, provider) for rows in pieces.values())
    return [transfer for transfer in found if transfer is not None]


def _transfer(rows: Sequence[TokenMovement], watch: Watch, provider: str) -> Transfer | None:
    largest = max(rows, key=lambda row: row.value)
    token = watch.labels.token(ETHEREUM, largest.contract)
    price = None if token is None else _price(token, watch)
    if token is None or price is None:
        return None
    sender = watch.labels.party(ETHEREUM, largest.sender)
    receiver = watch.labels.party(ETHEREUM, largest.receiver)
    amount: float = sum(row.value for row in rows) / 10**token.decimals
    ours = not watch.wallets.isdisjoint({sender.address, receiver.address})
    least = watch.wallet_minimum_usd if ours else watch.minimum_usd
    if not least <= amount * price <= MOST_USD:
        return None
    return Transfer(
        provider=provider,
        chain=ETHEREUM,
        transaction=one_transaction(largest.hash).lower(),
        asset=token.asset,
        amount=amount,
        usd=amount * price,
        sender=sender,
        receiver=receiver,
        kind=kind_between(sender, receiver),
        happened_ms=largest.timestamp * 1000,
    )


def _price(token: TokenContract, watch: Watch) -> float | None:
    if token.is_stablecoin:
        return 1.0
    return watch.price_of(token.asset) if token.asset in watch.assets else None
