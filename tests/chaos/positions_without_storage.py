"""The database is away while a live position is open: what protects it goes on from memory."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from domain.positions import PositionState
from domain.signals import Signal
from exchanges.simulator import USUAL_ACCOUNT
from tests.chaos.case import Case
from tests.chaos.ground import PATIENCE
from tests.chaos.servers import restartable_postgres
from tests.e2e.execution import Floor, Trader, open_floor
from tests.e2e.record import read_record
from tests.e2e.waiting import until_seen

_TRADER: Final = 70
_LIVE: Final[dict[str, dict[str, Any]]] = {
    "trading": {"live": True, "override": "the money is simulated"},
    "exchange": {"api_key": USUAL_ACCOUNT.api_key, "api_secret": USUAL_ACCOUNT.secret},
}


async def postgresql_stopped(_folder: Path) -> None:
    """Its stop rests; one that vanishes is replaced; /close_all closes it on the exchange."""
    with restartable_postgres() as (url, server):
        async with _open_position(url) as (floor, trader, signal):
            await server.stop()
            await _assert_protected(floor, signal.instrument.symbol)
            await floor.command("/close_all", "storage is not available")
            _assert_nothing_held(floor)
            await server.start()
            await _assert_written_down(floor, trader)


async def sqlite_locked(folder: Path) -> None:
    """Each attempt to write waits long before it is refused; protection waits once."""
    file = folder / "quorum.sqlite"
    async with _open_position(f"sqlite:///{file}") as (floor, trader, signal):
        async with _locked(file):
            await _assert_protected(floor, signal.instrument.symbol)
            await floor.line.operator.send("/close_all")
            venue = floor.line.venue
            await until_seen(
                lambda: not venue.books().positions(), "it is not closed", seconds=PATIENCE
            )
        await _assert_written_down(floor, trader)
        _assert_nothing_held(floor)


@asynccontextmanager
async def _open_position(url: str) -> AsyncIterator[tuple[Floor, Trader, Signal]]:
    async with open_floor(url, traders=[_TRADER], window_seconds=3600.0, sections=_LIVE) as floor:
        trader = await floor.hire(_TRADER)
        await floor.command("/mode live", "LIVE")
        signal = await floor.fresh_signal(alone=True)
        await trader.confirmed(signal)
        yield floor, trader, signal


@asynccontextmanager
async def _locked(file: Path) -> AsyncIterator[None]:
    """Somebody else writes; waiting for a turn must not stop the bot, which is in this process."""
    other = sqlite3.connect(file, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def _assert_protected(floor: Floor, symbol: str) -> None:
    """The stop rests; one taken away behind the bot's back is replaced by the watchdog."""
    venue = floor.line.venue
    [held] = venue.books().positions(symbol)
    [stop] = venue.books().open_conditionals(symbol)
    venue.books().cancel_all_conditionals(symbol, venue.clock.now_ms())

    def look() -> bool:
        stops = venue.books().open_conditionals(symbol)
        return [each.ticket.quantity for each in stops] == [held.quantity]

    await until_seen(look, "the stop is not replaced", seconds=PATIENCE)
    assert venue.books().open_conditionals(symbol)[0].number != stop.number


def _assert_nothing_held(floor: Floor) -> None:
    books = floor.line.venue.books()
    assert books.positions() == []
    assert books.open_conditionals() == []


async def _assert_written_down(floor: Floor, trader: Trader) -> None:
    books = await trader.reaches(
        lambda each: each.position.state is PositionState.CLOSED, "it is not written down"
    )
    assert [order for order in books.orders if not order.is_final] == []
    (await read_record(floor.line.storage)).assert_holds()


CASES = (
    Case(
        fault="PostgreSQL stopped with a live position open",
        expected="stop rests, a lost stop is replaced, /close_all closes, written down afterwards",
        play=postgresql_stopped,
    ),
    Case(
        fault="SQLite locked with a live position open",
        expected="the same, after one wait for the lock",
        play=sqlite_locked,
    ),
)
