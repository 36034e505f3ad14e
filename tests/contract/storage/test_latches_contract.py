"""Breakers that stay tripped, on every storage."""

from dataclasses import replace
from datetime import timedelta, timezone

from domain.breakers import Latch
from engine.ports.storage import Storage
from tests.builders.signals import CLOSED_AT

LADDER = Latch(breaker="drawdown", level=1, tripped_at=CLOSED_AT, text="the day lost 3.2 %")
STREAK = Latch(breaker="loss_streak", level=2, tripped_at=CLOSED_AT, text="five losses in a row")


async def latches_of(storage: Storage) -> list[Latch]:
    async with storage() as unit:
        return await unit.state.list_latches()


async def set_latches(storage: Storage, *latches: Latch) -> None:
    async with storage() as unit:
        for latch in latches:
            await unit.state.set_latch(latch)
        await unit.commit()


async def test_no_breaker_stays_tripped_at_first(storage: Storage) -> None:
    assert await latches_of(storage) == []


async def test_latches_come_back_by_name(storage: Storage) -> None:
    resumed = replace(LADDER, resumed_at=CLOSED_AT + timedelta(hours=1))
    await set_latches(storage, STREAK, resumed)
    assert await latches_of(storage) == [resumed, STREAK]


async def test_a_latch_takes_the_place_of_an_earlier_one(storage: Storage) -> None:
    resumed = replace(LADDER, resumed_at=CLOSED_AT + timedelta(hours=1))
    deeper = replace(LADDER, level=3, text="the day lost 5.1 %")
    await set_latches(storage, resumed, STREAK)
    await set_latches(storage, deeper)
    assert await latches_of(storage) == [deeper, STREAK]


async def test_uncommitted_latches_are_rolled_back(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.set_latch(LADDER)
    assert await latches_of(storage) == []


async def test_latch_instants_of_other_zones_mean_the_same_instant(storage: Storage) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    await set_latches(storage, replace(LADDER, tripped_at=CLOSED_AT.astimezone(india)))
    [found] = await latches_of(storage)
    assert found.tripped_at == CLOSED_AT
