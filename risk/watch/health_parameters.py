"""What the health of the open trades is made of, and what follows from it."""

from dataclasses import dataclass
from typing import Any, Final

from domain.parameters import Parameters, parameter

_SOURCE: Final = "portfolio watch, health score"
_CHOICE: Final = "own choice"


def _points(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, unit="points", source=_SOURCE, low=0, high=100)


def _limit(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, unit="points of 100", source=_SOURCE, low=0, high=100)


def _minutes(default: int, doc: str) -> Any:
    return parameter(default, doc=doc, unit="minutes", source=_CHOICE, low=1, high=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthParameters(Parameters):
    """Points of the five factors, where each of them has all and none, and the limits."""

    result_points: float = _points(30.0, "most points for the results of the open trades")
    quality_points: float = _points(25.0, "most points for how their pairs trade")
    concentration_points: float = _points(20.0, "most points for trades that differ")
    hold_points: float = _points(15.0, "most points for fresh trades")
    calm_points: float = _points(10.0, "most points for calm prices")

    worst_loss_percent: float = parameter(
        5.0,
        doc="open loss of all trades together at which there are no points; without one, all",
        unit="percent of equity",
        source=_SOURCE,
        low=0.1,
        high=100,
    )
    quality_minutes: int = _minutes(15, "newest minutes whose volume tells which side is active")
    flow_minutes: int = _minutes(5, "newest minutes whose takers are counted")
    full_flow_share: float = parameter(
        0.7,
        doc="share of takers for the trade that is as good as it gets; the rest to 1 is the worst",
        unit="share",
        source="own choice: about the 2.5 to 1 of a flip",
        low=0.51,
        high=1,
    )
    alike_correlation: float = parameter(
        0.7,
        doc="trades of which one tells as much as the other: more alike than this",
        unit="correlation",
        source=_SOURCE,
        low=0,
        high=1,
    )
    crowd: int = parameter(
        5,
        doc="trades that are all alike at which concentration has no points left",
        unit="trades",
        source="portfolio watch, health score: four of them have a quarter of the points",
        low=2,
        high=50,
    )
    fresh_hold_share: float = parameter(
        0.25,
        doc="part of the longest hold up to which a trade is fresh",
        unit="share",
        source="portfolio watch, health score: 30 minutes, of two hours",
        low=0,
        high=0.99,
    )
    swing_minutes: int = _minutes(15, "newest minutes whose ranges are compared")
    usual_swing_minutes: int = _minutes(60, "minutes before them, whose ranges are the usual ones")
    wild_swing_ratio: float = parameter(
        3.0,
        doc="newest ranges over the usual ones at which there are no points for calm",
        unit="multiple",
        source="the limit of the extreme-volatility breaker",
        low=1.1,
        high=100,
    )

    close_below: float = _limit(30.0, "below this the worst trades should be closed")
    closes: int = parameter(
        2, doc="how many of the worst trades", unit="trades", source=_SOURCE, low=1, high=50
    )
    tighten_below: float = _limit(50.0, "below this all stops should be tightened")
    no_new_trades_below: float = _limit(70.0, "below this nothing new should be opened")
    recovery: float = parameter(
        5.0,
        doc="how far above a limit the health must rise before falling below it is news again",
        unit="points",
        source=_CHOICE,
        low=0,
        high=50,
    )
    again_after_minutes: float = parameter(
        60.0,
        doc="shortest time between two posts of the same advice about the health",
        unit="minutes",
        source=_CHOICE,
        low=0,
        high=1440,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        total = (
            self.result_points
            + self.quality_points
            + self.concentration_points
            + self.hold_points
            + self.calm_points
        )
        if abs(total - 100.0) > 1e-9:
            raise ValueError(
                f"the points of the five factors add up to {total:g}; they must to 100"
            )
        if not self.close_below <= self.tighten_below <= self.no_new_trades_below:
            raise ValueError(
                f"close_below {self.close_below:g}, tighten_below {self.tighten_below:g} and "
                f"no_new_trades_below {self.no_new_trades_below:g} must rise in this order"
            )
