"""A desk that dies at any call of storage, and another that goes on from what is stored."""

import asyncio
from contextlib import suppress

import pytest

from domain.directions import Direction
from domain.orders import OrderKind
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, Floor, settled, until
from tests.unit.execution.desk.mortal_storage import KilledError, MortalStorage


async def _trade_until_killed(floor: Floor) -> None:
    """Run the desk until it dies, or the trade stands."""
    with suppress(KilledError, BaseExceptionGroup):
        await floor.desk.start_up()
        task = asyncio.create_task(floor.desk.run())
        floor.desk.wake(1)
        waiting = asyncio.create_task(until(floor.is_set_up))
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        await settled()
        for each in (waiting, task):
            each.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _calls() -> int:
    floor = Floor()
    await floor.confirm()
    mortal = MortalStorage(floor.kept)
    floor.storage = mortal.storage
    await _trade_until_killed(floor)
    return mortal.calls


@pytest.mark.parametrize("is_late", [False, True])
async def test_whatever_call_of_storage_is_the_last_the_trade_is_entered_once_and_protected(
    is_late: bool,
) -> None:
    calls = await _calls()
    assert calls > 30
    for number in range(calls):
        floor = Floor()
        await floor.confirm()
        floor.storage = MortalStorage(floor.kept, number, is_late=is_late).storage
        await _trade_until_killed(floor)
        floor.storage = floor.kept
        floor.open_desk()
        async with floor.working():
            await settled()
            if not floor.broker.positions:
                floor.clock.advance(7)  # an entry that was written down can arrive no more
            await until(floor.is_set_up)
            await settled()
        assert floor.broker.positions[(BTC.symbol, Direction.LONG)].quantity == QUANTITY, number
        assert len(floor.resting(OrderKind.STOP)) == 1, number
