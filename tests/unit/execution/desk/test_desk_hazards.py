"""What must not cost a position its stop, a second entry, or the venue's patience."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from domain.directions import Direction
from domain.errors import (
    OrderRefusedError,
    OutcomeUnknownError,
    Refusal,
    TemporaryVenueError,
)
from domain.intents import IntentState
from domain.orders import OrderState
from domain.positions import CloseReason, PositionState
from engine.execution.values import CloseRequest
from engine.ports.storage import UnitOfWork
from tests.builders.market import make_instrument
from tests.unit.execution.desk.desk_floor import ADMIN, BTC, PAPER, Floor, settled, until

ETH = make_instrument("ETH")
LONG = (BTC.symbol, Direction.LONG)


async def test_at_rest_only_the_pairs_at_work_are_asked_about() -> None:
    floor = Floor()
    floor.quotes.set(ETH.symbol, "64210.0", "64211.0")
    async with floor.working():
        await floor.trade()
        floor.desk.wake(await floor.confirm(2, instrument=ETH))
        await until(lambda: len(floor.broker.open_orders()) == 8)
        await settled()
        floor.broker.listed.clear()
        before = len(floor.broker.calls)
        await floor.tick()
        assert sorted(floor.broker.listed, key=str) == [BTC.symbol, ETH.symbol]
        assert floor.broker.calls[before:].count("list_positions") == 1
        assert len(floor.broker.calls) - before == 3


async def test_a_position_of_another_size_than_the_books_is_asked_about_and_told_once() -> None:
    floor = Floor()
    await floor.add_admin()
    async with floor.working():
        await floor.trade()
        held = floor.broker.positions[LONG]
        floor.broker.positions[LONG] = replace(held, quantity=Decimal("0.300"))
        await floor.tick(2)
        before = floor.broker.calls.count("find_order")
        await floor.tick(5)
        await asyncio.sleep(0.3)
        await floor.tick()
        assert floor.broker.calls.count("find_order") - before <= 4
        assert await floor.messages(ADMIN) == []
        floor.clock.advance(300)
        await floor.tick(3)
        (told,) = await floor.messages(ADMIN)
        assert "holds 0.300" in told
        assert "0.100 are open" in told


async def test_an_entry_that_was_slow_to_leave_is_not_lost_as_soon_as_its_answer_is() -> None:
    floor = Floor()
    async with floor.working():
        gate = floor.broker.hold("place")
        floor.desk.wake(await floor.confirm())
        await until(lambda: "place" in floor.broker.calls)
        floor.clock.advance(9)
        floor.broker.fail("place", OutcomeUnknownError("connection lost"))
        gate.set()
        await until(lambda: "find_order" in floor.broker.calls)
        await settled()
        assert floor.broker.attempted == ["q0a1b2c-1-e0-1"]
        floor.clock.advance(7)
        await until(floor.is_set_up)
    assert floor.broker.placed[0] == "q0a1b2c-1-e0-2"


async def test_after_an_outage_an_entry_is_not_sent_at_a_price_that_has_run_away() -> None:
    floor = Floor()
    async with floor.working():
        floor.broker.fail("place", TemporaryVenueError("no network"), times=1000)
        floor.desk.wake(await floor.confirm())
        await until(lambda: floor.broker.calls.count("place") > 1)
        await settled()  # no attempt is under way that was decided on at the old price
        floor.quotes.set(BTC.symbol, "66000.0", "66001.0")
        floor.clock.advance(120)
        floor.broker.mend()
        asked = floor.broker.calls.count("find_order")
        floor.desk.wake(1)
        await until(lambda: floor.broker.calls.count("find_order") > asked)
        floor.clock.advance(7)
        floor.desk.wake(1)
        await settled()
    assert floor.broker.placed == []


async def test_an_answer_that_cannot_be_does_not_take_the_others_with_it_and_is_told_once() -> None:
    floor = Floor()
    await floor.add_admin()
    floor.broker.hidden_fills = 1
    async with floor.working():
        gate = floor.broker.hold("find_order")
        floor.desk.wake(await floor.confirm())
        await until(lambda: "find_order" in floor.broker.calls)
        entry = floor.broker.orders["q0a1b2c-1-e0-1"]
        floor.broker.orders["q0a1b2c-1-e0-1"] = replace(entry, state=OrderState.CANCELLED)
        gate.set()
        await until(floor.is_set_up)
        await settled()
        await floor.tick(2)
        assert floor.is_protected()
        assert floor.desk.is_protected(1)
        assert len(await floor.messages(ADMIN)) == 1
        assert await floor.state() is PositionState.OPEN


async def test_a_mistake_in_looking_for_positions_ends_nobodys_work() -> None:
    floor = Floor()
    mistakes: list[Exception] = []

    def storage() -> UnitOfWork:
        if mistakes:
            raise mistakes.pop()
        return floor.kept()

    floor.storage = storage
    async with floor.working():
        await floor.trade()
        mistakes.append(ValueError("a row cannot be read"))
        floor.desk.wake()
        await until(lambda: not mistakes)
        await settled()
        floor.reach_target(1)
        await until(lambda: floor.broker.positions[LONG].quantity < Decimal("0.100"))
        await until(floor.is_protected)


async def test_a_position_that_is_gone_without_a_fill_ends_once_that_is_certain() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.take_away(BTC.symbol, Direction.LONG)
        await floor.tick(3)
        assert await floor.state() is PositionState.OPEN
        floor.clock.advance(300)
        for _ in range(40):  # the watchdog ends with its last position
            floor.clock.advance(3.1)
            await asyncio.sleep(0.3)
            if await floor.state() is PositionState.CLOSED:
                break
        books = await floor.books()
    assert books.position.state is PositionState.CLOSED
    assert books.position.close_reason is CloseReason.BY_HAND


async def test_books_that_cannot_go_on_halt_nobody_else_and_are_told_once() -> None:
    floor = Floor()
    await floor.add_admin()
    await floor.confirm()
    async with floor.kept() as unit:
        intent = (await floor.books()).intent
        await unit.intents.save(replace(intent, state=IntentState.OFFERED), was=intent.state)
        await unit.commit()
    floor.clock.advance(1000)
    floor.quotes.set(ETH.symbol, "64210.0", "64211.0")
    async with floor.working():
        assert floor.desk.halted_account(PAPER) is None
        floor.desk.wake(await floor.confirm(2, instrument=ETH))
        await until(floor.is_set_up)
        await settled()
        assert len(await floor.messages(ADMIN)) == 1


async def test_a_position_that_the_venue_does_not_let_go_of_is_told_once_and_keeps_its_stop() -> (
    None
):
    floor = Floor()
    await floor.add_admin()
    async with floor.working():
        await floor.trade()
        refusal = OrderRefusedError("trading is suspended", Refusal.OTHER)
        floor.broker.fail("place", refusal, times=1000)
        await floor.desk.close([CloseRequest(position_id=1, reason=CloseReason.BY_TRADER)])
        for _ in range(12):
            refused = len(floor.broker.attempted)
            floor.clock.advance(11)
            floor.desk.wake(1)
            await until(lambda: len(floor.broker.attempted) > refused)  # noqa: B023 - waits here
            await settled()
        told = await floor.messages(ADMIN)
        assert len(told) == 1
        assert "trading is suspended" in told[0]
        assert floor.is_protected()


async def test_a_close_that_ends_unfilled_again_and_again_is_told_once() -> None:
    floor = Floor()
    await floor.add_admin()
    async with floor.working():
        await floor.trade()
        floor.broker.is_empty = True
        await floor.desk.close([CloseRequest(position_id=1, reason=CloseReason.BY_TRADER)])
        for _ in range(12):
            sent = len(floor.broker.attempted)
            floor.clock.advance(11)
            floor.desk.wake(1)
            await until(lambda: len(floor.broker.attempted) > sent)  # noqa: B023 - waits here
            await settled()
        (told,) = await floor.messages(ADMIN)
        assert "end unfilled" in told
        assert floor.is_protected()
