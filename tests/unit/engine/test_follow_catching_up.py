"""Catching up after downtime: in order, whole minutes at a time, each step once."""

import asyncio

import pytest

from domain.errors import ConflictError, StorageUnavailableError
from domain.ledger import EntryKind
from domain.signals import SignalState
from engine.ledger import parse_content
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import CALM, ENTRY, STOP, TO_THE_TOP, Following
from tests.unit.engine.kept import Kept, look_into


def outcomes(kept: Kept) -> list[tuple[int, str]]:
    contents = [parse_content(e) for e in kept.ledger if e.kind is EntryKind.OUTCOME]
    return [(content["signal"], content["state"]) for content in contents]


async def test_catching_up_tells_every_step_in_order() -> None:
    bench = Following()
    signal = await bench.publish(TO_THE_TOP)
    await bench.after(30)
    kept = await look_into(bench.storage)
    assert [key for key in kept.keys if not key.endswith(":post")] == [
        "signal:1",
        "signal:1:triggered",
        "signal:1:tp1",
        "signal:1:tp2",
        "signal:1:tp3",
    ]
    texts = [m.text for m in kept.messages if m.edits]
    assert texts == [f"post of #1: {state}" for state in ("triggered", "tp1", "tp2", "tp3")]
    assert (await bench.now(signal)).course.state is SignalState.TP3


async def test_catching_up_tells_all_signals_in_the_order_of_what_happened() -> None:
    bench = Following()
    await bench.publish([ENTRY, CALM, CALM, STOP], base="SOL")
    await bench.publish([CALM, ENTRY, STOP], base="ETH")
    await bench.after(30)
    kept = await look_into(bench.storage)
    assert outcomes(kept) == [(2, "stopped"), (1, "stopped")]
    assert [key for key in kept.keys if key.count(":") == 2 and not key.endswith("post")] == [
        "signal:1:triggered",
        "signal:2:triggered",
        "signal:2:stopped",
        "signal:1:stopped",
    ]


async def test_minutes_without_news_are_stored_in_one_transaction() -> None:
    bench = Following()
    for base in ("SOL", "ETH", "XRP"):
        await bench.publish([ENTRY, CALM], base=base)
    await bench.after(1)
    bench.minutes_later(2)
    counting = FailingStorage(bench.storage)
    await bench.new_follower(counting.storage)()
    assert counting.steps == ["signals.list_live", *["signals.save_course"] * 3, "commit"]


async def test_two_rounds_at_the_same_time_take_each_step_once() -> None:
    bench = Following()
    await bench.publish([ENTRY, STOP], base="SOL")
    await bench.publish([ENTRY, STOP], base="ETH")
    follower = bench.new_follower(FailingStorage(bench.storage).storage)
    bench.minutes_later(2)
    rounds = await asyncio.gather(*(follower() for _ in range(3)))
    assert sum(len(each.steps) for each in rounds) == 4
    kept = await look_into(bench.storage)
    assert outcomes(kept) == [(1, "stopped"), (2, "stopped")]
    assert len(kept.messages) == 2 + 2 * 4


async def _steps_of_an_end() -> list[str]:
    bench = Following()
    await bench.publish([ENTRY, STOP])
    bench.minutes_later(2)
    counting = FailingStorage(bench.storage)
    await bench.new_follower(counting.storage)()
    return counting.steps


async def _ended() -> Kept:
    return await _after_minutes(2)


async def _after_minutes(count: int) -> Kept:
    bench = Following()
    await bench.publish([ENTRY, STOP])
    await bench.after(count)
    return await look_into(bench.storage)


@pytest.mark.parametrize("is_late", [False, True])
async def test_end_of_the_process_at_any_step_leaves_whole_minutes(is_late: bool) -> None:
    expected, steps = await _ended(), await _steps_of_an_end()
    assert {"signals.save_course", "ledger.append", "outbox.put"} < set(steps)
    whole = [await _after_minutes(count) for count in range(3)]
    for number, step in enumerate(steps):
        bench = Following()
        await bench.publish([ENTRY, STOP])
        bench.minutes_later(2)
        failing = FailingStorage(bench.storage, number, is_late=is_late)
        with pytest.raises(StorageUnavailableError):
            await bench.new_follower(failing.storage)()
        assert await look_into(bench.storage) in whole, step
        await bench.new_follower()()
        assert await look_into(bench.storage) == expected, step


async def test_lost_race_is_run_again() -> None:
    expected, steps = await _ended(), await _steps_of_an_end()
    for number in range(steps.index("signals.save_course"), len(steps)):
        bench = Following()
        await bench.publish([ENTRY, STOP])
        bench.minutes_later(2)
        failing = FailingStorage(bench.storage, number, ConflictError("somebody was quicker"))
        await bench.new_follower(failing.storage)()
        assert failing.has_failed
        assert await look_into(bench.storage) == expected
