"""What an operator changes: pause, resume, pairing, deliveries in doubt."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Role
from domain.breakers import Latch
from domain.errors import ConflictError, NotFoundError, StorageUnavailableError
from domain.messages import CHANNEL, OutgoingMessage
from domain.trading_state import PauseState
from engine.commands import PairAdmin, PauseSignals, ResolveDelivery, ResumeSignals
from engine.only_writer import become_only_writer
from engine.ports.storage import OutboxState
from risk.latching import is_held
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into

CODE = "K7QZ2MPA"
ANN, BEN = 11, 22


async def test_pause_is_kept_with_its_author_time_and_reason() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    paused = await PauseSignals(storage, clock)("11", "news")
    assert paused == PauseState(is_paused=True, since=AFTERNOON, by="11", reason="news")
    async with storage() as unit:
        assert await unit.state.get_pause() == paused


async def test_second_pause_changes_nothing() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    first = await PauseSignals(storage, clock)("11", "news")
    clock.advance(60)
    assert await PauseSignals(storage, clock)("22", "lunch") == first


async def test_resume_ends_a_pause_and_a_new_one_can_begin() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    await PauseSignals(storage, clock)("11", "news")
    clock.advance(60)
    resumption = await ResumeSignals(storage, clock)("22")
    assert (resumption.held, resumption.words) == ((), ())
    resumed = resumption.pause
    assert (resumed.is_paused, resumed.by, resumed.since) == (False, "22", clock.now())
    async with storage() as unit:
        assert await unit.state.get_pause() == resumed
    assert (await PauseSignals(storage, clock)("11", "again")).is_paused


TRIPPED = Latch(breaker="drawdown", level=2, tripped_at=AFTERNOON, text="down 3 %")
MIDNIGHT = datetime(2025, 10, 7, tzinfo=UTC)


async def with_latch() -> InMemoryStorage:
    storage = InMemoryStorage()
    async with storage() as unit:
        await unit.state.set_latch(TRIPPED)
        await unit.commit()
    return storage


async def latches(storage: InMemoryStorage) -> list[Latch]:
    async with storage() as unit:
        return await unit.state.list_latches()


async def test_resume_ends_the_pause_but_not_a_breaker_whose_day_lasts() -> None:
    storage = await with_latch()
    await PauseSignals(storage, HandClock())("11", "news")
    resumption = await ResumeSignals(storage, HandClock(MIDNIGHT - timedelta(seconds=1)))("22")
    assert not resumption.pause.is_paused
    assert resumption.held == ((TRIPPED, MIDNIGHT),)
    assert resumption.words == ("down 3 %. Resume again from 2025-10-07 00:00 UTC on",)
    assert await latches(storage) == [TRIPPED]


async def test_resume_after_the_day_releases_a_breaker() -> None:
    storage = await with_latch()
    resumption = await ResumeSignals(storage, HandClock(MIDNIGHT))("22")
    assert resumption.held == ()
    (latch,) = await latches(storage)
    assert latch == replace(TRIPPED, resumed_at=MIDNIGHT)
    assert not is_held(latch, MIDNIGHT)


async def test_breaker_that_trips_during_a_resume_is_not_released_by_it() -> None:
    storage = await with_latch()
    today = replace(TRIPPED, tripped_at=MIDNIGHT + timedelta(hours=1))
    resume = ResumeSignals(FailingStorage(storage).storage, HandClock(today.tripped_at))

    async def trip() -> None:
        async with FailingStorage(storage).storage() as unit:
            await become_only_writer(unit)
            await unit.state.set_latch(today)
            await unit.commit()

    for first, second in ((resume("22"), trip()), (trip(), resume("22"))):
        await asyncio.gather(first, second)
        assert await latches(storage) == [today]


async def test_resume_takes_its_turn_before_it_looks_at_breakers() -> None:
    storage = FailingStorage(await with_latch())
    await ResumeSignals(storage.storage, HandClock(MIDNIGHT))("22")
    assert storage.steps[0] == "ledger.find_head"


async def admins(storage: InMemoryStorage) -> list[int]:
    return (await look_into(storage)).admins


async def test_right_code_makes_the_first_admin() -> None:
    storage = InMemoryStorage()
    assert await PairAdmin(storage, HandClock(), CODE)(ANN, CODE)
    assert await admins(storage) == [ANN]


async def test_code_works_once() -> None:
    storage = InMemoryStorage()
    pair = PairAdmin(storage, HandClock(), CODE)
    assert await pair(ANN, CODE)
    assert not await pair(BEN, CODE)
    assert await admins(storage) == [ANN]


async def test_of_two_who_send_the_code_at_once_one_becomes_admin() -> None:
    storage = InMemoryStorage()
    pair = PairAdmin(FailingStorage(storage).storage, HandClock(), CODE)
    assert sorted(await asyncio.gather(pair(ANN, CODE), pair(BEN, CODE))) == [False, True]
    assert len(await admins(storage)) == 1


async def test_code_is_worth_nothing_once_there_is_an_admin() -> None:
    storage = InMemoryStorage()
    async with storage() as unit:
        await unit.users.grant(BEN, Role.ADMIN, at=AFTERNOON, how="settings")
        await unit.commit()
    assert not await PairAdmin(storage, HandClock(), CODE)(ANN, CODE)
    assert await admins(storage) == [BEN]


@pytest.mark.parametrize(
    "wrong", ["", "K7QZ2MP", "K7QZ2MPAA", "k7qz2mpa", "KÄSE", "\ud800", "K7QZ2MPB"]
)
async def test_wrong_code_makes_nobody_admin(wrong: str) -> None:
    storage = InMemoryStorage()
    pair = PairAdmin(storage, HandClock(), CODE)
    assert not await pair(ANN, wrong)
    assert await admins(storage) == []
    assert await pair(ANN, CODE)


async def test_who_guesses_five_times_is_not_heard_any_more_but_others_are() -> None:
    storage = InMemoryStorage()
    pair = PairAdmin(storage, HandClock(), CODE)
    for _ in range(5):
        assert not await pair(ANN, "AAAAAAAA")
    assert not await pair(ANN, CODE)
    assert await admins(storage) == []
    assert await pair(BEN, CODE)


async def test_four_wrong_guesses_are_forgiven() -> None:
    pair = PairAdmin(InMemoryStorage(), HandClock(), CODE)
    for _ in range(4):
        assert not await pair(ANN, "AAAAAAAA")
    assert await pair(ANN, CODE)


async def test_without_a_code_nobody_can_pair() -> None:
    pair = PairAdmin(InMemoryStorage(), HandClock(), None)
    assert not await pair(ANN, "")
    assert not await pair(ANN, "None")


@pytest.mark.parametrize("fails_at", range(3))
async def test_code_is_not_lost_when_the_storage_fails(fails_at: int) -> None:
    storage = InMemoryStorage()
    failing = FailingStorage(storage, fails_at)
    pair = PairAdmin(failing.storage, HandClock(), CODE)
    with pytest.raises(StorageUnavailableError):
        await pair(ANN, CODE)
    assert await admins(storage) == []
    assert await pair(ANN, CODE)
    assert await admins(storage) == [ANN]


async def in_doubt(storage: InMemoryStorage) -> int:
    """A message that may have arrived."""
    message = OutgoingMessage(key="signal:1", recipient=CHANNEL, text="a post")
    async with storage() as unit:
        await unit.outbox.put([message], at=AFTERNOON)
        await unit.outbox.mark_sending(1)
        await unit.outbox.mark_unknown(1)
        await unit.commit()
    return 1


async def state_of(storage: InMemoryStorage, row_id: int) -> OutboxState:
    async with storage() as unit:
        return (await unit.outbox.get(row_id)).state


async def test_message_that_did_not_arrive_is_sent_again() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    row_id = await in_doubt(storage)
    await ResolveDelivery(storage, clock)(row_id, arrived=False)
    async with storage() as unit:
        assert [row.id for row in await unit.outbox.list_due(clock.now())] == [row_id]


async def test_message_that_arrived_is_not_sent_again() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    row_id = await in_doubt(storage)
    await ResolveDelivery(storage, clock)(row_id, arrived=True)
    assert await state_of(storage, row_id) is OutboxState.FAILED
    clock.advance(86_400)
    async with storage() as unit:
        assert await unit.outbox.list_due(clock.now()) == []


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
async def test_second_press_finds_the_matter_settled(first: bool, second: bool) -> None:
    storage, clock = InMemoryStorage(), HandClock()
    resolve = ResolveDelivery(storage, clock)
    row_id = await in_doubt(storage)
    await resolve(row_id, arrived=first)
    settled = await state_of(storage, row_id)
    with pytest.raises(ConflictError):
        await resolve(row_id, arrived=second)
    assert await state_of(storage, row_id) is settled


async def test_press_while_the_message_is_on_its_way_again_does_not_send_it_twice() -> None:
    storage, clock = InMemoryStorage(), HandClock()
    resolve = ResolveDelivery(storage, clock)
    row_id = await in_doubt(storage)
    await resolve(row_id, arrived=False)
    async with storage() as unit:
        await unit.outbox.mark_sending(row_id)
        await unit.commit()
    with pytest.raises(ConflictError, match="not in doubt any more"):
        await resolve(row_id, arrived=False)
    assert await state_of(storage, row_id) is OutboxState.SENDING


async def test_message_that_never_was_cannot_be_settled() -> None:
    with pytest.raises(NotFoundError):
        await ResolveDelivery(InMemoryStorage(), HandClock())(99, arrived=True)
