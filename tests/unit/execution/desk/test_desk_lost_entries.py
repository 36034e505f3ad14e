"""An entry that the venue does not find may have been filled all the same: it is never doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from domain.errors import OutcomeUnknownError, TemporaryVenueError
from domain.orders import OrderReport, OrderRequest
from tests.unit.execution.desk.desk_floor import ADMIN, Floor, settled, until

_FIRST = "q0a1b2c-1-e0-1"


class _BlindVenue:
    """Carries the first entry out, says nothing, and does not find it until `is_blind` ends."""

    def __init__(self, floor: Floor) -> None:
        self.is_blind = True
        self._find = floor.broker.find_order
        floor.broker.fail("place", OutcomeUnknownError("-1007"), is_late=True)
        floor.broker.find_order = self._find_order  # type: ignore[method-assign]

    async def _find_order(self, request: OrderRequest) -> OrderReport | None:
        found = await self._find(request)
        return None if self.is_blind and request.client_id == _FIRST else found


@asynccontextmanager
async def _sent_in_the_dark() -> AsyncIterator[tuple[Floor, _BlindVenue]]:
    floor = Floor()
    await floor.add_admin()
    venue = _BlindVenue(floor)
    async with floor.working():
        floor.desk.wake(await floor.confirm())
        await until(lambda: "find_order" in floor.broker.calls)
        await settled()
        yield floor, venue


def _fills_are_late(floor: Floor) -> None:
    floor.broker.hidden_fills = 1


def _positions_are_not_told(floor: Floor) -> None:
    floor.broker.fail("list_positions", TemporaryVenueError("busy"), times=99)


async def _time_passes(floor: Floor, looks: int = 6) -> None:
    for _ in range(looks):
        floor.clock.advance(3.1)
        floor.desk.wake(1)
        await asyncio.sleep(0.3)  # longer than the watchdog waits at least
        await settled()


@pytest.mark.parametrize(
    "hidden",
    [lambda floor: None, _fills_are_late, _positions_are_not_told],
    ids=["told by both", "fills are late", "positions are not told"],
)
async def test_an_entry_that_was_filled_and_is_not_found_is_never_doubled(
    hidden: Callable[[Floor], None],
) -> None:
    async with _sent_in_the_dark() as (floor, venue):
        hidden(floor)
        await _time_passes(floor)
        assert floor.broker.attempted == [_FIRST]
        venue.is_blind = False
        floor.broker.hidden_fills = 0
        floor.broker.mend()
        floor.desk.wake(1)
        await until(floor.is_set_up)
        await settled()
        assert len((await floor.books()).fills) == 1
    assert [each for each in floor.broker.attempted if "-e0-" in each] == [_FIRST]


async def test_what_is_held_and_nobody_can_attribute_is_told_within_seconds() -> None:
    async with _sent_in_the_dark() as (floor, _):
        await _time_passes(floor)
        assert any("the exchange holds 0.100" in text for text in await floor.messages(ADMIN))


async def test_an_entry_is_not_lost_while_nobody_tells_whether_it_was_filled() -> None:
    floor = Floor()
    floor.broker.fail("place", OutcomeUnknownError("-1007"))
    async with floor.working():
        floor.broker.fail("list_fills", TemporaryVenueError("busy"), times=99)
        floor.desk.wake(await floor.confirm())
        await until(lambda: "find_order" in floor.broker.calls)
        await _time_passes(floor, 3)
        assert floor.broker.attempted == [_FIRST]
        floor.broker.mend()
        await until(floor.is_set_up)
    assert floor.broker.placed[0] == "q0a1b2c-1-e0-2"
