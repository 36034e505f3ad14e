"""What an account holds, from its books: trades on their way, open, partly closed, ended."""

from datetime import timedelta
from decimal import Decimal

from domain.accounts import paper_account
from domain.directions import Direction
from domain.orders import VenuePosition
from engine.execution.accounts.sight import AccountSight, look_at_account
from engine.execution.accounts.state import read_account_risk
from risk.accounts.state import AccountRisk
from tests.unit.execution.offers.filling import (
    close_part,
    close_trade,
    find,
    move_stop,
    open_trade,
)
from tests.unit.execution.offers.trading_floor import ANN, BEN, Floor, make_signal_on


async def risk_of(floor: Floor, user_id: int = ANN) -> AccountRisk:
    account = paper_account(user_id)
    sight = await look_at_account(floor.open_broker, account)
    assert isinstance(sight, AccountSight)
    async with floor.storage() as unit:
        return await read_account_risk(unit, account, sight, floor.quotes, floor.clock.now())


async def test_account_without_positions_owes_nothing() -> None:
    risk = await risk_of(await Floor().begin())
    assert risk.state.trades == ()
    assert (risk.state.day.total_percent, risk.available) == (Decimal(0), Decimal(10_000))


async def test_entry_on_its_way_counts_in_full_and_its_margin_is_spoken_for() -> None:
    floor = await Floor().begin()
    await floor.press(confirm=False)
    (books,) = await floor.positions()
    risk = await risk_of(floor)
    (trade,) = risk.state.trades
    plan = books.intent.plan
    assert (trade.symbol, trade.direction) == ("SOLUSDT", Direction.LONG)
    assert trade.loss_at_stop == plan.risk_amount
    assert trade.notional == plan.notional
    assert risk.available == 10_000 - trade.margin


async def test_foreign_are_only_positions_that_are_not_in_our_books() -> None:
    floor = await Floor().begin()
    await open_trade(floor)
    for symbol in ("SOLUSDT", "ETHUSDT"):
        floor.broker.held.append(
            VenuePosition(
                symbol=symbol,
                direction=Direction.LONG,
                quantity=Decimal(1),
                entry_price=Decimal(100),
            )
        )
    assert (await risk_of(floor)).foreign == {"ETHUSDT"}


async def test_open_trade_counts_what_was_filled_at_what_it_cost() -> None:
    floor = await Floor().begin()
    position_id = await open_trade(floor, price="100.5")
    quantity = (await find(floor, position_id)).intent.quantity
    risk = await risk_of(floor)
    (trade,) = risk.state.trades
    assert trade.loss_at_stop == quantity * Decimal("2.65075")
    assert trade.notional == quantity * Decimal("100.5")
    assert risk.available == 10_000


async def test_partly_closed_trade_counts_what_is_left_and_a_stop_in_profit_lends_nothing() -> None:
    floor = await Floor().begin()
    position_id = await open_trade(floor)
    await close_part(floor, position_id, "60", "103")
    left = (await find(floor, position_id)).intent.quantity - 60
    (trade,) = (await risk_of(floor)).state.trades
    assert trade.notional == left * 100
    await move_stop(floor, position_id, "103")
    (trade,) = (await risk_of(floor)).state.trades
    assert trade.loss_at_stop == 0


async def test_day_counts_closed_parts_and_what_is_open_at_the_price_it_would_leave_at() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("ETH", 2))
    first = await open_trade(floor)
    second = await open_trade(floor, 2)
    await close_trade(floor, first, "99")
    await close_part(floor, second, "10", "101")
    floor.quotes.set("ETHUSDT", "99", "100")
    books = await find(floor, second)
    left = books.intent.quantity - 10
    day = (await risk_of(floor)).state.day
    lost = (await find(floor, first)).intent.quantity
    assert day.realised_percent == (10 - lost) / 100
    fee = 99 * books.intent.plan.costs.exit_fee
    assert day.open_percent == ((-1 - fee) * left / 100).quantize(Decimal("1e-8"))
    assert day.unpriced == ()


async def test_open_trade_without_a_price_counts_as_if_it_were_stopped() -> None:
    floor = await Floor().begin()
    position_id = await open_trade(floor)
    floor.quotes.known.clear()
    quantity = (await find(floor, position_id)).intent.quantity
    day = (await risk_of(floor)).state.day
    assert day.unpriced == ("SOL/USDT",)
    assert day.certain_percent == 0
    assert day.total_percent == -quantity * Decimal("2.049") / 100


async def test_yesterdays_and_others_trades_are_not_of_this_day_and_account() -> None:
    floor = await Floor().begin(make_signal_on("SOL"), make_signal_on("ETH", 2))
    first = await open_trade(floor)
    yesterday = floor.clock.now() - timedelta(days=1)
    await close_trade(floor, first, "90", at=yesterday)
    second = await open_trade(floor, 2, BEN)
    await close_trade(floor, second, "90")
    assert (await risk_of(floor)).state.day.total_percent == 0
    assert (await risk_of(floor, BEN)).state.day.total_percent < -5
