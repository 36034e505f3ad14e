"""A signal's plan in an account's own size; entry 100, stop 2 away, costs 0.15 a unit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.accounts import paper_account
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.plans import Denial, TradePlan
from risk.accounts.sizing import take_share, worse_price
from tests.unit.risk.accounts.account_builders import make_account, make_standing, size
from tests.unit.risk.trade_builders import SOL, make_open_trade, make_round_plan

PLAN = replace(make_round_plan(), risk_percent=Decimal("1.5"))
SHORT = replace(make_round_plan(Direction.SHORT), risk_percent=Decimal("1.5"))


def sized(found: TradePlan | Denial) -> TradePlan:
    assert isinstance(found, TradePlan), found
    return found


def test_risk_is_the_plans_percentage_of_the_accounts_own_equity() -> None:
    plan = sized(size(PLAN))
    assert plan.quantity == Decimal("69.76")
    assert plan.notional == 6976
    assert plan.risk_amount == Decimal("149.984")
    assert plan.risk_percent == Decimal("1.49984")
    assert (plan.leverage, plan.margin) == (Decimal(4), Decimal(1744))
    assert plan.shrinks == ()


def test_levels_stay_those_of_the_signal() -> None:
    plan = sized(size(PLAN, price="100.5"))
    assert (plan.entry, plan.stop, plan.targets) == (PLAN.entry, PLAN.stop, PLAN.targets)


def test_owner_takes_a_share_of_the_risk_and_is_told() -> None:
    account = make_account(account=replace(paper_account(7), risk_share=Decimal("0.5")))
    plan = sized(size(PLAN, account))
    assert plan.quantity == Decimal("34.88")
    assert plan.shrinks == ("your limit: 50% of the risk per trade",)


@pytest.mark.parametrize(("plan", "price"), [(PLAN, "100.5"), (SHORT, "99.5")])
def test_price_that_ran_away_makes_the_trade_smaller_not_riskier(
    plan: TradePlan, price: str
) -> None:
    found = sized(size(plan, price=price))
    assert found.quantity < Decimal(57)
    loss = abs(Decimal(price) - plan.stop) + Decimal(price) * plan.costs.round_trip
    assert Decimal(149) < found.quantity * loss <= 150


@pytest.mark.parametrize(("plan", "price"), [(PLAN, "99.5"), (SHORT, "100.5")])
def test_price_that_came_closer_does_not_make_the_trade_larger(plan: TradePlan, price: str) -> None:
    assert worse_price(plan, Decimal(price)) == 100
    assert sized(size(plan, price=price)).quantity == Decimal("69.76")


def test_heat_left_caps_the_risk() -> None:
    account = make_account(trades=[make_open_trade(loss_at_stop="550")])
    plan = sized(size(PLAN, account))
    assert Decimal(49) < plan.risk_amount <= 50
    assert plan.shrinks == ("heat cap 6 % of equity over all trades",)


def test_exposure_caps_the_notional() -> None:
    account = make_account(trades=[make_open_trade(loss_at_stop="0", notional="49000")])
    plan = sized(size(PLAN, account))
    assert plan.notional == 1000
    assert plan.shrinks == ("exposure cap 500 % of equity over all trades",)


def test_margin_of_the_pair_counts_what_it_ties_up_already() -> None:
    trade = replace(make_open_trade("SOLUSDT", loss_at_stop="0"), margin=Decimal(1900))
    plan = sized(size(PLAN, make_account(trades=[trade])))
    assert (plan.notional, plan.leverage, plan.margin) == (Decimal(1000), Decimal(10), Decimal(100))
    assert plan.shrinks == ("margin cap 20 % of equity per pair at 10x",)


def test_free_margin_caps_the_notional_and_leaves_room_for_fees() -> None:
    plan = sized(size(PLAN, make_account(make_standing("10000", "100"))))
    assert plan.leverage == 10
    assert plan.margin + plan.notional * Decimal("0.0007") <= 100
    assert plan.notional > 990
    assert plan.shrinks == ("free margin 100.00 USDT at 10x",)


def test_leverage_leaves_room_for_fees_beside_the_margin() -> None:
    assert sized(size(PLAN, make_account(make_standing("10000", "1749")))).leverage == 4
    assert sized(size(PLAN, make_account(make_standing("10000", "1748")))).leverage == 5


def test_margin_of_entries_on_their_way_is_not_free_any_more() -> None:
    account = make_account(make_standing("10000", "1000"), pending_margin="900")
    assert account.available == 100
    assert make_account(make_standing("10000", "10"), pending_margin="900").available == 0


def test_turnover_caps_a_large_account() -> None:
    account = make_account(make_standing("100000000"))
    plan = sized(size(PLAN, account, turnover=Decimal(1_000_000)))
    assert plan.notional == 10_000
    assert plan.shrinks == ("liquidity cap 1 % of 5-minute volume",)


def test_venues_largest_order_caps_the_size() -> None:
    instrument = replace(SOL, maximum_quantity=Decimal(3))
    assert sized(size(PLAN, instrument=instrument)).quantity == 3


def test_account_too_small_for_the_venue_is_denied_not_rounded_up() -> None:
    found = size(PLAN, make_account(make_standing("5")))
    assert isinstance(found, Denial)
    assert found.rule == "below_minimum"


@pytest.mark.parametrize("equity", ["0", "-1", "NaN"])
def test_account_without_equity_is_no_account_to_judge(equity: str) -> None:
    with pytest.raises(InvalidDataError):
        make_account(make_standing(equity, "1"))


def test_free_margin_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidDataError, match="free margin"):
        make_account(make_standing("100", "NaN"))


def test_share_is_rounded_down_to_the_step() -> None:
    plan = sized(size(PLAN))
    assert take_share(plan, SOL, Decimal("0.333")) == Decimal("23.23")
    assert take_share(plan, SOL, Decimal(1)) == plan.quantity


def test_share_is_told_as_precisely_as_it_was_typed() -> None:
    large = replace(SOL, minimum_notional=Decimal(100_000))
    found = take_share(sized(size(PLAN)), large, Decimal("0.125"))
    assert isinstance(found, Denial)
    assert found.text.startswith("12.5 % of this trade would be")


@pytest.mark.parametrize(
    ("share", "minimum_quantity", "minimum_notional"),
    [("0.0001", "0", "0"), ("0.5", "35", "0"), ("0.5", "0", "3489")],
)
def test_share_below_the_venues_minimum_is_denied(
    share: str, minimum_quantity: str, minimum_notional: str
) -> None:
    instrument = replace(
        SOL,
        minimum_quantity=Decimal(minimum_quantity),
        minimum_notional=Decimal(minimum_notional),
    )
    found = take_share(sized(size(PLAN)), instrument, Decimal(share))
    assert isinstance(found, Denial)
    assert found.rule == "below_minimum"
    assert "SOL" in found.text
