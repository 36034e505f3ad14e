"""The plan that a decision would have had, had nothing stood in its way."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.market import MarketSnapshot
from domain.plans import Denied, TradePlan
from risk.gate import RiskParameters, assess, plan_without_account
from tests.builders.signals import VALIDITY
from tests.unit.risk.trade_builders import SOL, make_candidate, make_snapshot, make_state

PARAMETERS = RiskParameters()


def planned(snapshot: MarketSnapshot | None = None, **changes: Any) -> TradePlan | None:
    decision = replace(make_candidate(), **changes)
    return plan_without_account(
        decision, snapshot or make_snapshot(), PARAMETERS, entry_window=VALIDITY
    )


def test_it_is_the_real_plan_where_nothing_shrinks_that() -> None:
    assert planned() == assess(
        make_candidate(), make_snapshot(), make_state(), PARAMETERS, entry_window=VALIDITY
    )


def test_weak_score_gets_the_full_size_all_the_same() -> None:
    assert planned(score=20.0) == planned()


def test_unknown_or_thin_turnover_makes_no_difference() -> None:
    assert planned(make_snapshot(turnover=None)) == planned()
    assert planned(make_snapshot(turnover=10.0)) == planned()


def test_wide_stop_and_costly_trade_keep_their_levels() -> None:
    wide = planned(atr=4.0)
    assert wide is not None
    assert wide.stop == 94
    tight = planned(make_snapshot(spread_percent=1.0), atr=0.1)
    assert tight is not None
    assert tight.net_reward_to_risk < Decimal("1.5")


def test_size_below_one_step_is_rounded_up_to_one() -> None:
    coarse = replace(SOL, step=Decimal(1000), minimum_quantity=Decimal(5000))
    plan = planned(make_snapshot(instrument=coarse))
    assert plan is not None
    assert plan.quantity == 1000


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": None},
        {"atr": None},
        {"atr": float("nan")},
        {"atr": float("inf")},
        {"close": float("nan")},
        {"close": 0.0},
        {"close": 0.004},
        {"direction": Direction.SHORT, "atr": 17.0},
        {"direction": Direction.LONG, "atr": 67.0},
    ],
)
def test_there_is_none_without_a_price_an_atr_or_levels_above_nothing(
    changes: dict[str, Any],
) -> None:
    assert planned(**changes) is None


@given(
    direction=st.sampled_from(Direction),
    close=st.floats(0.01, 100_000),
    share=st.floats(0.0001, 0.1),
    score=st.floats(0, 100),
)
@settings(max_examples=100)
def test_whatever_the_gate_approves_has_the_same_levels_and_no_larger_size(
    direction: Direction, close: float, share: float, score: float
) -> None:
    decision = make_candidate(direction, close=close, atr=close * share, score=score)
    real = assess(decision, make_snapshot(), make_state(), PARAMETERS, entry_window=VALIDITY)
    plan = plan_without_account(decision, make_snapshot(), PARAMETERS, entry_window=VALIDITY)
    if isinstance(real, Denied):
        return
    assert plan is not None
    assert plan.quantity >= real.quantity
    assert (plan.entry, plan.stop, plan.targets) == (real.entry, real.stop, real.targets)
    assert (plan.break_even, plan.costs) == (real.break_even, real.costs)
