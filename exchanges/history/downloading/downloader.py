"""Downloads pairs one after the other, piece by piece, and says what is missing at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.errors import InvalidDataError, TemporaryVenueError, VenueRefusedError
from domain.instruments import Instrument
from domain.timeframes import Timeframe
from engine.backtest.funding import LONGEST_INTERVAL_MS, FundingGap, funding_gaps
from engine.backtest.values import FundingPayment
from exchanges.history.downloading.missing import Missing, find_missing, listing_seen
from exchanges.history.downloading.source import HistorySource
from exchanges.history.gaps import Gap
from exchanges.history.listing import ListedPair
from exchanges.history.store import HistoryStore

OnProgress = Callable[[str, int, int], None]
"""What is fetched now in words, candles asked for so far, and candles in all."""

_HOUR_MS: Final = Timeframe.H1.milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is wanted of every pair; both ends lie on hours, and the span is over."""

    start_ms: int
    end_ms: int
    timeframes: tuple[Timeframe, ...]

    def __post_init__(self) -> None:
        if self.start_ms % _HOUR_MS or self.end_ms % _HOUR_MS or self.start_ms >= self.end_ms:
            raise InvalidDataError("a span to download begins before it ends, both on a full hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleReport:
    """How complete one pair and timeframe is after the download.

    `listed_ms` is the open time of the pair's first candle where that lies within the span: nothing
    is missing before it. `funding_gaps` are stretches of the span in which settled funding of the
    pair is missing. `obstacle` says why the download of the pair was given up.
    """

    symbol: str
    timeframe: Timeframe
    expected: int
    found: int
    gaps: tuple[Gap, ...]
    listed_ms: int | None
    funding_gaps: tuple[FundingGap, ...]
    obstacle: str | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, settled funding of the pair included."""
        return not self.gaps and not self.funding_gaps and self.obstacle is None


async def download(
    store: HistoryStore,
    source: HistorySource,
    instruments: Sequence[Instrument],
    span: Span,
    on_progress: OnProgress = lambda _what, _done, _total: None,
) -> tuple[CandleReport, ...]:
    """Fetch what is missing of these pairs; what fails is told in the report, the rest goes on.

    What is fetched is stored at the end of each month of candles, so that a download that is cut
    off goes on there. Raises `InvalidDataError` when stored files are broken.
    """
    known = store.listed()
    store.write_listed({one.symbol: ListedPair(instrument=one) for one in instruments})
    pairs = [_with_listing(one, known) for one in instruments]
    missing = {pair.instrument.symbol: _missing(store, pair, span) for pair in pairs}
    total = sum(one.candles for own in missing.values() for one in own)
    work = _Work(store=store, source=source, span=span, total=total, on_progress=on_progress)
    reports: list[CandleReport] = []
    for pair in pairs:
        reports += await work.download_pair(pair, missing[pair.instrument.symbol])
    return tuple(reports)


def _with_listing(instrument: Instrument, known: Mapping[str, ListedPair]) -> ListedPair:
    earlier = known.get(instrument.symbol)
    return ListedPair(
        instrument=instrument,
        first_candle_ms=None if earlier is None else earlier.first_candle_ms,
    )


def _missing(store: HistoryStore, pair: ListedPair, span: Span) -> tuple[Missing, ...]:
    return tuple(
        find_missing(store, pair, timeframe, span.start_ms, span.end_ms)
        for timeframe in span.timeframes
    )


@dataclass(slots=True, kw_only=True)
class _Work:
    """One download under way."""

    store: HistoryStore
    source: HistorySource
    span: Span
    total: int
    on_progress: OnProgress
    done: int = 0

    async def download_pair(
        self, pair: ListedPair, missing: Sequence[Missing]
    ) -> list[CandleReport]:
        """Everything of one pair, then how complete it is."""
        symbol, before = pair.instrument.symbol, self.done
        obstacle: str | None = None
        try:
            await self._fetch(symbol, missing)
            pair = self._with_first_candle(pair)
        except (TemporaryVenueError, VenueRefusedError, InvalidDataError) as error:
            obstacle = str(error)
        self.done = before + sum(one.candles for one in missing)
        return [self._report(pair, timeframe, obstacle) for timeframe in self.span.timeframes]

    async def _fetch(self, symbol: str, missing: Sequence[Missing]) -> None:
        for one in missing:
            for piece in one.pieces():
                self.on_progress(f"{symbol} {one.timeframe}", self.done, self.total)
                candles = await self.source.candles(
                    symbol, one.timeframe, piece.start_ms, piece.end_ms
                )
                self.store.write(symbol, candles)
                self.done += piece.candles
        if self.source.tells_funding:
            self.on_progress(f"{symbol} funding", self.done, self.total)
            await self._fetch_funding(symbol)

    async def _fetch_funding(self, symbol: str) -> None:
        """From the first hole on, or the last stored payment; the whole span where its head is not
        stored.

        What is fetched beside holes is stored already, and the same.
        """
        stored = self.store.funding(symbol)
        start_ms = self.span.start_ms
        if stored and stored[0].at_ms <= start_ms + LONGEST_INTERVAL_MS:
            holes = self._funding_gaps(stored)
            known_ms = holes[0].start_ms if holes else stored[-1].at_ms
            start_ms = max(start_ms, known_ms + 1)
        payments = await self.source.funding(symbol, start_ms, self.span.end_ms)
        if payments:
            self.store.write_funding(symbol, payments)

    def _funding_gaps(self, payments: Sequence[FundingPayment]) -> tuple[FundingGap, ...]:
        """Holes of which the part that lies in the span is a hole by itself.

        Between two spans that were asked for apart, payments lie as far apart as the spans.
        """
        return tuple(gap for gap in funding_gaps(payments) if self._is_hole(gap))

    def _is_hole(self, gap: FundingGap) -> bool:
        inside_ms = min(gap.end_ms, self.span.end_ms) - max(gap.start_ms, self.span.start_ms)
        return inside_ms > LONGEST_INTERVAL_MS

    def _with_first_candle(self, pair: ListedPair) -> ListedPair:
        first = listing_seen(self.store, pair, self.span.timeframes, self.span.start_ms)
        seen = replace(pair, first_candle_ms=first)
        if seen != pair:
            self.store.write_listed({pair.instrument.symbol: seen})
        return seen

    def _report(self, pair: ListedPair, timeframe: Timeframe, obstacle: str | None) -> CandleReport:
        missing = _missing(self.store, pair, replace(self.span, timeframes=(timeframe,)))[0]
        expected = max(0, self.span.end_ms - missing.head_ms) // timeframe.milliseconds
        first = pair.first_candle_ms
        return CandleReport(
            symbol=pair.instrument.symbol,
            timeframe=timeframe,
            expected=expected,
            found=expected - missing.candles,
            gaps=missing.gaps,
            listed_ms=first if first is not None and first > self.span.start_ms else None,
            funding_gaps=self._funding_gaps(self.store.funding(pair.instrument.symbol)),
            obstacle=obstacle,
        )
