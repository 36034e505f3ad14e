"""Component: which side of the book is heavier near the price."""

from dataclasses import dataclass
from typing import Final

from domain.order_book import BookReading
from domain.parameters import Parameters, parameter
from layers.component import SLIGHT, Component, known, not_known
from layers.declarations import (
    CHOICE,
    DESIGN,
    anchor,
    require_rising,
    share,
)
from layers.orderflow.book.parameters import BookParameters
from layers.shapes import (
    Anchor,
    confirmed,
    distance_of_share,
    ramp,
    signed_unit,
)

LABEL: Final = "Order book"
_LEVELS: Final = 10
_MOST_TOLD: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookImbalanceShape(Parameters):
    """What the bids' share of the best ten levels of both sides stands for."""

    neutral_share: float = share(
        0.55, "bids' share up to which the book says nothing", DESIGN, low=0.5
    )
    pressure_share: float = share(0.60, "bids' share of buying pressure", DESIGN, low=0.5)
    full_share: float = share(0.80, "bids' share that says most", low=0.5)
    pressure: float = anchor(70.0, "bids hold the share of buying pressure")
    full: float = anchor(90.0, "bids hold the share that says most")
    agreement: float = share(
        0.15, "part of the distance that micro-price and velocity add or take, both in full"
    )
    full_velocity: float = parameter(
        0.05,
        doc="change of the imbalance that is fast",
        unit="imbalance per second",
        source=DESIGN,
        low=1e-6,
        high=2,
    )
    thin_stretch: float = parameter(
        1.3,
        doc="factor on the distance from neutral in an empty book, 1 in one that begins to be thin",
        unit="multiple",
        source=CHOICE,
        low=1,
        high=3,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            neutral_share=self.neutral_share,
            pressure_share=self.pressure_share,
            full_share=self.full_share,
        )
        require_rising(pressure=self.pressure, full=self.full)

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """From nothing said to most."""
        return (
            (self.neutral_share, 50.0),
            (self.pressure_share, self.pressure),
            (self.full_share, self.full),
        )


def book_imbalance(
    book: BookReading | None, problem: str, shape: BookImbalanceShape, tracking: BookParameters
) -> Component:
    """The heavier side is where the price is drawn; a thin book lets it go there easier.

    The value is the bids' share of the quantity of the best ten levels of both sides, over the
    last seconds.
    """
    if book is None:
        return not_known(LABEL, problem)
    bids_share = (1.0 + book.steady_imbalance) / 2.0
    leaning = distance_of_share(bids_share, shape.anchors)
    agreeing = confirmed(leaning, _agreement(book, shape), shape.agreement)
    distance = agreeing * _thin_stretch(book, shape, tracking)
    return known(LABEL, bids_share, distance, _words(bids_share, distance, book))


def _agreement(book: BookReading, shape: BookImbalanceShape) -> float:
    """Where micro-price and the velocity of the imbalance point, in [-1, 1]."""
    half_spread = (book.best_ask - book.best_bid) / 2.0
    velocity = book.imbalance_velocity
    drawn = (book.micro_price - book.mid) / half_spread if half_spread > 0.0 else 0.0
    moving = 0.0 if velocity is None else velocity / shape.full_velocity
    return (signed_unit(drawn) + signed_unit(moving)) / 2.0


def _thin_stretch(book: BookReading, shape: BookImbalanceShape, tracking: BookParameters) -> float:
    if book.depth_ratio is None or not book.is_thin:
        return 1.0
    thinness = ramp(book.depth_ratio, tracking.thin_below, 0.0)
    return 1.0 + (shape.thin_stretch - 1.0) * thinness


def _words(bids_share: float, distance: float, book: BookReading) -> str:
    thin = ", thin book" if book.is_thin else ""
    if abs(distance) < SLIGHT:
        return f"Bids and asks balanced in the top {_LEVELS}{thin}"
    stronger = max(bids_share, 1.0 - bids_share)
    lead = "Bids outweigh asks" if distance > 0.0 else "Asks outweigh bids"
    return f"{lead} {_odds(stronger)} in the top {_LEVELS}{thin}"


def _odds(stronger: float) -> str:
    if stronger >= _MOST_TOLD / (_MOST_TOLD + 1.0):
        return f"over {_MOST_TOLD:.0f} to 1"
    return f"{stronger / (1.0 - stronger):.1f} to 1"
