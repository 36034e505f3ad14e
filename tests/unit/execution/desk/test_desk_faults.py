"""What goes wrong between the desk and the venue, and that it never costs a second order."""

import asyncio

import pytest

from domain.errors import (
    AccessRefusedError,
    OrderRefusedError,
    OutcomeUnknownError,
    RateLimitedError,
    Refusal,
    TemporaryVenueError,
)
from domain.intents import IntentState
from domain.positions import CloseReason, PositionState
from engine.ports.broker import AnyPair
from tests.unit.execution.desk.desk_floor import ADMIN, BTC, PAPER, Floor, settled, until

_UNKNOWN = OutcomeUnknownError("connection lost")


async def test_an_entry_carried_out_before_the_connection_broke_is_found_and_not_doubled() -> None:
    floor = Floor()
    floor.broker.fail("place", _UNKNOWN, is_late=True)
    async with floor.working():
        await floor.trade()
    assert [each for each in floor.broker.placed if "-e0-" in each] == ["q0a1b2c-1-e0-1"]


async def test_an_entry_that_never_arrived_is_tried_again_only_when_it_can_no_more_arrive() -> None:
    floor = Floor()
    floor.broker.fail("place", _UNKNOWN)
    async with floor.working():
        floor.desk.wake(await floor.confirm())
        await until(lambda: "find_order" in floor.broker.calls)
        await settled()
        assert floor.broker.placed == []
        floor.clock.advance(7)
        await until(floor.is_set_up)
    assert floor.broker.placed[0] == "q0a1b2c-1-e0-2"


async def test_an_entry_that_certainly_did_not_arrive_is_sent_again_under_its_id() -> None:
    floor = Floor()
    floor.broker.fail("place", TemporaryVenueError("overloaded"))
    async with floor.working():
        await floor.trade()
    assert floor.broker.placed[0] == "q0a1b2c-1-e0-1"


async def test_preparing_that_nobody_knows_the_outcome_of_is_done_again_before_the_entry() -> None:
    floor = Floor()
    floor.broker.fail("prepare", _UNKNOWN)
    async with floor.working():
        await floor.trade()
    assert floor.broker.calls.count("prepare") == 2


async def test_an_entry_that_the_venue_refuses_ends_the_trade_with_its_reason() -> None:
    floor = Floor()
    floor.broker.fail("place", OrderRefusedError("margin is insufficient", Refusal.MARGIN))
    async with floor.working():
        floor.desk.wake(await floor.confirm())
        await until(lambda: "place" in floor.broker.calls)
        await settled()
        books = await floor.books()
    assert books.intent.state is IntentState.REFUSED
    assert books.position.state is PositionState.CLOSED
    assert any("margin is insufficient" in text for text in await floor.messages())


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_stop_of_unknown_fate_rests_once_in_the_end(is_late: bool) -> None:
    floor = Floor()
    async with floor.working():
        gate = floor.broker.hold("place")
        floor.desk.wake(await floor.confirm())
        await until(lambda: "place" in floor.broker.calls)
        floor.broker.fail_after("place", 1, _UNKNOWN, is_late=is_late)
        gate.set()
        await until(floor.is_set_up)
        await settled()
    assert len(floor.broker.open_orders()) == 4


async def test_a_stop_that_cannot_be_placed_in_time_closes_the_position_and_alerts() -> None:
    floor = Floor()
    await floor.add_admin()
    async with floor.working():
        floor.broker.fail_after("place", 1, TemporaryVenueError("overloaded"), times=1000)
        floor.desk.wake(await floor.confirm())
        await until(lambda: floor.broker.calls.count("place") > 2)
        floor.clock.advance(5.5)
        floor.desk.wake(1)
        await until(lambda: any("-c0-" in each for each in floor.broker.attempted))
        floor.broker.mend()
        await until(lambda: not floor.broker.positions)
        await settled()
        books = await floor.books()
    assert books.position.close_reason is CloseReason.UNPROTECTED
    assert any(PAPER in text for text in await floor.messages(ADMIN))


async def test_a_stop_that_would_trigger_at_once_closes_the_position() -> None:
    floor = Floor()
    async with floor.working():
        floor.broker.fail_after(
            "place", 1, OrderRefusedError("would trigger", Refusal.WOULD_TRIGGER)
        )
        floor.desk.wake(await floor.confirm())
        await until(lambda: any("-c0-" in each for each in floor.broker.placed))
        await settled()
        assert await floor.state() is PositionState.CLOSED
    assert not floor.broker.positions


async def test_a_rate_limit_silences_the_whole_account_for_as_long_as_it_says() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.fail("list_open_orders", RateLimitedError("slow down", 60.0))
        floor.clock.advance(3.1)
        await until(lambda: floor.broker.calls[-1] == "list_open_orders")
        await settled()
        asked = len(floor.broker.calls)
        floor.broker.hint(AnyPair.STREAM_BEGAN)
        await settled()
        assert len(floor.broker.calls) == asked


async def test_a_key_that_is_refused_halts_the_account_and_alerts_once() -> None:
    floor = Floor()
    await floor.add_admin()
    async with floor.working():
        await floor.trade()
        floor.broker.fail(
            "list_open_orders", AccessRefusedError("this address is not allowed"), times=9
        )
        for _ in range(3):
            floor.clock.advance(3.1)
            await floor.broker.is_asked_again()
            await settled()
    assert "not allowed" in (floor.desk.halted_account(PAPER) or "")
    assert len(await floor.messages(ADMIN)) == 1


async def test_a_key_that_is_accepted_again_is_traded_with_again() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.fail("list_fills", AccessRefusedError("not now"))
        floor.broker.hint(AnyPair.STREAM_BEGAN)
        await until(lambda: floor.desk.halted_account(PAPER) is not None)
        floor.clock.advance(3.1)
        await until(lambda: floor.desk.halted_account(PAPER) is None)


async def test_a_rate_limit_that_one_position_meets_silences_the_watchdog_too() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.fail("list_fills", RateLimitedError("slow down", 60.0))
        floor.broker.hint(BTC.symbol)
        await until(lambda: floor.broker.calls[-1] == "list_fills")
        await settled()
        asked = len(floor.broker.calls)
        floor.clock.advance(3.1)
        await asyncio.sleep(0.4)  # longer than the watchdog waits at least
        assert len(floor.broker.calls) == asked
