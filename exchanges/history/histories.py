"""Makes a whole history of a pair out of what is stored of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.candles import CandleSeries
from domain.errors import InvalidDataError, NotFoundError
from domain.timeframes import Timeframe, to_ms
from engine.backtest.values import FundingPayment, PairHistory
from exchanges.history.gaps import gap_free_parts, gaps_inside, minute_text
from exchanges.history.joining import join_candles
from exchanges.history.listing import ListedPair, infer_instrument
from exchanges.history.table import CandleTable

_EDGE_MS: Final = Timeframe.H1.milliseconds
"""What joins into hours loses an incomplete hour at either edge anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of a pair, and the span of it that is asked for.

    `tables` may reach beyond the span; tick and step are inferred from all of it.
    """

    symbol: str
    tables: Mapping[Timeframe, CandleTable]
    start_ms: int | None
    end_ms: int | None
    funding: tuple[FundingPayment, ...]
    listed: ListedPair | None

    def within_span(self) -> dict[Timeframe, CandleTable]:
        """Timeframes that have candles in the span, shortest first, with these candles."""
        cut = {
            timeframe: self.tables[timeframe].within(self.start_ms, self.end_ms)
            for timeframe in Timeframe
            if timeframe in self.tables
        }
        kept = {timeframe: table for timeframe, table in cut.items() if len(table)}
        if not kept:
            start, end = (
                "any time" if at_ms is None else minute_text(at_ms)
                for at_ms in (self.start_ms, self.end_ms)
            )
            raise NotFoundError(
                f"no candle of {self.symbol} is stored from {start} to {end}; "
                "`python -m app history list` shows what there is"
            )
        return kept


def whole_history(stored: Stored) -> PairHistory:
    """The span as one history, on the finest timeframe that covers it without a gap.

    Raises `InvalidDataError` when none does, `NotFoundError` for a span without candles.
    """
    tables = stored.within_span()
    reaching = _reaching_both_edges(tables)
    complete = {one: table for one, table in reaching.items() if not gaps_inside(table)}
    if not complete:
        raise _gap_error(stored.symbol, tables)
    finest = min(complete, key=lambda one: one.milliseconds)
    return _history(stored, finest, _all_timeframes(complete, finest))


def history_parts(stored: Stored) -> tuple[PairHistory, ...]:
    """The gap-free stretches of the finest timeframe that reaches over the span."""
    tables = stored.within_span()
    table = next(iter((_reaching_both_edges(tables) or tables).values()))
    spans = ((part.first_ms, part.end_ms) for part in gap_free_parts(table))
    return tuple(
        whole_history(replace(stored, start_ms=start_ms, end_ms=end_ms))
        for start_ms, end_ms in spans
    )


def _reaching_both_edges(tables: Mapping[Timeframe, CandleTable]) -> dict[Timeframe, CandleTable]:
    first = min(table.first_ms for table in tables.values())
    last = max(table.end_ms for table in tables.values())
    return {
        timeframe: table
        for timeframe, table in tables.items()
        if table.first_ms < first + _EDGE_MS and table.end_ms > last - _EDGE_MS
    }


def _all_timeframes(
    complete: Mapping[Timeframe, CandleTable], finest: Timeframe
) -> dict[Timeframe, CandleSeries]:
    """The venue's own candles where they are stored, else joined from the next shorter ones."""
    newest = complete[finest].series()
    made = {finest: newest}
    for timeframe in Timeframe:
        if timeframe.milliseconds <= finest.milliseconds:
            continue
        own = complete.get(timeframe)
        series = join_candles(newest, timeframe) if own is None else own.series()
        if series is None:
            break
        made[timeframe] = newest = series
    return made


def _history(
    stored: Stored, finest: Timeframe, candles: Mapping[Timeframe, CandleSeries]
) -> PairHistory:
    series = candles[finest]
    first_ms, end_ms = series.first_index * finest.milliseconds, to_ms(series.closed_at)
    listed = stored.listed
    return PairHistory(
        instrument=(
            infer_instrument(stored.symbol, stored.tables[finest])
            if listed is None
            else listed.instrument
        ),
        candles=candles,
        finest=finest,
        funding=tuple(one for one in stored.funding if first_ms <= one.at_ms <= end_ms),
        is_inferred=listed is None,
        listed_ms=None if listed is None else _listing_at(listed, first_ms),
    )


def _listing_at(listed: ListedPair, first_ms: int) -> int | None:
    """When the pair was listed, where its history begins with that."""
    first_ever = listed.first_candle_ms
    return None if first_ever is None or first_ms >= first_ever + _EDGE_MS else first_ever


def _gap_error(symbol: str, tables: Mapping[Timeframe, CandleTable]) -> InvalidDataError:
    stored = "; ".join(_words(table) for table in tables.values())
    return InvalidDataError(
        f"{symbol}: no stored timeframe covers the span without a gap: {stored}. Run `python -m "
        f"app download --pairs {symbol}` again, or ask for a span that one of them covers"
    )


def _words(table: CandleTable) -> str:
    """Where the candles of a timeframe are, and what is missing between them."""
    words = f"{table.timeframe} from {minute_text(table.first_ms)} to {minute_text(table.end_ms)}"
    gaps = gaps_inside(table)
    if not gaps:
        return words
    more = f" and {len(gaps) - 1} more" if len(gaps) > 1 else ""
    return f"{words}, where {gaps[0].candles:,} candles are missing from {gaps[0]}{more}"
