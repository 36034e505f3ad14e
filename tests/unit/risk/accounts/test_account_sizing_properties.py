"""Whatever the account, the price and the filters: never more than is allowed."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import paper_account
from domain.directions import Direction
from domain.instruments import Instrument
from domain.plans import Denial, TradePlan
from risk.accounts.sizing import size_for_account, take_share, worse_price
from risk.accounts.state import AccountRisk
from risk.gate import RiskParameters
from tests.unit.risk.accounts.account_builders import make_account, make_standing
from tests.unit.risk.trade_builders import SOL, make_open_trade, make_round_plan

HAIR = Decimal("1e-15")
"""Relative: divisions that do not end are cut after 28 digits."""


@st.composite
def accounts(draw: st.DrawFn) -> AccountRisk:
    equity = draw(st.integers(10, 10**8))
    available = draw(st.integers(0, equity))
    share = Decimal(draw(st.integers(1, 100))) / 100
    trades = draw(
        st.lists(
            st.builds(
                make_open_trade,
                st.sampled_from(["ETHUSDT", "SOLUSDT"]),
                loss_at_stop=st.integers(0, equity // 20 + 1).map(str),
                notional=st.integers(0, equity * 2).map(str),
            ),
            max_size=3,
        )
    )
    return make_account(
        make_standing(str(equity), str(available)),
        account=replace(paper_account(7), risk_share=share),
        trades=trades,
    )


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    step = Decimal(1).scaleb(-draw(st.integers(0, 4)))
    return replace(
        SOL,
        step=step,
        minimum_quantity=step * draw(st.integers(0, 5)),
        minimum_notional=Decimal(draw(st.integers(0, 100))),
        maximum_quantity=draw(st.none() | st.integers(1, 10_000).map(Decimal)),
    )


prices = st.integers(9900, 10_100).map(lambda cents: Decimal(cents) / 100)
turnovers = st.integers(1000, 10**9).map(Decimal)
percents = st.integers(1, 150).map(lambda each: Decimal(each) / 100)
parameters = RiskParameters()


@settings(max_examples=100)
@given(
    accounts(), instruments(), prices, turnovers, percents, st.sampled_from(Direction), st.data()
)
def test_no_account_risks_ties_up_or_gears_more_than_allowed(
    account: AccountRisk,
    instrument: Instrument,
    price: Decimal,
    turnover: Decimal,
    percent: Decimal,
    direction: Direction,
    data: st.DataObject,
) -> None:
    plan = replace(make_round_plan(direction), risk_percent=percent)
    found = size_for_account(plan, instrument, account, parameters, price=price, turnover=turnover)
    if isinstance(found, Denial):
        assert found.rule == "below_minimum"
        return
    _check_risk(found, account, percent, price)
    _check_margin(found, account)
    assert found.notional <= turnover / 100 * (1 + HAIR)
    assert found.quantity == instrument.quantity(found.quantity) > 0
    assert found.quantity >= instrument.minimum_quantity
    assert found.notional >= instrument.minimum_notional
    share = Decimal(data.draw(st.integers(1, 100))) / 100
    part = take_share(found, instrument, share)
    assert isinstance(part, Denial) or 0 < part <= found.quantity * share


def _check_risk(plan: TradePlan, account: AccountRisk, percent: Decimal, price: Decimal) -> None:
    entry = worse_price(plan, price)
    loss = plan.quantity * (abs(entry - plan.stop) + entry * plan.costs.round_trip)
    allowed = account.state.equity * percent / 100 * account.account.risk_share
    heat = sum((trade.loss_at_stop for trade in account.state.trades), Decimal(0))
    assert loss <= allowed * (1 + HAIR)
    assert loss + heat <= account.state.equity * Decimal("0.06") * (1 + HAIR)
    assert plan.risk_amount == loss


def _check_margin(plan: TradePlan, account: AccountRisk) -> None:
    equity, trades = account.state.equity, account.state.trades
    on_pair = sum((each.margin for each in trades if each.symbol == plan.symbol), Decimal(0))
    exposure = sum((each.notional for each in trades), Decimal(0))
    rounded = Decimal("1e-7")
    assert plan.leverage == int(plan.leverage)
    assert 1 <= plan.leverage <= 10
    assert plan.margin + on_pair <= equity / 5 + rounded
    fees = plan.notional * (plan.costs.entry_fee + plan.costs.slippage)
    assert plan.margin + fees <= account.available + rounded
    assert plan.notional + exposure <= equity * 5 * (1 + HAIR)
