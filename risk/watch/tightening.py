"""To which price a stop is tightened, and the advice to do so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.parameters import Parameters, parameter
from risk.percentages import fraction_of
from risk.rounding import rounded_against
from risk.watch.values import WatchedTrade


@dataclass(frozen=True, slots=True, kw_only=True)
class TighteningParameters(Parameters):
    """How tight."""

    distance_percent: float = parameter(
        0.3,
        doc="distance of a tightened stop from the newest price",
        unit="percent of the entry",
        source="portfolio watch, health score",
        low=0.01,
        high=10,
    )


def tightened_stop(trade: WatchedTrade, parameters: TighteningParameters) -> Decimal | None:
    """Where the stop would move to, on the tick grid; None where it is no looser already."""
    signal, stop = trade.followed.signal, trade.followed.course.stop
    distance = signal.plan.entry * fraction_of(parameters.distance_percent)
    wanted = trade.price - trade.direction.sign * distance
    price = rounded_against(signal.instrument, trade.direction, wanted)
    is_tighter = trade.direction.sign * (price - stop) > 0
    return price if is_tighter else None


def advise_tightening(
    trade: WatchedTrade,
    warning: WatchWarning,
    at: datetime,
    reasons: Sequence[str],
    parameters: TighteningParameters,
) -> Advice | None:
    """Advice to tighten the trade's stop; None where it is tight already."""
    stop = tightened_stop(trade, parameters)
    if stop is None:
        return None
    return Advice(
        warning=warning,
        action=AdvisedAction.TIGHTEN,
        at=at,
        reasons=tuple(reasons),
        signal_id=trade.signal_id,
        stop=stop,
    )
