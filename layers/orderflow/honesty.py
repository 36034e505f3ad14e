"""Component: whether the book's big orders are meant, or shown and taken away."""

from dataclasses import dataclass
from typing import Final

from domain.order_book import BookReading
from domain.parameters import Parameters
from layers.component import Component, known, not_known
from layers.declarations import share
from layers.figures import span
from layers.orderflow.book.parameters import BookParameters
from layers.shapes import clip

LABEL: Final = "Spoofing"
_NOTICED: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoofShape(Parameters):
    """What spoofed orders cost."""

    usual: float = share(
        0.6,
        "share of big orders that vanish young and untouched in a book nobody games: market makers "
        "move their orders all the time",
        "0.47 to 0.61 in a recorded BTCUSDT book",
    )
    pull: float = share(
        0.4,
        "part of the whole layer's distance from neutral that a book full of spoofed orders costs; "
        "from a score of 90 to 100 it takes 16 to 20 points",
        "design 4.3",
    )


def spoof_penalty(
    book: BookReading | None, lean: float, shape: SpoofShape, tracking: BookParameters
) -> Component:
    """An honest book backs what the other components say, a spoofed one backs nothing.

    `lean` is their mean distance from neutral. Spoofing has no side of its own: who is fooled is
    not known. So this component follows the others and goes to neutral with what exceeds the usual
    share of spoofed orders; it weakens a score and never turns one. A book that has been watched
    for less than the window in which orders are counted backs it by as much less.
    """
    if book is None:
        return not_known(LABEL)
    excess = _excess(book.spoofing, shape)
    watched = clip(book.watched_seconds / tracking.spoofing_seconds, 0.0, 1.0)
    distance = lean * (1.0 - excess) * watched
    return known(LABEL, book.spoofing, distance, _words(book, excess, watched), watched)


def trust(book: BookReading | None, shape: SpoofShape) -> float:
    """Factor on the whole layer's distance from neutral, 1 for an honest or unknown book."""
    return 1.0 if book is None else 1.0 - shape.pull * _excess(book.spoofing, shape)


def _excess(spoofing: float, shape: SpoofShape) -> float:
    """How far spoofing exceeds the usual, 0 to 1."""
    room = 1.0 - shape.usual
    return clip((spoofing - shape.usual) / room, 0.0, 1.0) if room else 0.0


def _words(book: BookReading, excess: float, watched: float) -> str:
    if excess < _NOTICED and watched < 1.0:
        return f"Book watched for {span(book.watched_seconds)}, no unusual spoofing so far"
    if excess < _NOTICED:
        return "Book honest, no unusual spoofing"
    return f"Spoofed orders: {book.spoofing:.0%} of the big ones pulled, book trusted less"
