"""Breakers of signals, positions, markets and people: what trips them, and what releases them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.breakers import Effect, Latch
from domain.correlations import Correlations
from domain.sentiment import MacroState
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from risk.breakers import (
    AllPairsBreaker,
    LowQualityHours,
    Ruling,
    all_breakers,
    check_all_pairs,
    list_standings,
)
from risk.day import DayResult
from risk.state import EndedTrade, OpenTrade, RiskState
from tests.builders.outside import make_macro
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.asking import PARAMETERS, only_ruling, tripped
from tests.unit.risk.data_builders import make_stale_snapshot
from tests.unit.risk.trade_builders import (
    make_ended,
    make_live,
    make_open_trade,
    make_results,
    make_round_signal,
    make_state,
)


def ago(**span: float) -> RiskState:
    """A state that many minutes or seconds after a stop-out in SOL."""
    return make_state(stopped_at={"SOLUSDT": CLOSED_AT - timedelta(**span)})


def test_nothing_trips_on_a_quiet_day() -> None:
    assert tripped(make_state()) == []


def test_paused_trips_until_resumed() -> None:
    pause = PauseState(is_paused=True, reason="maintenance")
    ruling = only_ruling(make_state(pause=pause))
    assert (ruling.breaker, ruling.effect) == ("paused", Effect.BLOCK)
    assert "maintenance" in ruling.text
    assert tripped(make_state(pause=PauseState())) == []


def test_macro_danger_trips_for_every_pair_and_tells_since_when_and_why() -> None:
    state = make_state(macro=make_macro(cause="S&P 500 -2.3% in an hour"))
    ruling = only_ruling(state)
    assert (ruling.breaker, ruling.effect) == ("macro_danger", Effect.BLOCK)
    assert ruling.text == "macro danger since 14:00 UTC: S&P 500 -2.3% in an hour"
    assert tripped(state, symbol="ETHUSDT") == ["macro_danger"]


@pytest.mark.parametrize("now", [s for s in MacroState if s is not MacroState.DANGER])
def test_macro_danger_is_released_when_it_is_over(now: MacroState) -> None:
    assert tripped(make_state(macro=make_macro(now))) == []
    assert tripped(make_state(macro=None)) == []


def test_overtrading_trips_at_ten_signals_within_the_hour() -> None:
    recent = tuple(CLOSED_AT - timedelta(minutes=minute) for minute in range(10))
    assert tripped(make_state(published_at=recent[:9])) == []
    assert tripped(make_state(published_at=recent)) == ["overtrading"]


def test_overtrading_knows_the_signal_that_filled_the_window() -> None:
    recent = tuple(CLOSED_AT - timedelta(minutes=minute) for minute in range(12))
    assert only_ruling(make_state(published_at=recent)).since == CLOSED_AT - timedelta(minutes=2)


def test_overtrading_releases_as_a_signal_leaves_the_window() -> None:
    oldest = CLOSED_AT - timedelta(hours=1)
    state = make_state(published_at=(oldest + timedelta(seconds=1), *[CLOSED_AT] * 9))
    assert tripped(state) == ["overtrading"]
    assert tripped(replace(state, now=CLOSED_AT + timedelta(seconds=1))) == []


def test_max_positions_trips_at_five_live_trades_whether_entered_or_not() -> None:
    live = [OpenTrade.of(make_live(state=SignalState.PUBLISHED)), OpenTrade.of(make_live())]
    state = make_state(correlations=Correlations(values={("ETHUSDT", "SOLUSDT"): 0.0}))
    four, five = tuple(live * 2), tuple(live * 2 + live[:1])
    assert tripped(replace(state, trades=four), symbol="ETHUSDT") == []
    assert tripped(replace(state, trades=five), symbol="ETHUSDT") == ["max_positions"]


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


def stormy_state() -> RiskState:
    """Everything has tripped that can."""
    trades = (OpenTrade.of(make_live()), *(make_open_trade(f"P{n}USDT") for n in range(4)))
    return make_state(
        pause=PauseState(is_paused=True),
        day=DayResult(
            day=CLOSED_AT.date(), gross_profit_percent=Decimal(1), costs_percent=Decimal(1)
        ),
        latches=(Latch(breaker="drawdown", level=2, tripped_at=CLOSED_AT, text="down"),),
        ended=(
            *make_results("-1", "-1", newest=CLOSED_AT - timedelta(minutes=9)),
            *make_results("-1", "-1", "-1", minutes_apart=1),
        ),
        trades=trades,
        published_at=(CLOSED_AT,) * 10,
        stopped_at={"SOLUSDT": CLOSED_AT},
        macro=make_macro(),
        clock_age_seconds=10_000.0,
    )


def test_all_that_trip_are_told_in_the_fixed_order() -> None:
    names = [breaker.name for breaker in all_breakers(PARAMETERS)]
    assert names == [
        "paused",
        "drawdown",
        "loss_streak",
        "hourly_losses",
        "macro_danger",
        "clock_health",
        "data_health",
        "overtrading",
        "max_positions",
        "one_per_pair",
        "correlation_guard",
        "extreme_volatility",
        "revenge",
        "fee_share",
        "win_streak",
    ]
    # Five losses and five wins in a row exclude each other.
    assert tripped(stormy_state(), make_stale_snapshot(), atr_ratio=9.0) == names[:-1]


def test_breakers_of_all_pairs_can_be_asked_without_a_candidate() -> None:
    found = {ruling.breaker for ruling in check_all_pairs(stormy_state(), PARAMETERS)}
    breakers = all_breakers(PARAMETERS)
    assert found == {one.name for one in breakers if isinstance(one, AllPairsBreaker)} - {
        "win_streak"
    }


def test_every_breaker_has_a_standing_that_says_what_releases_it() -> None:
    quiet = list_standings(all_breakers(PARAMETERS), make_state())
    assert [standing.breaker for standing in quiet] == [b.name for b in all_breakers(PARAMETERS)]
    assert all(standing.release for standing in quiet)
    assert {(standing.effect, standing.text) for standing in quiet} == {(None, "")}


def test_pair_breaker_stands_once_for_each_pair_it_has_tripped_for() -> None:
    state = make_state(stopped_at={"SOLUSDT": CLOSED_AT, "ETHUSDT": CLOSED_AT})
    standings = list_standings(all_breakers(PARAMETERS), state)
    resting = [standing for standing in standings if standing.breaker == "revenge"]
    assert [standing.symbol for standing in resting] == ["ETHUSDT", "SOLUSDT"]
    assert {standing.effect for standing in resting} == {Effect.BLOCK}


@pytest.mark.parametrize(("hour", "is_told"), [(3, False), (4, True), (7, True), (8, False)])
def test_low_quality_hours_are_told_while_they_last(hour: int, is_told: bool) -> None:
    rule = LowQualityHours(hours=(4, 5, 6, 7), surcharge=5.0)
    ruling = rule.check(make_state(now=CLOSED_AT.replace(hour=hour, minute=59)))
    assert (ruling is not None) is is_told
    if ruling is not None:
        assert (ruling.effect, ruling.is_blocking) == (Effect.RAISE_BAR, False)
        assert "5 higher" in ruling.text


def test_hours_that_cost_nothing_are_not_told() -> None:
    rule = LowQualityHours(hours=(14,), surcharge=0.0)
    assert rule.check(make_state()) is None


@pytest.mark.parametrize(
    ("effect", "factor"),
    [(Effect.SHRINK, "1"), (Effect.SHRINK, "0"), (Effect.BLOCK, "0.5"), (Effect.SHRINK, "1.1")],
)
def test_ruling_whose_factor_does_not_fit_its_effect_is_refused(
    effect: Effect, factor: str
) -> None:
    with pytest.raises(ValueError, match="leaves"):
        Ruling(breaker="any", effect=effect, text="words", factor=Decimal(factor))


def collected(*ended: FollowedSignal) -> RiskState:
    return RiskState.of(
        now=CLOSED_AT,
        equity=make_state().equity,
        pause=PauseState(),
        live=[],
        published=[],
        ended=ended,
    )


def test_only_a_stop_out_counts_for_revenge_and_the_newest_of_them() -> None:
    signal = make_round_signal()
    state = collected(
        make_ended(SignalState.STOPPED, CLOSED_AT - timedelta(minutes=9), signal),
        make_ended(SignalState.STOPPED, CLOSED_AT - timedelta(minutes=30), signal),
        make_ended(SignalState.BREAKEVEN, CLOSED_AT - timedelta(minutes=2), signal),
    )
    assert state.stopped_at == {"SOLUSDT": CLOSED_AT - timedelta(minutes=9)}


def test_ended_trades_are_those_that_were_entered() -> None:
    def ended(minutes: int, net_r: str, *, entered: bool) -> FollowedSignal:
        at = CLOSED_AT - timedelta(minutes=minutes)
        followed = make_ended(SignalState.TP3, at, make_round_signal())
        course = replace(
            followed.course, realised_r=Decimal(net_r), triggered_at=at if entered else None
        )
        return replace(followed, course=course)

    state = collected(
        ended(30, "0.5", entered=True), ended(20, "0", entered=False), ended(10, "2", entered=True)
    )
    assert state.ended == tuple(
        EndedTrade(
            symbol="SOLUSDT",
            ended_at=CLOSED_AT - timedelta(minutes=minutes),
            net_r=Decimal(net_r),
        )
        for minutes, net_r in ((30, "0.5"), (10, "2"))
    )
