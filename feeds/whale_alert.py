"""Whale Alert: large transfers on many chains, with the exchanges behind the addresses named.

API v1, https://developer.whale-alert.io/documentation: needs a key. A free one sees transfers of at
least 500,000 USD of the last hour and may ask 10 times a minute.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import Field, RootModel, model_validator

from domain.assets import STABLECOINS, canonical_asset
from domain.feeds import FeedAnswer
from domain.timeframes import to_ms
from domain.transfers import Party, Transfer, TransferKind, kind_between
from engine.ports.clock import Clock
from feeds.labels.addresses import one_spelling, one_transaction
from feeds.labels.labels import Labels
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import Amount, AssetNames, Dollars, UnixSeconds, sorted_rows
from feeds.texts import plain_text
from feeds.unread import Unread

NAME: Final = "whale_alert"
WHALE_ALERT_URL: Final = "https://api.whale-alert.io"

_PAGE_ROWS: Final = 100
_MOST_PAGES: Final = 4
_FIRST_LOOK: Final = timedelta(minutes=59)
"""A free key may ask for the last hour."""

_OVERLAP: Final = timedelta(minutes=10)
"""Transfers are told some minutes after they happened, and not in order."""

_SPAN: Final = timedelta(hours=1)
"""How far readings look back."""

_STATUS_LASTS: Final = timedelta(hours=1)
_OWNER_LENGTH: Final = 40
_SENSES: Final = {"mint": TransferKind.MINT, "burn": TransferKind.BURN}

Identifier = Annotated[str, Field(pattern=r"^[\w.=+/-]{1,160}$")]


class Owner(Payload):
    """One side of a transfer."""

    address: str = Field(default="", max_length=200)
    owner: str = ""
    owner_type: str = Field(min_length=1)


class Movement(Payload):
    """One transfer. `amount_usd` is its value when it happened."""

    blockchain: Identifier
    symbol: Identifier
    transaction_type: str
    hash: Identifier
    sender: Owner = Field(alias="from")
    receiver: Owner = Field(alias="to")
    timestamp: UnixSeconds
    amount: Amount
    amount_usd: Dollars

    @property
    def asset(self) -> str:
        """The coin, canonical."""
        return canonical_asset(self.symbol)


class Page(Payload):
    """A page of transfers, oldest first; without any, the list is left out."""

    result: Literal["success"]
    cursor: str = Field(max_length=200)
    count: int = Field(ge=0)
    transactions: list[object] = Field(default_factory=list)

    @model_validator(mode="after")
    def _holds_what_it_counts(self) -> Self:
        if self.count != len(self.transactions):
            raise ValueError(f"count {self.count}, but {len(self.transactions)} transactions")
        return self


class Chain(Payload):
    """A chain that is watched, and its coins."""

    symbols: list[str]
    status: str


class Status(Payload):
    """What Whale Alert watches at present."""

    result: Literal["success"]
    blockchains: list[Chain]

    @property
    def assets(self) -> frozenset[str]:
        """Coins of the chains that it is connected to, canonical."""
        live = (chain for chain in self.blockchains if chain.status == "connected")
        return frozenset(canonical_asset(symbol) for chain in live for symbol in chain.symbols)


class Refusal(Payload):
    """An answer that says no."""

    result: Literal["error"]
    message: str = ""


class PageAnswer(RootModel[Annotated[Page | Refusal, Field(discriminator="result")]]):
    """What the question for transfers is answered with."""


class StatusAnswer(RootModel[Annotated[Status | Refusal, Field(discriminator="result")]]):
    """What the question for the status is answered with."""


def whale_alert_plan(*, api_key: str, base_url: str = WHALE_ALERT_URL) -> ProviderPlan:
    """How Whale Alert is asked: every minute, with one question to spare of a free key's ten."""
    return ProviderPlan(
        name=NAME,
        base_url=base_url,
        every_seconds=60.0,
        requests_per_minute=9.0,
        secrets=(api_key,),
    )


