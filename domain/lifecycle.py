"""How long a trade may live and how its entry is met: known to costs and to the follower alike."""

from dataclasses import dataclass
from datetime import timedelta

from domain.parameters import Parameters, parameter
from domain.timeframes import Timeframe


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleParameters(Parameters):
    """The clock of a trade, and the tolerance of its entry."""

    maximum_hold_candles: int = parameter(
        8,
        doc="15-minute candles after its entry at which a trade is closed, whatever its result",
        unit="candles",
        source="design 4.5",
        low=1,
        high=96,
    )
    entry_tolerance_ticks: int = parameter(
        1,
        doc="how far outside a 1-minute candle's range the entry may lie and still count as met",
        unit="ticks",
        source="design 4.7",
        low=0,
        high=10,
    )

    give_up_hours: float = parameter(
        24.0,
        doc="how long after its natural end a signal without candles or trades is given up",
        unit="hours",
        source="longer than a venue's maintenance",
        low=1,
        high=720,
    )

    @property
    def give_up_after(self) -> timedelta:
        """How long candles of a signal are waited for beyond its natural end."""
        return timedelta(hours=self.give_up_hours)

    @property
    def maximum_hold(self) -> timedelta:
        """The longest a trade is held after its entry."""
        return self.maximum_hold_candles * Timeframe.M15.length
