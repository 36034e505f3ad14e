"""What of a span is not stored yet, in pieces that are fetched and stored one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.timeframes import Timeframe, to_ms
from exchanges.history.gaps import Gap, gaps_within
from exchanges.history.listing import ListedPair
from exchanges.history.months import months_between
from exchanges.history.store import HistoryStore

_LISTING_SLACK_MS: Final = 48 * Timeframe.H1.milliseconds
"""A venue may open trading a little after the time that it states for the listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Of one pair and timeframe, from `head_ms` on: before it there was no such pair."""

    timeframe: Timeframe
    head_ms: int
    gaps: tuple[Gap, ...]

    @property
    def candles(self) -> int:
        """How many candles are missing."""
        return sum(gap.candles for gap in self.gaps)

    def pieces(self) -> Iterator[Gap]:
        """The gaps, cut at the ends of months."""
        for gap in self.gaps:
            for month in months_between(gap.start_ms, gap.end_ms):
                yield Gap(
                    timeframe=gap.timeframe,
                    start_ms=max(gap.start_ms, month.start_ms),
                    end_ms=min(gap.end_ms, month.end_ms),
                )


def find_missing(
    store: HistoryStore, pair: ListedPair, timeframe: Timeframe, start_ms: int, end_ms: int
) -> Missing:
    """What is missing of a span; the time before the pair's listing is not."""
    length = timeframe.milliseconds
    head_ms = max(start_ms, _begin_of(pair) // length * length)
    table = store.candles(pair.instrument.symbol, timeframe, head_ms, end_ms)
    return Missing(timeframe=timeframe, head_ms=head_ms, gaps=gaps_within(table, head_ms, end_ms))


def listing_seen(
    store: HistoryStore, pair: ListedPair, timeframes: tuple[Timeframe, ...], start_ms: int
) -> int | None:
    """Open time of the first candle there ever was, now that all from `start_ms` on was asked for.

    None while older ones may exist: the stored ones begin where the span does, or long after the
    venue says that the pair was listed.
    """
    symbol, listed_at = pair.instrument.symbol, pair.instrument.listed_at
    months = [(one, store.months(symbol, one)) for one in timeframes]
    firsts = [store.month(symbol, one, stored[0]).first_ms for one, stored in months if stored]
    if pair.first_candle_ms is not None or listed_at is None or not firsts:
        return pair.first_candle_ms
    first, listed_ms = min(firsts), to_ms(listed_at)
    begins_with_listing = first > start_ms or listed_ms >= start_ms
    return first if begins_with_listing and first <= listed_ms + _LISTING_SLACK_MS else None


def _begin_of(pair: ListedPair) -> int:
    """When the pair began, as far as it is known: never too late, 0 where nothing is known."""
    if pair.first_candle_ms is not None:
        return pair.first_candle_ms
    listed_at = pair.instrument.listed_at
    return 0 if listed_at is None else to_ms(listed_at)
