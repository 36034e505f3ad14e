"""Decisions come back as they were stored, those of earlier versions too."""

import json
from dataclasses import replace

from db.codec import DECISION
from domain.directions import Direction
from domain.market_regime import Regime
from domain.memory import PairClass, Setup, Trend
from tests.builders.five_layers import make_combined_decision
from tests.builders.signals import make_decision

SETUP = Setup(
    direction=Direction.LONG,
    regime=Regime.RISK_ON,
    trend=Trend.UP,
    score_band=70,
    pair_class=PairClass.MAJOR,
)


def test_whole_arithmetic_comes_back() -> None:
    decision = replace(make_combined_decision(), setup=SETUP)
    assert DECISION.decode(DECISION.encode(decision)) == decision


def test_decision_stored_before_the_arithmetic_was_kept_is_still_read() -> None:
    stored = json.loads(DECISION.encode(make_decision()))
    for name in ("setup", "shares", "coverage_factor", "regime_multiplier"):
        del stored[name]
    assert DECISION.decode(json.dumps(stored)) == make_decision()
