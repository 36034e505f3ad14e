"""Component: whether markets outside crypto are for risk or against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.parameters import Parameters, parameter
from domain.sentiment import MacroReading, MacroSeries, MacroState
from layers.component import Component, known, not_known
from layers.declarations import CHOICE, DESIGN, anchor, percent, require_rising, share
from layers.figures import signed_percent
from layers.shapes import ramp, signed_unit

LABEL: Final = "Macro"
_NAMES: Final = {
    MacroState.CALM: "Macro calm",
    MacroState.POSITIVE: "Macro for risk",
    MacroState.NEGATIVE: "Macro against risk",
}
_LONGEST_CAUSE: Final = 70
_ORDER: Final = tuple(MacroSeries)


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroShape(Parameters):
    """What changes of an hour in markets outside stand for. Stocks pull up, the others down."""

    stocks_full: float = percent(1.0, "rise of the S&P 500 that counts in full", DESIGN)
    dollar_full: float = percent(0.5, "fall of the dollar that counts in full", DESIGN)
    yield_full: float = percent(2.0, "fall of the 10-year yield, of itself, that counts in full")
    stocks_share: float = share(0.5, "say of the S&P 500")
    dollar_share: float = share(0.3, "say of the dollar")
    yield_share: float = share(0.2, "say of the 10-year yield")
    clear_lean: float = parameter(
        0.2, doc="lean that is not calm any more", unit="lean", source=CHOICE, low=0.01, high=1
    )
    full_lean: float = parameter(
        0.6, doc="lean that says most", unit="lean", source=CHOICE, low=0.01, high=1
    )
    clear: float = anchor(65.0, "markets outside are for risk")
    full: float = anchor(75.0, "they are very much so; a danger is the mirror")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(clear_lean=self.clear_lean, full_lean=self.full_lean)
        require_rising(neutral=NEUTRAL, clear=self.clear, full=self.full)
        if not self.stocks_share + self.dollar_share + self.yield_share > 0:
            raise ValueError("one of stocks_share, dollar_share, yield_share must be above 0")

    def says(self) -> Mapping[MacroSeries, tuple[float, float]]:
        """For each series its say and the change that counts in full, signed for the bullish."""
        total = self.stocks_share + self.dollar_share + self.yield_share
        return {
            MacroSeries.SP500: (self.stocks_share / total, self.stocks_full),
            MacroSeries.DOLLAR: (self.dollar_share / total, -self.dollar_full),
            MacroSeries.US10Y: (self.yield_share / total, -self.yield_full),
        }


def macro_lean(changes: Mapping[MacroSeries, float], shape: MacroShape) -> float:
    """How much an hour's changes are for risk, in [-1, 1]; a series without any adds nothing."""
    says = shape.says()
    lean = 0.0
    for series, change in sorted(changes.items()):
        share_of_say, full = says[series]
        lean += share_of_say * signed_unit(change / full)
    return lean


def macro(reading: MacroReading | None, shape: MacroShape) -> Component:
    """Markets outside pull crypto along. The value is their lean in [-1, 1].

    Covered as far as quotes are fresh: at night and at weekends they are not. A danger speaks
    with whatever quotes are left, as it does until it is over.
    """
    if reading is None:
        return not_known(LABEL, "no fresh quotes")
    lean = macro_lean(reading.changes, shape)
    distance = _distance(reading.state, lean, shape)
    return known(LABEL, lean, distance, _words(reading), _coverage(reading, shape))


def _distance(state: MacroState, lean: float, shape: MacroShape) -> float:
    if state is MacroState.DANGER:
        return NEUTRAL - shape.full
    if state is MacroState.CALM:
        return 0.0
    strength = ramp(abs(lean), shape.clear_lean, shape.full_lean)
    distance = shape.clear - NEUTRAL + strength * (shape.full - shape.clear)
    return distance if state is MacroState.POSITIVE else -distance


def _coverage(reading: MacroReading, shape: MacroShape) -> float:
    says = shape.says()
    return min(1.0, sum(says[series][0] for series in sorted(reading.changes)))


def _words(reading: MacroReading) -> str:
    if reading.state is MacroState.DANGER:
        return f"Macro danger: {reading.cause[:_LONGEST_CAUSE]}"
    return f"{_NAMES[reading.state]}: {told_changes(reading.changes)} in the last hour"


def told_changes(changes: Mapping[MacroSeries, float]) -> str:
    """Changes in words: "S&P 500 -0.4%, dollar index +0.1%"."""
    order = [series for series in _ORDER if series in changes]
    return ", ".join(f"{series} {signed_percent(changes[series], 2)}" for series in order)
