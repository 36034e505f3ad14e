"""Calendar months in UTC: how the files of a pair are cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import numpy as np

from domain.timeframes import from_ms, to_ms
from exchanges.history.table import CandleTable

_NAME: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, at_ms: int) -> Self:
        """The month that contains an instant."""
        at = from_ms(at_ms)
        return cls(at.year, at.month)

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """The month of a name such as 2025-07; None for another name."""
        found = _NAME.fullmatch(name)
        return None if found is None else cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def start_ms(self) -> int:
        """Its first instant."""
        return to_ms(datetime(self.year, self.number, 1, tzinfo=UTC))

    @property
    def end_ms(self) -> int:
        """The first instant of the month after it."""
        return self.following().start_ms

    def following(self) -> Self:
        """The month after it."""
        months = self.year * 12 + self.number
        return type(self)(months // 12, months % 12 + 1)


def months_between(start_ms: int, end_ms: int) -> Iterator[Month]:
    """The months that a span touches, oldest first; none for an empty span."""
    if start_ms >= end_ms:
        return
    month = Month.of(start_ms)
    while month.start_ms < end_ms:
        yield month
        month = month.following()


def by_month(table: CandleTable) -> Iterator[tuple[Month, CandleTable]]:
    """The candles of each month that has any, oldest first."""
    if not len(table):
        return
    for month in months_between(table.first_ms, table.end_ms):
        begin, end = (
            int(at) for at in np.searchsorted(table.opened, [month.start_ms, month.end_ms])
        )
        if begin < end:
            yield month, table.rows(begin, end)
