"""New candles over those that are there: the same are fine, different ones are a conflict."""

from dataclasses import dataclass

import numpy as np

from domain.candles import TAKER_BUY_VOLUME
from domain.errors import InvalidDataError
from exchanges.grids import Real, Whole
from exchanges.history.rules import Flags, words_of
from exchanges.history.table import CandleTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All candles, and how many of the new ones were not there, or were not quite the same."""

    table: CandleTable
    added: int
    changed: int

    @property
    def is_unchanged(self) -> bool:
        """Whether the new ones brought nothing."""
        return not (self.added or self.changed)


def merged(known: CandleTable, new: CandleTable, *, replace: bool, place: str, mend: str) -> Merged:
    """Both together. An unknown taker-buy volume contradicts nothing: the known one stays.

    Raises `InvalidDataError` naming `place`, the first candle that differs and how to `mend` that,
    unless the new ones `replace` those that are there.
    """
    at, shared = _places(known, new)
    ours = known.columns[:, at[shared]]
    theirs = _filled(new.columns[:, shared], ours)
    differs = (ours != theirs) & ~np.isnan(theirs)
    contradicts = (differs & ~np.isnan(ours)).any(axis=0)
    if contradicts.any() and not replace:
        row = int(np.flatnonzero(shared)[contradicts][0])
        raise InvalidDataError(
            f"{place}: {words_of(new, row)} differs from the known {words_of(known, int(at[row]))}"
            f" ({int(contradicts.sum()):,} candles differ). {mend}"
        )
    kept = known.columns.copy()
    kept[:, at[shared]] = theirs
    return Merged(
        table=_interleaved(known, kept, new.rows_where(~shared)),
        added=int((~shared).sum()),
        changed=int(differs.any(axis=0).sum()),
    )


def _places(known: CandleTable, new: CandleTable) -> tuple[Whole, Flags]:
    """Where each new candle belongs among the known ones, and whether it is one of them."""
    at = np.searchsorted(known.opened, new.opened)
    shared = at < len(known)
    shared[shared] = known.opened[at[shared]] == new.opened[shared]
    return at, shared


def _filled(new: Real, known: Real) -> Real:
    """New candles, with the known taker-buy volume where they do not tell it."""
    filled = new.copy()
    told = filled[TAKER_BUY_VOLUME]
    filled[TAKER_BUY_VOLUME] = np.where(np.isnan(told), known[TAKER_BUY_VOLUME], told)
    return filled


def _interleaved(known: CandleTable, columns: Real, new: CandleTable) -> CandleTable:
    """Known candles, with their columns as they are now, and new ones, by open time."""
    opened = np.concatenate((known.opened, new.opened))
    order = np.argsort(opened, kind="stable")
    everything = np.concatenate((columns, new.columns), axis=1)
    return CandleTable(
        timeframe=known.timeframe, opened=opened[order], columns=everything[:, order]
    )
