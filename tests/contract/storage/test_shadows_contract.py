"""Decisions that were not sent, on every storage."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.shadows import FollowedShadow
from domain.signals import SignalState
from engine.ports.storage import ShadowResult, Storage
from tests.builders.market import make_instrument
from tests.builders.shadows import make_followed_shadow, make_shadow
from tests.builders.signals import PUBLISHED_AT

HOUR = timedelta(hours=1)
LONG_NUMBER = Decimal("12345678901234567890.123456789012345678")
"""38 digits: a float keeps 17 of them."""


async def keep(storage: Storage, *shadows: FollowedShadow) -> None:
    async with storage() as unit:
        await unit.shadows.add(shadows)
        await unit.commit()


async def live_of(storage: Storage) -> list[FollowedShadow]:
    async with storage() as unit:
        return await unit.shadows.list_live()


def shadow_at(shadow_id: int, hours: int, state: SignalState) -> FollowedShadow:
    shadow = make_shadow(shadow_id, decided_at=PUBLISHED_AT + hours * HOUR)
    return make_followed_shadow(state, shadow=shadow)


async def test_the_first_shadow_gets_the_id_one(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.shadows.next_id() == 1


async def test_the_next_shadow_gets_one_more_than_the_newest(storage: Storage) -> None:
    ended, live = SignalState.STOPPED, SignalState.PUBLISHED
    await keep(storage, shadow_at(1, 0, live), shadow_at(2, 0, ended))
    async with storage() as unit:
        assert await unit.shadows.next_id() == 3


async def test_a_shadow_comes_back_equal_in_every_field(storage: Storage) -> None:
    listed = replace(
        make_instrument("PEPE", tick="0.0000001", step="1"),
        maximum_quantity=Decimal(10_000_000),
        listed_at=PUBLISHED_AT - 900 * HOUR,
    )
    shadow = make_shadow(instrument=listed, rules=("LOW_SCORE", "TOO_FEW_LAYERS"))
    followed = make_followed_shadow(SignalState.TP2, shadow=shadow)
    await keep(storage, followed)
    assert await live_of(storage) == [followed]


async def test_decimals_and_instants_come_back_exactly(storage: Storage) -> None:
    followed = make_followed_shadow()
    plan = replace(followed.shadow.plan, entry=LONG_NUMBER, quantity=Decimal("0.10"))
    course = replace(followed.course, realised_r=-LONG_NUMBER, stop=Decimal("1E+3"))
    await keep(storage, FollowedShadow(shadow=replace(followed.shadow, plan=plan), course=course))
    [found] = await live_of(storage)
    assert str(found.shadow.plan.entry) == str(LONG_NUMBER)
    assert str(found.shadow.plan.quantity) == "0.10"
    assert str(found.course.realised_r) == str(-LONG_NUMBER)
    assert str(found.course.stop) == "1E+3"
    assert found.shadow.decided_at == PUBLISHED_AT
    assert found.shadow.decided_at.utcoffset() == timedelta(0)


async def test_no_shadows_are_nothing_to_keep(storage: Storage) -> None:
    await keep(storage)
    assert await live_of(storage) == []


async def test_a_second_shadow_with_the_same_id_is_refused(storage: Storage) -> None:
    await keep(storage, make_followed_shadow())
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.shadows.add([make_followed_shadow()])


async def test_saved_courses_replace_the_old_ones_and_no_others(storage: Storage) -> None:
    shadows = [shadow_at(number, 0, SignalState.PUBLISHED) for number in (1, 2, 3)]
    await keep(storage, *shadows)
    course = make_followed_shadow(SignalState.TP1).course
    async with storage() as unit:
        await unit.shadows.save_courses({1: course, 3: replace(course, cursor=7)})
        await unit.commit()
    first, second, third = shadows
    assert await live_of(storage) == [
        replace(first, course=course),
        second,
        replace(third, course=replace(course, cursor=7)),
    ]


async def test_no_courses_are_nothing_to_save(storage: Storage) -> None:
    async with storage() as unit:
        await unit.shadows.save_courses({})
        await unit.commit()


async def test_a_course_of_an_unknown_shadow_saves_none_of_them(storage: Storage) -> None:
    followed = make_followed_shadow()
    await keep(storage, followed)
    course = make_followed_shadow(SignalState.TP1).course
    async with storage() as unit:
        with pytest.raises(NotFoundError, match=r"\[7\]"):
            await unit.shadows.save_courses({1: course, 7: course})
    assert await live_of(storage) == [followed]


async def test_live_shadows_come_oldest_first_without_those_that_ended(storage: Storage) -> None:
    states = list(SignalState)
    shadows = [shadow_at(number, -number, state) for number, state in enumerate(states, start=1)]
    await keep(storage, *shadows)
    live = [each.course.state for each in await live_of(storage)]
    assert live == [state for state in reversed(states) if not state.is_final]


async def test_a_shadow_that_ended_is_no_longer_live(storage: Storage) -> None:
    await keep(storage, make_followed_shadow())
    async with storage() as unit:
        await unit.shadows.save_courses({1: make_followed_shadow(SignalState.EXPIRED).course})
        await unit.commit()
    assert await live_of(storage) == []


async def test_ended_between_goes_by_the_end_and_in_its_order(storage: Storage) -> None:
    late = shadow_at(1, 0, SignalState.STOPPED)
    end = late.course.ended_at
    assert end is not None
    early, too_late = (
        replace(shadow_at(number, 0, SignalState.STOPPED), course=replace(late.course, ended_at=at))
        for number, at in ((2, end - HOUR), (3, end + HOUR))
    )
    await keep(storage, late, early, too_late, shadow_at(4, 0, SignalState.TP1))
    async with storage() as unit:
        assert await unit.shadows.list_ended_between(end - HOUR, end + HOUR) == [early, late]


async def test_results_go_by_the_end_and_tell_rules_entry_and_result(storage: Storage) -> None:
    end = PUBLISHED_AT + 9 * HOUR

    def ended(shadow_id: int, state: SignalState, at: datetime, *rules: str) -> FollowedShadow:
        followed = make_followed_shadow(state, shadow=make_shadow(shadow_id, rules=rules))
        return replace(followed, course=replace(followed.course, ended_at=at))

    late = ended(1, SignalState.TP3, end, "LOW_SCORE", "TOO_FEW_LAYERS")
    late = replace(late, course=replace(late.course, realised_r=-LONG_NUMBER))
    early = ended(2, SignalState.EXPIRED, end - HOUR, "paused")
    too_late = ended(3, SignalState.STOPPED, end + HOUR, "paused")
    await keep(storage, late, early, too_late, shadow_at(4, 0, SignalState.TP1))
    async with storage() as unit:
        assert await unit.shadows.list_results_between(end - HOUR, end + HOUR) == [
            ShadowResult(rules=("paused",), was_entered=False, realised_r=Decimal(0)),
            ShadowResult(
                rules=("LOW_SCORE", "TOO_FEW_LAYERS"), was_entered=True, realised_r=-LONG_NUMBER
            ),
        ]
