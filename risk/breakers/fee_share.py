"""Breaker: costs eat the day's profit. Released as profits outgrow them, or with the day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import ClassVar

from domain.breakers import Effect
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.percentages import exact, percent_of
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeShareParameters(Parameters):
    """How much of what was earned may go in costs."""

    maximum_percent: float = parameter(
        40.0,
        doc="most that the day's costs may be of its gross profit before admins are told",
        unit="percent of gross profit",
        source="design 4.6",
        low=1,
        high=1000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeShare(AllPairsBreaker):
    """Tells, and never blocks, when costs take too much of the day's gross profit.

    While nothing has been earned there is nothing to take from: the rules about losses speak then.
    """

    parameters: FeeShareParameters
    name: ClassVar[str] = "fee_share"
    telling: ClassVar[Telling] = Telling.AT_ONCE

    @property
    def release(self) -> str:
        """What releases it."""
        return f"costs are no more than {self.parameters.maximum_percent:g} % of gross profit"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips above the limit."""
        day = state.day
        if day.gross_profit_percent <= 0:
            return None
        share = percent_of(day.costs_percent, day.gross_profit_percent)
        if share <= exact(self.parameters.maximum_percent):
            return None
        text = (
            f"costs took {share:.0f} % of the day's gross profit, "
            f"more than {self.parameters.maximum_percent:g} %"
        )
        since = datetime.combine(day.day, time(), tzinfo=UTC)
        return Ruling(breaker=self.name, effect=Effect.NOTIFY, text=text, since=since)
