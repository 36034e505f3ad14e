"""Heat counts what may be lost, exposure what is held."""

from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.signals import SignalState
from risk.heat import HeatParameters, check_heat, compute_heat, exposure_cap, heat_cap
from risk.state import OpenTrade
from tests.unit.risk.trade_builders import make_live, make_state

PARAMETERS = HeatParameters()
FULL_LOSS = Decimal(120) * (2 + Decimal("0.15"))
"""120 SOL, a stop 2 away, costs of 0.15 a unit."""


def trade_losing(amount: str, notional: str = "0") -> OpenTrade:
    return OpenTrade(
        symbol="SOLUSDT",
        direction=Direction.LONG,
        loss_at_stop=Decimal(amount),
        notional=Decimal(notional),
        margin=Decimal(0),
    )


def test_signal_that_waits_for_its_entry_counts_in_full() -> None:
    assert OpenTrade.of(make_live(state=SignalState.PUBLISHED)).loss_at_stop == FULL_LOSS


def test_signal_with_a_part_closed_counts_the_rest() -> None:
    live = OpenTrade.of(make_live(closed="0.4"))
    assert live.loss_at_stop == FULL_LOSS * Decimal("0.6")
    assert live.notional == 7200
    assert live.margin == 1440


@pytest.mark.parametrize(
    ("direction", "break_even", "in_profit"),
    [(Direction.LONG, "100.15", "103"), (Direction.SHORT, "99.85", "97")],
)
def test_stop_at_break_even_or_in_profit_adds_no_heat(
    direction: Direction, break_even: str, in_profit: str
) -> None:
    for stop in (break_even, in_profit):
        live = make_live(direction, state=SignalState.TP1, stop=stop, closed="0.4")
        assert OpenTrade.of(live).loss_at_stop == 0


def test_heat_is_the_sum_over_open_trades() -> None:
    state = make_state(trades=(trade_losing("100"), trade_losing("50")))
    assert compute_heat(state) == 150
    assert heat_cap(state, PARAMETERS).limit == 450


def test_heat_beyond_the_cap_leaves_nothing() -> None:
    state = make_state(trades=(trade_losing("700"),))
    assert heat_cap(state, PARAMETERS).limit == 0


def test_too_little_heat_left_is_denied() -> None:
    assert check_heat(make_state(trades=(trade_losing("575"),)), PARAMETERS) == ()
    (denial,) = check_heat(make_state(trades=(trade_losing("575.01"),)), PARAMETERS)
    assert denial.rule == "heat"


def test_exposure_has_a_cap_of_its_own() -> None:
    state = make_state(trades=(trade_losing("1", "30000"), trade_losing("1", "15000")))
    assert exposure_cap(state, PARAMETERS).limit == 5000
    assert heat_cap(state, PARAMETERS).limit == 598
