"""The result of an account's UTC day: from fills, and for what is open from the newest price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from risk.day import DayResult
from risk.percentages import percent_of

_PRECISION: Final = Decimal("0.00000001")
"""Grid of results: a division that does not end must not decide on which side of a step it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionResult:
    """What one position has come to, in quote currency, net of fees.

    `closed` of its closed parts, `open` of the rest as if it were closed at the newest price, or at
    its stop while `is_priced` is false.
    """

    pair: str
    closed: Decimal
    open: Decimal = Decimal(0)
    is_priced: bool = True

    @property
    def total(self) -> Decimal:
        """Closed and open parts together."""
        return self.closed + self.open


def compute_account_day(
    day: date, equity: Decimal, *, ended: Sequence[PositionResult], live: Sequence[PositionResult]
) -> DayResult:
    """The day's result in percent of what the account has now (above 0).

    Measured on what is left, a loss counts a little more than on what the day began with. As in
    the record, a position counts on the day on which it ends with all of its result.
    """
    unpriced = [each for each in live if not each.is_priced]

    def percent(amounts: Iterable[Decimal]) -> Decimal:
        return percent_of(sum(amounts, Decimal(0)), equity).quantize(_PRECISION)

    return DayResult(
        day=day,
        realised_percent=percent(each.closed for each in (*ended, *live)),
        open_percent=percent(each.open for each in live),
        unpriced=tuple(each.pair for each in unpriced),
        assumed_percent=percent(each.open for each in unpriced),
    )
