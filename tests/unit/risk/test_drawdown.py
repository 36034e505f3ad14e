"""The drawdown ladder and its latch: steps, their edges, and how they are released."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.breakers import Effect, Latch
from risk.breakers.drawdown import DrawdownParameters, latch_at
from risk.day import DayResult
from risk.latching import is_held, raised, releasable_from, resumed
from risk.state import RiskState
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.asking import only_ruling, rulings_of, tripped
from tests.unit.risk.trade_builders import make_state

MIDNIGHT = datetime(2025, 10, 7, tzinfo=UTC)
NEXT_MORNING = MIDNIGHT + timedelta(hours=8)


def at(percent: str, **changes: Any) -> RiskState:
    """A day with a result."""
    return make_state(day=make_day(percent, **changes))


def make_day(percent: str, **changes: Any) -> DayResult:
    return DayResult(day=CLOSED_AT.date(), realised_percent=Decimal(percent), **changes)


def make_latch(level: int = 2, tripped_at: datetime = CLOSED_AT, **changes: Any) -> Latch:
    latch = Latch(breaker="drawdown", level=level, tripped_at=tripped_at, text="down 3 %")
    return replace(latch, **changes)


@pytest.mark.parametrize(
    ("percent", "step"),
    [
        ("3", 0),
        ("0", 0),
        ("-1.9999", 0),
        ("-2", 1),
        ("-2.9999", 1),
        ("-3", 2),
        ("-3.9999", 2),
        ("-4", 3),
        ("-4.9999", 3),
        ("-5", 4),
        ("-50", 4),
    ],
)
def test_step_is_reached_at_its_bound(percent: str, step: int) -> None:
    assert DrawdownParameters().step_at(Decimal(percent)) == step


@pytest.mark.parametrize(
    ("percent", "effect"),
    [
        ("-2", Effect.NOTIFY),
        ("-2.99", Effect.NOTIFY),
        ("-3", Effect.BLOCK),
        ("-5", Effect.BLOCK),
    ],
)
def test_days_result_blocks_from_the_second_step_on(percent: str, effect: Effect) -> None:
    ruling = only_ruling(at(percent))
    assert (ruling.breaker, ruling.effect) == ("drawdown", effect)


def test_small_loss_is_nobodys_trouble() -> None:
    assert tripped(at("-1.99")) == []


def test_open_results_count_like_realised_ones() -> None:
    assert tripped(at("-1", open_percent=Decimal(-2))) == ["drawdown"]
    assert tripped(at("-4", open_percent=Decimal(3))) == []


def test_message_says_how_the_day_stands_and_what_follows() -> None:
    text = only_ruling(at("-3.126")).text
    assert text == ("2025-10-06 stands at -3.13 % of equity: no new trades, close the worse half")


def test_what_is_only_assumed_blocks_and_is_named() -> None:
    assumed = Decimal("-3.2")
    state = at("0", open_percent=assumed, assumed_percent=assumed, unpriced=("SOL/USDT",))
    ruling = only_ruling(state)
    assert ruling.is_blocking
    assert "without a price, counted as stopped: SOL/USDT" in ruling.text


@pytest.mark.parametrize(
    ("level", "effect"),
    [(2, Effect.CLOSE_WORST_HALF), (3, Effect.CLOSE_ALL), (4, Effect.CLOSE_ALL)],
)
def test_latch_blocks_although_the_result_has_recovered(level: int, effect: Effect) -> None:
    state = replace(at("1"), latches=(make_latch(level),))
    ruling = only_ruling(state)
    assert (ruling.effect, ruling.is_blocking, ruling.since) == (effect, True, CLOSED_AT)
    assert ruling.text == "down 3 %; until an admin resumes, from 2025-10-07 00:00 UTC on"


def test_latch_of_another_breaker_is_not_this_ones() -> None:
    assert tripped(replace(make_state(), latches=(make_latch(breaker="else"),))) == []


def test_latch_keeps_what_tripped_it() -> None:
    latch = latch_at(3, make_day("-4.2"), CLOSED_AT)
    assert (latch.breaker, latch.level, latch.tripped_at) == ("drawdown", 3, CLOSED_AT)
    assert latch.text == "2025-10-06 stands at -4.20 % of equity: no new trades, close all"


def test_steps_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="steps_percent"):
        DrawdownParameters(steps_percent=(2.0, 4.0, 3.0, 5.0))


def test_new_day_alone_releases_nothing() -> None:
    assert is_held(make_latch(), NEXT_MORNING)
    state = replace(make_state(now=NEXT_MORNING), latches=(make_latch(),))
    assert [ruling.breaker for ruling in rulings_of(state)] == ["drawdown"]


def test_resume_on_the_same_day_releases_nothing() -> None:
    latch = make_latch()
    assert resumed(latch, MIDNIGHT - timedelta(microseconds=1)) == latch


def test_resume_on_the_next_day_releases() -> None:
    assert releasable_from(make_latch()) == MIDNIGHT
    latch = resumed(make_latch(), MIDNIGHT)
    assert latch.resumed_at == MIDNIGHT
    assert not is_held(latch, MIDNIGHT)


def test_second_resume_changes_nothing() -> None:
    latch = resumed(make_latch(), NEXT_MORNING)
    assert resumed(latch, NEXT_MORNING + timedelta(hours=1)) == latch


def test_clock_that_leapt_ahead_for_a_resume_and_back_releases_only_when_the_day_is_over() -> None:
    latch = resumed(make_latch(), NEXT_MORNING)
    assert is_held(latch, CLOSED_AT + timedelta(minutes=1))
    assert not is_held(latch, NEXT_MORNING + timedelta(minutes=1))


def test_resume_dated_before_the_end_of_the_day_does_not_count() -> None:
    assert is_held(make_latch(resumed_at=CLOSED_AT + timedelta(hours=1)), NEXT_MORNING)


def test_first_trip_makes_a_latch() -> None:
    assert raised(None, make_latch()) == make_latch()


def test_same_or_lower_step_on_the_same_day_is_nothing_new() -> None:
    later = make_latch(2, CLOSED_AT + timedelta(hours=1))
    assert raised(make_latch(2), later) is None
    assert raised(make_latch(3), later) is None


def test_higher_step_on_the_same_day_keeps_when_it_first_tripped() -> None:
    later = make_latch(3, CLOSED_AT + timedelta(hours=1), text="down 4 %")
    assert raised(make_latch(2), later) == make_latch(3, text="down 4 %")


@pytest.mark.parametrize("level", [2, 3, 4])
def test_trip_on_a_later_day_starts_anew_whether_the_old_one_was_released_or_not(
    level: int,
) -> None:
    again = make_latch(2, NEXT_MORNING)
    assert raised(make_latch(level), again) == again
    released = make_latch(level, resumed_at=MIDNIGHT)
    assert raised(released, again) == again
    assert is_held(again, NEXT_MORNING)


def test_trip_after_a_resume_that_a_leaping_clock_allowed_takes_it_back() -> None:
    leapt = make_latch(3, resumed_at=NEXT_MORNING)
    assert raised(leapt, make_latch(2, CLOSED_AT + timedelta(hours=1))) == make_latch(3)
