"""Repositories in memory, one per port; the outbox has its own file."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from domain.access import Role
from domain.accounts import ExecutionMode
from domain.breakers import Latch
from domain.errors import NotFoundError
from domain.ledger import LedgerEntry
from domain.signals import Course, FollowedSignal
from domain.trading_state import PauseState
from domain.watchlist import WatchChange, WatchedPair
from engine.ports.storage import BreakerEvent, DecisionCounts, DecisionRecord
from tests.fakes.storage_transaction import Grant, MemoryTransaction, to_utc


class InMemoryDecisions:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, records: Sequence[DecisionRecord]) -> None:
        for record in records:
            to_utc(record.decision.as_of)
        (await self._transaction.writable()).decisions.extend(records)

    async def find_latest(self, symbol: str) -> DecisionRecord | None:
        latest: DecisionRecord | None = None
        for record in self._transaction.seen.decisions:
            if record.decision.symbol != symbol:
                continue
            if latest is None or record.decision.as_of >= latest.decision.as_of:
                latest = record
        return latest

    async def count_between(self, start: datetime, end: datetime) -> DecisionCounts:
        records = [
            record
            for record in self._transaction.seen.decisions
            if start <= record.decision.as_of < end
        ]
        sent = [record for record in records if record.signal_id is not None]
        denied = [r for r in records if r.signal_id is None and r.denials]
        return DecisionCounts(decided=len(records), sent=len(sent), denied=len(denied))


class InMemorySignals:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        return max(self._transaction.seen.signals, default=0) + 1

    async def add(self, followed: FollowedSignal) -> None:
        to_utc(followed.signal.published_at)
        kept = await self._transaction.writable()
        if followed.signal.id in kept.signals:
            raise self._transaction.refuse(f"signal {followed.signal.id} is there already")
        kept.signals[followed.signal.id] = followed

    async def save_course(self, signal_id: int, course: Course) -> None:
        kept = await self._transaction.writable()
        if signal_id not in kept.signals:
            raise NotFoundError(f"there is no signal {signal_id}")
        kept.signals[signal_id] = replace(kept.signals[signal_id], course=course)

    async def find(self, signal_id: int) -> FollowedSignal | None:
        return self._transaction.seen.signals.get(signal_id)

    async def list_live(self) -> list[FollowedSignal]:
        return [f for f in self._by_publication() if not f.course.state.is_final]

    async def list_published_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        return [f for f in self._by_publication() if start <= f.signal.published_at < end]

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        ended = [
            (f.course.ended_at, f.signal.id, f)
            for f in self._transaction.seen.signals.values()
            if f.course.ended_at is not None and start <= f.course.ended_at < end
        ]
        return [followed for *_, followed in sorted(ended, key=lambda item: item[:2])]

    def _by_publication(self) -> list[FollowedSignal]:
        signals = self._transaction.seen.signals.values()
        return sorted(signals, key=lambda f: (f.signal.published_at, f.signal.id))


class InMemoryLedger:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def find_head(self) -> LedgerEntry | None:
        entries = (await self._transaction.writable()).ledger
        return entries[max(entries)] if entries else None

    async def append(self, entry: LedgerEntry) -> None:
        to_utc(entry.at)
        entries = (await self._transaction.writable()).ledger
        hashes = {existing.hash for existing in entries.values()}
        if entry.sequence in entries or entry.hash in hashes:
            raise self._transaction.refuse(f"ledger entry {entry.sequence} is there already")
        entries[entry.sequence] = entry

    async def list_from(self, sequence: int, *, limit: int) -> list[LedgerEntry]:
        entries = self._transaction.seen.ledger
        return [entries[number] for number in sorted(entries) if number >= sequence][:limit]


class InMemoryWatchlist:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def list_pairs(self) -> list[WatchedPair]:
        return sorted(self._transaction.seen.pairs, key=lambda pair: (-pair.score, pair.symbol))

    async def replace(self, pairs: Sequence[WatchedPair], changes: Sequence[WatchChange]) -> None:
        kept = await self._transaction.writable()
        kept.pairs = list(pairs)
        kept.changes.extend(changes)

    async def list_changes(self, *, limit: int) -> list[WatchChange]:
        return self._transaction.seen.changes[::-1][:limit]


class InMemoryState:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def check_writing(self) -> None:
        await self._transaction.writable()

    async def get_pause(self) -> PauseState:
        return self._transaction.seen.pause

    async def set_pause(self, pause: PauseState) -> None:
        (await self._transaction.writable()).pause = pause

    async def add_breaker_events(self, events: Sequence[BreakerEvent]) -> None:
        (await self._transaction.writable()).breaker_events.extend(events)

    async def list_breaker_events(self, start: datetime, end: datetime) -> list[BreakerEvent]:
        events = [e for e in self._transaction.seen.breaker_events if start <= e.at < end]
        return sorted(events, key=lambda event: event.at)

    async def get_mode(self) -> ExecutionMode | None:
        return self._transaction.seen.mode

    async def set_mode(self, mode: ExecutionMode) -> None:
        (await self._transaction.writable()).mode = mode

    async def get_tag(self) -> str | None:
        return self._transaction.seen.tag

    async def set_tag(self, tag: str) -> None:
        kept = await self._transaction.writable()
        if kept.tag is not None:
            raise self._transaction.refuse("there is a tag already")
        kept.tag = tag

    async def get_last_seen(self) -> datetime | None:
        return self._transaction.seen.last_seen

    async def set_last_seen(self, at: datetime | None) -> None:
        (await self._transaction.writable()).last_seen = at

    async def list_latches(self) -> list[Latch]:
        latches = self._transaction.seen.latches
        return [latches[breaker] for breaker in sorted(latches)]

    async def set_latch(self, latch: Latch) -> None:
        to_utc(latch.tripped_at)
        (await self._transaction.writable()).latches[latch.breaker] = latch


class InMemoryUsers:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def role_of(self, user_id: int) -> Role:
        grant = self._transaction.seen.grants.get(user_id)
        return Role.GUEST if grant is None else grant.role

    async def grant(self, user_id: int, role: Role, *, at: datetime, how: str) -> None:
        kept = await self._transaction.writable()
        kept.grants[user_id] = Grant(role=role, at=to_utc(at), how=how)

    async def keep_only(self, how: str, user_ids: Collection[int]) -> None:
        kept = await self._transaction.writable()
        kept.grants = {
            user_id: grant
            for user_id, grant in kept.grants.items()
            if grant.how != how or user_id in user_ids
        }

    async def list_with(self, role: Role) -> list[int]:
        grants = self._transaction.seen.grants
        users = [user_id for user_id, grant in grants.items() if grant.role is role]
        return sorted(users, key=lambda user_id: (grants[user_id].at, user_id))
