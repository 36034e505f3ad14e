"""Facts that an earlier or later version wrote, or that a hand has changed."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from db.tables import past_outcomes, sentiment_snapshots, shadows, whale_events
from db.unit_of_work import SqlStorage
from domain.signals import SignalState
from tests.builders.outside import make_outcome, make_sentiment_snapshot, make_transfer
from tests.builders.shadows import make_followed_shadow, make_shadow


@pytest.mark.parametrize("payload", ["", "{}", "null", '{"provider": 5}', "\u202e<b>"])
async def test_one_that_cannot_be_read_does_not_hide_the_others(
    engine: AsyncEngine, payload: str
) -> None:
    storage = SqlStorage(engine)
    transfers = [make_transfer(f"tx{number}") for number in range(3)]
    async with storage() as unit:
        await unit.transfers.add(transfers, known_ms=1000)
        await unit.commit()
    odd = transfers[1].key
    async with engine.begin() as connection:
        await connection.execute(
            whale_events.update().where(whale_events.c.key == odd).values(payload=payload)
        )
    async with storage() as unit:
        with capture_logs() as lines:
            known = await unit.transfers.list_known_since(0)
    assert known == [(transfers[0], 1000), (transfers[2], 1000)]
    assert [(line["log_level"], line["key"]) for line in lines] == [("warning", odd)]


async def test_facts_of_other_kinds_are_left_out_alike(engine: AsyncEngine) -> None:
    storage = SqlStorage(engine)
    snapshots = [make_sentiment_snapshot(at_ms=at_ms) for at_ms in (1000, 2000)]
    outcomes = [make_outcome(decided_ms=decided_ms) for decided_ms in (1000, 2000)]
    async with storage() as unit:
        for snapshot in snapshots:
            await unit.sentiment.add(snapshot)
        await unit.outcomes.add(outcomes)
        await unit.commit()
    async with engine.begin() as connection:
        for table, first in (
            (sentiment_snapshots, sentiment_snapshots.c.at_ms == 1000),
            (past_outcomes, past_outcomes.c.decided_ms == 1000),
        ):
            await connection.execute(table.update().where(first).values(payload="{}"))
    async with storage() as unit:
        assert await unit.sentiment.list_since(0) == snapshots[1:]
        assert await unit.outcomes.list_all() == outcomes[1:]


@pytest.mark.parametrize("column", ["payload", "course"])
async def test_a_shadow_that_cannot_be_read_does_not_hide_the_others(
    engine: AsyncEngine, column: str
) -> None:
    storage = SqlStorage(engine)
    kept = [make_followed_shadow(shadow=make_shadow(number)) for number in (1, 2, 3)]
    async with storage() as unit:
        await unit.shadows.add(kept)
        await unit.commit()
    async with engine.begin() as connection:
        odd = shadows.update().where(shadows.c.id == 2).values({column: "{}"})
        await connection.execute(odd)
    async with storage() as unit:
        with capture_logs() as lines:
            assert await unit.shadows.list_live() == [kept[0], kept[2]]
        assert await unit.shadows.next_id() == 4
    assert [(line["log_level"], line["key"]) for line in lines] == [("warning", "2")]


@pytest.mark.parametrize("column", ["payload", "course"])
async def test_a_result_that_cannot_be_read_does_not_hide_the_others(
    engine: AsyncEngine, column: str
) -> None:
    storage = SqlStorage(engine)
    kept = [
        make_followed_shadow(SignalState.STOPPED, shadow=make_shadow(number, rules=(str(number),)))
        for number in (1, 2, 3)
    ]
    async with storage() as unit:
        await unit.shadows.add(kept)
        await unit.commit()
    async with engine.begin() as connection:
        odd = shadows.update().where(shadows.c.id == 2).values({column: "{}"})
        await connection.execute(odd)
    at = kept[0].course.ended_at
    assert at is not None
    async with storage() as unit:
        with capture_logs() as lines:
            results = await unit.shadows.list_results_between(at, at + timedelta(seconds=1))
    assert [result.rules for result in results] == [("1",), ("3",)]
    assert [(line["log_level"], line["key"]) for line in lines] == [("warning", "2")]
