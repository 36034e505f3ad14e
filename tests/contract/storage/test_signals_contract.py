"""Published signals, on every storage."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.signals import FollowedSignal, SignalState
from engine.ports.storage import Storage
from tests.builders.market import make_instrument
from tests.builders.signals import PUBLISHED_AT, make_course, make_followed, make_signal

HOUR = timedelta(hours=1)
LONG_NUMBER = Decimal("12345678901234567890.123456789012345678")
"""38 digits: a float keeps 17 of them."""


async def publish(storage: Storage, *signals: FollowedSignal) -> None:
    async with storage() as unit:
        for followed in signals:
            await unit.signals.add(followed)
        await unit.commit()


def followed_at(signal_id: int, hours: int, state: SignalState) -> FollowedSignal:
    signal = make_signal(signal_id, published_at=PUBLISHED_AT + hours * HOUR)
    return make_followed(state, signal=signal)


async def test_the_first_signal_gets_the_id_one(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.signals.next_id() == 1


async def test_the_next_signal_gets_one_more_than_the_newest(storage: Storage) -> None:
    await publish(storage, *(make_followed(signal=make_signal(number)) for number in (1, 2)))
    async with storage() as unit:
        assert await unit.signals.next_id() == 3


async def test_a_published_signal_comes_back_equal_in_every_field(storage: Storage) -> None:
    listed = replace(
        make_instrument("PEPE", tick="0.0000001", step="1"),
        maximum_quantity=Decimal(10_000_000),
        listed_at=PUBLISHED_AT - 900 * HOUR,
    )
    followed = make_followed(SignalState.TRAILED, signal=make_signal(instrument=listed))
    await publish(storage, followed)
    async with storage() as unit:
        assert await unit.signals.find(followed.signal.id) == followed


async def test_an_unknown_signal_is_not_found(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.signals.find(1) is None


async def test_decimals_of_38_digits_come_back_digit_by_digit(storage: Storage) -> None:
    followed = make_followed()
    plan = replace(followed.signal.plan, entry=LONG_NUMBER, quantity=Decimal("0.10"))
    course = replace(followed.course, realised_r=-LONG_NUMBER, stop=Decimal("1E+3"))
    followed = replace(followed, signal=replace(followed.signal, plan=plan), course=course)
    await publish(storage, followed)
    async with storage() as unit:
        found = await unit.signals.find(followed.signal.id)
    assert found is not None
    assert str(found.signal.plan.entry) == str(LONG_NUMBER)
    assert str(found.signal.plan.quantity) == "0.10"
    assert str(found.course.realised_r) == str(-LONG_NUMBER)
    assert str(found.course.stop) == "1E+3"


async def test_instants_come_back_aware_and_in_utc(storage: Storage) -> None:
    await publish(storage, make_followed(SignalState.STOPPED))
    async with storage() as unit:
        found = await unit.signals.find(12)
    assert found is not None
    assert found.signal.published_at == PUBLISHED_AT
    assert found.signal.published_at.utcoffset() == timedelta(0)


async def test_a_second_signal_with_the_same_id_is_refused(storage: Storage) -> None:
    await publish(storage, make_followed())
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.signals.add(make_followed())


async def test_a_saved_course_replaces_the_old_one(storage: Storage) -> None:
    followed = make_followed()
    await publish(storage, followed)
    course = make_course(SignalState.TP1, followed.signal)
    async with storage() as unit:
        await unit.signals.save_course(followed.signal.id, course)
        await unit.commit()
    async with storage() as unit:
        assert await unit.signals.find(followed.signal.id) == replace(followed, course=course)


async def test_the_course_of_an_unknown_signal_cannot_be_saved(storage: Storage) -> None:
    async with storage() as unit:
        with pytest.raises(NotFoundError):
            await unit.signals.save_course(12, make_followed().course)


async def test_live_are_the_published_and_the_open_ones_oldest_first(storage: Storage) -> None:
    states = list(SignalState)
    signals = [
        followed_at(number, hours=-number, state=state)
        for number, state in enumerate(states, start=1)
    ]
    await publish(storage, *signals)
    async with storage() as unit:
        live = await unit.signals.list_live()
    assert [f.course.state for f in live] == [s for s in reversed(states) if not s.is_final]


async def test_a_signal_that_ended_is_no_longer_live(storage: Storage) -> None:
    followed = make_followed()
    await publish(storage, followed)
    async with storage() as unit:
        course = make_course(SignalState.EXPIRED, followed.signal)
        await unit.signals.save_course(followed.signal.id, course)
        await unit.commit()
    async with storage() as unit:
        assert await unit.signals.list_live() == []


async def test_published_between_includes_the_start_and_excludes_the_end(storage: Storage) -> None:
    signals = [followed_at(k + 1, hours=k, state=SignalState.PUBLISHED) for k in range(4)]
    await publish(storage, *signals)
    async with storage() as unit:
        found = await unit.signals.list_published_between(
            PUBLISHED_AT + HOUR, PUBLISHED_AT + 3 * HOUR
        )
    assert found == signals[1:3]


async def test_ended_between_goes_by_the_end_and_in_its_order(storage: Storage) -> None:
    late = followed_at(1, hours=0, state=SignalState.STOPPED)
    end = late.course.ended_at
    assert end is not None
    early = followed_at(2, hours=0, state=SignalState.STOPPED)
    early = replace(early, course=replace(early.course, ended_at=end - HOUR))
    too_late = followed_at(3, hours=0, state=SignalState.STOPPED)
    too_late = replace(too_late, course=replace(too_late.course, ended_at=end + HOUR))
    still_live = followed_at(4, hours=0, state=SignalState.TP1)
    await publish(storage, late, early, too_late, still_live)
    async with storage() as unit:
        assert await unit.signals.list_ended_between(end - HOUR, end + HOUR) == [early, late]


async def test_what_was_published_is_decoded_once(storage: Storage) -> None:
    followed = make_followed()
    await publish(storage, followed)
    async with storage() as unit:
        found = [await unit.signals.find(followed.signal.id) for _ in range(2)]
    first, again = found
    assert first is not None
    assert again is not None
    assert first.signal is again.signal
