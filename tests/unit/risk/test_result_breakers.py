"""Breakers of results: losses in a row, losses within an hour, wins in a row, costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.breakers import Effect
from risk.day import DayResult
from risk.state import RiskState
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.asking import only_ruling, rulings_of, tripped
from tests.unit.risk.trade_builders import make_results, make_state


def after_losses(count: int, minutes: float, *, apart: float = 5.0) -> RiskState:
    """So many losses in a row, the last of them so many minutes ago."""
    newest = CLOSED_AT - timedelta(minutes=minutes)
    return make_state(ended=make_results(*["-1"] * count, minutes_apart=apart, newest=newest))


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, ["loss_streak"])])
def test_loss_streak_trips_at_three_losses(count: int, expected: list[str]) -> None:
    assert tripped(after_losses(count, 1)) == expected


@pytest.mark.parametrize(("minutes", "is_resting"), [(0, True), (9.99, True), (10, False)])
def test_loss_streak_rests_ten_minutes_since_the_third(minutes: float, is_resting: bool) -> None:
    assert tripped(after_losses(3, minutes)) == (["loss_streak"] if is_resting else [])


def test_loss_streak_says_until_when() -> None:
    ruling = only_ruling(after_losses(3, 4))
    assert ruling.text == "3 losses in a row: all pairs rest until 14:06 UTC"
    assert (ruling.effect, ruling.since) == (Effect.BLOCK, CLOSED_AT - timedelta(minutes=4))


def test_each_further_loss_of_a_streak_begins_another_rest() -> None:
    assert tripped(after_losses(4, 1, apart=30)) == ["loss_streak"]


@pytest.mark.parametrize("between", ["1", "0"])
def test_a_trade_that_does_not_lose_ends_the_streak(between: str) -> None:
    assert tripped(make_state(ended=make_results("-1", "-1", between, "-1"))) == []


def test_loss_streak_rests_when_the_clock_has_leapt_back() -> None:
    assert tripped(after_losses(3, -300)) == ["loss_streak"]


def spread(span_minutes: float, *, ago: float = 1.0, count: int = 5) -> RiskState:
    """`count` losses evenly over a span, the last one `ago`, with a win before the last."""
    newest = CLOSED_AT - timedelta(minutes=ago)
    apart = span_minutes / (count - 1)
    losses = make_results(*["-1"] * count, minutes_apart=apart, newest=newest)
    win = make_results("2", newest=newest - timedelta(seconds=1))
    return make_state(ended=(*losses[:-1], *win, losses[-1]))


@pytest.mark.parametrize(("count", "expected"), [(4, []), (5, ["hourly_losses"])])
def test_hourly_losses_trip_at_five_whatever_was_won_between(
    count: int, expected: list[str]
) -> None:
    assert tripped(spread(40, count=count)) == expected


@pytest.mark.parametrize(("span", "expected"), [(60, ["hourly_losses"]), (60.1, [])])
def test_hourly_losses_count_within_an_hour(span: float, expected: list[str]) -> None:
    assert tripped(spread(span)) == expected


@pytest.mark.parametrize(("ago", "is_resting"), [(29.9, True), (30, False), (-300, True)])
def test_hourly_losses_rest_half_an_hour_since_the_fifth(ago: float, is_resting: bool) -> None:
    assert tripped(spread(40, ago=ago)) == (["hourly_losses"] if is_resting else [])


def test_five_losses_close_together_count_although_older_ones_lie_apart() -> None:
    old = make_results("-1", "-1", minutes_apart=90, newest=CLOSED_AT - timedelta(hours=3))
    state = spread(40)
    ruling = only_ruling(make_state(ended=(*old, *state.ended)))
    assert ruling.since == CLOSED_AT - timedelta(minutes=1)
    assert ruling.text == "5 losses within 60 minutes: all pairs rest until 14:29 UTC"


@pytest.mark.parametrize(("wins", "expected"), [(4, []), (5, ["win_streak"])])
def test_win_streak_trips_at_five_wins(wins: int, expected: list[str]) -> None:
    assert tripped(make_state(ended=make_results(*["1"] * wins))) == expected


def test_win_streak_halves_the_risk_and_blocks_nothing() -> None:
    ruling = only_ruling(make_state(ended=make_results(*["1"] * 6)))
    assert (ruling.effect, ruling.factor) == (Effect.SHRINK, Decimal("0.5"))
    assert not ruling.is_blocking
    assert ruling.text == "6 wins in a row: 50% of the risk"
    assert ruling.since == CLOSED_AT - timedelta(minutes=25)


def test_a_trade_that_does_not_win_ends_the_streak() -> None:
    assert tripped(make_state(ended=make_results(*["1"] * 9, "0"))) == []


def on_a_day(gross: str, costs: str) -> RiskState:
    day = DayResult(
        day=CLOSED_AT.date(), gross_profit_percent=Decimal(gross), costs_percent=Decimal(costs)
    )
    return make_state(day=day)


@pytest.mark.parametrize(("costs", "expected"), [("0.4", []), ("0.401", ["fee_share"])])
def test_fee_share_trips_above_forty_percent_of_gross_profit(
    costs: str, expected: list[str]
) -> None:
    assert tripped(on_a_day("1", costs)) == expected


def test_fee_share_only_tells() -> None:
    ruling = only_ruling(on_a_day("1", "0.5"))
    assert (ruling.effect, ruling.is_blocking) == (Effect.NOTIFY, False)
    assert ruling.text == "costs took 50 % of the day's gross profit, more than 40 %"
    assert ruling.since == datetime(2025, 10, 6, tzinfo=UTC)


def test_without_a_profit_there_is_nothing_that_costs_could_take() -> None:
    assert rulings_of(on_a_day("0", "0.5")) == ()
