"""The gate as a whole: a plan, or every reason why there is none."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.correlations import Correlations
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.plans import Denied, TradePlan
from domain.signals import SignalState
from domain.trading_state import PauseState
from risk.day import DayResult
from risk.gate import RiskParameters, assess
from risk.state import OpenTrade, RiskState
from tests.builders.signals import CLOSED_AT, VALIDITY
from tests.unit.risk.trade_builders import (
    make_candidate,
    make_live,
    make_open_trade,
    make_results,
    make_snapshot,
    make_state,
)

PARAMETERS = RiskParameters()


def judged(
    snapshot: MarketSnapshot | None = None, state: RiskState | None = None, **candidate: Any
) -> TradePlan | Denied:
    decision = replace(make_candidate(), **candidate)
    return assess(
        decision,
        snapshot or make_snapshot(),
        state or make_state(),
        PARAMETERS,
        entry_window=VALIDITY,
    )


def plan_of(
    snapshot: MarketSnapshot | None = None, state: RiskState | None = None, **candidate: Any
) -> TradePlan:
    verdict = judged(snapshot, state, **candidate)
    assert isinstance(verdict, TradePlan), verdict
    return verdict


def rules_of(
    snapshot: MarketSnapshot | None = None, state: RiskState | None = None, **candidate: Any
) -> list[str]:
    verdict = judged(snapshot, state, **candidate)
    assert isinstance(verdict, Denied), verdict
    return [denial.rule for denial in verdict.denials]


def test_good_decision_becomes_a_whole_plan() -> None:
    plan = plan_of()
    assert (plan.symbol, plan.direction, plan.entry) == ("SOLUSDT", Direction.LONG, Decimal(100))
    assert (plan.stop, plan.stop_distance, plan.atr) == (
        Decimal("98.5"),
        Decimal("1.5"),
        Decimal(1),
    )
    assert plan.costs.round_trip == Decimal("0.0022")
    assert plan.break_even == Decimal("100.22")
    assert plan.net_reward_to_risk == Decimal("2.05")  # (3.75 - 0.22) / (1.5 + 0.22)
    assert plan.quantity == Decimal("87.20")  # 150 / 1.72
    assert plan.notional == 8720
    assert (plan.leverage, plan.margin) == (Decimal(5), Decimal(1744))
    assert plan.risk_amount == Decimal("149.984")
    assert plan.risk_percent == Decimal("1.49984")
    assert plan.shrinks == ()


def test_every_shrink_is_told() -> None:
    used = OpenTrade(
        symbol="ETHUSDT",
        direction=Direction.LONG,
        loss_at_stop=Decimal(550),
        notional=Decimal(49_000),
        margin=Decimal(2_000),
    )
    plan = plan_of(
        make_snapshot(turnover=50_000),
        make_state(trades=(used,)),
        score=70.0,
    )
    assert plan.shrinks == (
        "score 70.0: 50% of the full risk",
        "heat cap 6 % of equity over all trades",
        "exposure cap 500 % of equity over all trades",
        "liquidity cap 1 % of 5-minute volume",
    )
    assert plan.notional == 500


def test_win_streak_shrinks_the_plan_after_score_and_regime_and_before_the_caps() -> None:
    used = make_open_trade("ADAUSDT", Direction.SHORT, loss_at_stop="573")
    state = make_state(ended=make_results(*["1"] * 5), trades=(used,))
    plan = plan_of(state=state, score=80.0, regime=Regime.CHOPPY)
    assert plan.shrinks == (
        "score 80.0: 75% of the full risk",
        "choppy market: 50% of the risk",
        "5 wins in a row: 50% of the risk",
        "heat cap 6 % of equity over all trades",
    )
    assert plan.risk_amount <= 27


def test_what_only_tells_neither_denies_nor_shrinks() -> None:
    day = DayResult(
        day=CLOSED_AT.date(),
        realised_percent=Decimal("-2.5"),
        gross_profit_percent=Decimal(1),
        costs_percent=Decimal(1),
    )
    assert plan_of(state=make_state(day=day)) == plan_of()


def test_denial_names_all_reasons_in_the_fixed_order() -> None:
    state = make_state(
        pause=PauseState(is_paused=True),
        trades=(replace(OpenTrade.of(make_live()), loss_at_stop=Decimal(590)),),
        stopped_at={"SOLUSDT": CLOSED_AT},
    )
    found = rules_of(make_snapshot(turnover=None), state, score=60.0, atr=2.5)
    assert found == [
        "paused",
        "one_per_pair",
        "revenge",
        "stop_too_wide",
        "score_band",
        "heat",
        "liquidity_unknown",
    ]


def test_unknown_atr_is_denied_along_with_the_breakers() -> None:
    paused = make_state(pause=PauseState(is_paused=True))
    assert rules_of(state=paused, atr=None) == ["paused", "no_atr"]
    assert rules_of(atr=float("nan")) == ["no_atr"]


def test_price_that_the_pair_cannot_have_is_denied() -> None:
    assert rules_of(close=0.004) == ["no_price"]
    assert rules_of(close=float("nan"), atr=None) == ["no_price", "no_atr"]


def test_tripped_breaker_denies_what_is_otherwise_fine() -> None:
    assert rules_of(state=make_state(stopped_at={"SOLUSDT": CLOSED_AT})) == ["revenge"]


def test_position_below_the_minimum_is_denied() -> None:
    assert rules_of(make_snapshot(turnover=100)) == ["below_minimum"]


def test_unknown_facts_never_make_a_trade_better() -> None:
    known = plan_of()
    unknown = plan_of(make_snapshot(spread_percent=None))
    assert unknown.net_reward_to_risk < known.net_reward_to_risk
    assert unknown.quantity < known.quantity


def test_decision_without_a_direction_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no direction"):
        judged(direction=None)


@pytest.mark.parametrize("equity", ["0", "-1", "NaN"])
def test_unknown_equity_is_refused(equity: str) -> None:
    with pytest.raises(InvalidDataError, match="equity"):
        make_state(equity=Decimal(equity))


def test_next_signal_of_the_same_close_is_judged_against_the_first() -> None:
    state = make_state(correlations=Correlations(values={("ETHUSDT", "SOLUSDT"): 0.0}))
    for _ in range(2):
        plan_of(state=state, symbol="ETHUSDT")
        state = state.with_signal(make_live(state=SignalState.PUBLISHED))
    assert plan_of(state=state, symbol="ETHUSDT").risk_amount <= 600 - 2 * 258
    assert len(state.published_at) == len(state.trades) == 2


def test_state_is_collected_from_followed_signals() -> None:
    live = make_live()
    state = RiskState.of(
        now=CLOSED_AT + timedelta(minutes=5),
        equity=Decimal(10_000),
        pause=PauseState(),
        live=[live],
        published=[live],
        ended=[],
    )
    assert state.trades == (OpenTrade.of(live),)
    assert state.published_at == (live.signal.published_at,)
