"""Shadows are followed by the rules of signals, and cost little."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from domain.candles import Candle
from domain.directions import Direction
from domain.errors import (
    InvalidDataError,
    QuorumError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.signals import SignalState
from engine.shadows import as_signal
from tests.builders.signals import PUBLISHED_AT
from tests.fakes.market import HandFeed
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import CALM, ENTRY, NEVER_MET, STOP, TO_THE_TOP
from tests.unit.engine.minutes import FIRST_INDEX, follow, make_minutes
from tests.unit.engine.shadowing import Shadowing, round_shadow

LONG, SHORT = Direction.LONG, Direction.SHORT
GIVEN_UP = 15 + 24 * 60
"""Minutes after which a shadow that was never entered is not waited for any more."""


@dataclass(slots=True, kw_only=True)
class AskedFeed(HandFeed):
    """Writes down what it was asked for."""

    asked: list[tuple[str, int]]

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        self.asked.append((symbol, after_index))
        return await HandFeed.minute_candles(self, symbol, after_index=after_index)


def asked_feed(bench: Shadowing) -> AskedFeed:
    feed = AskedFeed(clock=bench.clock, minutes=bench.feed.minutes, asked=[])
    bench.feed = feed
    bench.follow = bench.new_follower()
    return feed


@pytest.mark.parametrize("direction", Direction)
async def test_shadow_takes_the_course_of_a_signal(direction: Direction) -> None:
    bench = Shadowing()
    shadow = round_shadow(1, direction=direction)
    await bench.keep(shadow)
    bench.goes("SOL", TO_THE_TOP, direction)
    result = await bench.after(4)
    course, _ = follow(as_signal(shadow.shadow), make_minutes(TO_THE_TOP, direction))
    assert course.state is SignalState.TP3
    assert await bench.courses() == {1: course}
    assert result.ended == (replace(shadow, course=course),)
    assert (result.live, result.problems) == (1, {})


async def test_candle_that_opened_before_the_decision_does_not_count() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1, decided_at=PUBLISHED_AT + timedelta(seconds=90)))
    bench.goes("SOL", [STOP, NEVER_MET, NEVER_MET])
    await bench.after(3)
    assert [each.course.state for each in await bench.live()] == [SignalState.PUBLISHED]


async def test_ended_shadow_is_followed_no_more() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.goes("SOL", [ENTRY, STOP])
    await bench.after(2)
    assert (await bench.after(3)).live == 0


async def test_all_shadows_of_a_pair_share_one_request() -> None:
    bench = Shadowing()
    late = round_shadow(3, decided_at=PUBLISHED_AT + timedelta(minutes=2))
    await bench.keep(
        round_shadow(1), round_shadow(2, direction=SHORT), late, round_shadow(4, "ETH")
    )
    feed = asked_feed(bench)
    bench.goes("SOL", [ENTRY, CALM, CALM, ENTRY])
    await bench.after(4)
    assert feed.asked == [("SOLUSDT", FIRST_INDEX - 1), ("ETHUSDT", FIRST_INDEX - 1)]
    await bench.after(5)
    assert feed.asked[2:] == [("SOLUSDT", FIRST_INDEX + 3), ("ETHUSDT", FIRST_INDEX - 1)]


async def test_quiet_course_is_stored_now_and_then_and_one_with_news_at_once() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1), round_shadow(2, "ETH"))
    bench.goes("SOL", [NEVER_MET] * 20)
    bench.goes("ETH", [ENTRY] + [CALM] * 19)
    cursors = []
    for minute in (1, 14, 15, 16):
        await bench.after(minute)
        courses = await bench.courses()
        cursors.append([courses[id_].cursor for id_ in (1, 2)])
    first = FIRST_INDEX
    # The first has expired at 14:15, after the candle of 14:14; both numbers count from 14:01 on.
    assert cursors == [
        [None, first],
        [first + 13, first],
        [first + 13, first],
        [first + 13, first + 15],
    ]


@pytest.mark.parametrize(
    "error",
    [TemporaryVenueError("away"), InvalidDataError("a hole"), VenueRefusedError("delisted")],
)
async def test_pair_that_fails_is_told_and_the_others_go_on(error: QuorumError) -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1), round_shadow(2, "ETH"))
    bench.goes("SOL", [ENTRY, STOP])
    bench.goes("ETH", [ENTRY, STOP])
    bench.feed.failures["SOLUSDT"] = error
    result = await bench.after(2)
    assert result.problems == {"SOLUSDT": str(error)}
    assert [each.shadow.id for each in result.ended] == [2]
    bench.feed.failures.clear()
    assert [each.shadow.id for each in (await bench.after(3)).ended] == [1]


async def test_missing_candle_stops_only_those_that_need_it() -> None:
    bench = Shadowing()
    late = round_shadow(2, decided_at=PUBLISHED_AT + timedelta(minutes=1))
    await bench.keep(round_shadow(1), late)
    bench.feed.minutes["SOLUSDT"] = make_minutes([ENTRY, ENTRY, STOP])[1:]
    result = await bench.after(3)
    assert [each.shadow.id for each in result.ended] == [2]
    assert list(result.problems) == ["SOLUSDT"]
    assert "shadow" in result.problems["SOLUSDT"]


async def test_shadow_whose_pair_is_gone_is_given_up_in_the_end() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.feed.failures["SOLUSDT"] = VenueRefusedError("delisted")
    assert (await bench.after(GIVEN_UP - 10)).ended == ()
    (ended,) = (await bench.after(GIVEN_UP + 10)).ended
    assert ended.course.state is SignalState.CANCELLED


async def test_shadow_whose_candles_are_lost_for_ever_is_given_up_in_the_end() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.feed.minutes["SOLUSDT"] = make_minutes([ENTRY, ENTRY])[1:]
    (ended,) = (await bench.after(GIVEN_UP + 10)).ended
    assert ended.course.state is SignalState.CANCELLED


async def test_venue_that_is_away_ends_nothing_however_long() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.feed.failures["SOLUSDT"] = TemporaryVenueError("away")
    assert (await bench.after(9 * GIVEN_UP)).ended == ()
    assert len(await bench.live()) == 1


@pytest.mark.parametrize(("fails_at", "step"), [(1, "shadows.save_courses"), (2, "commit")])
async def test_storage_that_fails_loses_nothing(fails_at: int, step: str) -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.goes("SOL", [ENTRY, STOP])
    failing = FailingStorage(bench.storage, fails_at=fails_at)
    bench.follow = bench.new_follower(failing.storage)
    with pytest.raises(StorageUnavailableError):
        await bench.after(2)
    assert failing.steps[-1] == step
    bench.feed.minutes.clear()
    (ended,) = (await bench.after(3)).ended
    assert (await bench.ended())[ended.shadow].state is SignalState.STOPPED


async def test_after_a_long_absence_pairs_take_turns() -> None:
    bench = Shadowing()
    names = [f"C{number:02}" for number in range(25)]
    await bench.keep(*[round_shadow(n, base) for n, base in enumerate(names, start=1)])
    feed = asked_feed(bench)
    feed.failures = {f"{base}USDT": TemporaryVenueError("away") for base in names}
    rounds = []
    for minute in range(500, 504):
        feed.asked.clear()
        await bench.after(minute)
        rounds.append({symbol.removesuffix("USDT") for symbol, _ in feed.asked})
    assert [len(each) for each in rounds] == [10, 10, 10, 10]
    assert rounds[:2] == [set(names[:10]), set(names[10:20])]
    assert rounds[2] == {*names[20:], *names[:5]}


async def test_pair_in_reach_of_a_store_never_waits_for_its_turn() -> None:
    bench = Shadowing()
    names = [f"C{number:02}" for number in range(25)]
    await bench.keep(*[round_shadow(n, base) for n, base in enumerate(names, start=1)])
    feed = asked_feed(bench)
    await bench.after(239)
    assert len(feed.asked) == 25


async def test_two_rounds_at_once_take_turns() -> None:
    bench = Shadowing()
    await bench.keep(round_shadow(1))
    bench.goes("SOL", [ENTRY, STOP])
    bench.minutes_later(2)
    rounds = await asyncio.gather(bench.follow(), bench.follow())
    assert [len(each.ended) for each in rounds] == [1, 0]
