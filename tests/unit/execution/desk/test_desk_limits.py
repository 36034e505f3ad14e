"""A venue that asks for patience: what waits, what is decided anew, and what goes first then."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.errors import OrderLimitError, RateLimitedError
from domain.intents import IntentState
from domain.orders import OrderKind
from domain.positions import CloseReason
from engine.execution.values import CloseRequest
from tests.builders.market import make_instrument
from tests.unit.execution.desk.desk_floor import BTC, Floor, settled, until

_SILENCE = 0.3
"""Wall seconds: who waits for the venue's turn really sleeps."""

_FIRST = "q0a1b2c-1-e0-1"


async def _until_limited(floor: Floor) -> None:
    """A trade is confirmed, and its entry met the limit."""
    floor.broker.fail("place", RateLimitedError("HTTP 429", _SILENCE))
    floor.desk.wake(await floor.confirm())
    await until(lambda: "place" in floor.broker.calls)
    await asyncio.sleep(_SILENCE / 2)  # longer than the pause before it is tried again


async def _until_it_is_over(floor: Floor, seconds: float) -> None:
    for _ in range(3):
        floor.clock.advance(seconds)
        await asyncio.sleep(_SILENCE)
        floor.desk.wake(1)
        await settled()


def _price_runs_away(floor: Floor) -> None:
    floor.quotes.set(BTC.symbol, "70000.0", "70001.0")


@pytest.mark.parametrize(
    ("meanwhile", "seconds"),
    [(_price_runs_away, 1.0), (_price_runs_away, 7.0), (lambda floor: None, 900.0)],
    ids=["price away, soon", "price away, later", "window over"],
)
async def test_an_entry_that_met_a_limit_is_not_sent_once_it_is_not_wanted_any_more(
    meanwhile: Callable[[Floor], None], seconds: float
) -> None:
    floor = Floor()
    async with floor.working():
        await _until_limited(floor)
        meanwhile(floor)
        await _until_it_is_over(floor, seconds)
    assert floor.broker.attempted == [_FIRST]
    assert not floor.broker.positions


async def test_an_entry_that_is_called_off_while_the_venue_wants_silence_is_never_sent() -> None:
    floor = Floor()
    async with floor.working():
        await _until_limited(floor)
        await floor.desk.call_off_entry(1)
        await _until_it_is_over(floor, 3.1)
        await floor.until_closed()
        assert (await floor.books()).intent.state is IntentState.MISSED
    assert floor.broker.attempted == [_FIRST]


async def test_a_close_while_the_venue_wants_silence_calls_off_the_entry() -> None:
    floor = Floor()
    async with floor.working():
        await _until_limited(floor)
        await floor.desk.close([CloseRequest(position_id=1, reason=CloseReason.CLOSE_ALL)])
        await _until_it_is_over(floor, 1.0)
    assert floor.broker.attempted == [_FIRST]


async def test_an_entry_that_is_still_wanted_after_a_silence_is_sent_once() -> None:
    floor = Floor()
    async with floor.working():
        await _until_limited(floor)
        floor.clock.advance(1.0)
        floor.desk.wake(1)
        await until(floor.is_set_up)
        await settled()
    assert [each for each in floor.broker.placed if "-e0-" in each] == [_FIRST]


async def test_an_entry_decided_during_a_silence_is_not_even_written_down() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.fail("list_fills", RateLimitedError("HTTP 429", _SILENCE))
        floor.broker.hint(BTC.symbol)
        await until(lambda: floor.broker.calls[-1] == "list_fills")
        await settled()
        floor.quotes.set("ETHUSDT", "64210.0", "64211.0")
        floor.desk.wake(await floor.confirm(2, instrument=make_instrument("ETH")))
        await asyncio.sleep(_SILENCE / 2)
        assert (await floor.books(2)).orders == ()


async def test_too_many_orders_keep_nobody_from_looking_and_the_stop_goes_out_first() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
        floor.broker.fail("place", OrderLimitError("-1015", _SILENCE), times=2)
        floor.reach_target(1)
        await until(lambda: floor.broker.attempted[-1].endswith("-s0-2"))
        await settled()
        await floor.tick()
        assert floor.is_protected()
        await until(lambda: floor.broker.placed[-1].endswith("-s0-2"))
        await settled()
        stops = floor.resting(OrderKind.STOP)
    assert [stop.quantity for stop in stops] == [Decimal("0.060")]


async def test_a_target_waits_behind_stops_and_its_position_is_looked_after_meanwhile() -> None:
    floor = Floor()
    async with floor.working():
        floor.broker.fail_after("place", 2, OrderLimitError("-1015", 60.0))
        floor.desk.wake(await floor.confirm())
        await until(lambda: any("-t1-" in each for each in floor.broker.attempted))
        await settled()
        attempted = list(floor.broker.attempted)
        stop = floor.resting(OrderKind.STOP)[0]
        floor.broker.trigger(stop.client_id)
        floor.broker.hint(BTC.symbol)
        await asyncio.sleep(_SILENCE)
        floor.clock.advance(7)
        floor.desk.wake(1)
        await floor.until_closed()
    assert [each for each in floor.broker.attempted if each not in attempted] == []
