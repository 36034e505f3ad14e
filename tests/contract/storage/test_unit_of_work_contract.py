"""Transactions, on every storage."""

import asyncio

import pytest

from domain.errors import ConflictError
from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.ports.storage import Storage
from tests.builders.signals import make_followed, make_signal

PAUSED = PauseState(is_paused=True, by="7")
RESUMED = PauseState(is_paused=False, by="8")


async def pause_of(storage: Storage) -> PauseState:
    async with storage() as unit:
        return await unit.state.get_pause()


async def test_uncommitted_work_is_rolled_back(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.set_pause(PAUSED)
    assert await pause_of(storage) == PauseState()


async def test_an_exception_rolls_back(storage: Storage) -> None:
    async def pause_and_stumble() -> None:
        async with storage() as unit:
            await unit.state.set_pause(PAUSED)
            raise LookupError

    with pytest.raises(LookupError):
        await pause_and_stumble()
    assert await pause_of(storage) == PauseState()


async def test_a_unit_sees_its_own_work_before_others_do(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.set_pause(PAUSED)
        assert await unit.state.get_pause() == PAUSED
        assert await pause_of(storage) == PauseState()


async def test_reading_never_waits_for_a_writer(storage: Storage) -> None:
    async with storage() as writer:
        await writer.state.set_pause(PAUSED)
        async with asyncio.timeout(5):
            assert await pause_of(storage) == PauseState()


async def test_a_unit_can_go_on_after_a_commit(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.set_pause(PAUSED)
        await unit.commit()
        await unit.state.set_pause(RESUMED)
        assert await pause_of(storage) == PAUSED
        await unit.commit()
        await unit.state.set_pause(PAUSED)
    assert await pause_of(storage) == RESUMED


async def test_a_reader_sees_what_was_committed_meanwhile(storage: Storage) -> None:
    async with storage() as reader:
        assert await reader.state.get_pause() == PauseState()
        async with storage() as writer:
            await writer.state.set_pause(PAUSED)
            await writer.commit()
        assert await reader.state.get_pause() == PAUSED


async def test_a_reader_can_start_to_write_after_somebody_else_wrote(storage: Storage) -> None:
    async with storage() as late:
        assert await late.signals.next_id() == 1
        async with storage() as early:
            await early.state.set_pause(PAUSED)
            await early.commit()
        await late.signals.add(make_followed())
        await late.commit()
    async with storage() as unit:
        assert await unit.signals.next_id() == 13


async def test_after_a_conflict_nothing_of_the_unit_can_be_committed(storage: Storage) -> None:
    async with storage() as unit:
        await unit.signals.add(make_followed())
        await unit.commit()
    async with storage() as unit:
        await unit.signals.add(make_followed(signal=make_signal(13)))
        with pytest.raises(ConflictError):
            await unit.signals.add(make_followed(SignalState.TP1))
        with pytest.raises(ConflictError, match="unit of work"):
            await unit.commit()
    async with storage() as unit:
        assert await unit.signals.find(13) is None
        assert await unit.signals.find(12) == make_followed()


async def test_many_writers_at_once_all_succeed(storage: Storage) -> None:
    async def publish(number: int) -> None:
        async with storage() as unit:
            await unit.state.get_pause()
            await unit.signals.add(make_followed(signal=make_signal(number)))
            await unit.commit()

    await asyncio.gather(*(publish(number) for number in range(1, 31)))
    async with storage() as unit:
        assert len(await unit.signals.list_live()) == 30


async def test_a_cancelled_unit_leaves_nothing_and_blocks_nobody(storage: Storage) -> None:
    has_written = asyncio.Event()

    async def write_and_hang() -> None:
        async with storage() as unit:
            await unit.state.set_pause(PAUSED)
            has_written.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(write_and_hang())
    await has_written.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with storage() as unit, asyncio.timeout(5):
        assert await unit.state.get_pause() == PauseState()
        await unit.state.set_pause(RESUMED)
        await unit.commit()
    assert await pause_of(storage) == RESUMED


async def test_a_writer_cancelled_while_it_queues_blocks_nobody(storage: Storage) -> None:
    async def write(pause: PauseState) -> None:
        async with storage() as unit:
            await unit.state.set_pause(pause)
            await unit.commit()

    async with storage() as first:
        await first.state.set_pause(PAUSED)
        queueing = asyncio.create_task(write(RESUMED))
        await asyncio.sleep(0.01)
        queueing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await queueing
        await first.commit()
    async with asyncio.timeout(5):
        await write(RESUMED)
    assert await pause_of(storage) == RESUMED
