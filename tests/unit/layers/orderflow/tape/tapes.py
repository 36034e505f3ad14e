"""Trades and tapes for tests: a day at random, arrivals out of order, and short hands."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from domain.tape import TapeReading, Trade
from layers.orderflow.tape import Tape, TapeParameters

STEP = 0.001
MIDNIGHT_MS = 1_723_161_600_000
SMALL = TapeParameters(
    velocity_least_trades=2,
    vpin_buckets=4,
    vpin_least_trades=2,
    large_least_trades=3,
    big_notional=2_000.0,
)
"""Thresholds that a few trades reach."""

PAUSES_MS = (0, 0, 1, 40, 900, 1000, 5000, 29_000, 30_000, 60_000, 299_000, 300_000, 900_000)
LONG_PAUSES_MS = (1_800_000, 3_600_000, 14_400_000, 86_400_000)


def tape_of(
    trades: Iterable[Trade], parameters: TapeParameters = SMALL, step: float = STEP
) -> Tape:
    tape = Tape(parameters, quantity_step=step)
    feed(tape, trades)
    return tape


def feed(tape: Tape, trades: Iterable[Trade]) -> None:
    for each in trades:
        tape.push(each.id, each.exchange_ms, each.price, each.quantity, each.is_buy)


def read(tape: Tape, at_ms: int) -> TapeReading:
    """The reading at an instant that lies near enough."""
    reading = tape.reading(at_ms)
    assert reading is not None
    return reading


def trade(
    number: int,
    exchange_ms: int,
    *,
    is_buy: bool = True,
    price: float = 100.0,
    quantity: float = 1.0,
) -> Trade:
    return Trade(id=number, exchange_ms=exchange_ms, price=price, quantity=quantity, is_buy=is_buy)


def mirrored(trades: Iterable[Trade]) -> list[Trade]:
    """Buys for sells, and each price reflected around 100."""
    return [replace(each, price=10_000.0 / each.price, is_buy=not each.is_buy) for each in trades]


@st.composite
def markets(draw: st.DrawFn, *, is_whole: bool = False, pauses: Sequence[int] = ()) -> list[Trade]:
    """Trades in order, hours on both sides of midnight; with holes in the ids unless whole."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    pauses = pauses or draw(st.sampled_from([PAUSES_MS, PAUSES_MS[:9], PAUSES_MS + LONG_PAUSES_MS]))
    now = MIDNIGHT_MS - chance.choice((0, 1, 60_000, 900_000, 14_400_000, 20_000_000))
    number, price = chance.randrange(1_000_000), 100.0
    holes = 0.0 if is_whole else draw(st.sampled_from([0.0, 0.0, 0.02, 0.3]))
    lean = chance.choice((0.1, 0.5, 0.5, 0.9))
    trades = []
    for _ in range(chance.choice((0, 2, 20, 60, 120, 120, 200))):
        now += chance.choice(pauses)
        number += 1 if chance.random() >= holes else chance.randrange(2, 5)
        price = round(price * (1 + chance.choice((-0.002, 0.0, 0.0, 0.0001, 0.002))), 4)
        steps = chance.choice((1, 3, 10, 11, 40, 1000, 30_000))
        trades.append(
            trade(
                number,
                now,
                price=price,
                quantity=steps * STEP,
                is_buy=chance.random() < lean,
            )
        )
    return trades


@st.composite
def arrivals(draw: st.DrawFn) -> list[Trade]:
    """Trades as they may come: some late, some twice, some never."""
    trades = draw(markets())
    chance = random.Random(draw(st.integers(0, 2**32)))
    furthest = draw(st.sampled_from([0, 3, 30]))
    lost = draw(st.sampled_from([0.0, 0.0, 0.05]))
    again = draw(st.sampled_from([0.0, 0.2]))
    received = [each for each in trades if chance.random() >= lost]
    received += [each for each in received if chance.random() < again]
    places = {each.id: place for place, each in enumerate(trades)}
    return sorted(received, key=lambda each: places[each.id] + chance.randint(0, furthest))


def instants_around(chance: random.Random, trades: Sequence[Trade], count: int) -> list[int]:
    """Instants that can be read: not more than 15 minutes before the newest, or after it."""
    newest = max((each.exchange_ms for each in trades), default=MIDNIGHT_MS)
    near = [each.exchange_ms for each in trades if each.exchange_ms > newest - 900_000]
    edges = [
        each + offset
        for each in near
        for offset in (0, 1, -1, 5000, 30_000, 300_000, 900_000, 901_000)
        if each + offset >= newest - 900_000
    ]
    later = [newest + pause for pause in (0, 3000, 60_000, 14_400_000, 86_400_000)]
    return chance.choices(edges + later, k=count)
