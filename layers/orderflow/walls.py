"""Walls near the price hold it up or down; one that trades have broken lets it through."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.order_book import BookReading, BookSide, Wall
from domain.parameters import Parameters, parameter
from layers.component import Part
from layers.declarations import CHOICE, DESIGN, require_rising
from layers.orderflow.book.parameters import BookParameters
from layers.shapes import ramp, signed_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class WallShape(Parameters):
    """How many points standing and broken walls push."""

    standing_push: float = parameter(
        15.0,
        doc="push of a wall at the price, and of all walls of a side together: up for bids",
        unit="bullishness",
        source=DESIGN,
        low=0,
        high=50,
    )
    broken_push: float = parameter(
        15.0,
        doc="push of a wall that has just been broken, fading while it is told: up for asks",
        unit="bullishness",
        source=CHOICE,
        low=0,
        high=50,
    )
    near_percent: float = parameter(
        0.10,
        doc="distance from the mid price up to which a wall pushes in full",
        unit="percent of price",
        source=CHOICE,
        low=0,
        high=10,
    )
    far_percent: float = parameter(
        1.0,
        doc="distance from the mid price from which a wall says nothing",
        unit="percent of price",
        source=CHOICE,
        low=0.001,
        high=20,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(near_percent=self.near_percent, far_percent=self.far_percent)


def wall_parts(book: BookReading, shape: WallShape, tracking: BookParameters) -> tuple[Part, ...]:
    """What the standing walls push, both sides against each other, and what the broken ones do."""
    parts = []
    if book.walls:
        parts.append(_standing_part(book, shape, tracking))
    if book.broken_walls:
        parts.append(_broken_part(book, shape, tracking))
    return tuple(parts)


def _standing_part(book: BookReading, shape: WallShape, tracking: BookParameters) -> Part:
    holds = [(_hold(wall, shape, tracking), wall) for wall in book.walls]
    balance = _balance((hold, wall.side) for hold, wall in holds)
    leading = _leading(balance)
    told = max(holds, key=lambda each: (each[1].side is leading, each[0]))[1]
    return Part(shape.standing_push * balance, _standing_words(told))


def _hold(wall: Wall, shape: WallShape, tracking: BookParameters) -> float:
    """How well a wall holds, 0 to 1: less when far, eaten, or so young that it may be a spoof."""
    nearness = ramp(wall.distance_percent, shape.far_percent, shape.near_percent)
    trust = ramp(wall.age_seconds, 0.0, tracking.spoof_seconds)
    return nearness * trust * (1.0 - wall.absorbed_share)


def _broken_part(book: BookReading, shape: WallShape, tracking: BookParameters) -> Part:
    balance = _balance(
        (ramp(wall.age_seconds, tracking.broken_seconds, 0.0), wall.side)
        for wall in book.broken_walls
    )
    return Part(-shape.broken_push * balance, _broken_words(_leading(balance)))


def _balance(strengths: Iterable[tuple[float, BookSide]]) -> float:
    """Walls of the bids against those of the asks, in [-1, 1]; a side counts 1 at most."""
    bids = asks = 0.0
    for strength, side in strengths:
        if side is BookSide.BID:
            bids += strength
        else:
            asks += strength
    return signed_unit(bids) - signed_unit(asks)


def _leading(balance: float) -> BookSide:
    return BookSide.BID if balance >= 0.0 else BookSide.ASK


def _standing_words(wall: Wall) -> str:
    place = "below" if wall.side is BookSide.BID else "above"
    distance = f"{wall.distance_percent:.2f}% {place}"
    return f"{wall.side.value} wall {wall.size_ratio:.1f}x at {distance}"


def _broken_words(side: BookSide) -> str:
    way = "up" if side is BookSide.ASK else "down"
    return f"{side.value} wall eaten and broken: way {way} is open"
