"""Each breaker: what trips it, and what releases it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.sentiment import MacroState
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from risk.breakers import BreakerParameters, all_breakers, check_breakers
from risk.state import OpenTrade, RiskState
from tests.builders.outside import make_macro
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import (
    make_candidate,
    make_ended,
    make_live,
    make_round_signal,
    make_state,
)


def tripped(state: RiskState, **candidate: Any) -> list[str]:
    decision = replace(make_candidate(), **candidate)
    return [denial.rule for denial in check_breakers(decision, state, BreakerParameters())]


def ago(**span: float) -> RiskState:
    """A state that many minutes or seconds after a stop-out in SOL."""
    return make_state(stopped_at={"SOLUSDT": CLOSED_AT - timedelta(**span)})


def test_nothing_trips_on_a_quiet_day() -> None:
    assert tripped(make_state()) == []


def test_paused_trips_until_resumed() -> None:
    pause = PauseState(is_paused=True, reason="maintenance")
    (denial,) = check_breakers(make_candidate(), make_state(pause=pause), BreakerParameters())
    assert denial.rule == "paused"
    assert "maintenance" in denial.text
    assert tripped(make_state(pause=PauseState())) == []


def test_macro_danger_trips_for_every_pair_and_tells_since_when_and_why() -> None:
    state = make_state(macro=make_macro(cause="S&P 500 -2.3% in an hour"))
    (denial,) = check_breakers(make_candidate(), state, BreakerParameters())
    assert denial.rule == "macro_danger"
    assert denial.text == "macro danger since 14:00 UTC: S&P 500 -2.3% in an hour"
    assert tripped(state, symbol="ETHUSDT") == ["macro_danger"]


@pytest.mark.parametrize("now", [s for s in MacroState if s is not MacroState.DANGER])
def test_macro_danger_is_released_when_it_is_over(now: MacroState) -> None:
    assert tripped(make_state(macro=make_macro(now))) == []
    assert tripped(make_state(macro=None)) == []


def test_overtrading_trips_at_ten_signals_within_the_hour() -> None:
    recent = tuple(CLOSED_AT - timedelta(minutes=minute) for minute in range(10))
    assert tripped(make_state(published_at=recent[:9])) == []
    assert tripped(make_state(published_at=recent)) == ["overtrading"]


def test_overtrading_releases_as_a_signal_leaves_the_window() -> None:
    oldest = CLOSED_AT - timedelta(hours=1)
    state = make_state(published_at=(oldest + timedelta(seconds=1), *[CLOSED_AT] * 9))
    assert tripped(state) == ["overtrading"]
    assert tripped(replace(state, now=CLOSED_AT + timedelta(seconds=1))) == []


def test_max_positions_trips_at_five_live_trades_whether_entered_or_not() -> None:
    live = [OpenTrade.of(make_live(state=SignalState.PUBLISHED)), OpenTrade.of(make_live())]
    four, five = tuple(live * 2), tuple(live * 2 + live[:1])
    assert tripped(make_state(trades=four), symbol="ETHUSDT") == []
    assert tripped(make_state(trades=five), symbol="ETHUSDT") == ["max_positions"]


def test_a_pair_with_a_live_trade_gets_no_second_one_in_either_direction() -> None:
    state = make_state(trades=(OpenTrade.of(make_live()),))
    assert tripped(state) == ["one_per_pair"]
    assert tripped(state, symbol="ETHUSDT") == []


def test_extreme_volatility_trips_above_three_times_the_mean() -> None:
    assert tripped(make_state(), atr_ratio=3.0) == []
    assert tripped(make_state(), atr_ratio=3.01) == ["extreme_volatility"]


@pytest.mark.parametrize("ratio", [None, float("nan")])
def test_unknown_volatility_trips_too(ratio: float | None) -> None:
    assert tripped(make_state(), atr_ratio=ratio) == ["extreme_volatility"]


def test_revenge_trips_for_fifteen_minutes_after_a_stop_of_the_same_pair() -> None:
    assert tripped(ago(minutes=14, seconds=59)) == ["revenge"]
    assert tripped(ago(minutes=15)) == []
    assert tripped(ago(minutes=1), symbol="ETHUSDT") == []


def test_revenge_trips_when_the_clock_has_leapt_back() -> None:
    assert tripped(ago(minutes=-3)) == ["revenge"]


def test_all_that_trip_are_told_in_the_fixed_order() -> None:
    state = make_state(
        pause=PauseState(is_paused=True),
        trades=(OpenTrade.of(make_live()),) * 5,
        published_at=(CLOSED_AT,) * 10,
        stopped_at={"SOLUSDT": CLOSED_AT},
        macro=make_macro(),
    )
    names = [breaker.name for breaker in all_breakers(BreakerParameters())]
    assert tripped(state, atr_ratio=9.0) == names
    assert names == [
        "paused",
        "macro_danger",
        "overtrading",
        "max_positions",
        "one_per_pair",
        "extreme_volatility",
        "revenge",
    ]


def test_only_a_stop_out_counts_for_revenge_and_the_newest_of_them() -> None:
    signal = make_round_signal()
    state = RiskState.of(
        now=CLOSED_AT,
        equity=make_state().equity,
        pause=PauseState(),
        live=[],
        published=[],
        ended=[
            make_ended(SignalState.STOPPED, CLOSED_AT - timedelta(minutes=9), signal),
            make_ended(SignalState.STOPPED, CLOSED_AT - timedelta(minutes=30), signal),
            make_ended(SignalState.BREAKEVEN, CLOSED_AT - timedelta(minutes=2), signal),
        ],
    )
    assert state.stopped_at == {"SOLUSDT": CLOSED_AT - timedelta(minutes=9)}


def test_wins_in_a_row_count_back_to_the_newest_loss_and_pass_over_what_was_not_entered() -> None:
    def ended(minutes: int, net_r: str, *, entered: bool = True) -> FollowedSignal:
        at = CLOSED_AT - timedelta(minutes=minutes)
        followed = make_ended(SignalState.TP3, at, make_round_signal())
        course = replace(
            followed.course, realised_r=Decimal(net_r), triggered_at=at if entered else None
        )
        return replace(followed, course=course)

    state = RiskState.of(
        now=CLOSED_AT,
        equity=make_state().equity,
        pause=PauseState(),
        live=[],
        published=[],
        ended=[
            ended(50, "1.2"),
            ended(40, "-1"),
            ended(30, "0.5"),
            ended(20, "0", entered=False),
            ended(10, "2"),
        ],
    )
    assert state.wins_in_a_row == 2
