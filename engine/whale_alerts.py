"""Use case: keep the large transfers that providers tell, and alert to those worth it."""

import asyncio
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.assets import STABLECOINS
from domain.messages import OutgoingMessage
from domain.timeframes import to_ms
from domain.transfers import Transfer, TransferKind
from engine.alerts import AlertParameters, addressed, recipients_of
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.redo import redo_on_conflict
from engine.reports import WhaleAlert

_HOUR: Final = timedelta(hours=1)
_PREFIX: Final = "whale:"
_TO_AND_FROM_EXCHANGES: Final = (TransferKind.DEPOSIT, TransferKind.WITHDRAWAL)
_ISSUES: Final = (TransferKind.MINT, TransferKind.BURN)


@dataclass(frozen=True, slots=True)
class _LastHour:
    """How many alerts an audience got, and what was held back since the newest of them."""

    alerts: int
    held_back: tuple[Transfer, ...]


class AnnounceWhales:
    """Stores transfers and queues alerts in one transaction.

    What was told and what was held back is read from storage, so that neither a restart nor a
    second provider repeats an alert or exceeds the limit of an hour.
    """

    def __init__(
        self, *, storage: Storage, presenter: Presenter, clock: Clock, parameters: AlertParameters
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._parameters = parameters
        # Providers answer side by side; two at once would both see room for the last alert.
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, transfers: Sequence[Transfer]) -> None:
        """Take transfers that have just become known; those stored earlier change nothing."""

        async def announce() -> None:
            now = self._clock.now()
            async with self._storage() as unit:
                fresh = await unit.transfers.add(transfers, known_ms=to_ms(now))
                await unit.outbox.put(await self._messages(unit, fresh, now), at=now)
                await unit.commit()

        async with self._one_at_a_time:
            await redo_on_conflict(announce)

    async def _messages(
        self, unit: UnitOfWork, fresh: Sequence[Transfer], now: datetime
    ) -> list[OutgoingMessage]:
        worthy = [each for each in fresh if self._is_worth_it(each, to_ms(now))]
        recipients = await recipients_of(unit, self._parameters.whales)
        if not worthy or not recipients:
            return []
        last_hour = await self._look_back(unit, recipients, now, {each.key for each in fresh})
        room = max(0, self._parameters.whales_per_hour - last_hour.alerts)
        largest = sorted(worthy, key=lambda each: each.usd, reverse=True)[:room]
        alerts = [
            WhaleAlert(transfer=each, held_back=() if number else last_hour.held_back)
            for number, each in enumerate(largest)
        ]
        return [self._message(alert, to) for alert in alerts for to in recipients]

    async def _look_back(
        self,
        unit: UnitOfWork,
        recipients: Sequence[str],
        now: datetime,
        fresh: Collection[str],
    ) -> _LastHour:
        since = now - _HOUR
        rows = await unit.outbox.list_put_since(since, prefix=_PREFIX)
        sent = {row.message.key for row in rows}
        known = [
            (transfer, known_ms)
            for transfer, known_ms in await unit.transfers.list_known_since(to_ms(since))
            if self._is_worth_it(transfer, known_ms) and transfer.key not in fresh
        ]
        told = {
            transfer.key: known_ms
            for transfer, known_ms in known
            if any(_key(transfer, recipient) in sent for recipient in recipients)
        }
        newest_ms = max(told.values(), default=0)
        held_back = (
            transfer
            for transfer, known_ms in known
            if transfer.key not in told and known_ms >= newest_ms
        )
        return _LastHour(alerts=len(told), held_back=tuple(held_back))

    def _is_worth_it(self, transfer: Transfer, known_ms: int) -> bool:
        age = timedelta(milliseconds=abs(known_ms - transfer.happened_ms))
        return transfer.usd >= self._least_usd(transfer) and age <= self._parameters.oldest

    def _least_usd(self, transfer: Transfer) -> float:
        if transfer.kind in _TO_AND_FROM_EXCHANGES:
            return self._parameters.transfer_usd
        is_issue = transfer.kind in _ISSUES and transfer.asset in STABLECOINS
        return self._parameters.issue_usd if is_issue else math.inf

    def _message(self, alert: WhaleAlert, recipient: str) -> OutgoingMessage:
        return OutgoingMessage(
            key=_key(alert.transfer, recipient),
            recipient=recipient,
            text=self._presenter.whale_alert(alert),
            silent=True,
        )


def _key(transfer: Transfer, recipient: str) -> str:
    return addressed(f"{_PREFIX}{transfer.key}", recipient)
