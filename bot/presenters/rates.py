"""Shares as people should read them: with how many there are, and how far to trust them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.presenters.figures import count, percent, signed_r
from bot.presenters.markup import bold, cell, italic, preformatted
from bot.presenters.page import Line
from engine.statistics.values import FEW, Rate

_MARK: Final = "*"
_LABEL_WIDTH: Final = 10
_EXPLAINED: Final = Line(italic(f"{_MARK} under {FEW} trades: too few to judge"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """A row of a table of shares, with the mean result of the trades behind it."""

    label: str
    rate: Rate
    mean_r: Decimal | None


def rate_words(rate: Rate) -> str:
    """A share with its count: "58% (n = 33), likely 41–74%"; told where it says little."""
    if rate.percent is None:
        return f"{bold('not known')} (n = 0)"
    caution = ", too few to judge" if rate.is_thin else ""
    return f"{bold(percent(rate.percent))} (n = {count(rate.of)}{caution}), likely {_range(rate)}%"


def rate_table(subject: str, share: str, rows: Sequence[RateRow]) -> list[Line]:
    """A table of shares whose first column tells the subject; 35 signs wide, for telephones."""
    head = f"{subject:{_LABEL_WIDTH}}{'n':>4} {share:>5}{'range':>7}{'each':>8}"
    table = preformatted("\n".join([head, *map(_row, rows)]))
    return [Line(table), *mark_lines([row.rate for row in rows])]


def counted(rate: Rate) -> str:
    """The count of a table's row, marked where it is too small to judge by."""
    return f"{count(rate.of)}{_MARK if rate.is_thin else ' '}"


def mark_lines(rates: Sequence[Rate]) -> list[Line]:
    """What the mark in a table means, where it stands there."""
    return [_EXPLAINED] if any(rate.is_thin for rate in rates) else []


def _row(row: RateRow) -> str:
    share = "" if row.rate.percent is None else percent(row.rate.percent)
    mean = "" if row.mean_r is None else signed_r(row.mean_r)
    label = cell(row.label, _LABEL_WIDTH)
    return f"{label}{counted(row.rate):>5}{share:>5}{_range(row.rate):>7}{mean:>8}"


def _range(rate: Rate) -> str:
    """The interval in whole percent: "41–74"; empty where nothing is known."""
    if rate.low_percent is None or rate.high_percent is None:
        return ""
    return f"{rate.low_percent:.0f}–{rate.high_percent:.0f}"
