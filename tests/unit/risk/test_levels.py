"""Stop, targets, break-even and reward to risk."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.directions import Direction
from domain.plans import TradingCosts
from risk.levels import LevelParameters, Levels, check_levels, compute_levels
from tests.unit.risk.trade_builders import NO_COSTS, SOL

LONG, SHORT = Direction.LONG, Direction.SHORT
PARAMETERS = LevelParameters()


def levels_of(
    direction: Direction = LONG,
    *,
    entry: str = "100",
    atr: str = "1",
    tick: str = "0.01",
    costs: TradingCosts = NO_COSTS,
) -> Levels:
    instrument = replace(SOL, tick=Decimal(tick))
    return compute_levels(direction, instrument, Decimal(entry), Decimal(atr), costs, PARAMETERS)


def rules(levels: Levels) -> list[str]:
    return [denial.rule for denial in check_levels(levels, PARAMETERS)]


def prices(levels: Levels) -> list[Decimal]:
    return [target.price for target in levels.targets]


def test_long_levels_lie_at_their_multiples() -> None:
    levels = levels_of()
    assert levels.stop == Decimal("98.5")
    assert prices(levels) == [Decimal("102.25"), Decimal("103.75"), Decimal(106)]
    assert [target.fraction for target in levels.targets] == [
        Decimal("0.4"),
        Decimal("0.4"),
        Decimal("0.2"),
    ]


def test_short_levels_are_the_mirror() -> None:
    levels = levels_of(SHORT)
    assert levels.stop == Decimal("101.5")
    assert prices(levels) == [Decimal("97.75"), Decimal("96.25"), Decimal(94)]


def test_floored_stop_moves_everything_that_depends_on_it() -> None:
    levels = levels_of(atr="0.1")
    assert levels.stop_distance == Decimal("0.3")
    assert prices(levels) == [Decimal("100.45"), Decimal("100.75"), Decimal("101.2")]
    assert levels.gross_reward_to_risk == Decimal("2.5")


@pytest.mark.parametrize(
    ("direction", "stop", "targets"),
    [
        (LONG, "98.4", ["102.4", "104", "106.4"]),
        (SHORT, "101.6", ["97.6", "96", "93.6"]),
    ],
)
def test_rounding_is_to_the_trades_disadvantage(
    direction: Direction, stop: str, targets: list[str]
) -> None:
    # 1.5 ATR are 1.53: the stop goes out to 1.6, and targets at 2.4, 4.0 and 6.4 follow from that.
    levels = levels_of(direction, atr="1.02", tick="0.1")
    assert levels.stop == Decimal(stop)
    assert prices(levels) == [Decimal(price) for price in targets]


def test_targets_between_ticks_are_taken_early() -> None:
    # The stop is 0.31 away, so 1.5 R is 0.465.
    levels = levels_of(atr="0.205")
    assert levels.stop_distance == Decimal("0.31")
    assert levels.targets[0].price == Decimal("100.46")
    assert levels.gross_reward_to_risk == Decimal("2.48")


@pytest.mark.parametrize(("direction", "expected"), [(LONG, "100.16"), (SHORT, "99.84")])
def test_break_even_lies_beyond_all_costs(direction: Direction, expected: str) -> None:
    costs = replace(NO_COSTS, entry_fee=Decimal("0.0005"), slippage=Decimal("0.00051"))
    assert levels_of(direction, costs=costs).break_even == Decimal(expected)


def test_net_ratio_counts_costs_in_reward_and_in_risk() -> None:
    levels = levels_of(atr="2", costs=replace(NO_COSTS, entry_fee=Decimal("0.002")))
    assert levels.gross_reward_to_risk == Decimal("2.5")
    assert levels.net_reward_to_risk == Decimal("2.28")  # (7.5 - 0.2) / (3 + 0.2), rounded down
    assert levels.loss_per_unit == Decimal("3.2")


def test_good_levels_are_not_denied() -> None:
    assert rules(levels_of()) == []


def test_stop_beyond_three_percent_is_denied() -> None:
    assert rules(levels_of(atr="2")) == []
    assert rules(levels_of(atr="2.01")) == ["stop_too_wide"]


def test_stop_that_only_rounding_takes_beyond_three_percent_is_denied() -> None:
    assert rules(levels_of(entry="99.5", atr="1.98", tick="0.5")) == ["stop_too_wide"]


def test_coarse_ticks_that_leave_no_reward_are_denied() -> None:
    levels = levels_of(entry="1000", atr="2.5", tick="2.5")
    assert levels.gross_reward_to_risk == Decimal("2.5")
    coarse = levels_of(entry="1000", atr="2", tick="3")
    assert coarse.gross_reward_to_risk == Decimal(2)
    strict = replace(PARAMETERS, minimum_gross_reward_to_risk=2.1)
    assert [denial.rule for denial in check_levels(coarse, strict)] == ["gross_reward_to_risk"]


def test_ratio_exactly_at_the_minimum_is_enough() -> None:
    levels = levels_of(atr="0.33", costs=replace(NO_COSTS, entry_fee=Decimal("0.002")))
    assert levels.net_reward_to_risk == Decimal("1.5")  # (1.25 - 0.2) / (0.5 + 0.2)
    assert rules(levels) == []


def test_trailing_distance_is_one_atr_rounded_up() -> None:
    assert levels_of(atr="1.001").trail == Decimal("1.01")


def test_costs_that_eat_the_reward_are_denied() -> None:
    tight = levels_of(atr="0.2", costs=replace(NO_COSTS, entry_fee=Decimal("0.0013")))
    assert rules(tight) == ["net_reward_to_risk"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_multiples": (1.5, 1.5, 4.0)},
        {"target_multiples": (2.5, 1.5, 4.0)},
        {"closing_percents": (40.0, 40.0, 30.0)},
        {"stop_atr_multiple": 0.0},
    ],
)
def test_parameters_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LevelParameters(**wrong)
