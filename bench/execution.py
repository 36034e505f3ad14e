"""Execution over the wire: press to order, fill to stop, restart to everything known as protected.

Ours: the use case that confirms an offer, the desk, SQLite in a file, ccxt, at a simulated venue in
a process of its own, whose traffic passes a wire that notes times. Base: ccxt in a plain loop that
writes nothing down, checks nothing, and looks at its order every half second unless the answer says
at once that it is filled.
"""

import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from bench.naive_trader import NaiveTrader
from bench.result import Result
from bench.startup import simulated_venue
from bench.timed_storage import TimedStorage
from bench.trading_room import TradingRoom
from bench.wire import Wire, open_wire
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.instruments import Instrument
from domain.positions import PositionState

_ROUNDS: Final = 20
_HELD: Final = 10
_RESTARTS: Final = 5
_ORDER: Final = "/fapi/v1/order"
_STOP: Final = "/fapi/v1/algoOrder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Milliseconds of one trade.

    `stored` is what `units` units of work took that ended before the entry was on the wire.
    """

    to_wire: float
    to_stop: float
    stored: float = 0.0
    units: int = 0


@dataclass
class Course:
    """What is measured so far."""

    ours: list[Spans] = field(default_factory=list)
    base: list[Spans] = field(default_factory=list)
    our_starts: list[float] = field(default_factory=list)
    base_starts: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A venue, the wire to it, and two who trade there on pairs of their own."""

    rest_url: str
    wire: Wire
    timed: TimedStorage
    room: TradingRoom
    naive: NaiveTrader


def run(on_progress: Callable[[int, int], None]) -> Result:
    logging.getLogger("engine").setLevel(logging.CRITICAL)  # the base's positions are told of
    with simulated_venue() as (rest_url, ws_url):
        course = asyncio.run(_measure(rest_url, ws_url, on_progress))
    to_wire = [
        (one.to_wire, two.to_wire) for one, two in zip(course.ours, course.base, strict=True)
    ]
    to_stop = [
        (one.to_stop, two.to_stop) for one, two in zip(course.ours, course.base, strict=True)
    ]
    starts = list(zip(course.our_starts, course.base_starts, strict=True))
    stored = statistics.median(one.stored for one in course.ours)
    return Result(
        name="execution",
        ours_ms=statistics.median(one for one, _ in to_stop),
        base_ms=statistics.median(other for _, other in to_stop),
        ratio=_ratio(to_stop),
        runs=len(to_stop),
        base="plain ccxt, which writes nothing down; both from fill to stop accepted",
        details={
            **_figures("fill to stop accepted", to_stop),
            **_figures("press to order on the wire", to_wire),
            "press to order on the wire, of it storage, ms": stored,
            "press to order on the wire, units of work": statistics.median(
                one.units for one in course.ours
            ),
            **_figures(f"restart to {_HELD} positions known as protected", starts),
        },
    )


def _figures(name: str, pairs: list[tuple[float, float]]) -> dict[str, float | str]:
    ours, base = [one for one, _ in pairs], [other for _, other in pairs]
    return {
        f"{name}, p50 ms": statistics.median(ours),
        f"{name}, p99 ms": _high(ours),
        f"{name}, base p50 ms": statistics.median(base),
        f"{name}, base p99 ms": _high(base),
        f"{name}, ratio": _ratio(pairs),
    }


def _high(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.99 * len(values)))]


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(other / one for one, other in pairs)


async def _measure(rest_url: str, ws_url: str, on_progress: Callable[[int, int], None]) -> Course:
    course, total = Course(), _ROUNDS + _RESTARTS
    async with _prepared(rest_url, ws_url) as ground:
        pairs = await ground.naive.instruments(2 * _HELD)
        ours, theirs = pairs[:_HELD], pairs[_HELD:]
        await ground.naive.prepare(theirs)
        async with ground.room.working():
            for number in range(_ROUNDS):
                on_progress(number, total)
                place = number % _HELD
                course.ours.append(await _our_trade(ground, ours[place]))
                course.base.append(await _their_trade(ground, theirs[place]))
                if number < _ROUNDS - _HELD:
                    await _close(ground, ours[place])
                    await _close(ground, theirs[place])
        await _next_minute(ground)
        for number in range(_RESTARTS):
            on_progress(_ROUNDS + number, total)
            course.our_starts.append(await _our_start(ground))
            course.base_starts.append(await _their_start(ground, theirs))
    return course


