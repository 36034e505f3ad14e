"""Intents, on every storage."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import ConflictError, InvalidDataError
from domain.intents import OPEN_INTENTS, Intent, IntentEvent, IntentState
from engine.ports.storage import Storage
from tests.contract.storage.execution_books import (
    ACCOUNT,
    CREATED_AT,
    SECOND,
    TRADER,
    keep_intents,
    make_intent,
)

ENDED = [state for state in IntentState if state not in OPEN_INTENTS]


async def intent_of(storage: Storage, intent_id: int) -> Intent | None:
    async with storage() as unit:
        return await unit.intents.find(intent_id)


async def save(storage: Storage, intent: Intent, was: IntentState) -> None:
    async with storage() as unit:
        await unit.intents.save(intent, was=was)
        await unit.commit()


async def test_ids_count_from_one(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.intents.next_id() == 1
    await keep_intents(storage, make_intent(4))
    async with storage() as unit:
        assert await unit.intents.next_id() == 5


async def test_an_intent_comes_back_equal_in_every_field(storage: Storage) -> None:
    intent = replace(make_intent(), quantity=Decimal("0.100"), reason='"<b>\u202e')
    await keep_intents(storage, intent)
    found = await intent_of(storage, 1)
    assert found == intent
    assert str(found.quantity) == "0.100"


async def test_an_unknown_intent_is_none(storage: Storage) -> None:
    assert await intent_of(storage, 1) is None


async def test_an_id_is_taken_once(storage: Storage) -> None:
    await keep_intents(storage, make_intent())
    with pytest.raises(ConflictError):
        await keep_intents(storage, make_intent(signal_id=13))


@pytest.mark.parametrize("state", sorted(OPEN_INTENTS))
async def test_a_second_open_intent_of_signal_and_account_is_a_conflict(
    storage: Storage, state: IntentState
) -> None:
    await keep_intents(storage, make_intent(1, state=state))
    with pytest.raises(ConflictError):
        await keep_intents(storage, make_intent(2))
    await keep_intents(storage, make_intent(3, account="operator"), make_intent(4, signal_id=13))


@pytest.mark.parametrize("state", ENDED)
async def test_after_an_ended_intent_there_may_be_another(
    storage: Storage, state: IntentState
) -> None:
    await keep_intents(storage, make_intent(1, state=state), make_intent(2))
    async with storage() as unit:
        assert await unit.intents.find_open(12, ACCOUNT) == make_intent(2)


async def test_of_many_presses_at_once_one_is_kept(storage: Storage) -> None:
    async def press(number: int) -> None:
        await keep_intents(storage, make_intent(number))

    results = await asyncio.gather(*(press(k) for k in range(1, 9)), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == 7 * [ConflictError]


async def test_only_an_open_intent_of_the_same_signal_and_account_is_found(
    storage: Storage,
) -> None:
    await keep_intents(storage, make_intent(1), make_intent(2, signal_id=13))
    await keep_intents(storage, make_intent(3, signal_id=14, state=IntentState.DECLINED))
    async with storage() as unit:
        assert await unit.intents.find_open(12, ACCOUNT) == make_intent(1)
        assert await unit.intents.find_open(12, "operator") is None
        assert await unit.intents.find_open(14, ACCOUNT) is None


async def test_a_saved_intent_takes_the_place_of_the_earlier_one(storage: Storage) -> None:
    offered = make_intent()
    await keep_intents(storage, offered)
    halved = replace(offered, share=Decimal("0.25"), quantity=Decimal("0.046"))
    await save(storage, halved, IntentState.OFFERED)
    refused = halved.after(IntentEvent.REFUSE, "the price moved 0.4 R")
    await save(storage, refused, IntentState.OFFERED)
    assert await intent_of(storage, 1) == refused


async def test_a_change_from_another_state_is_a_conflict_and_changes_nothing(
    storage: Storage,
) -> None:
    declined = make_intent(state=IntentState.DECLINED)
    await keep_intents(storage, declined)
    with pytest.raises(ConflictError, match="not offered"):
        await save(storage, make_intent(state=IntentState.CONFIRMED), IntentState.OFFERED)
    assert await intent_of(storage, 1) == declined


async def test_an_intent_that_is_not_there_cannot_be_saved(storage: Storage) -> None:
    with pytest.raises(ConflictError):
        await save(storage, make_intent(), IntentState.OFFERED)


async def test_of_confirming_and_declining_at_once_one_happens(storage: Storage) -> None:
    offered = make_intent()
    await keep_intents(storage, offered)
    confirmed, declined = (
        offered.after(event) for event in (IntentEvent.CONFIRM, IntentEvent.DECLINE)
    )
    results = await asyncio.gather(
        save(storage, confirmed, IntentState.OFFERED),
        save(storage, declined, IntentState.OFFERED),
        return_exceptions=True,
    )
    assert [type(result) for result in results if result is not None] == [ConflictError]
    assert await intent_of(storage, 1) == (confirmed if results[0] is None else declined)


async def test_offers_come_oldest_first_of_all_or_of_one_trader(storage: Storage) -> None:
    late = make_intent(1, created_at=CREATED_AT + SECOND)
    early = make_intent(2, signal_id=13)
    foreign = make_intent(3, account="operator", user_id=7, created_at=CREATED_AT + 2 * SECOND)
    confirmed = make_intent(4, signal_id=14, state=IntentState.CONFIRMED)
    await keep_intents(storage, late, early, foreign, confirmed)
    async with storage() as unit:
        assert await unit.intents.list_offered() == [early, late, foreign]
        assert await unit.intents.list_offered(TRADER) == [early, late]
        assert await unit.intents.list_offered(8) == []


async def test_an_instant_without_a_zone_is_refused(storage: Storage) -> None:
    naive = datetime(2025, 10, 6)  # noqa: DTZ001 - that is the point
    intent = replace(make_intent(), created_at=naive, expires_at=CREATED_AT + timedelta(hours=1))
    with pytest.raises(InvalidDataError):
        await keep_intents(storage, intent)