class WhaleAlertFeed(ProviderFeed):
    """Asks for transfers of the traded coins and of stablecoins."""

    def __init__(
        self,
        provider: Provider,
        *,
        api_key: str,
        assets: AssetNames,
        labels: Labels,
        clock: Clock,
        minimum_usd: float = 500_000.0,
    ) -> None:
        super().__init__(provider)
        self._api_key = api_key
        self._assets = assets
        self._labels = labels
        self._clock = clock
        self._minimum_usd = minimum_usd
        self._start_ms: int | None = None
        self._known: frozenset[str] = frozenset()
        self._known_until_ms = 0
        self._unread = Unread(_milliseconds(_SPAN))

    async def fetch(self) -> FeedAnswer:
        """Transfers since shortly before the last answer, of the last hour at first.

        No coin is watched while there are more of them than one answer holds.
        """
        now_ms = to_ms(self._clock.now())
        known = await self._coins_it_knows(now_ms)
        watched = known & (self._assets() | STABLECOINS)
        earliest_ms = now_ms - _milliseconds(_FIRST_LOOK)
        start_ms = max(earliest_ms, self._start_ms or earliest_ms)
        rows, complete = await self._rows(start_ms // 1000)
        movements, odd = sorted_rows(
            self._provider, Movement, [row for row in rows if _may_be_of(row, watched)]
        )
        self._unread.look_for(watched, now_ms)
        for row in odd:
            self._unread.note(_coins_of(row) or watched, now_ms)
        self._start_ms = (
            now_ms - _milliseconds(_OVERLAP)
            if complete
            else _next_start(start_ms, _newest_ms(rows, now_ms))
        )
        return self._provider.answer(
            transfers_of(movements, watched, self._labels, self.provider),
            self._unread.without(watched, now_ms) if complete else (),
        )

    async def _rows(self, start: int) -> tuple[list[object], bool]:
        """Transfers since a unix second, still to be checked, and whether these are all."""
        found: list[object] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(start, cursor)
            found += page.transactions
            if page.count < _PAGE_ROWS:
                return found, True
            cursor = page.cursor
        return found, False

    async def _page(self, start: int, cursor: str) -> Page:
        params = {
            "api_key": self._api_key,
            "start": str(start),
            "min_value": str(round(self._minimum_usd)),
            "limit": str(_PAGE_ROWS),
        } | ({"cursor": cursor} if cursor else {})
        answer = (await self._provider.get(PageAnswer, "/v1/transactions", params)).root
        if isinstance(answer, Refusal):
            raise self._provider.refused(answer.message)
        return answer

    async def _coins_it_knows(self, now_ms: int) -> frozenset[str]:
        """Silence about a coin means something only where Whale Alert watches it."""
        if now_ms < self._known_until_ms:
            return self._known
        answer = (
            await self._provider.get(StatusAnswer, "/v1/status", {"api_key": self._api_key})
        ).root
        if isinstance(answer, Refusal):
            raise self._provider.refused(answer.message)
        self._known = answer.assets
        self._known_until_ms = now_ms + _milliseconds(_STATUS_LASTS)
        return self._known


def _may_be_of(row: object, watched: frozenset[str]) -> bool:
    coins = _coins_of(row)
    return not coins or not coins.isdisjoint(watched)


def _coins_of(row: object) -> frozenset[str]:
    """The coin of a row that is still to be checked, empty where it cannot be read."""
    symbol = row.get("symbol") if isinstance(row, dict) else None
    return frozenset({canonical_asset(symbol)}) if isinstance(symbol, str) else frozenset()


def _newest_ms(rows: Iterable[object], now_ms: int) -> int:
    """How far a listing has come, by the rows of all coins; now where no row tells."""
    times = [row.get("timestamp") for row in rows if isinstance(row, dict)]
    told = (time * 1000 for time in times if isinstance(time, int))
    return min(max(told, default=now_ms), now_ms)


def _next_start(start_ms: int, reached_ms: int) -> int:
    """Where to go on after a cut: shortly before it, but always further than the last time."""
    overlapping_ms = reached_ms - _milliseconds(_OVERLAP)
    return overlapping_ms if overlapping_ms > start_ms else reached_ms


def transfers_of(
    movements: Iterable[Movement], watched: frozenset[str], labels: Labels, provider: str = NAME
) -> list[Transfer]:
    """Transfers of watched coins; locks and other doings of contracts are none."""
    senses = {"transfer", *_SENSES}
    return [
        _transfer(movement, labels, provider)
        for movement in movements
        if movement.asset in watched and movement.transaction_type in senses
    ]


def _transfer(movement: Movement, labels: Labels, provider: str) -> Transfer:
    chain = movement.blockchain.lower()
    sender, receiver = (
        _party(chain, side, labels) for side in (movement.sender, movement.receiver)
    )
    return Transfer(
        provider=provider,
        chain=chain,
        transaction=one_transaction(movement.hash),
        asset=movement.asset,
        amount=movement.amount,
        usd=movement.amount_usd,
        sender=sender,
        receiver=receiver,
        kind=_SENSES.get(movement.transaction_type) or kind_between(sender, receiver),
        happened_ms=movement.timestamp * 1000,
    )


def _party(chain: str, side: Owner, labels: Labels) -> Party:
    owner = plain_text(side.owner, _OWNER_LENGTH)
    return Party(
        address=one_spelling(chain, plain_text(side.address)),
        owner=labels.exchange_name(owner),
        is_exchange=side.owner_type == "exchange",
    )


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
