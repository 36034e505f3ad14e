"""Ground for one trade: a venue of its own, a database with a fresh signal, and a bot on them."""

import asyncio
import multiprocessing
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.access import Role
from domain.accounts import OPERATOR, ExecutionMode, paper_account
from domain.instruments import Instrument
from domain.plans import TradePlan
from domain.positions import PositionBooks, PositionState
from domain.timeframes import from_ms
from engine.ports.storage import OutboxRow
from exchanges.matching.account import TradingAccount
from exchanges.paper.books import decode, new_account
from exchanges.paper.parameters import PaperParameters
from exchanges.simulator import (
    USUAL_ACCOUNT,
    Market,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    synthetic_market,
)
from exchanges.simulator.market.minute_path import price_at
from exchanges.simulator.trading.terms import symbol_terms
from tests.builders.signals import make_followed, make_plan, make_signal
from tests.killpoints.bot import SIGNAL, TRADER, Orders, run_bot

SYMBOL: Final = "ETHUSDT"

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload([__name__, "ccxt.async_support", "exchanges.ccxt_broker.opening"])


@cache
def market() -> Market:
    """Made once: every trade begins at the same instant at the same price."""
    return synthetic_market(pairs=2, seed=11, history_minutes=1440, forward_minutes=1440)


@cache
def instrument() -> Instrument:
    """The pair that is traded."""
    terms = {each.symbol: each for each in symbol_terms(market().pairs)}
    return terms[SYMBOL].instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a trade is lived through: on paper or live."""

    mode: ExecutionMode

    @property
    def account(self) -> str:
        """The account that our books name."""
        return OPERATOR if self.mode is ExecutionMode.LIVE else paper_account(TRADER).name


class BotDiedError(Exception):
    """The process was killed before it answered."""


class Bot:
    """A forked process that runs the execution line."""

    def __init__(self, orders: Orders) -> None:
        self._pipe, theirs = _nursery.Pipe()
        self.process = _nursery.Process(target=run_bot, args=(orders, theirs))
        self.process.start()
        theirs.close()

    async def hear(self) -> Any:
        """What it says next. Raises `BotDiedError`."""
        await _readable(self._pipe, self.process.sentinel)
        try:
            if self._pipe.poll():
                return self._pipe.recv()
        except (EOFError, ConnectionResetError):
            pass
        raise BotDiedError

    async def ask(self, command: str) -> Any:
        """What it answers. Raises `BotDiedError`."""
        try:
            self._pipe.send(command)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise BotDiedError from error
        return await self.hear()

    async def death(self) -> None:
        """Wait until it has ended."""
        await _readable(self.process.sentinel)

    def end(self) -> None:
        """Leave nothing of it."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self._pipe.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A venue and a database; what is asked of the venue's books is asked here."""

    scene: Scene
    folder: Path
    venue: SimulatedVenue
    storage: SqlStorage

    @property
    def plan(self) -> TradePlan:
        """The plan of the signal, a long from the market's first price."""
        return _plan()

    def now_ms(self) -> int:
        """The venue's time."""
        return self.venue.clock.now_ms()

    def orders(self, kill_at: str | None) -> Orders:
        """What a new process is told."""
        return Orders(
            folder=self.folder,
            rest_url=self.venue.rest_url,
            ws_url=self.venue.ws_url,
            api_key=USUAL_ACCOUNT.api_key,
            secret=USUAL_ACCOUNT.secret,
            venue_ms=self.now_ms(),
            at_monotonic=time.monotonic(),
            instrument=instrument(),
            is_live=self.scene.mode is ExecutionMode.LIVE,
            kill_at=kill_at,
        )

    def move_to(self, price: Decimal) -> None:
        """The market jumps to a price."""
        self.venue.move(SYMBOL, float(price / _last_price(self.venue)))

    async def books(self) -> TradingAccount:
        """What the venue keeps of the account; on paper, what is stored of it."""
        if self.scene.mode is ExecutionMode.LIVE:
            return self.venue.books()
        async with self.storage() as unit:
            stored = await unit.accounts.load_paper(self.scene.account)
        if stored is None:
            return new_account(PaperParameters())
        return decode(stored, PaperParameters())[0]

    async def our_books(self) -> PositionBooks | None:
        """What the bot has written down of the trade."""
        async with self.storage() as unit:
            return await unit.positions.find_books(1)

    async def messages(self) -> list[OutboxRow]:
        """Everything that was put into the outbox."""
        async with self.storage() as unit:
            return await unit.outbox.list_put_since(from_ms(0), prefix="")

    async def is_over(self) -> bool:
        """Whether the trade has ended, and its end is written down."""
        books = await self.our_books()
        return books is not None and books.position.state is PositionState.CLOSED


@asynccontextmanager
async def ground(scene: Scene, folder: Path, template: Path) -> AsyncIterator[Ground]:
    """A fresh venue and a copy of the prepared database."""
    shutil.copy(template, folder / "quorum.sqlite")
    database = create_database_engine(f"sqlite:///{folder / 'quorum.sqlite'}")
    clock = SimulatorClock(market().start_ms, 1.0, time.monotonic)
    settings = SimulatorSettings(trades_per_minute=240)
    venue = SimulatedVenue(
        market(), clock, spawn=lambda _name, work: asyncio.create_task(work), settings=settings
    )
    async with venue:
        yield Ground(scene=scene, folder=folder, venue=venue, storage=SqlStorage(database))
    await database.dispose()


async def prepare(scene: Scene, file: Path) -> None:
    """A migrated database with a trader, a mode and a signal that may be executed."""
    database = create_database_engine(f"sqlite:///{file}")
    await upgrade(database)
    at = from_ms(market().start_ms)
    signal = make_signal(SIGNAL, instrument=instrument(), plan=_plan(), published_at=at)
    async with SqlStorage(database)() as unit:
        await unit.users.grant(TRADER, Role.ADMIN, at=at, how="settings")
        await unit.state.set_mode(scene.mode)
        await unit.signals.add(make_followed(signal=signal))
        await unit.commit()
    async with database.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await database.dispose()


@cache
def _plan() -> TradePlan:
    pair = market().by_symbol[SYMBOL]
    price = instrument().price(price_at(pair, market().start_ms) * pair.contract.prices.size)
    distance = instrument().price(price / 100)
    return make_plan(instrument=instrument(), entry=f"{price}", stop_distance=f"{distance}")


def _last_price(venue: SimulatedVenue) -> Decimal:
    floor = venue._floor
    pair = floor.find(SYMBOL)
    assert pair is not None
    ticks = floor.tape.last_price(pair, floor.now_ms())
    return instrument().price(ticks * pair.contract.prices.size)


async def _readable(*waited_for: Any) -> None:
    """Wait until there is something to read from any of these descriptors."""
    loop, happened = asyncio.get_running_loop(), asyncio.Event()
    numbers = [each if isinstance(each, int) else each.fileno() for each in waited_for]
    copies = [os.dup(number) for number in numbers]
    try:
        for copy in copies:
            loop.add_reader(copy, happened.set)
        await happened.wait()
    finally:
        for copy in copies:
            loop.remove_reader(copy)
            os.close(copy)
