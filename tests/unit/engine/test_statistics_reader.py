"""The ledger is read from storage once, and then only what is new."""

import asyncio
from datetime import timedelta

import pytest

from domain.errors import InvalidDataError
from domain.ledger import LedgerEntry
from engine.statistics import LedgerReader, Record, read_record
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.statistics_story import HOUR, Story


class CountingLedger:
    """A ledger that knows how many entries it has handed out."""

    def __init__(self, entries: list[LedgerEntry]) -> None:
        self.entries = entries
        self.handed_out = 0

    async def find_head(self) -> LedgerEntry | None:
        raise AssertionError("readers don't ask for the head: that would lock the ledger")

    async def append(self, entry: LedgerEntry) -> None:
        self.entries.append(entry)

    async def list_from(self, sequence: int, *, limit: int) -> list[LedgerEntry]:
        await asyncio.sleep(0)
        page = self.entries[sequence - 1 : sequence - 1 + limit]
        self.handed_out += len(page)
        return page


def make_story(trades: int) -> Story:
    story = Story()
    for number in range(1, trades + 1):
        story.trade(number, number * timedelta(minutes=5), "0.5")
    return story


async def test_long_ledger_is_read_whole() -> None:
    story = make_story(700)
    record = await LedgerReader()(CountingLedger(story.entries))
    assert record == read_record(story.entries)
    assert (record.length, record.head_hash) == (1400, story.entries[-1].hash)


async def test_entry_is_read_once() -> None:
    story = make_story(3)
    ledger, read = CountingLedger(story.entries), LedgerReader()
    await read(ledger)
    assert ledger.handed_out == 6
    assert await read(ledger) == read_record(story.entries)
    assert ledger.handed_out == 6
    story.trade(4, 20 * HOUR, "-1")
    assert (await read(ledger)).length == 8
    assert ledger.handed_out == 8


async def test_several_who_ask_at_once_get_the_same_from_one_reading() -> None:
    story = make_story(700)
    ledger, read = CountingLedger(story.entries), LedgerReader()
    whole = read_record(story.entries)
    assert await asyncio.gather(*(read(ledger) for _ in range(3))) == [whole] * 3
    assert ledger.handed_out == 1400


async def test_record_in_hand_stays_as_it_was_when_more_is_read() -> None:
    story = make_story(3)
    ledger, read = CountingLedger(story.entries), LedgerReader()
    record, before = await read(ledger), read_record(story.entries)
    story.trade(4, 20 * HOUR, "-1")
    assert await read(ledger) != record == before


async def test_who_asks_while_entries_are_added_gets_the_record_of_some_moment() -> None:
    story, told = make_story(300), make_story(900)
    ledger, read = CountingLedger(story.entries), LedgerReader()

    async def add() -> None:
        for entry in told.entries[600:]:
            await ledger.append(entry)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        adding = group.create_task(add())
        asking = [group.create_task(read(ledger)) for _ in range(5)]
    await adding
    for record in [await each for each in asking] + [await read(ledger)]:
        assert record == read_record(told.entries[: record.length])
    assert (await read(ledger)).length == 1800


async def test_reading_that_is_broken_off_is_taken_up_where_it_was() -> None:
    story = make_story(700)
    ledger, read = CountingLedger(story.entries), LedgerReader()
    asking = asyncio.create_task(read(ledger))
    while ledger.handed_out < 1000:  # noqa: ASYNC110 - there is nothing to wait for but pages
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await read(ledger) == read_record(story.entries)
    assert ledger.handed_out <= 1400 + 500


async def test_unreadable_entry_is_told_each_time() -> None:
    story, other = make_story(2), make_story(3)
    ledger, read = CountingLedger([*story.entries, other.entries[-1]]), LedgerReader()
    for _ in range(2):
        with pytest.raises(InvalidDataError, match="entry 6"):
            await read(ledger)


async def test_ledger_of_a_storage_is_read() -> None:
    story, storage = make_story(2), InMemoryStorage()
    async with storage() as unit:
        for entry in story.entries:
            await unit.ledger.append(entry)
        await unit.commit()
    async with storage() as unit:
        record: Record = await LedgerReader()(unit.ledger)
    assert record == read_record(story.entries)
