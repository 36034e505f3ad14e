"""Everything that a storage keeps, to be looked at or compared."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.access import Role
from domain.errors import NotFoundError
from domain.ledger import LedgerEntry
from domain.messages import OutgoingMessage
from domain.signals import FollowedSignal
from engine.ledger import verify_chain
from engine.ports.storage import BreakerEvent, DecisionCounts, Storage, UnitOfWork
from engine.record_reading import read_ledger

_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Kept:
    signals: list[FollowedSignal]
    ledger: list[LedgerEntry]
    messages: list[OutgoingMessage]
    decisions: DecisionCounts
    events: list[BreakerEvent]
    admins: list[int]

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.messages]


NOTHING = Kept(
    signals=[],
    ledger=[],
    messages=[],
    decisions=DecisionCounts(decided=0, sent=0, denied=0),
    events=[],
    admins=[],
)


async def look_into(storage: Storage) -> Kept:
    """Signals and messages in order of their ids; the chain of the ledger is checked."""
    async with storage() as unit:
        signals = await unit.signals.list_published_between(*_EVER)
        ledger = await read_ledger(unit.ledger)
        assert verify_chain(ledger) is None
        return Kept(
            signals=sorted(signals, key=lambda followed: followed.signal.id),
            ledger=ledger,
            messages=await _messages(unit),
            decisions=await unit.decisions.count_between(*_EVER),
            events=await unit.state.list_breaker_events(*_EVER),
            admins=await unit.users.list_with(Role.ADMIN),
        )


async def _messages(unit: UnitOfWork) -> list[OutgoingMessage]:
    messages: list[OutgoingMessage] = []
    with suppress(NotFoundError):
        while True:
            messages.append((await unit.outbox.get(len(messages) + 1)).message)
    return messages
