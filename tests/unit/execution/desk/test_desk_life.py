"""A trade from its confirmation to its end, as its trader and the venue see it."""

from decimal import Decimal

from domain.directions import Direction
from domain.intents import EntryStyle, IntentState
from domain.orders import OrderKind, OrderState
from domain.plans import TradePlan
from domain.positions import CloseReason, PositionState
from engine.execution.values import CloseRequest
from tests.builders.market import make_instrument
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, TRADER, Floor, settled, until

ETH = make_instrument("ETH")


async def test_a_confirmed_trade_is_entered_protected_and_given_its_targets_without_any_timer() -> (
    None
):
    floor = Floor()
    async with floor.working():
        await floor.trade()
        books = await floor.books()
    assert books.position.state is PositionState.OPEN
    assert books.intent.state is IntentState.ENTERED
    assert [order.client_id[8:] for order in books.orders][:2] == ["1-e0-1", "1-s0-1"]
    assert floor.broker.prepared == [(BTC.symbol, 5)]
    assert floor.desk.is_protected(1)


async def test_the_stop_is_on_the_wire_before_the_fills_are_known() -> None:
    floor = Floor()
    async with floor.working():
        gate = floor.broker.hold("list_fills")
        floor.desk.wake(await floor.confirm())
        await until(floor.is_protected)
        gate.set()
        await until(floor.is_set_up)


async def test_the_card_is_edited_and_only_what_deserves_a_sound_is_a_reply() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.reach_target(1)
        await settled()
    async with floor.kept() as unit:
        rows = await unit.outbox.list_put_since(floor.clock.now(), prefix="intent:1")
    replies = [row.message for row in rows if row.message.edits is None]
    assert [each.key for each in replies] == ["intent:1:target filled:1"]
    assert all(each.replies_to == "intent:1" for each in replies)
    assert {row.message.recipient for row in rows} == {str(TRADER)}
    assert all(row.message.silent for row in rows if row.message.edits == "intent:1")
    assert floor.woken > 0


async def test_after_the_first_target_the_stop_goes_to_break_even_and_never_leaves_a_gap() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        paid = floor.quotes.prices[BTC.symbol][1]
        floor.reach_target(1)
        costs = _plan(floor).entry * _plan(floor).costs.round_trip
        await until(lambda: _triggers(floor) == [BTC.price_above(paid + costs)])
        await settled()
        books = await floor.books()
    stops = [order for order in books.orders if order.role.value == "s"]
    assert [stop.state for stop in stops] == [OrderState.CANCELLED, OrderState.RESTING]
    assert stops[-1].request.quantity == Decimal("0.060")


async def test_a_stop_that_fires_ends_the_trade_and_cancels_its_targets() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.trigger(floor.resting(OrderKind.STOP)[0].client_id)
        floor.broker.hint(BTC.symbol)
        await until(lambda: not floor.broker.open_orders())
        await settled()
        books = await floor.books()
    assert books.position.state is PositionState.CLOSED
    assert books.position.close_reason is CloseReason.STOPPED
    assert any(text.startswith("1: closed") for text in await floor.messages())


async def test_a_stop_that_fires_without_any_hint_is_found_by_the_watchdog() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.trigger(floor.resting(OrderKind.STOP)[0].client_id)
        await floor.tick()
        await until(lambda: not floor.broker.open_orders())


async def test_a_limit_entry_is_protected_as_soon_as_a_part_of_it_is_filled() -> None:
    floor = Floor()
    floor.quotes.set(BTC.symbol, "64215.0", "64216.0")
    async with floor.working():
        floor.desk.wake(await floor.confirm(style=EntryStyle.LIMIT))
        await until(lambda: bool(floor.resting(OrderKind.LIMIT)))
        floor.broker.fill(floor.resting(OrderKind.LIMIT)[0].client_id, Decimal("0.030"))
        floor.broker.hint(BTC.symbol)
        await until(floor.is_protected)
        await settled()
        assert await floor.state() is PositionState.OPENING


async def test_a_market_entry_that_is_filled_in_part_is_protected_as_far_as_it_goes() -> None:
    floor = Floor()
    floor.broker.market_share = Decimal("0.5")
    async with floor.working():
        await floor.trade()
        assert await floor.state() is PositionState.OPEN
    stops = floor.resting(OrderKind.STOP)
    assert [stop.quantity for stop in stops] == [QUANTITY / 2]


async def test_a_close_that_is_wished_for_is_sent_at_once_and_the_stop_stays_until_flat() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        gate = floor.broker.hold("place")
        await floor.desk.close([CloseRequest(position_id=1, reason=CloseReason.DRAWDOWN)])
        await until(lambda: floor.broker.calls[-1] == "place")
        assert floor.is_protected()
        gate.set()
        await until(lambda: not floor.broker.positions and not floor.broker.open_orders())
        await settled()
        books = await floor.books()
    assert books.position.close_reason is CloseReason.DRAWDOWN
    assert books.position.state is PositionState.CLOSED


async def test_positions_are_worked_on_side_by_side() -> None:
    floor = Floor()
    floor.quotes.set(ETH.symbol, "64210.0", "64211.0")
    async with floor.working():
        floor.desk.wake(await floor.confirm(1))
        await until(floor.is_set_up)
        gate = floor.broker.hold("cancel")
        await floor.desk.close([CloseRequest(position_id=1, reason=CloseReason.BY_TRADER)])
        await until(lambda: "cancel" in floor.broker.calls)
        floor.desk.wake(
            await floor.confirm(2, instrument=ETH, direction=Direction.SHORT, user_id=8)
        )
        await until(lambda: (ETH.symbol, Direction.SHORT) in floor.broker.positions)
        gate.set()
        await until(lambda: len(floor.broker.open_orders()) == 4)


async def test_a_position_that_nobody_woke_the_desk_for_is_found() -> None:
    floor = Floor()
    async with floor.working():
        await floor.confirm()
        floor.desk.wake()
        await until(floor.is_set_up)
        assert floor.broker.positions[(BTC.symbol, Direction.LONG)].quantity == QUANTITY


def _triggers(floor: Floor) -> list[Decimal | None]:
    return [stop.trigger for stop in floor.resting(OrderKind.STOP)]


def _plan(floor: Floor) -> TradePlan:
    return floor.plans[1]
