"""/positions: what is open and what it would bring."""

from decimal import Decimal

from domain.accounts import ExecutionMode
from domain.directions import Direction
from domain.orders import OrderKind
from engine.execution.desk.positions import ListPositions
from tests.fakes.broker import hand_stop
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, TRADER, Floor


async def test_a_line_tells_what_closing_now_would_bring() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.quotes.set(BTC.symbol, "64311.0", "64312.0")
        lines = await _list(floor)(TRADER)
    assert [line.unrealised for line in lines] == [Decimal(100) * QUANTITY]
    assert lines[0].mark == Decimal(64_311)
    assert lines[0].mode is ExecutionMode.PAPER
    assert lines[0].is_protected
    assert (lines[0].quantity, lines[0].stop) == (QUANTITY, lines[0].position.stop)


async def test_a_foreign_stop_that_covers_a_position_is_not_called_ours() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        await floor.tick()
        floor.broker.add_order(hand_stop(BTC.symbol, Direction.LONG, QUANTITY, Decimal(60_000)))
        floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
        await floor.tick(2)
        line = (await _list(floor)())[0]
    assert (line.is_protected, line.stop) == (True, None)


async def test_without_a_price_nothing_is_made_up() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.quotes.prices.clear()
        line = (await _list(floor)())[0]
    assert (line.mark, line.unrealised) == (None, None)


async def test_a_position_that_the_desk_does_not_watch_is_not_called_protected() -> None:
    floor = Floor()
    await floor.confirm()
    assert [line.is_protected for line in await _list(floor)()] == [False]


async def test_a_trader_sees_only_what_is_his() -> None:
    floor = Floor()
    await floor.confirm()
    assert await _list(floor)(99) == []
    assert len(await _list(floor)()) == 1


def _list(floor: Floor) -> ListPositions:
    return ListPositions(storage=floor.kept, quotes=floor.quotes, desk=floor.desk)
