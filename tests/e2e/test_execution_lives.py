"""Trades from the press to their end, on paper and live, through Telegram and the exchange."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from domain.orders import Order, OrderRole, OrderState
from domain.positions import CloseReason, PositionBooks, PositionState
from domain.signals import Signal
from domain.timeframes import Timeframe
from engine.execution.books.accounting import entered_quantity, ledger_of
from exchanges.matching.account import TradingAccount
from exchanges.simulator import USUAL_ACCOUNT
from risk.rounding import rounded_in_favour
from tests.e2e.execution import Floor, Trader, open_floor
from tests.e2e.record import read_record
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import Message

pytestmark = pytest.mark.timeout(240)

TRADERS = range(70, 80)
ON_PAPER, LIVE, LEAVING = TRADERS[:3]

OPERATORS_KEY = {"api_key": USUAL_ACCOUNT.api_key, "api_secret": USUAL_ACCOUNT.secret}


@pytest.fixture(scope="module")
async def floor(databases: MigratedDatabases) -> AsyncIterator[Floor]:
    """The settings allow live trading, and the operator has an account."""
    async with open_floor(
        await databases.blank("sqlite"),
        traders=TRADERS,
        window_seconds=3600.0,
        sections={
            "trading": {"live": True, "override": "the money is simulated"},
            "exchange": OPERATORS_KEY,
        },
    ) as opened:
        yield opened


async def test_on_paper_a_press_becomes_a_protected_position_and_is_told_to_its_end(
    floor: Floor,
) -> None:
    trader = await floor.hire(ON_PAPER)
    signal = await floor.fresh_signal(alone=True)
    card = await trader.confirmed(signal)
    assert "PAPER" in card.text
    await trader.says("/positions", signal.instrument.base, "PAPER", "✅ stop")
    await reach_first_target(trader, signal, card)
    await trader.says("/positions", "✅ stop")
    books = await fall_back(trader, signal, card)
    assert books.position.account == f"paper:{trader.user.id}"
    assert floor.line.venue.books().orders() == []


async def test_live_the_stop_rests_first_and_moves_without_a_gap_and_nothing_is_left(
    floor: Floor,
) -> None:
    trader = await floor.hire(LIVE)
    await floor.command("/mode live", "LIVE")
    signal = await floor.fresh_signal(alone=True)
    card = await trader.confirmed(signal)
    assert "LIVE" in card.text
    assert "operator's account" in card.text
    venue = floor.line.venue.books()
    assert_protected(venue, await trader.books())
    await reach_first_target(trader, signal, card)
    assert_moved_without_gap(floor.line.venue.books(), await trader.books())
    books = await fall_back(trader, signal, card)
    assert books.position.account == "operator"
    assert_nothing_left(floor.line.venue.books(), books)


async def test_close_ends_a_live_position_at_market_and_leaves_nothing(floor: Floor) -> None:
    trader = await floor.hire(LEAVING)
    await floor.command("/mode live", "LIVE")
    signal = await floor.fresh_signal(alone=True)
    card = await trader.confirmed(signal)
    await trader.says(f"/close {signal.instrument.base}", "Closing at market")
    await trader.shows(card, "CLOSED", "you closed it", "Closed at market:")
    await trader.told("CLOSED", "you closed it", "Out at")
    await trader.says("/positions", "No position is open")
    books = await trader.books()
    assert books.position.close_reason is CloseReason.BY_TRADER
    assert_nothing_left(floor.line.venue.books(), books)


async def reach_first_target(trader: Trader, signal: Signal, card: Message) -> None:
    """Move the price past the first target; part of it is closed, the stop goes to break-even."""
    await trader.floor.enter_signal(signal)
    plan = (await trader.books()).position.plan
    first, second = (target.price for target in plan.targets[:2])
    # Not in one leap: neither an older book nor the minute's candle may still know of a price on
    # the wrong side of break-even.
    await trader.floor.put_price(signal, (plan.entry + 3 * first) / 4)
    await trader.floor.line.pass_time(Timeframe.M1.next_boundary(trader.floor.line.now()))
    await trader.floor.put_price(signal, (first + second) / 2)
    await trader.shows(card, "✅ TP1", "left", f"stop {break_even_paid(await trader.books())}")
    await trader.told("TP1 ✓", "still open")
    await trader.floor.post_shows(signal, "TP1 ✓")
    await trader.reaches(
        lambda books: (
            [order.state for order in of_role(books, OrderRole.STOP)]
            == [OrderState.CANCELLED, OrderState.RESTING]
        ),
        "the stop is not at break-even alone",
    )


async def fall_back(trader: Trader, signal: Signal, card: Message) -> PositionBooks:
    """Move the price back to the entry: the rest is stopped out, and so is the signal."""
    await trader.floor.put_price(signal, signal.plan.entry)
    await trader.shows(card, "CLOSED", "rest closed at break-even", "Stop hit:", "Result")
    await trader.told("CLOSED", "rest closed at break-even")
    await trader.says("/positions", "No position is open")
    await trader.floor.post_shows(signal, "CLOSED", "rest closed at break-even")
    record = await read_record(trader.floor.line.storage)
    record.assert_holds()
    assert signal.id in record.ended
    books = await trader.books()
    assert books.position.state is PositionState.CLOSED
    assert books.position.close_reason is CloseReason.BREAKEVEN
    assert all(order.is_final for order in books.orders)
    return books


def assert_protected(venue: TradingAccount, books: PositionBooks) -> None:
    """The stop is in the book of conditional orders, and came before the targets."""
    position, plan = books.position, books.position.plan
    [stop] = venue.open_conditionals(position.symbol)
    held = venue.position(position.symbol, position.direction)
    assert held is not None
    assert stop.ticket.quantity == held.quantity == entered_quantity(books)
    assert stop.ticket.trigger == plan.stop
    targets = venue.open_orders(position.symbol)
    assert [order.ticket.price for order in targets] == [each.price for each in plan.targets]
    assert sum(order.quantity for order in targets) == held.quantity
    assert all(stop.created_ms < order.created_ms for order in targets)
    assert venue.is_isolated(position.symbol)


def assert_moved_without_gap(venue: TradingAccount, books: PositionBooks) -> None:
    """The new stop rested before the old one was cancelled, and covers what is left."""
    old, new = (
        venue.find_conditional(client_id=order.client_id)
        for order in of_role(books, OrderRole.STOP)
    )
    assert old is not None
    assert new is not None
    assert new.created_ms < old.updated_ms
    held = venue.position(books.position.symbol, books.position.direction)
    assert held is not None
    assert new.ticket.quantity == held.quantity
    assert new.ticket.trigger == break_even_paid(books)


def break_even_paid(books: PositionBooks) -> Decimal:
    """What the entry cost on average, and the plan's costs, rounded in the trader's favour."""
    plan, paid = books.position.plan, ledger_of(books).average_entry
    assert paid is not None
    price = paid + plan.direction.sign * plan.entry * plan.costs.round_trip
    return rounded_in_favour(books.position.instrument, plan.direction, price)


def assert_nothing_left(venue: TradingAccount, books: PositionBooks) -> None:
    """The venue holds nothing any more, and has traded just what the books say."""
    assert venue.positions() == []
    assert venue.open_orders() == []
    assert venue.open_conditionals() == []
    symbol, since_ms = books.position.symbol, int(books.position.watched_from.timestamp() * 1000)
    executions = venue.executions(symbol, since_ms)
    assert [(each.price, each.quantity) for each in executions] == [
        (fill.price, fill.quantity) for fill in books.fills
    ]


def of_role(books: PositionBooks, role: OrderRole) -> list[Order]:
    """The orders of a role, oldest first."""
    return [order for order in books.orders if order.role is role]
