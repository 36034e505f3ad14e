"""`python -m app download`: what is asked for, the progress, and the report of gaps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.history.folder import writing_to
from app.history.venue import opened_history_venue
from app.logging import configure_logging
from app.settings import Settings, load_settings
from domain.errors import ConfigurationError
from domain.timeframes import Timeframe, to_ms
from exchanges.history import HistoryStore
from exchanges.history.downloading import (
    CandleReport,
    Patience,
    Span,
    choose_pairs,
    download,
)
from exchanges.history.downloading.downloader import OnProgress
from exchanges.history.gaps import minute_text

_SETTLED: Final = timedelta(minutes=1)
"""How long after a full hour its last candles are taken for final."""
_GAPS_SHOWN: Final = 3
_FIRST_YEAR: Final = 2016


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadOptions:
    """What to download; `until` None: up to the last full hour."""

    pairs: str
    days: int
    timeframes: str
    root: Path
    until: datetime | None = None


async def run_download(options: DownloadOptions, settings: Settings | None = None) -> int:
    """Download, and show what came of it; the exit code is 1 while anything is missing."""
    timeframes = parse_timeframes(options.timeframes)
    settings = settings or load_settings()
    console = Console(stderr=True)
    with writing_to(options.root):
        async with opened_history_venue(settings) as venue:
            configure_logging(settings.logging, now=venue.clock.now)
            span = span_of(options, timeframes, venue.clock.now())
            choice = partial(choose_pairs, venue.facts, options.pairs)
            instruments = await Patience().ask(choice)
            store = HistoryStore(options.root)
            with _progress(console) as on_progress:
                reports = await download(store, venue.source, instruments, span, on_progress)
        for kind, count in sorted(venue.rejected.counts.items()):
            console.print(f"left out as senseless: {count:,} of kind {kind}", highlight=False)
    print_reports(reports, span, console)
    return 0 if all(report.is_complete for report in reports) else 1


def parse_timeframes(words: str) -> tuple[Timeframe, ...]:
    """Timeframes of "1m,15m", shortest first. Raises `ConfigurationError`."""
    names = {word.strip() for word in words.split(",") if word.strip()}
    unknown = sorted(names - set(Timeframe))
    if unknown or not names:
        raise ConfigurationError(
            f"--timeframes is {words!r}; give some of {', '.join(Timeframe)} with commas between"
        )
    return tuple(one for one in Timeframe if one in names)


def span_of(options: DownloadOptions, timeframes: tuple[Timeframe, ...], now: datetime) -> Span:
    """The days before `until`, or before the last full hour. Raises `ConfigurationError`."""
    end = Timeframe.H1.previous_boundary(now - _SETTLED)
    if options.until is not None:
        end = min(end, options.until.replace(tzinfo=UTC))
    start = end - timedelta(days=options.days)
    if start.year < _FIRST_YEAR:
        raise ConfigurationError(
            f"--days {options.days} before {end:%Y-%m-%d} is {start:%Y-%m-%d}; perpetuals are "
            "younger than that. Give fewer days or a later --until"
        )
    return Span(start_ms=to_ms(start), end_ms=to_ms(end), timeframes=timeframes)


def print_reports(reports: tuple[CandleReport, ...], span: Span, console: Console) -> None:
    """One line for each pair and timeframe: expected, found, and what is missing."""
    title = f"from {minute_text(span.start_ms)} to {minute_text(span.end_ms)} UTC"
    table = Table(title=title, title_justify="left")
    for name in ("pair", "candles"):
        table.add_column(name)
    for name in ("expected", "found"):
        table.add_column(name, justify="right")
    table.add_column("missing", overflow="fold")
    for report in reports:
        table.add_row(
            report.symbol,
            report.timeframe,
            f"{report.expected:,}",
            f"{report.found:,}",
            _remark(report),
        )
    console.print(table)
    incomplete = sum(not report.is_complete for report in reports)
    if incomplete:
        console.print(
            f"{incomplete} of {len(reports)} are incomplete; run the same command again to fetch "
            "what is missing"
        )


def _remark(report: CandleReport) -> str:
    listed = "" if report.listed_ms is None else f"listed {minute_text(report.listed_ms)}"
    gaps = [f"{gap} ({gap.candles:,})" for gap in report.gaps[:_GAPS_SHOWN]]
    more = len(report.gaps) - _GAPS_SHOWN
    rest = f"and {more} more" if more > 0 else ""
    parts = (listed, *gaps, rest, _unfunded(report), report.obstacle)
    return escape("; ".join(part for part in parts if part))


def _unfunded(report: CandleReport) -> str:
    if not report.funding_gaps:
        return ""
    first = report.funding_gaps[0]
    return (
        f"funding lacks {len(report.funding_gaps)} stretches, the first from "
        f"{minute_text(first.start_ms)} to {minute_text(first.end_ms)}"
    )


@contextmanager
def _progress(console: Console) -> Iterator[OnProgress]:
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        line = progress.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            progress.update(line, description=what, completed=done, total=total)

        yield show
