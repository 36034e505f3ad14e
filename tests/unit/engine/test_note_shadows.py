"""Shadows begin after the signals of a round, and never at their cost."""

from datetime import timedelta

from domain.errors import ConflictError, StorageUnavailableError
from domain.signals import SignalState
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.shadowing import Shadowing, candidate, denied, discarded
from tests.unit.risk.trade_builders import make_live


async def test_round_leaves_its_shadows_numbered_in_order() -> None:
    bench = Shadowing()
    noted = await bench.note(denied(candidate("SOL")), discarded(candidate("ETH")))
    stored = await bench.live()
    assert noted.begun == tuple(stored)
    assert noted.problem is None
    assert [(each.shadow.id, each.shadow.rules) for each in stored] == [
        (1, ("paused",)),
        (2, ("LOW_SCORE",)),
    ]
    assert {each.course.state for each in stored} == {SignalState.PUBLISHED}


async def test_decided_at_is_when_a_follower_could_have_known() -> None:
    bench = Shadowing()
    bench.clock.advance(100)
    (begun,) = (await bench.note(denied(candidate()))).begun
    assert begun.shadow.decided_at == bench.clock.now()
    assert begun.shadow.valid_until == begun.shadow.decision.as_of + timedelta(minutes=15)


async def test_same_setup_at_the_next_close_begins_nothing() -> None:
    bench = Shadowing()
    await bench.note(denied(candidate()))
    bench.clock.advance(900)
    assert (await bench.note(denied(candidate()))).begun == ()
    assert len(await bench.live()) == 1


async def test_pair_with_a_live_signal_begins_none_in_its_direction() -> None:
    bench = Shadowing()
    async with bench.storage() as unit:
        await unit.signals.add(make_live())
        await unit.commit()
    assert (await bench.note(denied(candidate()))).begun == ()


async def test_round_that_sent_all_leaves_nothing() -> None:
    bench = Shadowing()
    assert (await bench.note()).begun == ()
    assert await bench.live() == []


async def failing_at_commit(bench: Shadowing, error: Exception) -> FailingStorage:
    """A storage that is fine until the first commit of a note."""
    counting = FailingStorage(InMemoryStorage())
    await bench.note(denied(candidate()), storage=counting.storage)
    return FailingStorage(bench.storage, counting.steps.index("commit"), error)


async def test_storage_that_fails_is_told_and_nothing_is_kept() -> None:
    bench = Shadowing()
    failing = await failing_at_commit(bench, StorageUnavailableError("the disc is full"))
    noted = await bench.note(denied(candidate()), storage=failing.storage)
    assert (noted.begun, noted.problem) == ((), "the disc is full")
    assert await bench.live() == []


async def test_lost_race_for_a_number_is_run_again() -> None:
    bench = Shadowing()
    failing = await failing_at_commit(bench, ConflictError("taken"))
    noted = await bench.note(denied(candidate()), storage=failing.storage)
    assert failing.has_failed
    assert len(noted.begun) == 1
    assert noted.begun == tuple(await bench.live())
