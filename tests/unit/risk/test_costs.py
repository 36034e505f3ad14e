"""Expected costs: what is unknown costs more, and nothing is ever earned."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.derivatives import Funding
from domain.directions import Direction
from domain.market import MarketSnapshot
from domain.plans import TradingCosts
from risk.costs import CostParameters, compute_costs
from tests.builders.signals import CLOSED_AT, VALIDITY
from tests.unit.risk.trade_builders import make_snapshot

HOLD = timedelta(hours=2)


def costs_of(
    snapshot: MarketSnapshot,
    direction: Direction = Direction.LONG,
    *,
    entry: str = "100",
    atr: str = "1",
    entry_window: timedelta = VALIDITY,
) -> TradingCosts:
    return compute_costs(
        direction,
        Decimal(entry),
        Decimal(atr),
        snapshot,
        HOLD,
        CostParameters(),
        entry_window=entry_window,
    )


def funding_of(
    rate: float,
    due_in: timedelta,
    direction: Direction = Direction.LONG,
    entry_window: timedelta = VALIDITY,
) -> Decimal:
    funding = Funding(rate=rate, next_at=CLOSED_AT + due_in)
    return costs_of(make_snapshot(funding=funding), direction, entry_window=entry_window).funding


def test_fees_are_the_takers_on_both_sides() -> None:
    costs = costs_of(make_snapshot())
    assert (costs.entry_fee, costs.exit_fee) == (Decimal("0.0005"), Decimal("0.0005"))


def test_slippage_is_half_the_spread_and_a_share_of_atr() -> None:
    assert costs_of(make_snapshot(spread_percent=0.04)).slippage == Decimal("0.0007")


@pytest.mark.parametrize("spread", [None, -0.01, float("nan"), float("inf")])
def test_unknown_or_impossible_spread_costs_the_widest_that_is_scanned(
    spread: float | None,
) -> None:
    unknown = costs_of(make_snapshot(spread_percent=spread))
    assert unknown == costs_of(make_snapshot(spread_percent=0.10))


def test_a_fraction_that_does_not_end_is_rounded_up() -> None:
    assert costs_of(make_snapshot(spread_percent=0.0), entry="3").slippage == Decimal("0.01666667")


def test_funding_beyond_the_hold_costs_nothing() -> None:
    # The hold ends 2 hours after an entry within 15 minutes at the latest.
    assert funding_of(0.001, timedelta(hours=2, minutes=15)) == Decimal("0.001")
    assert funding_of(0.001, timedelta(hours=2, minutes=16)) == 0


@pytest.mark.parametrize("minutes", [45, 60])
def test_funding_counts_for_who_enters_at_the_end_of_a_longer_window(minutes: int) -> None:
    hour = timedelta(hours=1)
    due_in = HOLD + timedelta(minutes=minutes)
    assert funding_of(0.001, due_in, entry_window=hour) == Decimal("0.001")
    assert funding_of(0.001, due_in, entry_window=timedelta(minutes=minutes - 1)) == 0
    assert funding_of(0.001, HOLD + timedelta(minutes=61), entry_window=hour) == 0


def test_funding_within_the_hold_is_paid_by_the_paying_side() -> None:
    assert funding_of(0.0003, timedelta(hours=2)) == Decimal("0.0003")
    assert funding_of(-0.0003, timedelta(hours=2), Direction.SHORT) == Decimal("0.0003")


def test_funding_to_be_earned_counts_nothing() -> None:
    assert funding_of(-0.0003, timedelta(hours=2)) == 0
    assert funding_of(0.0003, timedelta(hours=2), Direction.SHORT) == 0


def test_funding_soon_may_come_again_within_the_hold() -> None:
    assert funding_of(0.0001, timedelta(minutes=15)) == Decimal("0.0003")


def test_a_long_wait_for_funding_proves_a_long_interval() -> None:
    assert funding_of(0.0001, timedelta(hours=1, minutes=5)) == Decimal("0.0002")
    assert funding_of(0.0001, timedelta(hours=1, minutes=10)) == Decimal("0.0001")


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(
    "funding",
    [
        None,
        Funding(rate=0.01, next_at=CLOSED_AT),
        Funding(rate=float("nan"), next_at=CLOSED_AT + HOLD),
    ],
)
def test_unknown_funding_is_a_cost_in_either_direction(
    funding: Funding | None, direction: Direction
) -> None:
    snapshot = MarketSnapshot(
        instrument=make_snapshot().instrument, as_of=CLOSED_AT, candles={}, funding=funding
    )
    assert costs_of(snapshot, direction).funding == Decimal("0.0005")
