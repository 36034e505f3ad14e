"""Dominance, market cap and bitcoin's price over hours."""

from math import inf, log, sqrt

from domain.sentiment import GlobalMarket
from layers.sentiment.tracking.known_facts import Change, KnownFacts, Span
from layers.sentiment.tracking.parameters import RegimeTracking, Timeliness, milliseconds
from layers.sentiment.tracking.regime_rules import MarketTrend


def makes_sense(market: GlobalMarket) -> bool:
    """Whether dominance is a share in percent and the market cap a sum of money."""
    return 0.0 < market.total_cap_usd < inf and 0.0 < market.btc_dominance_percent < 100.0


class MarketFacts:
    """What was told of the whole market, and how it changes."""

    def __init__(self, shape: RegimeTracking, timeliness: Timeliness) -> None:
        self._shape = shape
        self._good_ms = milliseconds(shape.good_for)
        self._span = Span(
            milliseconds(shape.shortest_span),
            milliseconds(shape.whole_span),
            milliseconds(shape.longest_span),
        )
        kept_ms = self._span.longest_ms + 2 * self._good_ms + milliseconds(timeliness.lateness)
        self._bitcoin = KnownFacts[float](kept_ms)
        self._market = KnownFacts[tuple[float, float]](kept_ms)

    def add_market(self, market: GlobalMarket, known_ms: int) -> bool:
        """Keep dominance and market cap; whether they are new."""
        fact = (market.btc_dominance_percent, market.total_cap_usd)
        return self._market.add(market.published_ms, known_ms, fact)

    def add_bitcoin(self, close: float, at_ms: int) -> bool:
        """Keep a close of bitcoin, known when its candle closed; whether it is new."""
        return self._bitcoin.add(at_ms, at_ms, close)

    def market(self, as_of_ms: int) -> tuple[float, float] | None:
        """Dominance in percent and market cap in USD; None when they are old."""
        newest = self._market.newest(as_of_ms, as_of_ms)
        return newest[1] if newest and newest[0] >= as_of_ms - self._good_ms else None

    def trend(self, as_of_ms: int) -> MarketTrend | None:
        """Changes over some hours as of an instant; None where they are not known."""
        price = self._bitcoin.change(as_of_ms, self._good_ms, self._span)
        market = self._market.change(as_of_ms, self._good_ms, self._span)
        if price is None or market is None:
            return None
        (dominance, cap), (dominance_before, cap_before) = market.now, market.then
        points = dominance - dominance_before
        return MarketTrend(
            bitcoin=self._enough(100.0 * log(price.now / price.then), price)
            / self._shape.bitcoin_move,
            cap=self._enough(100.0 * log(cap / cap_before), market) / self._shape.cap_move,
            dominance=self._enough(points, market) / self._shape.dominance_move,
            told=(_percent(price.now, price.then), _percent(cap, cap_before), points),
        )

    def _enough(self, moved: float, change: Change[float] | Change[tuple[float, float]]) -> float:
        """A change over a shorter span in terms of the whole one, by the square root of time."""
        return moved / min(1.0, sqrt(change.span_ms / self._span.whole_ms))


def _percent(now: float, then: float) -> float:
    return 100.0 * (now / then - 1.0)
