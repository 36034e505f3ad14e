"""A message as lines of different worth, so that too long a text loses reasons, never the setup."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.presenters.markup import TEXT_LIMIT, clip, italic, quote, render_plain, visible_length
from domain.counting import many

KEPT: Final = 0
"""Worth of a line that is never left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of HTML. Of the lines with the highest `spare`, the last are left out first."""

    markup: str
    spare: int = KEPT


def blank() -> Line:
    """An empty line between two parts."""
    return Line("")


def fit(lines: Sequence[Line], limit: int = TEXT_LIMIT) -> str:
    """Join the lines; leave out spare ones until at most `limit` UTF-16 units are visible.

    What is left out is counted in a last line. Presenters clip all they take from outside, so the
    kept lines fit by themselves; should they ever not, the plain text is cut rather than lost.
    """
    whole = _join(lines)
    if visible_length(whole) <= limit:
        return whole
    trimmed = _leave_out(lines, limit)
    if visible_length(trimmed) <= limit:
        return trimmed
    return quote_lines(clip(render_plain(trimmed), limit))


def quote_lines(text: str) -> str:
    """Plain text of several lines as HTML that shows exactly that text."""
    return "\n".join(quote(line) for line in text.split("\n"))


def _leave_out(lines: Sequence[Line], limit: int) -> str:
    order = sorted(
        (index for index, line in enumerate(lines) if line.spare > KEPT),
        key=lambda index: (lines[index].spare, index),
        reverse=True,
    )
    excess = visible_length(_join([*lines, _left_out(len(order))])) - limit
    dropped: set[int] = set()
    for index in order:
        if excess <= 0:
            break
        dropped.add(index)
        excess -= visible_length(lines[index].markup) + 1
    kept = [line for index, line in enumerate(lines) if index not in dropped]
    return _join([*kept, _left_out(len(dropped))])


def _left_out(count: int) -> Line:
    return Line(italic(f"… {many(count, 'more line')} left out"))


def _join(lines: Sequence[Line]) -> str:
    return "\n".join(line.markup for line in lines)
