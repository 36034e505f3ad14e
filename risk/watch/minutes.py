"""A minute as a trade sees it: how far it went for it and against it, and who traded.

Every rule of the watch is written in these, so that a short is the exact mirror of a long.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from domain.candles import Candle
from domain.directions import Direction
from domain.instruments import to_decimal
from domain.plans import TradePlan


@dataclass(frozen=True, slots=True)
class Taken:
    """What takers traded with a trade's direction and against it, in base units."""

    with_trade: float
    against_it: float

    @classmethod
    def of(cls, direction: Direction, *, buys: float, sells: float) -> "Taken":
        """Buys go with a long, sells with a short."""
        return cls(buys, sells) if direction is Direction.LONG else cls(sells, buys)

    @property
    def is_known(self) -> bool:
        """Whether the venue tells both."""
        return math.isfinite(self.with_trade) and math.isfinite(self.against_it)

    @property
    def total(self) -> float:
        """Both together."""
        return self.with_trade + self.against_it

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.with_trade + other.with_trade, self.against_it + other.against_it)


NOTHING_TAKEN: Final = Taken(0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """A closed 1-minute candle. Prices are gains from the entry in percent of it, below 0 a loss.

    `taken` is NaN where the venue does not tell who traded.
    """

    index: int
    open: float
    best: float
    worst: float
    close: float
    volume: float
    taken: Taken

    @classmethod
    def of(cls, candle: Candle, plan: TradePlan) -> "Minute":
        """A candle as a plan's direction sees it."""
        is_long = plan.direction is Direction.LONG
        best, worst = (candle.high, candle.low) if is_long else (candle.low, candle.high)
        buys = candle.taker_buy_volume
        return cls(
            index=candle.index,
            open=gain_percent(candle.open, plan),
            best=gain_percent(best, plan),
            worst=gain_percent(worst, plan),
            close=gain_percent(candle.close, plan),
            volume=candle.volume,
            taken=Taken.of(plan.direction, buys=buys, sells=candle.volume - buys),
        )

    @property
    def gain(self) -> float:
        """From its open to its close."""
        return self.close - self.open

    @property
    def wick(self) -> float:
        """How far it came back from its best price."""
        return self.best - max(self.open, self.close)


def gain_percent(price: float, plan: TradePlan) -> float:
    """What a price has gained on the entry, in percent of the entry."""
    # Subtracted as decimals: the mirror of a price is then an exact one.
    gain = plan.direction.sign * (to_decimal(price) - plan.entry)
    return float(gain / plan.entry * 100)


def taken_in(minutes: Sequence[Minute]) -> Taken:
    """What takers traded in all of them together; NaN where one does not tell."""
    return sum((minute.taken for minute in minutes), NOTHING_TAKEN)


def mean_volume(minutes: Sequence[Minute]) -> float:
    """Mean volume of a minute, 0 without any."""
    return fmean(minute.volume for minute in minutes) if minutes else 0.0
