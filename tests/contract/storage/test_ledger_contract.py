"""The append-only record, on every storage."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.errors import ConflictError, InvalidDataError
from domain.ledger import GENESIS_HASH, EntryKind, LedgerEntry
from engine.ports.storage import Storage
from tests.builders.signals import CLOSED_AT


def make_entry(sequence: int, *, by: str = "me") -> LedgerEntry:
    return LedgerEntry(
        sequence=sequence,
        at=CLOSED_AT + timedelta(seconds=sequence, microseconds=250),
        kind=EntryKind.OUTCOME if sequence % 2 else EntryKind.SIGNAL,
        body=f'{{"sequence":{sequence},"by":"{by}","words":"Größe ≥ 1"}}',
        previous_hash=f"{by}-{sequence - 1}" if sequence > 1 else GENESIS_HASH,
        hash=f"{by}-{sequence}",
    )


async def append(storage: Storage, *entries: LedgerEntry) -> None:
    async with storage() as unit:
        for entry in entries:
            await unit.ledger.append(entry)
        await unit.commit()


async def test_an_empty_record_has_no_head(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.ledger.find_head() is None


async def test_the_head_is_the_entry_with_the_highest_number(storage: Storage) -> None:
    entries = [make_entry(number) for number in (1, 2, 3)]
    await append(storage, *entries)
    async with storage() as unit:
        assert await unit.ledger.find_head() == entries[-1]


async def test_entries_are_listed_in_order_from_a_number_up_to_a_limit(storage: Storage) -> None:
    entries = [make_entry(number) for number in (1, 2, 3, 4)]
    await append(storage, *entries)
    async with storage() as unit:
        assert await unit.ledger.list_from(2, limit=2) == entries[1:3]
        assert await unit.ledger.list_from(4, limit=10) == entries[3:]
        assert await unit.ledger.list_from(5, limit=10) == []


async def test_a_taken_number_is_refused(storage: Storage) -> None:
    await append(storage, make_entry(1))
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.ledger.append(make_entry(1, by="somebody else"))


async def test_the_same_hash_twice_is_refused(storage: Storage) -> None:
    await append(storage, make_entry(1))
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.ledger.append(replace(make_entry(2), hash=make_entry(1).hash))


async def test_a_naive_instant_is_refused(storage: Storage) -> None:
    naive = datetime(2025, 10, 6, 14, 0)  # noqa: DTZ001 - that is the point
    async with storage() as unit:
        with pytest.raises(InvalidDataError, match="no time zone"):
            await unit.ledger.append(replace(make_entry(1), at=naive))


async def test_of_two_units_that_append_the_second_waits_and_sees_the_first(
    storage: Storage,
) -> None:
    async def append_next(name: str) -> None:
        async with storage() as unit:
            head = await unit.ledger.find_head()
            await unit.ledger.append(make_entry(2 if head else 1, by=name))
            await unit.commit()

    async with storage() as first, asyncio.timeout(10):
        assert await first.ledger.find_head() is None
        second = asyncio.create_task(append_next("second"))
        await asyncio.sleep(0.05)
        assert not second.done()
        await first.ledger.append(make_entry(1, by="first"))
        await first.commit()
        await second
    async with storage() as unit:
        entries = await unit.ledger.list_from(1, limit=10)
    assert entries == [make_entry(1, by="first"), make_entry(2, by="second")]


async def test_many_units_that_append_at_once_all_succeed(storage: Storage) -> None:
    async def append_next() -> None:
        async with storage() as unit:
            head = await unit.ledger.find_head()
            await unit.ledger.append(make_entry(head.sequence + 1 if head else 1))
            await unit.commit()

    await asyncio.gather(*(append_next() for _ in range(10)))
    async with storage() as unit:
        entries = await unit.ledger.list_from(1, limit=20)
    assert [entry.sequence for entry in entries] == list(range(1, 11))


async def test_who_asked_for_the_head_and_left_without_a_commit_blocks_nobody(
    storage: Storage,
) -> None:
    async with storage() as unit:
        assert await unit.ledger.find_head() is None
    async with asyncio.timeout(5):
        await append(storage, make_entry(1))


async def test_readers_of_the_record_do_not_wait_for_who_appends(storage: Storage) -> None:
    async with storage() as writer, storage() as reader, asyncio.timeout(5):
        await writer.ledger.find_head()
        assert await reader.ledger.list_from(1, limit=10) == []
