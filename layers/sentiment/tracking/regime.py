"""The state of the whole market, with hysteresis: harder to enter than to stay in."""

from typing import NamedTuple

from domain.market_regime import Regime
from domain.sentiment import GlobalMarket, LapsedRegime, RegimeReading
from layers.sentiment.tracking.answer_times import AnswerTimes
from layers.sentiment.tracking.market_facts import MarketFacts, makes_sense
from layers.sentiment.tracking.parameters import RegimeTracking, Timeliness, milliseconds
from layers.sentiment.tracking.regime_rules import wanted_regime
from layers.sentiment.tracking.walk import Walk


class RegimeState(NamedTuple):
    """A regime since when, and what else has been the case since when.

    `lapsed` is the one known last while the regime is UNKNOWN, and UNKNOWN otherwise.
    """

    regime: Regime
    since_ms: int
    candidate: Regime | None = None
    candidate_since_ms: int = 0
    lapsed: Regime = Regime.UNKNOWN


class RegimeHistory:
    """What was told of the whole market, and the regime it makes.

    Another regime is taken over when it has been the case for a while without interruption. What is
    not known is UNKNOWN at once.
    """

    def __init__(self, shape: RegimeTracking, timeliness: Timeliness) -> None:
        self._staying_share = shape.staying_share
        self._hold_ms = milliseconds(shape.hold)
        self._remembered_ms = milliseconds(shape.remembered)
        self._facts = MarketFacts(shape, timeliness)
        self._answers = AnswerTimes(milliseconds(timeliness.lateness))
        self._walk = Walk(RegimeState(Regime.UNKNOWN, 0), self._step)

    def observe(self, market: GlobalMarket, known_ms: int) -> bool:
        """Take in dominance and market cap; False where they make no sense."""
        if not makes_sense(market):
            return False
        self._answers.add(known_ms)
        if self._facts.add_market(market, known_ms):
            self._walk.begin(max(market.published_ms, known_ms))
        return True

    def observe_bitcoin(self, close: float, at_ms: int) -> None:
        """Take in a close of bitcoin."""
        if self._facts.add_bitcoin(close, at_ms):
            self._walk.repeat_since(at_ms)

    def resume(self, at_ms: int, regime: Regime, since_ms: int, lapsed: Regime) -> None:
        """Go on with the regime that was stored at an instant, or with the one known last."""
        self._walk.resume(at_ms, RegimeState(regime, since_ms, lapsed=lapsed))

    def market(self, as_of_ms: int) -> tuple[float, float] | None:
        """Dominance in percent and market cap in USD; None when they are old."""
        return self._facts.market(as_of_ms)

    def state(self, as_of_ms: int) -> RegimeState:
        """The regime as of an instant, UNKNOWN included."""
        return self._walk.at(as_of_ms)

    def newest_answer(self, as_of_ms: int) -> int:
        """When a provider last told the market, 0 if never."""
        return self._answers.newest(as_of_ms)

    def reading(self, as_of_ms: int) -> RegimeReading | None:
        """The regime as of an instant with the changes behind it; None where it is not known."""
        state, trend = self.state(as_of_ms), self._facts.trend(as_of_ms)
        if state.regime is Regime.UNKNOWN or trend is None:
            return None
        bitcoin, cap, dominance = trend.told
        return RegimeReading(
            regime=state.regime,
            since_ms=state.since_ms,
            btc_change_percent=bitcoin,
            cap_change_percent=cap,
            dominance_change_points=dominance,
        )

    def lapsed(self, as_of_ms: int) -> LapsedRegime | None:
        """The regime that was known last, while none is known and it is not too long ago."""
        state = self.state(as_of_ms)
        is_forgotten = as_of_ms - state.since_ms > self._remembered_ms
        if state.lapsed is Regime.UNKNOWN or is_forgotten:
            return None
        return LapsedRegime(regime=state.lapsed, since_ms=state.since_ms)

    def _step(self, state: RegimeState, at_ms: int) -> RegimeState:
        trend = self._facts.trend(at_ms)
        if trend is None:
            return _not_known(state, at_ms)
        wanted = wanted_regime(state.regime, trend, self._staying_share)
        if wanted is state.regime:
            return RegimeState(wanted, state.since_ms)
        if wanted is not state.candidate:
            return state._replace(candidate=wanted, candidate_since_ms=at_ms)
        if at_ms - state.candidate_since_ms >= self._hold_ms:
            return RegimeState(wanted, at_ms)
        return state


def _not_known(state: RegimeState, at_ms: int) -> RegimeState:
    if state.regime is Regime.UNKNOWN:
        return RegimeState(Regime.UNKNOWN, state.since_ms, lapsed=state.lapsed)
    return RegimeState(Regime.UNKNOWN, at_ms, lapsed=state.regime)
