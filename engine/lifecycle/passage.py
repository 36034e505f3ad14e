"""A candle as a trade sees it: how far it went for it and against it.

Every rule of a signal's life is written in gains from the entry, so that a short is the exact
mirror of a long.
"""

from dataclasses import dataclass
from decimal import Decimal

from domain.candles import Candle
from domain.directions import Direction
from domain.instruments import to_decimal
from domain.plans import TradePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A candle's prices as gains per base unit from the entry; below 0 is a loss."""

    open: Decimal
    best: Decimal
    worst: Decimal
    close: Decimal

    @classmethod
    def of(cls, candle: Candle, plan: TradePlan) -> "Passage":
        """The passage of a candle for a plan's direction."""
        is_long = plan.direction is Direction.LONG
        best, worst = (candle.high, candle.low) if is_long else (candle.low, candle.high)
        return cls(
            open=gain_at(plan, to_decimal(candle.open)),
            best=gain_at(plan, to_decimal(best)),
            worst=gain_at(plan, to_decimal(worst)),
            close=gain_at(plan, to_decimal(candle.close)),
        )


def is_traded(candle: Candle) -> bool:
    """Whether anything was traded: a candle without volume and range repeats the price before."""
    return candle.volume > 0 or candle.high > candle.low


def gain_at(plan: TradePlan, price: Decimal) -> Decimal:
    """What one base unit has gained at a price, before costs."""
    return plan.direction.sign * (price - plan.entry)


def price_at(plan: TradePlan, gain: Decimal) -> Decimal:
    """The price at which one base unit has gained so much, before costs."""
    return plan.entry + plan.direction.sign * gain
