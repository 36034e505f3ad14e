"""Risk per trade, caps and the venue's filters."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.directions import Direction
from domain.instruments import Instrument
from domain.market_regime import Regime
from domain.plans import Denial
from risk.allowance import Allowance, Cap
from risk.levels import LevelParameters, compute_levels
from risk.liquidity import check_liquidity, compute_turnover
from risk.margin import MarginParameters, lowest_leverage, margin_cap
from risk.risk_per_trade import RiskPerTradeParameters, compute_allowed_risk
from risk.sizing import Size, compute_size
from risk.state import OpenTrade
from tests.unit.risk.trade_builders import (
    NO_COSTS,
    SOL,
    make_candidate,
    make_live,
    make_snapshot,
    make_state,
)

EQUITY = Decimal(10_000)


def allowed(score: float = 90.0, regime: Regime = Regime.UNKNOWN) -> Allowance | Denial:
    candidate = make_candidate(score=score, regime=regime)
    return compute_allowed_risk(candidate, make_state(equity=EQUITY), RiskPerTradeParameters())


def size_of(risk: str, *caps: Cap, instrument: Instrument = SOL) -> Size | Denial:
    """At 100 with a stop 1.5 away and costs of 0.1 a unit."""
    costs = replace(NO_COSTS, entry_fee=Decimal("0.001"))
    levels = compute_levels(
        Direction.LONG, instrument, Decimal(100), Decimal(1), costs, LevelParameters()
    )
    return compute_size(Allowance(amount=Decimal(risk)), caps, instrument, levels)


@pytest.mark.parametrize(
    ("score", "risk"),
    [(100, "150"), (85, "150"), (84.9, "112.5"), (75, "112.5"), (74.9, "75"), (65, "75")],
)
def test_weaker_scores_risk_less(score: float, risk: str) -> None:
    found = allowed(score)
    assert isinstance(found, Allowance)
    assert found.amount == Decimal(risk)
    assert bool(found.shrinks) == (score < 85)


def test_no_risk_is_allotted_below_the_last_band() -> None:
    found = allowed(64.9)
    assert isinstance(found, Denial)
    assert found.rule == "score_band"


def test_choppy_market_halves_the_risk_and_says_so() -> None:
    found = allowed(80, Regime.CHOPPY)
    assert isinstance(found, Allowance)
    assert found.amount == Decimal("56.25")
    assert found.shrinks == ("score 80.0: 75% of the full risk", "choppy market: 50% of the risk")


def test_bands_that_do_not_fall_are_refused() -> None:
    with pytest.raises(ValueError, match="score_bands"):
        RiskPerTradeParameters(score_bands=(65.0, 75.0, 85.0))


def test_size_loses_the_allowed_risk_at_the_stop_costs_included() -> None:
    size = size_of("160")
    assert isinstance(size, Size)
    assert size.quantity == 100
    assert size.notional == 10_000
    assert size.risk_amount == 160
    assert size.shrinks == ()


def test_size_is_rounded_down_to_the_step() -> None:
    size = size_of("159.99", instrument=replace(SOL, step=Decimal("0.1")))
    assert isinstance(size, Size)
    assert size.quantity == Decimal("99.9")
    assert size.risk_amount == Decimal("159.84")


def test_each_cap_that_bites_is_named() -> None:
    size = size_of(
        "160", Cap(Decimal(8000), "first"), Cap(Decimal(9000), "idle"), Cap(Decimal(50), "x")
    )
    assert isinstance(size, Size)
    assert size.notional == 50
    assert size.shrinks == ("first", "x")


def test_cap_that_just_fits_is_not_named() -> None:
    size = size_of("160", Cap(Decimal(10_000), "exact"))
    assert isinstance(size, Size)
    assert size.shrinks == ()


def test_largest_order_of_the_venue_caps_the_size() -> None:
    size = size_of("160", instrument=replace(SOL, maximum_quantity=Decimal(30)))
    assert isinstance(size, Size)
    assert size.quantity == 30
    assert size.shrinks == ("the venue's largest order of 30 SOL",)


@pytest.mark.parametrize(
    "filters",
    [
        {"minimum_notional": Decimal(10_001)},
        {"minimum_quantity": Decimal("100.01")},
        {"step": Decimal(101), "minimum_quantity": Decimal(0), "minimum_notional": Decimal(0)},
    ],
)
def test_size_below_the_minimum_is_denied_not_rounded_up(filters: dict[str, Any]) -> None:
    found = size_of("160", instrument=replace(SOL, **filters))
    assert isinstance(found, Denial)
    assert found.rule == "below_minimum"


def test_denial_below_the_minimum_tells_what_made_the_size_small() -> None:
    found = size_of("160", Cap(Decimal(3), "liquidity cap"))
    assert isinstance(found, Denial)
    assert "liquidity cap" in found.text
    assert "0.03 SOL" in found.text


def test_margin_cap_counts_what_the_pair_ties_up_already() -> None:
    parameters, live = MarginParameters(), replace(OpenTrade.of(make_live()), margin=Decimal(1900))
    state = make_state(trades=(live, replace(live, symbol="ETHUSDT")))
    assert margin_cap("SOLUSDT", make_state(), parameters).limit == 20_000
    assert margin_cap("SOLUSDT", state, parameters).limit == 1000


@pytest.mark.parametrize(
    ("notional", "leverage"), [("5", 1), ("2000", 1), ("2000.01", 2), ("20000", 10)]
)
def test_leverage_is_the_lowest_that_carries_the_notional(notional: str, leverage: int) -> None:
    assert lowest_leverage(Decimal(notional), Decimal(2000)) == leverage


def test_leverage_above_ten_is_refused() -> None:
    with pytest.raises(ValueError, match="maximum_leverage"):
        MarginParameters(maximum_leverage=11)


def test_turnover_is_the_mean_of_the_last_three_candles() -> None:
    assert compute_turnover(make_snapshot(turnover=30_000)) == 30_000


def test_unknown_turnover_is_denied() -> None:
    assert compute_turnover(make_snapshot(turnover=None)) is None
    assert [denial.rule for denial in check_liquidity(None)] == ["liquidity_unknown"]
