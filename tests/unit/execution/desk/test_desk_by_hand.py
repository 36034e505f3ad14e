"""What a trader does to his position on the exchange himself is noticed and respected."""

from dataclasses import replace
from decimal import Decimal

from domain.directions import Direction
from domain.orders import OrderKind, Side
from domain.positions import CloseReason, PositionState
from tests.fakes.broker import hand_stop
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, Floor, settled, until

LONG = (BTC.symbol, Direction.LONG)


async def test_a_position_closed_by_hand_ends_and_its_orders_are_cancelled() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.trade_by_hand(BTC.symbol, Side.SELL, QUANTITY, Decimal(64_000))
        await floor.tick()
        await until(lambda: not floor.broker.open_orders())
        await settled()
        books = await floor.books()
    assert books.position.close_reason is CloseReason.BY_HAND


async def test_a_stop_that_was_removed_by_hand_is_put_back_and_told() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
        await floor.tick()
        await until(floor.is_protected)
        await settled()
    assert any("changed by hand" in text for text in await floor.messages())


async def test_a_stop_replaced_by_one_of_the_traders_own_is_left_to_him() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
        floor.broker.add_order(hand_stop(BTC.symbol, Direction.LONG, QUANTITY, Decimal(63_000)))
        await floor.tick(2)
        stops = floor.resting(OrderKind.STOP)
        assert [stop.trigger for stop in stops] == [Decimal(63_000)]
        assert floor.desk.is_protected(1)


async def test_what_is_added_by_hand_is_protected_too() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.trade_by_hand(BTC.symbol, Side.BUY, Decimal("0.050"), Decimal(64_211))
        floor.broker.hint(BTC.symbol)
        await until(floor.is_protected)
        await settled()
        assert sum(stop.quantity for stop in floor.resting(OrderKind.STOP)) == Decimal("0.150")


async def test_a_reading_that_contradicts_the_books_once_ends_nothing() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        held = floor.broker.positions.pop(LONG)
        await floor.tick()
        floor.broker.positions[LONG] = held
        await floor.tick(2)
        assert await floor.state() is PositionState.OPEN
        assert floor.is_set_up()


async def test_a_position_that_shrank_without_a_fill_is_asked_about_and_stays_protected() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.positions[LONG] = replace(
            floor.broker.positions[LONG], quantity=Decimal("0.040")
        )
        await floor.tick(3)
        assert floor.is_protected()


async def test_a_liquidated_position_whose_fill_is_told_late_is_ended_by_that_fill() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.trade_by_hand(BTC.symbol, Side.SELL, QUANTITY, Decimal(63_000))
        floor.broker.hidden_fills = 1
        await floor.tick(2)
        floor.broker.hidden_fills = 0
        floor.broker.hint(BTC.symbol)
        await until(lambda: not floor.broker.open_orders())
        await settled()
        assert await floor.state() is PositionState.CLOSED