@asynccontextmanager
async def _prepared(rest_url: str, ws_url: str) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_database_engine(f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite'}")
        await upgrade(engine)
        timed = TimedStorage(SqlStorage(engine))
        async with open_wire(rest_url) as wire:
            room = TradingRoom(timed.storage, rest_url, wire.url, ws_url)
            await room.begin()
            naive = NaiveTrader(wire.url)
            try:
                yield Ground(rest_url=rest_url, wire=wire, timed=timed, room=room, naive=naive)
            finally:
                await naive.close()
                await engine.dispose()


async def _our_trade(ground: Ground, instrument: Instrument) -> Spans:
    intent_id = await ground.room.offer(instrument)
    spent, units = ground.timed.seconds, ground.timed.units
    pressed_at = time.perf_counter()
    await ground.room.confirm(intent_id)
    await _until(lambda: ground.wire.newest(_ORDER, pressed_at) is not None)
    stored, units = ground.timed.seconds - spent, ground.timed.units - units
    await _until(lambda: ground.wire.newest(_STOP, pressed_at) is not None)
    spans = _spans(ground.wire, pressed_at)
    return replace(spans, stored=stored * 1000.0, units=units)


async def _their_trade(ground: Ground, instrument: Instrument) -> Spans:
    await ground.room.look_up(instrument)
    quantity, stop = ground.room.sized(instrument)
    pressed_at = time.perf_counter()
    await ground.naive.trade(instrument, float(quantity), float(stop))
    return _spans(ground.wire, pressed_at)


def _spans(wire: Wire, pressed_at: float) -> Spans:
    entry, stop = wire.newest(_ORDER, pressed_at), wire.newest(_STOP, pressed_at)
    if entry is None or stop is None:
        raise RuntimeError("an order has not passed the wire")
    return Spans(
        to_wire=(entry.sent_at - pressed_at) * 1000.0,
        to_stop=(stop.answered_at - entry.answered_at) * 1000.0,
    )


async def _our_start(ground: Ground) -> float:
    """A new desk on the stored books, until it has seen a stop for each position at the venue."""
    async with ground.room.storage() as unit:
        held = [books.position.id for books in await unit.positions.list_live()]
    if len(held) != _HELD:
        raise RuntimeError(f"{len(held)} positions are open instead of {_HELD}")
    began_at = time.perf_counter()
    async with ground.room.working() as desk:
        await _until(lambda: all(desk.is_protected(each) for each in held))
        return (time.perf_counter() - began_at) * 1000.0


async def _their_start(ground: Ground, instruments: list[Instrument]) -> float:
    began_at = time.perf_counter()
    await ground.naive.check(instruments)
    return (time.perf_counter() - began_at) * 1000.0


async def _close(ground: Ground, instrument: Instrument) -> None:
    """By hand at the venue; the desk notices by itself."""
    order = {"symbol": instrument.symbol}
    async with ClientSession() as session:
        await session.post(f"{ground.rest_url}/simulator/close", json=order)
    await _until(lambda: _is_closed(ground, instrument))


def _is_closed(ground: Ground, instrument: Instrument) -> bool:
    return all(
        books.position.state is PositionState.CLOSED
        for books in ground.room.desk.known()
        if books.position.symbol == instrument.symbol
    )


async def _next_minute(ground: Ground) -> None:
    """The venue allows so many requests a minute: a start must not meet a used-up one."""
    now = ground.room.clock.now()
    await ground.room.clock.sleep(60.5 - now.second)


async def _until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.002)
