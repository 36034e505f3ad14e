"""mempool.space: confirmed bitcoin payments to and from labelled exchange addresses. Keyless.

https://mempool.space/docs/api/rest; its limits are not published, so Quorum asks slowly. A payment
counts once it is in a block: until then its sender may take it back, and a whale could be made up
for the price of a fee.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.timeframes import to_ms
from domain.transfers import Party, Transfer, kind_between
from engine.ports.clock import Clock
from feeds.labels.addresses import BITCOIN
from feeds.labels.labels import Labels
from feeds.patience import Patience
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import UnixSeconds, sorted_rows
from feeds.unread import Unread

NAME: Final = "mempool"
MEMPOOL_URL: Final = "https://mempool.space"

_ASSET: Final = "BTC"
_SATOSHIS: Final = 100_000_000
_PAGE_ROWS: Final = 25
_MOST_PAGES: Final = 4
_LOOK_BACK: Final = timedelta(hours=1)
_LOOK_BACK_MS: Final = _LOOK_BACK // timedelta(milliseconds=1)
_LARGEST_ANSWER: Final = 10_000_000
"""An exchange that sweeps its customers' coins spends hundreds of outputs in each payment."""


class Coins(Payload):
    """An output: satoshis of an address; some scripts have none."""

    address: str | None = Field(
        default=None, alias="scriptpubkey_address", pattern=r"^[0-9A-Za-z]{1,100}$"
    )
    value: int = Field(ge=0, le=21_000_000 * _SATOSHIS)


class Input(Payload):
    """Spends an earlier output; a block's reward spends none."""

    prevout: Coins | None


class Confirmation(Payload):
    """When a payment got into a block, by the block's own clock."""

    confirmed: bool
    block_time: UnixSeconds | None = None


class Payment(Payload):
    """One transaction."""

    txid: str = Field(pattern=r"^[0-9a-f]{64}$")
    vin: list[Input] = Field(min_length=1)
    vout: list[Coins] = Field(min_length=1)
    status: Confirmation


class Prices(Payload):
    """Dollars for a bitcoin."""

    usd: float = Field(alias="USD", gt=0, le=1e9)


