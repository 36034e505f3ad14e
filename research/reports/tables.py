"""A table before anybody decides whether a terminal or a page shows it."""

from dataclasses import dataclass
from typing import Final

THIN_MARK: Final = "*"
THIN_NOTE: Final = "* under 30 trades: too few to judge by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line; `is_thin` says that there is too little behind it: a word of it is marked so."""

    cells: tuple[str, ...]
    is_thin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, the names of the columns, and rows of as many cells.

    `words` are the positions of columns that hold words and begin on the left; all others hold
    numbers. `notes` are sentences below.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    words: tuple[int, ...] = (0,)


def row(*cells: str) -> Row:
    """A line that stands on enough."""
    return Row(cells=cells)
