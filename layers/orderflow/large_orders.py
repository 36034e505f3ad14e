"""Component: what the big ones do, by their trades and by their walls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.order_book import BookReading
from domain.parameters import Parameters, parameter
from domain.tape import TapeReading
from layers.component import Component, Part, known, not_known, strongest
from layers.declarations import CHOICE
from layers.figures import counted, dollars
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.walls import WallShape, wall_parts

LABEL: Final = "Large orders"
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeTradeShape(Parameters):
    """How large trades count. Each counts once as large, and more where it is also more."""

    very_large_extra: float = parameter(
        2.0,
        doc="how much more a very large trade counts than a large one",
        unit="trades",
        source=CHOICE,
        low=0,
        high=20,
    )
    big_extra: float = parameter(
        1.0,
        doc="how much a trade counts for being above the fixed notional",
        unit="trades",
        source=CHOICE,
        low=0,
        high=20,
    )
    doubt: float = parameter(
        3.0,
        doc="trades that are added to both sides' sum so that a few alone do not say all",
        unit="trades",
        source=CHOICE,
        low=0.1,
        high=100,
    )
    push: float = parameter(
        45.0,
        doc="push of large trades that are all on one side",
        unit="bullishness",
        source="design 4.3",
        low=0,
        high=50,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeOrderShape(Parameters):
    """Large trades of five minutes, and walls."""

    trades: LargeTradeShape = field(default_factory=LargeTradeShape)
    walls: WallShape = field(default_factory=WallShape)


def large_orders(
    tape: TapeReading | None,
    covered: float,
    book: BookReading | None,
    shape: LargeOrderShape,
    tracking: BookParameters,
) -> Component:
    """Large buys, support below and a broken wall above are bullish; their mirrors bearish.

    `covered` is the part of the tape's five minutes that is known, 0 to 1. Tape and book are half
    of the data each. The value is the push of both in points of bullishness.
    """
    walls = () if book is None else wall_parts(book, shape.walls, tracking)
    parts = (_trade_part(tape, covered, shape.trades), *walls)
    coverage = _HALF * covered + (0.0 if book is None else _HALF)
    if not coverage:
        return not_known(LABEL)
    push = sum(part.push for part in parts)
    return known(LABEL, push, push, _words(parts, push, book), coverage)


def _trade_part(tape: TapeReading | None, covered: float, shape: LargeTradeShape) -> Part:
    if tape is None or not covered:
        return Part(0.0, "large trades not known")
    buys = _force(tape.large.buys, tape.very_large.buys, tape.big.buys, shape)
    sells = _force(tape.large.sells, tape.very_large.sells, tape.big.sells, shape)
    leaning = (buys - sells) / (buys + sells + shape.doubt)
    return Part(covered * shape.push * leaning, _trade_words(tape, leaning >= 0.0))


def _force(large: int, very_large: int, big: int, shape: LargeTradeShape) -> float:
    return large + shape.very_large_extra * very_large + shape.big_extra * big


def _words(parts: Sequence[Part], push: float, book: BookReading | None) -> str:
    """The strongest parts; where none is strong, the trades, and that walls are silent."""
    walls = "walls not known" if book is None else "no wall that counts"
    told = strongest(parts, push) or f"{parts[0].text}, {walls}"
    return told[0].upper() + told[1:]


def _trade_words(tape: TapeReading, buys_lead: bool) -> str:
    large = tape.large if tape.large.buys or tape.large.sells else tape.big
    sides = (("buy", large.buys, large.buy_notional), ("sell", large.sells, large.sell_notional))
    (what, count, notional), (other, others, other_notional) = sides if buys_lead else sides[::-1]
    if not count and not others:
        return "no large trades"
    told = f"{counted(count, f'large {what}')} ({dollars(notional)})"
    if not others:
        return f"{told}, no {other}s"
    return f"{told} against {counted(others, other)} ({dollars(other_notional)})"