def mempool_plan(*, base_url: str = MEMPOOL_URL) -> ProviderPlan:
    """How mempool.space is asked: some three times per block, and never in a rush."""
    return ProviderPlan(
        name=NAME,
        base_url=base_url,
        every_seconds=180.0,
        requests_per_minute=30.0,
        patience=Patience(largest_answer_bytes=_LARGEST_ANSWER),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Confirmed payments of an address, newest first, and before when some are missing (or 0)."""

    payments: Sequence[Payment]
    unread_before_ms: int


class MempoolFeed(ProviderFeed):
    """Asks for the price of bitcoin and for the payments of one address after the other."""

    def __init__(
        self,
        provider: Provider,
        *,
        labels: Labels,
        clock: Clock,
        minimum_usd: float = 500_000.0,
    ) -> None:
        super().__init__(provider)
        self._labels = labels
        self._clock = clock
        self._minimum_usd = minimum_usd
        self._newest: dict[str, str] = {}
        self._unread = Unread(_LOOK_BACK_MS)

    async def fetch(self) -> FeedAnswer:
        """Payments of the last hour that the last answer did not tell; bitcoin is watched while
        none of them was cut off.
        """
        now_ms = to_ms(self._clock.now())
        earliest = (now_ms - _LOOK_BACK_MS) // 1000
        prices = await self._provider.get(Prices, "/api/v1/prices")
        looks = {
            address: await self._since(address, earliest, now_ms)
            for address in self._labels.wallets_on(BITCOIN)
        }
        payments = {payment.txid: payment for look in looks.values() for payment in look.payments}
        for address, look in looks.items():
            if look.payments:
                self._newest[address] = look.payments[0].txid
            self._unread.note([_ASSET], look.unread_before_ms)
        valued = Valued(
            labels=self._labels,
            price=prices.usd,
            minimum_usd=self._minimum_usd,
            now_ms=now_ms,
            provider=self.provider,
        )
        recent = [payment for payment in payments.values() if _time(payment) >= earliest]
        return self._provider.answer(
            transfers_of(recent, valued), self._unread.without([_ASSET], now_ms)
        )

    async def _since(self, address: str, earliest: int, now_ms: int) -> _Look:
        """Payments of an address back to a unix second or to what the last answer told."""
        found: list[Payment] = []
        unread_before_ms = 0
        known, after = self._newest.get(address), ""
        for _ in range(_MOST_PAGES):
            rows = await self._provider.get(
                list[object], f"/api/address/{address}/txs/chain{after}"
            )
            page, odd = sorted_rows(self._provider, Payment, rows)
            found += page
            unread_before_ms = now_ms if odd else unread_before_ms
            is_known = any(payment.txid == known for payment in page)
            if is_known or len(rows) < _PAGE_ROWS or _time(page[-1]) < earliest:
                return _Look(payments=found, unread_before_ms=unread_before_ms)
            after = f"/{page[-1].txid}"
        cut_ms = min(now_ms, _time(found[-1]) * 1000)
        return _Look(payments=found, unread_before_ms=max(unread_before_ms, cut_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """What makes a payment a transfer: who is who, and what a bitcoin is worth."""

    labels: Labels
    price: float
    minimum_usd: float
    now_ms: int
    provider: str = NAME


def transfers_of(payments: Iterable[Payment], valued: Valued) -> list[Transfer]:
    """One transfer per payment and exchange at the other end, and one for all who are none.

    Whoever signs one input signs them all (Meiklejohn et al. 2013): an exchange's address among the
    inputs makes the exchange the sender. What comes back to the sender is change. Payments that no
    exchange has part in do not count, nor do sums below the minimum.
    """
    return [
        transfer
        for payment in payments
        if payment.status.confirmed
        for transfer in _movements(payment, valued)
    ]


def _movements(payment: Payment, valued: Valued) -> list[Transfer]:
    spent = [coins.prevout for coins in payment.vin if coins.prevout is not None]
    if not spent:
        return []
    sender = _sender(spent, valued.labels)
    back = {coins.address for coins in spent}
    sides: dict[str, list[Coins]] = {}
    for coins in payment.vout:
        owner = _party(coins, valued.labels).owner
        if coins.address not in back and not (sender.is_exchange and owner == sender.owner):
            sides.setdefault(owner, []).append(coins)
    found = [_transfer(payment, sender, side, valued) for side in sides.values()]
    return [
        transfer
        for transfer in found
        if transfer.usd >= valued.minimum_usd
        and (transfer.sender.is_exchange or transfer.receiver.is_exchange)
    ]


def _sender(spent: Sequence[Coins], labels: Labels) -> Party:
    """The exchange that spent most; without any, whoever did."""
    spent_by: dict[Party, int] = {}
    for coins in spent:
        party = _party(coins, labels)
        spent_by[party] = spent_by.get(party, 0) + coins.value
    return max(spent_by, key=lambda party: (party.is_exchange, spent_by[party]))


def _transfer(payment: Payment, sender: Party, side: Sequence[Coins], valued: Valued) -> Transfer:
    receiver = _party(max(side, key=lambda coins: coins.value), valued.labels)
    amount = sum(coins.value for coins in side) / _SATOSHIS
    return Transfer(
        provider=valued.provider,
        chain=BITCOIN,
        transaction=payment.txid,
        asset=_ASSET,
        amount=amount,
        usd=amount * valued.price,
        sender=sender,
        receiver=receiver,
        kind=kind_between(sender, receiver),
        # A block's clock may run two hours ahead of ours; nothing has happened in the future.
        happened_ms=min(_time(payment) * 1000, valued.now_ms),
    )


def _party(coins: Coins, labels: Labels) -> Party:
    return labels.party(BITCOIN, coins.address or "")


def _time(payment: Payment) -> int:
    return payment.status.block_time or 0
