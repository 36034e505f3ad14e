"""Our broker over real ccxt at a venue where things go wrong: what is told is what happened."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.accounts import PositionMode
from domain.errors import (
    AccessRefusedError,
    OutcomeUnknownError,
    RateLimitedError,
    TemporaryVenueError,
)
from domain.orders import OrderState
from engine.ports.broker import AnyPair, Hint
from exchanges.simulator import Fault, FaultKind
from tests.contract.exchanges.broker_worlds import (
    LEVERAGE,
    QUANTITY,
    SYMBOL,
    SimulatedWorld,
    Trader,
    simulated_world,
    until,
)

PLACING = "POST /fapi/v1/order"
STOPPING = "POST /fapi/v1/algoOrder"
CANCELLING = "DELETE /fapi/v1/order"


@pytest_asyncio.fixture
async def world() -> AsyncIterator[SimulatedWorld]:
    async with simulated_world(PositionMode.ONE_WAY) as opened:
        await opened.broker.prepare(SYMBOL, LEVERAGE)
        yield opened


@pytest.fixture
def trader(world: SimulatedWorld) -> Trader:
    return Trader(world)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REST_ANSWER_LOST, match=PLACING, count=1),
        Fault(kind=FaultKind.REST_ANSWER_REPLACED, match=PLACING, count=1, status=503, code=-1000),
        Fault(kind=FaultKind.REST_ANSWER_REPLACED, match=PLACING, count=1, status=504, code=-1007),
        Fault(kind=FaultKind.REST_ANSWER_REPLACED, match=PLACING, count=1, status=408),
    ],
)
async def test_entry_whose_answer_was_lost_is_found_and_stands_once(
    world: SimulatedWorld, trader: Trader, fault: Fault
) -> None:
    """Unknown until asked for by client id, and never sent again by ccxt."""
    world.venue.faults.inject(fault)
    request = trader.entry()
    with pytest.raises(OutcomeUnknownError):
        await world.broker.place(request)
    await trader.until_in(request, OrderState.FILLED)
    (position,) = await world.broker.list_positions()
    assert position.quantity == QUANTITY


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REST_REQUEST_LOST, match=PLACING, count=1),
        Fault(kind=FaultKind.REST_STATUS, match=PLACING, count=1, status=502),
        Fault(kind=FaultKind.REST_HTML, match=PLACING, count=1, status=502),
    ],
)
async def test_entry_that_never_arrived_is_as_unknown_and_then_not_found(
    world: SimulatedWorld, trader: Trader, fault: Fault
) -> None:
    world.venue.faults.inject(fault)
    request = trader.entry()
    with pytest.raises(OutcomeUnknownError):
        await world.broker.place(request)
    assert await world.broker.find_order(request) is None
    assert await world.broker.list_positions() == []


async def test_stop_whose_answer_was_lost_rests(world: SimulatedWorld, trader: Trader) -> None:
    await trader.hold()
    world.venue.faults.inject(Fault(kind=FaultKind.REST_ANSWER_LOST, match=STOPPING, count=1))
    request = trader.stop(-3)
    with pytest.raises(OutcomeUnknownError):
        await world.broker.place(request)
    found = await world.broker.find_order(request)
    assert found is not None
    assert found.state is OrderState.RESTING


async def test_cancelling_whose_answer_was_lost_is_done(
    world: SimulatedWorld, trader: Trader
) -> None:
    request = trader.limit(-3)
    await world.broker.place(request)
    # The library sends a request to delete again where the connection breaks; an error it keeps.
    fault = Fault(
        kind=FaultKind.REST_ANSWER_REPLACED, match=CANCELLING, count=1, status=503, code=-1000
    )
    world.venue.faults.inject(fault)
    with pytest.raises(OutcomeUnknownError):
        await world.broker.cancel(request)
    found = await world.broker.find_order(request)
    assert found is not None
    assert found.state is OrderState.CANCELLED


async def test_overload_leaves_nothing_behind(world: SimulatedWorld, trader: Trader) -> None:
    fault = Fault(kind=FaultKind.REST_STATUS, match=PLACING, count=1, status=503, code=-1008)
    world.venue.faults.inject(fault)
    request = trader.entry()
    with pytest.raises(TemporaryVenueError) as raised:
        await world.broker.place(request)
    assert type(raised.value) is TemporaryVenueError
    assert await world.broker.find_order(request) is None


@pytest.mark.parametrize("status", [429, 418])
async def test_limit_is_told_with_its_time_and_nothing_is_sent_within_it(
    world: SimulatedWorld, trader: Trader, status: int
) -> None:
    fault = Fault(
        kind=FaultKind.REST_STATUS, match=PLACING, count=1, status=status, retry_after_seconds=20
    )
    world.venue.faults.inject(fault)
    for _ in range(2):
        with pytest.raises(RateLimitedError) as raised:
            await world.broker.place(trader.entry())
        assert 15 < raised.value.retry_after_seconds <= 20
    assert list(world.venue.books().executions()) == []


@pytest.mark.parametrize("ahead_seconds", [-60.0, 60.0])
async def test_clock_that_is_a_minute_off_is_mended_with_the_first_request(
    ahead_seconds: float,
) -> None:
    """-1021 is a NetworkError in ccxt, and its clock is measured once and never again."""
    async with simulated_world(ahead_seconds=ahead_seconds) as world:
        trader = Trader(world)
        await world.broker.prepare(SYMBOL, LEVERAGE)
        await trader.hold()


async def test_secret_that_is_wrong_is_refused_access(world: SimulatedWorld) -> None:
    world.broker._client.secret = "another"
    with pytest.raises(AccessRefusedError):
        await world.broker.read_standing()


async def test_cut_and_silent_streams_come_back_with_a_hint(
    world: SimulatedWorld, trader: Trader
) -> None:
    hints: list[Hint] = []

    async def come_back() -> bool:
        return hints.count(AnyPair.STREAM_BEGAN) > seen

    async with asyncio.TaskGroup() as tasks:
        seen = 0
        listening = tasks.create_task(world.broker.run(hints.append))
        await until(come_back)
        seen = hints.count(AnyPair.STREAM_BEGAN)
        assert world.venue.faults.drop("/private") == 1
        await until(come_back)
        listening.cancel()


async def test_frames_twice_late_or_garbled_are_nothing_but_hints(
    world: SimulatedWorld, trader: Trader
) -> None:
    """Decide nothing by the stream; the books say the same whatever it says."""
    since = trader.world.now() - timedelta(seconds=1)
    kinds = (FaultKind.FRAME_DUPLICATE, FaultKind.FRAME_UNPARSABLE, FaultKind.FRAME_WRONG_TYPE)
    hints: list[Hint] = []

    async def hinted() -> bool:
        return len(hints) > 1

    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(world.broker.run(hints.append))

        async def connected() -> bool:
            return hints == [AnyPair.STREAM_BEGAN]

        await until(connected)
        for kind in kinds:
            world.venue.faults.inject(Fault(kind=kind, match="key-1", seconds=30))
        await trader.hold()
        await until(hinted)
        listening.cancel()
    assert sum(fill.quantity for fill in await world.broker.list_fills(SYMBOL, since)) == QUANTITY
