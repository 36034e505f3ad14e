"""What people and markets around crypto feel, from providers' answers, as of any recent instant."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from domain.candles import CLOSE, CandleSeries
from domain.feeds import FeedAnswer, Observation
from domain.sentiment import (
    FearGreed,
    GlobalMarket,
    MacroQuote,
    Sentiment,
    SentimentSnapshot,
)
from domain.timeframes import to_ms
from layers.figures import counted
from layers.sentiment.parameters import SentimentParameters
from layers.sentiment.tracking.macro import MacroHistory
from layers.sentiment.tracking.mood import MoodHistory
from layers.sentiment.tracking.parameters import milliseconds
from layers.sentiment.tracking.regime import RegimeHistory
from layers.sentiment.tracking.talk import TalkHistory


class SentimentTracker:
    """Answers in, readings out. No clock: time comes in with the answers.

    A reading can be asked for as of any instant up to `timeliness.lateness` before the newest
    answer, and uses nothing that was known later. Of bitcoin it takes a candle as known at its
    close.
    """

    def __init__(self, parameters: SentimentParameters) -> None:
        timeliness = parameters.timeliness
        self._lateness_ms = milliseconds(timeliness.lateness)
        self._ahead_ms = milliseconds(timeliness.ahead)
        self._mood = MoodHistory(parameters.fear_greed, timeliness)
        self._talk = TalkHistory(parameters.talk_tracking, parameters.texts, timeliness)
        self._regime = RegimeHistory(parameters.regime_tracking, timeliness)
        self._macro = MacroHistory(parameters.macro_tracking, parameters.macro, timeliness)
        self._refused = 0
        self._common: Sentiment | None = None

    def observe(self, answer: FeedAnswer) -> None:
        """Take in what a provider answered; observations of other layers are left alone."""
        self._walk_on(answer.answered_ms)
        self._refused += self._talk.observe(answer)
        for observation in answer.observations:
            self._refused += not self._observe(observation, answer)
        self._common = None

    def observe_bitcoin(self, candles: CandleSeries) -> None:
        """Take in closed candles of bitcoin; those known already change nothing."""
        length_ms = candles.timeframe.milliseconds
        closed_ms = to_ms(candles.closed_at)
        for position in range(len(candles)):
            at_ms = closed_ms - (len(candles) - 1 - position) * length_ms
            self._regime.observe_bitcoin(candles.value(CLOSE, position), at_ms)
        self._common = None

    def restore(self, snapshots: Sequence[SentimentSnapshot]) -> None:
        """Take in what an earlier process stored, before any answer is observed."""
        for snapshot in sorted(snapshots, key=_time_of):
            self._restore_facts(snapshot)
        if snapshots:
            self._resume(max(snapshots, key=_time_of))
        self._common = None

    def snapshot(self, at_ms: int) -> SentimentSnapshot:
        """What to store of the quarter of an hour that ends at an instant."""
        mood, market = self._mood.reading(at_ms), self._regime.market(at_ms)
        regime, macro = self._regime.state(at_ms), self._macro.reading(at_ms)
        return SentimentSnapshot(
            at_ms=at_ms,
            fear_greed=None if mood is None else mood[0].value,
            btc_dominance_percent=None if market is None else market[0],
            total_cap_usd=None if market is None else market[1],
            regime=regime.regime,
            regime_since_ms=regime.since_ms,
            macro=None if macro is None else macro.state,
            macro_since_ms=None if macro is None else macro.since_ms,
            talk=self._talk.counted(at_ms),
            heard=self._talk.heard(at_ms),
            lapsed_regime=regime.lapsed,
        )

    def reading(self, asset: str, as_of_ms: int) -> Sentiment:
        """Everything that is felt about a coin (canonical) as of an instant."""
        common = self._common
        if common is None or common.at_ms != as_of_ms:
            common = self._common = self._read_common(as_of_ms)
        talk = self._talk.reading(asset, as_of_ms)
        if talk is None:
            return common
        social, told_ms = talk
        return replace(common, social=social, answered_ms=max(common.answered_ms, told_ms))

    @property
    def texts_dropped(self) -> Mapping[str, int]:
        """How many texts were left out, by reason: kinds of spam, repeats."""
        return Counter(self._talk.dropped)

    @property
    def refused(self) -> int:
        """How many observations made no sense."""
        return self._refused

    def notes(self) -> list[str]:
        """What was left out of account, in an operator's words."""
        return list(self._notes())

    def _notes(self) -> Iterator[str]:
        if self._talk.dropped:
            told = ", ".join(f"{count} {why}" for why, count in self._talk.dropped.most_common())
            yield f"texts left out: {told}"
        if self._refused:
            yield f"{counted(self._refused, 'sentiment observation')} made no sense"

    def _observe(self, observation: Observation, answer: FeedAnswer) -> bool:
        """Take in one; False where it makes no sense."""
        known_ms = answer.answered_ms
        match observation:
            case FearGreed() | GlobalMarket() if self._is_ahead(observation.published_ms, known_ms):
                return False
            case MacroQuote() if self._is_ahead(observation.at_ms, known_ms):
                return False
            case FearGreed():
                return self._mood.observe(observation, known_ms)
            case GlobalMarket():
                return self._regime.observe(observation, known_ms)
            case MacroQuote():
                return self._macro.observe(observation, known_ms)
            case _:
                return True

    def _is_ahead(self, at_ms: int, known_ms: int) -> bool:
        return at_ms > known_ms + self._ahead_ms

    def _walk_on(self, known_ms: int) -> None:
        """States are carried along, before newer facts drive out those that they stand on."""
        self._regime.state(known_ms - self._lateness_ms)
        self._macro.reading(known_ms - self._lateness_ms)

    def _read_common(self, as_of_ms: int) -> Sentiment:
        mood = self._mood.reading(as_of_ms)
        regime, macro = self._regime.reading(as_of_ms), self._macro.reading(as_of_ms)
        told = (
            0 if mood is None else mood[1],
            0 if regime is None else self._regime.newest_answer(as_of_ms),
            0 if macro is None else self._macro.newest_answer(as_of_ms),
        )
        return Sentiment(
            at_ms=as_of_ms,
            answered_ms=max(told),
            fear_greed=None if mood is None else mood[0],
            regime=regime,
            macro=macro,
            lapsed_regime=self._regime.lapsed(as_of_ms) if regime is None else None,
        )

    def _restore_facts(self, snapshot: SentimentSnapshot) -> None:
        at_ms = snapshot.at_ms
        if snapshot.fear_greed is not None:
            self._mood.restore(snapshot.fear_greed, at_ms)
        if snapshot.btc_dominance_percent is not None and snapshot.total_cap_usd is not None:
            market = GlobalMarket(
                btc_dominance_percent=snapshot.btc_dominance_percent,
                total_cap_usd=snapshot.total_cap_usd,
                cap_change_day_percent=None,
                published_ms=at_ms,
            )
            self._regime.observe(market, at_ms)
        self._talk.restore(snapshot.talk, snapshot.heard, at_ms)

    def _resume(self, newest: SentimentSnapshot) -> None:
        self._regime.resume(
            newest.at_ms, newest.regime, newest.regime_since_ms, newest.lapsed_regime
        )
        if newest.macro is not None and newest.macro_since_ms is not None:
            self._macro.resume(newest.at_ms, newest.macro, newest.macro_since_ms)


def _time_of(snapshot: SentimentSnapshot) -> int:
    return snapshot.at_ms
