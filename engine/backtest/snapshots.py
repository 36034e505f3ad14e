"""What the live bot would have known of a pair at a boundary of the past."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from domain.derivatives import Funding
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.memory import Memory
from domain.timeframes import from_ms, to_ms
from engine.backtest.feed import HistoryFeed
from engine.backtest.funding import LONGEST_INTERVAL_MS
from engine.backtest.observations import Observations, observed_at
from engine.backtest.values import FundingPayment, Observation, PairHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTerms:
    """The terms of trading a pair at a boundary, and the observation that they come from."""

    instrument: Instrument
    as_of: datetime
    spread_percent: float | None
    funding: Funding | None
    observed: Observation | None


class PastSnapshots:
    """Puts candles, observations, funding and memory together, as of a boundary."""

    def __init__(
        self, histories: Mapping[str, PairHistory], feed: HistoryFeed, observations: Observations
    ) -> None:
        self._histories = histories
        self._feed = feed
        self._observations = observations

    def terms(self, symbol: str, as_of: datetime) -> PastTerms:
        """What was known beside candles.

        Raises `InvalidDataError` for an observation that was not known yet.
        """
        history = self._histories[symbol]
        observed = observed_at(self._observations, symbol, as_of)
        funding = None if observed is None else observed.funding
        return PastTerms(
            instrument=history.instrument,
            as_of=as_of,
            spread_percent=None if observed is None else observed.spread_percent,
            funding=funding or funding_at(history.funding, as_of),
            observed=observed,
        )

    def snapshot(self, terms: PastTerms, memory: Memory | None) -> MarketSnapshot:
        """A snapshot for a decision, with the candles of then.

        Raises `StaleDataError` where candles end before the boundary.
        """
        observed = terms.observed
        return MarketSnapshot(
            instrument=terms.instrument,
            as_of=terms.as_of,
            candles=self._feed.series(terms.instrument.symbol, terms.as_of),
            spread_percent=terms.spread_percent,
            funding=terms.funding,
            order_flow=None if observed is None else observed.order_flow,
            onchain=None if observed is None else observed.onchain,
            sentiment=None if observed is None else observed.sentiment,
            memory=memory,
        )


def funding_at(payments: Sequence[FundingPayment], as_of: datetime) -> Funding | None:
    """Funding to come as it could be told at an instant: at the rate that was settled last.

    The next time follows from the schedule, which is known beforehand. None before the second
    payment, where the next one should have come already and did not, and where the last two are
    so far apart that others are missing between them: then they do not tell the schedule.
    """
    at_ms = to_ms(as_of)
    settled = bisect_right(payments, at_ms, key=attrgetter("at_ms"))
    if settled < 2:
        return None
    newest, before = payments[settled - 1], payments[settled - 2]
    interval_ms = newest.at_ms - before.at_ms
    next_ms = newest.at_ms + interval_ms
    if next_ms <= at_ms or interval_ms > LONGEST_INTERVAL_MS:
        return None
    return Funding(rate=newest.rate, next_at=from_ms(next_ms))
