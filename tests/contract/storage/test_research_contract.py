"""Verdicts, parameter sets and inputs of decisions, on every storage."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from domain.errors import ConflictError, InvalidDataError, NotFoundError
from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import CONFLUENCE, ReadinessVerdict
from engine.ports.storage import Storage
from tests.builders.research import (
    NO_SHARPE,
    WIN_RATE,
    make_change,
    make_parameter_set,
    make_verdict,
)
from tests.builders.signals import CLOSED_AT

QUARTER = timedelta(minutes=15)
INDIA = timezone(timedelta(hours=5, minutes=30))


async def keep_verdicts(storage: Storage, *verdicts: ReadinessVerdict) -> None:
    async with storage() as unit:
        for verdict in verdicts:
            await unit.readiness.add(verdict)
        await unit.commit()


async def latest(storage: Storage, playbook: str = CONFLUENCE) -> ReadinessVerdict | None:
    async with storage() as unit:
        return await unit.readiness.find_latest(playbook)


async def keep_sets(storage: Storage, *sets: ParameterSet) -> None:
    async with storage() as unit:
        for each in sets:
            await unit.parameter_sets.add(each)
        await unit.commit()


async def change(storage: Storage, *changes: LiveChange, playbook: str = CONFLUENCE) -> None:
    async with storage() as unit:
        for each in changes:
            await unit.parameter_sets.add_change(playbook, each)
        await unit.commit()


async def test_no_verdict_is_known_at_first(storage: Storage) -> None:
    assert await latest(storage) is None


async def test_a_verdict_comes_back_whole(storage: Storage) -> None:
    verdict = make_verdict(WIN_RATE, NO_SHARPE, parameter_set=3)
    await keep_verdicts(storage, verdict)
    assert await latest(storage) == verdict
    assert not verdict.is_passed


async def test_the_newest_verdict_of_a_playbook_counts_however_late_it_is_stored(
    storage: Storage,
) -> None:
    await keep_verdicts(
        storage,
        make_verdict(hours=2),
        make_verdict(hours=1),
        make_verdict(hours=3, playbook="vortex"),
    )
    assert await latest(storage) == make_verdict(hours=2)
    assert await latest(storage, "vortex") == make_verdict(hours=3, playbook="vortex")


async def test_of_two_verdicts_of_one_instant_the_one_stored_last_counts(storage: Storage) -> None:
    await keep_verdicts(storage, make_verdict(WIN_RATE), make_verdict(NO_SHARPE))
    assert await latest(storage) == make_verdict(NO_SHARPE)


async def test_a_verdict_needs_an_instant_with_its_zone(storage: Storage) -> None:
    naive = replace(make_verdict(), at=CLOSED_AT.replace(tzinfo=None))
    with pytest.raises(InvalidDataError, match="time zone"):
        await keep_verdicts(storage, naive)


async def test_versions_count_up_from_1_over_all_playbooks(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.parameter_sets.next_version() == 1
    await keep_sets(storage, make_parameter_set(1), make_parameter_set(2, playbook="vortex"))
    async with storage() as unit:
        assert await unit.parameter_sets.next_version() == 3


async def test_sets_come_back_whole_with_counts_as_counts(storage: Storage) -> None:
    await keep_sets(storage, make_parameter_set(1))
    async with storage() as unit:
        found = await unit.parameter_sets.find(1)
    assert found == make_parameter_set(1)
    assert found is not None
    assert [type(value) for value in found.values.values()] == [float, int]


async def test_an_unknown_set_is_none(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.parameter_sets.find(1) is None


async def test_sets_of_a_playbook_are_listed_oldest_first(storage: Storage) -> None:
    first, other, third = (
        make_parameter_set(1),
        make_parameter_set(2, playbook="vortex"),
        make_parameter_set(3),
    )
    await keep_sets(storage, third, other, first)
    async with storage() as unit:
        assert await unit.parameter_sets.list_all(CONFLUENCE) == [first, third]


async def test_a_version_is_taken_once(storage: Storage) -> None:
    await keep_sets(storage, make_parameter_set(1))
    with pytest.raises(ConflictError):
        await keep_sets(storage, replace(make_parameter_set(1), note="another"))
    async with storage() as unit:
        assert await unit.parameter_sets.find(1) == make_parameter_set(1)


async def test_changes_come_back_in_the_order_in_which_they_were_said(storage: Storage) -> None:
    await keep_sets(storage, make_parameter_set(1))
    said = [make_change(1, hours=5), make_change(None, hours=5), make_change(1, hours=4)]
    await change(storage, *said)
    await change(storage, make_change(None), playbook="vortex")
    async with storage() as unit:
        assert await unit.parameter_sets.list_changes(CONFLUENCE) == said


async def test_a_version_that_is_not_there_cannot_become_live(storage: Storage) -> None:
    with pytest.raises(NotFoundError):
        await change(storage, make_change(7))
    async with storage() as unit:
        assert await unit.parameter_sets.list_changes(CONFLUENCE) == []


async def test_inputs_of_a_signal_come_back_byte_for_byte(storage: Storage) -> None:
    content = bytes(range(256)) * 500
    async with storage() as unit:
        await unit.inputs.add_for_signal(12, content)
        await unit.commit()
    async with storage() as unit:
        assert await unit.inputs.find_for_signal(12) == content
        assert await unit.inputs.find_for_signal(13) is None


async def test_inputs_of_a_signal_are_kept_once(storage: Storage) -> None:
    async with storage() as unit:
        await unit.inputs.add_for_signal(12, b"first")
        await unit.commit()
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.inputs.add_for_signal(12, b"second")
    async with storage() as unit:
        assert await unit.inputs.find_for_signal(12) == b"first"


async def test_observations_are_listed_by_boundary_then_symbol(storage: Storage) -> None:
    later = CLOSED_AT + QUARTER
    rows = [("SOLUSDT", later, b"4"), ("ETHUSDT", CLOSED_AT, b"2"), ("BTCUSDT", CLOSED_AT, b"1")]
    async with storage() as unit:
        await unit.inputs.add_observations(rows)
        await unit.inputs.add_observations([("BTCUSDT", later, b"3")])
        await unit.inputs.add_observations([])
        await unit.commit()
    async with storage() as unit:
        first = await unit.inputs.list_observations(CLOSED_AT, later)
        both = await unit.inputs.list_observations(CLOSED_AT, later + QUARTER)
    assert first == [("BTCUSDT", CLOSED_AT, b"1"), ("ETHUSDT", CLOSED_AT, b"2")]
    assert [content for *_, content in both] == [b"1", b"2", b"3", b"4"]


async def test_an_observation_that_is_there_stays(storage: Storage) -> None:
    async with storage() as unit:
        await unit.inputs.add_observations([("BTCUSDT", CLOSED_AT, b"first")])
        await unit.inputs.add_observations(
            [
                ("BTCUSDT", CLOSED_AT.astimezone(INDIA), b"second"),
                ("ETHUSDT", CLOSED_AT, b"new"),
            ]
        )
        await unit.commit()
    async with storage() as unit:
        found = await unit.inputs.list_observations(CLOSED_AT, CLOSED_AT + QUARTER)
    assert [content for *_, content in found] == [b"first", b"new"]
