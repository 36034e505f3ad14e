"""Markets outside crypto: what moved within the hour, and whether that is a danger."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Final, NamedTuple

from domain.sentiment import MacroQuote, MacroReading, MacroSeries, MacroState
from layers.figures import signed_percent
from layers.sentiment.macro import MacroShape, macro_lean
from layers.sentiment.tracking.answer_times import AnswerTimes
from layers.sentiment.tracking.known_facts import KnownFacts, Span
from layers.sentiment.tracking.parameters import MacroTracking, Timeliness, milliseconds
from layers.sentiment.tracking.walk import Walk

_BEFORE_RESTART: Final = "begun before a restart"


class MacroWalked(NamedTuple):
    """A state since when, and until when a danger lasts at least, because of what."""

    state: MacroState | None
    since_ms: int
    danger_until_ms: int = 0
    cause: str = ""


class MacroHistory:
    """Quotes of a few hours, all of one provider: a fund of an index has another level."""

    def __init__(self, tracking: MacroTracking, shape: MacroShape, timeliness: Timeliness) -> None:
        self._tracking = tracking
        self._shape = shape
        self._good_ms = milliseconds(tracking.good_for)
        self._hold_ms = milliseconds(tracking.danger_hold)
        self._span = Span(
            milliseconds(tracking.shortest_span),
            milliseconds(tracking.whole_span),
            milliseconds(tracking.longest_span),
        )
        self._kept_ms = self._span.longest_ms + self._good_ms + milliseconds(timeliness.lateness)
        self._quotes = {series: KnownFacts[float](self._kept_ms) for series in MacroSeries}
        self._answers = AnswerTimes(milliseconds(timeliness.lateness))
        self._walk = Walk(MacroWalked(None, 0), self._step)

    def observe(self, quote: MacroQuote, known_ms: int) -> bool:
        """Take in a quote; False where it makes no sense."""
        if not 0.0 < quote.value < inf:
            return False
        self._answers.add(known_ms)
        if self._quotes[quote.series].add(quote.at_ms, known_ms, quote.value):
            self._walk.begin(max(quote.at_ms, known_ms))
        return True

    def resume(self, at_ms: int, state: MacroState, since_ms: int) -> None:
        """Go on with the state that was stored at an instant; a danger lasted until then."""
        is_danger = state is MacroState.DANGER
        until_ms = at_ms + self._hold_ms if is_danger else 0
        cause = _BEFORE_RESTART if is_danger else ""
        self._answers.add(at_ms)
        self._walk.resume(at_ms, MacroWalked(state, since_ms, until_ms, cause))

    def newest_answer(self, as_of_ms: int) -> int:
        """When a provider last told quotes, 0 if never."""
        return self._answers.newest(as_of_ms)

    def reading(self, as_of_ms: int) -> MacroReading | None:
        """State and changes as of an instant; None without a fresh quote, unless in danger."""
        walked = self._walk.at(as_of_ms)
        if walked.state is None:
            return None
        return MacroReading(
            state=walked.state,
            since_ms=walked.since_ms,
            changes=self._changes(as_of_ms),
            cause=walked.cause if walked.state is MacroState.DANGER else "",
        )

    def _step(self, walked: MacroWalked, at_ms: int) -> MacroWalked:
        changes = self._changes(at_ms)
        cause = "; ".join(self._dangers(changes))
        if cause:
            return _into(walked, MacroState.DANGER, at_ms, at_ms + self._hold_ms, cause)
        if walked.state is MacroState.DANGER and at_ms < walked.danger_until_ms:
            return walked
        return _into(walked, self._calmer_state(changes), at_ms)

    def _dangers(self, changes: Mapping[MacroSeries, float]) -> Iterator[str]:
        stocks = changes.get(MacroSeries.SP500, 0.0)
        dollar = changes.get(MacroSeries.DOLLAR, 0.0)
        if stocks <= -self._tracking.danger_stocks:
            yield f"{MacroSeries.SP500} {signed_percent(stocks, 1)} in the last hour"
        if dollar >= self._tracking.danger_dollar:
            yield f"{MacroSeries.DOLLAR} {signed_percent(dollar, 1)} in the last hour"

    def _calmer_state(self, changes: Mapping[MacroSeries, float]) -> MacroState | None:
        if not changes:
            return None
        lean = macro_lean(changes, self._shape)
        if abs(lean) < self._shape.clear_lean:
            return MacroState.CALM
        return MacroState.POSITIVE if lean > 0.0 else MacroState.NEGATIVE

    def _changes(self, as_of_ms: int) -> Mapping[MacroSeries, float]:
        """Percent of an hour, of the series whose quotes are fresh."""
        changes = (
            (series, quotes.change(as_of_ms, self._good_ms, self._span))
            for series, quotes in self._quotes.items()
        )
        return {
            series: 100.0 * (change.now / change.then - 1.0)
            for series, change in changes
            if change is not None
        }


def _into(
    walked: MacroWalked,
    state: MacroState | None,
    at_ms: int,
    danger_until_ms: int = 0,
    cause: str = "",
) -> MacroWalked:
    since_ms = walked.since_ms if walked.state is state else at_ms
    return MacroWalked(state, since_ms, danger_until_ms, cause)
