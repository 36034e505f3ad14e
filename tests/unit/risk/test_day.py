"""The result of a UTC day: what counts, on which day, and at which price."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.signals import Course, Exit, FollowedSignal, SignalState
from risk.day import DayResult, compute_day, compute_trade
from tests.unit.risk.trade_builders import make_live, make_round_signal

EQUITY = Decimal(12_000)
"""That of the notional of a built signal, so that a percent of one is a percent of the other."""

DAY = date(2025, 10, 6)
NOON = datetime(2025, 10, 6, 12, tzinfo=UTC)
COST = Decimal("0.15")
"""Of a round trip, in percent: fees of 0.05 twice, slippage of 0.02 twice, funding of 0.01."""


def ended(
    net_percent: str, *, at: datetime = NOON, exit_price: str = "100", entered: bool = True
) -> FollowedSignal:
    """A long at 100 that was closed at one price, with a net result in percent of notional."""
    signal = make_round_signal()
    leg = Exit(state=SignalState.STOPPED, price=Decimal(exit_price), fraction=Decimal(1), at=at)
    course = Course(
        state=SignalState.STOPPED if entered else SignalState.EXPIRED,
        stop=signal.plan.stop,
        triggered_at=at if entered else None,
        exits=(leg,) if entered else (),
        realised_percent=Decimal(net_percent),
        ended_at=at,
    )
    return FollowedSignal(signal=signal, course=course, ledger_hash="")


def day_of(
    *done: FollowedSignal, live: tuple[FollowedSignal, ...] = (), price: str | None = None
) -> DayResult:
    prices = {} if price is None else {"SOLUSDT": Decimal(price)}
    return compute_day(DAY, EQUITY, ended=done, live=live, prices=prices)


def test_without_trades_a_day_is_nothing() -> None:
    assert day_of() == DayResult(day=DAY)


def test_trades_that_ended_on_the_day_count_in_percent_of_equity() -> None:
    assert day_of(ended("-2.15"), ended("3")).realised_percent == Decimal("0.85")
    half = compute_day(DAY, 2 * EQUITY, ended=[ended("-2")], live=[], prices={})
    assert half.total_percent == -1


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2025, 10, 5, 23, 59, 59, 999_999, tzinfo=UTC), False),
        (datetime(2025, 10, 6, tzinfo=UTC), True),
        (datetime(2025, 10, 6, 23, 59, tzinfo=UTC), True),
        (datetime(2025, 10, 7, tzinfo=UTC), False),
    ],
)
def test_a_trade_counts_on_the_utc_day_of_its_end(at: datetime, counts: bool) -> None:
    assert day_of(ended("-2", at=at)).total_percent == (-2 if counts else 0)


def test_signal_that_was_never_entered_counts_nothing() -> None:
    assert day_of(ended("0", entered=False)) == DayResult(day=DAY)


@pytest.mark.parametrize(("direction", "price"), [(Direction.LONG, "101"), (Direction.SHORT, "99")])
def test_open_trade_counts_as_if_it_were_closed_at_the_newest_price(
    direction: Direction, price: str
) -> None:
    day = day_of(live=(make_live(direction),), price=price)
    assert day.open_percent == 1 - COST
    assert day.realised_percent == day.assumed_percent == 0
    assert day.unpriced == ()


def test_only_the_part_that_is_still_open_follows_the_price() -> None:
    live = make_live(closed="0.4")
    live = replace(live, course=replace(live.course, realised_percent=Decimal("1.1")))
    day = day_of(live=(live,), price="99")
    assert day.realised_percent == Decimal("1.1")
    assert day.open_percent == Decimal("0.6") * (-1 - COST)


def test_signal_that_waits_for_its_entry_counts_nothing() -> None:
    waiting = make_live(state=SignalState.PUBLISHED)
    assert day_of(live=(waiting,), price="90") == DayResult(day=DAY)
    assert day_of(live=(waiting,)).unpriced == ()


@pytest.mark.parametrize("price", [None, "NaN", "0", "-1"])
def test_open_trade_without_a_price_counts_as_stopped_and_is_named(price: str | None) -> None:
    day = day_of(live=(make_live(),), price=price)
    assert day.total_percent == day.assumed_percent == -2 - COST
    assert day.certain_percent == 0
    assert day.unpriced == ("SOL/USDT",)


def test_what_is_certain_leaves_out_only_what_is_assumed() -> None:
    eth = make_live()
    plan = replace(eth.signal.plan, symbol="ETHUSDT")
    eth = replace(eth, signal=replace(eth.signal, plan=plan))
    day = compute_day(
        DAY,
        EQUITY,
        ended=[ended("-0.5")],
        live=[make_live(), eth],
        prices={"ETHUSDT": Decimal(99)},
    )
    assert day.certain_percent == Decimal("-0.5") - 1 - COST
    assert day.total_percent == day.certain_percent - 2 - COST


def test_costs_are_what_lies_between_gross_and_net() -> None:
    day = day_of(ended("1.85", exit_price="102"), ended("-1.15", exit_price="99"))
    assert day.gross_profit_percent == 2
    assert day.costs_percent == Decimal("0.3")


def test_trade_that_costs_alone_made_a_loss_of_has_earned_something_before_them() -> None:
    day = day_of(ended("-0.05", exit_price="100.1"))
    assert (day.gross_profit_percent, day.costs_percent) == (Decimal("0.1"), COST)


def test_trade_so_far_adds_its_closed_and_its_open_part() -> None:
    live = make_live(closed="0.4")
    live = replace(live, course=replace(live.course, realised_percent=Decimal("1.1")))
    so_far = compute_trade(live, EQUITY, Decimal(100))
    assert so_far.total_percent == Decimal("1.1") - Decimal("0.6") * COST
    assert so_far.is_priced


def test_results_are_rounded_so_that_a_step_is_met_exactly() -> None:
    third = compute_day(DAY, Decimal(36_000), ended=[ended("-3")], live=[], prices={})
    assert third.total_percent == -1


def test_an_end_told_in_another_time_zone_is_judged_by_utc() -> None:
    morning_in_singapore = datetime(2025, 10, 7, 6, tzinfo=timezone(timedelta(hours=8)))
    assert day_of(ended("-2", at=morning_in_singapore)).total_percent == -2
