"""Hand-made and random books, with the trades that a tape would know."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.order_book import BookReading, BookSide, Level
from layers.orderflow.book import BookParameters, BookTracker

START_MS = 1_700_000_100_000
"""A 15-minute boundary."""
QUARTER_HOUR_MS = 900_000
STALE_MS = 5_000

Sides = tuple[list[Level], list[Level]]


@dataclass
class FakeTape:
    """Trades by side, price and time; remembers how far back it was asked."""

    trades: list[tuple[BookSide, float, int, float]] = field(default_factory=list)
    longest_ms: int = 0

    def eat(self, side: BookSide, price: float, at_ms: int, quantity: float) -> None:
        self.trades.append((side, price, at_ms, quantity))

    def traded(self, side: BookSide, price: float, from_ms: int, to_ms: int) -> float:
        self.longest_ms = max(self.longest_ms, to_ms - from_ms)
        return sum(
            quantity
            for at_side, at_price, at_ms, quantity in self.trades
            if at_side is side and at_price == price and from_ms < at_ms <= to_ms
        )


def tracker(tape: FakeTape | None = None, parameters: BookParameters | None = None) -> BookTracker:
    return BookTracker(
        parameters or BookParameters(), traded=(tape or FakeTape()).traded, stale_ms=STALE_MS
    )


def book(
    best_bid: float = 999.0,
    best_ask: float = 1001.0,
    *,
    levels: int = 20,
    size: float = 1.0,
    sizes: Mapping[float, float] | None = None,
) -> Sides:
    """A level at each whole price, alike but for those whose size is given; 0 leaves one out."""
    given = sizes or {}
    bids = [(best_bid - step, given.get(best_bid - step, size)) for step in range(levels)]
    asks = [(best_ask + step, given.get(best_ask + step, size)) for step in range(levels)]
    return [level for level in bids if level[1]], [level for level in asks if level[1]]


def feed(target: BookTracker, from_ms: int, to_ms: int, sides: Sides, every_ms: int = 100) -> None:
    """The same book, again and again, both ends of the time included."""
    for at_ms in range(from_ms, to_ms + 1, every_ms):
        target.update(at_ms, *sides)


def read(target: BookTracker, at_ms: int) -> BookReading:
    reading = target.reading(at_ms)
    assert reading is not None, target.problem_at(at_ms)
    return reading


@dataclass(frozen=True)
class Step:
    """An update of a random market and the trades that came before it."""

    at_ms: int
    bids: list[Level]
    asks: list[Level]
    trades: list[tuple[BookSide, float, int, float]]


@dataclass
class RandomMarket:
    """A random walk with walls that come, are eaten and are pulled; all numbers are exact floats.

    Prices move around `centre` in whole steps, quantities are quarters.
    """

    generator: random.Random
    centre: float = 2.0**20
    at_ms: int = START_MS + 30_000
    bid: float = 0.0
    big: dict[float, float] = field(default_factory=dict)

    def steps(self, count: int, longest_ms: int = 700) -> list[Step]:
        return [self._step(longest_ms) for _ in range(count)]

    def _step(self, longest_ms: int) -> Step:
        before_ms = self.at_ms
        self.at_ms += self.generator.randint(0, longest_ms)
        self.bid += self.generator.choice((-2, -1, -1, 0, 0, 0, 0, 1, 1, 2))
        ask = self.bid + self.generator.choice((1, 1, 2, 3))
        if self.generator.random() < 0.4:
            self.big[self.bid + self.generator.randint(-12, 14)] = self.generator.randint(15, 60)
        if self.big and self.generator.random() < 0.3:
            del self.big[self.generator.choice(sorted(self.big))]
        trades = [self._trade(before_ms) for _ in range(self.generator.randint(0, 3))]
        return Step(self.at_ms, self._side(self.bid, -1), self._side(ask, 1), trades)

    def _side(self, best: float, direction: int) -> list[Level]:
        prices = [best + direction * step for step in range(20)]
        return [
            (self.centre + price, self.big.get(price, self.generator.randint(1, 12) / 4.0))
            for price in prices
        ]

    def _trade(self, before_ms: int) -> tuple[BookSide, float, int, float]:
        side = self.generator.choice(list(BookSide))
        price = self.centre + self.bid + self.generator.randint(-3, 3)
        at_ms = self.generator.randint(before_ms, self.at_ms)
        return side, price, at_ms, self.generator.randint(1, 40)


def mirrored(step: Step, centre: float) -> Step:
    """Prices reflected around a centre, buyers and sellers swapped."""

    def reflected(levels: Sequence[Level]) -> list[Level]:
        return [(2.0 * centre - price, quantity) for price, quantity in levels]

    trades = [
        (other(side), 2.0 * centre - price, at_ms, quantity)
        for side, price, at_ms, quantity in step.trades
    ]
    return Step(step.at_ms, reflected(step.asks), reflected(step.bids), trades)


def other(side: BookSide) -> BookSide:
    return BookSide.ASK if side is BookSide.BID else BookSide.BID


def play(steps: Sequence[Step]) -> BookTracker:
    """A tracker after all steps; its tape knew every trade from the start."""
    target = tracker(tape_of(steps))
    for step in steps:
        target.update(step.at_ms, step.bids, step.asks)
    return target


def tape_of(steps: Sequence[Step]) -> FakeTape:
    return FakeTape([trade for step in steps for trade in step.trades])
