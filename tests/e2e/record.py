"""What the database holds, and whether it is what was promised and what the channel shows."""

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import NotFoundError
from domain.ledger import EntryKind, LedgerEntry
from domain.signals import FollowedSignal
from engine.issue import post_key
from engine.ledger import parse_content, short_hash, verify_chain
from engine.ports.storage import OutboxRow, OutboxState, Storage, UnitOfWork
from engine.record_reading import read_ledger
from tests.e2e.line import Line, digits_of, number_of
from tests.telegram_server import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The ledger and the signals; the ledger may be a moment newer where a bot is at work."""

    entries: Sequence[LedgerEntry]
    signals: Sequence[FollowedSignal]

    @property
    def published(self) -> list[int]:
        """Numbers of the signals in the ledger, in its order."""
        return self._numbers(EntryKind.SIGNAL)

    @property
    def ended(self) -> list[int]:
        """Numbers of the signals whose outcome is in the ledger, in its order."""
        return self._numbers(EntryKind.OUTCOME)

    def assert_holds(self) -> None:
        """The chain is whole, each signal is in it once, and what has ended adds up."""
        assert self.entries
        assert verify_chain(self.entries) is None
        assert self.published == list(range(1, len(self.published) + 1))
        assert max(Counter(self.ended).values(), default=1) == 1
        for followed in self.signals:
            self._assert_adds_up(followed)

    def assert_posted(self, posts: Sequence[Message], *, missing: Collection[int] = ()) -> None:
        """Each signal stands in the channel once, under the hash of the record, or is `missing`."""
        numbers = Counter(number_of(post) for post in posts)
        assert max(numbers.values(), default=1) == 1
        hashes = {one.signal.id: short_hash(one.ledger_hash) for one in self.signals}
        for post in posts:
            assert hashes.get(number_of(post), digits_of(post)) == digits_of(post)
        assert set(hashes) - set(missing) <= set(numbers)

    def _assert_adds_up(self, followed: FollowedSignal) -> None:
        course = followed.course
        if course.state.is_final:
            assert followed.signal.id in self.ended
            is_trade = course.triggered_at is not None
            assert course.closed_fraction == Decimal(1 if is_trade else 0)

    def _numbers(self, kind: EntryKind) -> list[int]:
        return [int(parse_content(one)["signal"]) for one in self.entries if one.kind is kind]


async def read_record(storage: Storage) -> Record:
    """Read signals first: whatever they say is in the ledger by then."""
    async with storage() as unit:
        signals = await _read_signals(unit)
        entries = await read_ledger(unit.ledger)
    return Record(entries=entries, signals=signals)


async def assert_channel_tells_the_record(line: Line) -> None:
    """The record holds, and in the end each of its signals stands in the channel once."""
    record = await read_record(line.storage)
    record.assert_holds()
    await line.wait_for_posts(len(record.signals))
    record.assert_posted(line.posts())


async def read_outbox(storage: Storage) -> list[OutboxRow]:
    """Every message there ever was, in order."""
    rows: list[OutboxRow] = []
    async with storage() as unit:
        with suppress(NotFoundError):
            while True:
                rows.append(await unit.outbox.get(len(rows) + 1))
    return rows


async def read_undelivered(storage: Storage) -> list[int]:
    """Signals whose post was given up, or is not out yet."""
    async with storage() as unit:
        numbers = range(1, await unit.signals.next_id())
        rows = {one: await unit.outbox.find_by_key(post_key(one)) for one in numbers}
    return [one for one, row in rows.items() if row is None or row.state is not OutboxState.SENT]


async def _read_signals(unit: UnitOfWork) -> list[FollowedSignal]:
    found = [await unit.signals.find(number) for number in range(1, await unit.signals.next_id())]
    return [followed for followed in found if followed is not None]
