"""What is known beyond the exchange: chains, sentiment, and what became of earlier signals.

Observations come in as providers answer; readings go out as of a boundary. What a restart must not
forget is in the database and comes back through `restore`.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.assets import canonical_asset
from domain.candles import CandleSeries
from domain.feeds import FeedAnswer
from domain.instruments import Instrument
from domain.memory import Memory, PastOutcome
from domain.onchain import OnChain
from domain.sentiment import MacroReading, Sentiment, SentimentSnapshot
from domain.timeframes import to_ms
from domain.transfers import Transfer
from layers.memory import OutcomeBook
from layers.onchain import OnChainTracker
from layers.sentiment import MARKET, SentimentTracker


class OutsideState:
    """The trackers of three layers, under one roof."""

    def __init__(
        self, onchain: OnChainTracker, sentiment: SentimentTracker, outcomes: OutcomeBook
    ) -> None:
        self._onchain = onchain
        self._sentiment = sentiment
        self._outcomes = outcomes
        self._memory: Memory | None = None

    def observe(self, answer: FeedAnswer) -> list[Transfer]:
        """Take in what a provider told; the transfers that were not known before."""
        self._sentiment.observe(answer)
        return self._onchain.observe(answer)

    def observe_bitcoin(self, candles: CandleSeries) -> None:
        """Take in closed candles of bitcoin: the market's trend."""
        self._sentiment.observe_bitcoin(candles)

    def remember(self, outcomes: Sequence[PastOutcome]) -> None:
        """Take in what became of setups; those known already are left as they are."""
        for outcome in outcomes:
            self._outcomes.add(outcome)
        self._memory = None

    def restore(
        self, transfers: Sequence[tuple[Transfer, int]], snapshots: Sequence[SentimentSnapshot]
    ) -> None:
        """Take in what an earlier process wrote down."""
        self._onchain.restore(transfers)
        self._sentiment.restore(snapshots)

    def onchain(self, instrument: Instrument, as_of: datetime) -> OnChain:
        """What chains tell of a pair's coin."""
        return self._onchain.reading(canonical_asset(instrument.base), to_ms(as_of))

    def sentiment(self, instrument: Instrument, as_of: datetime) -> Sentiment:
        """What people and markets feel about a pair's coin."""
        return self._sentiment.reading(canonical_asset(instrument.base), to_ms(as_of))

    def memory(self, as_of: datetime) -> Memory:
        """All outcomes known at an instant, the same object for all pairs."""
        at_ms = to_ms(as_of)
        if self._memory is None or self._memory.at_ms != at_ms:
            self._memory = self._outcomes.as_of(at_ms)
        return self._memory

    def macro(self, now: datetime) -> MacroReading | None:
        """The markets outside as they are now."""
        return self._sentiment.reading(MARKET, to_ms(now)).macro

    def sentiment_snapshot(self, boundary: datetime) -> SentimentSnapshot:
        """What is kept of the quarter of an hour that ends at a boundary."""
        return self._sentiment.snapshot(to_ms(boundary))

    def notes(self) -> list[str]:
        """What was left out of account, in an operator's words."""
        return [*self._onchain.notes(), *self._sentiment.notes()]
