"""Following signals: every step is stored, posted and answered once, whatever comes in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import (
    InvalidDataError,
    QuorumError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.ledger import EntryKind
from domain.messages import CHANNEL
from domain.signals import SignalState
from engine.ledger import parse_content
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import (
    CALM,
    ENTRY,
    FIRST_TARGET,
    NEVER_MET,
    SHORT,
    STOP,
    TO_THE_TOP,
    Following,
)
from tests.unit.engine.kept import Kept, look_into


def outcomes(kept: Kept) -> list[tuple[int, str]]:
    contents = [parse_content(e) for e in kept.ledger if e.kind is EntryKind.OUTCOME]
    return [(content["signal"], content["state"]) for content in contents]


async def test_each_step_edits_the_post_and_replies_to_it() -> None:
    bench = Following()
    await bench.publish([ENTRY, FIRST_TARGET])
    await bench.after(1)
    await bench.after(2)
    kept = await look_into(bench.storage)
    assert kept.keys == [
        "signal:1",
        "signal:1:triggered:post",
        "signal:1:triggered",
        "signal:1:tp1:post",
        "signal:1:tp1",
    ]
    edit, reply = kept.messages[3:]
    assert (edit.edits, edit.replies_to, edit.text) == ("signal:1", None, "post of #1: tp1")
    assert (reply.edits, reply.replies_to, reply.text) == (None, "signal:1", "#1 is tp1 at 103.00")
    assert [button.subject for button in edit.buttons] == [1, 1]
    assert {message.recipient for message in kept.messages} == {CHANNEL}


async def test_round_tells_the_steps_with_the_course_right_after_each() -> None:
    bench = Following()
    await bench.publish([ENTRY, FIRST_TARGET])
    result = await bench.after(2)
    assert [step.state for _, step in result.steps] == [SignalState.TRIGGERED, SignalState.TP1]
    assert all(followed.course == step.course for followed, step in result.steps)
    assert result.problems == {}


async def test_pair_that_is_only_quoted_any_more_is_given_up_like_one_without_candles() -> None:
    bench = Following()
    last = 0.5
    signal = await bench.publish([ENTRY, *[(last, last, last, last)] * LONG_AFTER])
    await bench.after(LONG_AFTER - 5)
    course = (await bench.now(signal)).course
    assert course.state is SignalState.INVALIDATED
    assert course.triggered_at is not None
    assert course.ended_at == course.triggered_at + timedelta(hours=26)
    assert course.exits[-1].price == signal.plan.stop


async def test_outcome_is_recorded_at_the_end_and_only_once() -> None:
    bench = Following()
    signal = await bench.publish(TO_THE_TOP)
    for minutes in range(1, 4):
        await bench.after(minutes)
        assert outcomes(await look_into(bench.storage)) == []
    for minutes in range(4, 8):
        await bench.after(minutes)
        assert outcomes(await look_into(bench.storage)) == [(1, "tp3")]
    content = parse_content((await look_into(bench.storage)).ledger[-1])
    course = (await bench.now(signal)).course
    assert content["net_r"] == format(course.realised_r.normalize(), "f")
    assert course.closed_fraction == 1


async def test_minute_without_news_moves_the_cursor_and_nothing_else() -> None:
    bench = Following()
    signal = await bench.publish([ENTRY, CALM, CALM])
    await bench.after(1)
    before = await look_into(bench.storage)
    cursor = (await bench.now(signal)).course.cursor
    result = await bench.after(3)
    assert result.steps == ()
    after = await look_into(bench.storage)
    assert (after.messages, after.ledger) == (before.messages, before.ledger)
    assert cursor is not None
    assert (await bench.now(signal)).course.cursor == cursor + 2


async def test_without_a_new_candle_nothing_is_written() -> None:
    bench = Following()
    await bench.publish([ENTRY, CALM])
    await bench.after(1)
    counting = FailingStorage(bench.storage)
    await bench.new_follower(counting.storage)()
    assert counting.steps == ["signals.list_live"]


async def test_signal_whose_entry_is_not_met_expires() -> None:
    bench = Following()
    signal = await bench.publish([NEVER_MET] * 20)
    await bench.after(13)
    assert (await bench.now(signal)).course.state is SignalState.PUBLISHED
    await bench.after(14)
    kept = await look_into(bench.storage)
    assert outcomes(kept) == [(1, "expired")]
    assert kept.keys[-2:] == ["signal:1:expired:post", "signal:1:expired"]


async def test_signal_that_has_ended_is_not_followed_any_more() -> None:
    bench = Following()
    await bench.publish([ENTRY, STOP, CALM, CALM])
    await bench.after(2)
    bench.feed.failures["SOLUSDT"] = StaleDataError("nobody may ask")
    assert await bench.after(4) == await bench.after(5)
    assert (await bench.after(6)).problems == {}


@pytest.mark.parametrize(
    "failure",
    [
        StaleDataError("a gap"),
        TemporaryVenueError("HTTP 502"),
        VenueRefusedError("no such pair"),
        InvalidDataError("a hole"),
    ],
)
async def test_pair_without_candles_is_a_problem_and_the_others_go_on(
    failure: QuorumError,
) -> None:
    bench = Following()
    first = await bench.publish([ENTRY, FIRST_TARGET], base="SOL")
    second = await bench.publish([ENTRY, STOP], base="ETH")
    bench.feed.failures["SOLUSDT"] = failure
    result = await bench.after(2)
    assert result.problems == {1: str(failure)}
    assert (await bench.now(first)).course.cursor is None
    assert (await bench.now(second)).course.state is SignalState.STOPPED
    del bench.feed.failures["SOLUSDT"]
    result = await bench.after(2)
    assert result.problems == {}
    assert (await bench.now(first)).course.state is SignalState.TP1


async def test_hole_in_the_minutes_stops_that_signal_until_it_is_filled() -> None:
    bench = Following()
    signal = await bench.publish([ENTRY, CALM, FIRST_TARGET])
    whole = bench.feed.minutes["SOLUSDT"]
    bench.feed.minutes["SOLUSDT"] = [whole[0], whole[2]]
    result = await bench.after(3)
    assert "needs 1m candle" in result.problems[1]
    assert (await bench.now(signal)).course.cursor is None
    bench.feed.minutes["SOLUSDT"] = whole
    await bench.after(3)
    assert (await bench.now(signal)).course.state is SignalState.TP1


LONG_AFTER = 27 * 60
"""Minutes after which nobody expects candles of a signal any more: a day after its natural end."""


@pytest.mark.parametrize("failure", [None, VenueRefusedError("no such pair")])
async def test_signal_whose_pair_is_gone_for_good_is_ended_against_itself(
    failure: QuorumError | None,
) -> None:
    bench = Following()
    waiting = await bench.publish([NEVER_MET], base="ETH")
    opened = await bench.publish([ENTRY, FIRST_TARGET])
    await bench.after(2)
    if failure is not None:
        bench.feed.failures = dict.fromkeys((opened.plan.symbol, waiting.plan.symbol), failure)

    assert (await bench.after(24 * 60)).steps == ()
    result = await bench.after(LONG_AFTER)

    assert [step.state for _, step in result.steps] == ["cancelled", "invalidated"]
    assert bool(result.problems) is (failure is not None)
    kept = await look_into(bench.storage)
    assert outcomes(kept) == [(1, "cancelled"), (2, "invalidated")]
    assert kept.keys[-2:] == ["signal:2:invalidated:post", "signal:2:invalidated"]
    course = (await bench.now(opened)).course
    assert course.closed_fraction == 1
    assert course.exits[-1].price == course.stop
    assert course.triggered_at is not None
    # However late somebody looks: a day after the two hours it may be held.
    assert course.ended_at == course.triggered_at + timedelta(hours=26)
    assert (await bench.now(waiting)).course.ended_at == waiting.valid_until + timedelta(days=1)
    assert (await bench.after(LONG_AFTER + 1)).steps == ()


async def test_venue_that_is_away_for_days_ends_nothing() -> None:
    bench = Following()
    signal = await bench.publish([ENTRY, CALM, STOP])
    bench.feed.failures["SOLUSDT"] = TemporaryVenueError("HTTP 502")
    result = await bench.after(LONG_AFTER)
    assert (result.steps, result.problems) == ((), {1: "HTTP 502"})
    del bench.feed.failures["SOLUSDT"]
    await bench.after(LONG_AFTER + 1)
    course = (await bench.now(signal)).course
    assert course.state is SignalState.STOPPED
    assert course.ended_at == bench.feed.minutes["SOLUSDT"][2].closed_at


async def test_long_and_short_are_followed_side_by_side() -> None:
    bench = Following()
    long_ = await bench.publish([ENTRY, FIRST_TARGET], base="SOL")
    short = await bench.publish([ENTRY, FIRST_TARGET], base="ETH", direction=SHORT)
    await bench.after(2)
    assert (await bench.now(long_)).course.state is SignalState.TP1
    assert (await bench.now(short)).course.state is SignalState.TP1
    kept = await look_into(bench.storage)
    assert [m.text for m in kept.messages if m.key in ("signal:1:tp1", "signal:2:tp1")] == [
        "#1 is tp1 at 103.00",
        "#2 is tp1 at 97.00",
    ]


async def test_steps_of_one_signal_never_touch_another() -> None:
    bench = Following()
    first = await bench.publish([ENTRY, FIRST_TARGET], base="SOL")
    await bench.publish([NEVER_MET] * 2, base="ETH")
    await bench.after(2)
    other = (await look_into(bench.storage)).signals[1]
    assert other.course == replace(other.course, state=SignalState.PUBLISHED, exits=())
    assert (await bench.now(first)).ledger_hash != other.ledger_hash
