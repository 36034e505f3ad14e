"""The last words of a demo: what it saw and what it did."""

import json
from dataclasses import asdict, dataclass
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from app.application import Application
from app.demo_trades import PaperTrades
from app.venue_process import VenueAddress
from domain.counting import many


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """Counts of a demo.

    `paper` is what was executed; its money is text in JSON, so that no digit is lost. `p50_ms` and
    `p99_ms` are wall milliseconds from a signal's final candle to its post being handed over, None
    without a signal. `interpolated_below` names the timeframe below which the candles were made up
    from recorded ones.
    """

    candles: int
    decisions: int
    denied: int
    signals: int
    outcomes: dict[str, int]
    paper: PaperTrades
    posts: int
    p50_ms: float | None
    p99_ms: float | None
    closes: int
    late_closes: int
    interpolated_below: str | None
    seconds: float

    def to_json(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=2, default=_as_text) + "\n"


def summarise(
    application: Application, venue: VenueAddress, *, paper: PaperTrades, seconds: float
) -> DemoSummary:
    """Read the counters of an application that has run."""
    tally, latency = application.tally, application.latency
    return DemoSummary(
        candles=application.data.feed.health().closed_candles,
        decisions=tally.decisions,
        denied=tally.denied,
        signals=tally.signals,
        outcomes=dict(sorted(tally.outcomes.items())),
        paper=paper,
        posts=tally.messages,
        p50_ms=latency.percentile(0.50),
        p99_ms=latency.percentile(0.99),
        closes=tally.closes,
        late_closes=tally.late_closes,
        interpolated_below=venue.interpolated_below,
        seconds=round(seconds, 1),
    )


def print_summary(summary: DemoSummary, console: Console) -> None:
    """A table for people."""
    table = Table(title="Demo summary", show_header=False, title_justify="left")
    outcomes = ", ".join(f"{count} {state}" for state, count in summary.outcomes.items())
    latency = "no signal"
    if summary.p50_ms is not None and summary.p99_ms is not None:
        latency = f"p50 {summary.p50_ms:.0f} ms, p99 {summary.p99_ms:.0f} ms"
    rows = {
        "closed candles": f"{summary.candles:,}",
        "decisions": f"{summary.decisions:,} at {summary.closes} closes",
        "signals": f"{summary.signals} ({summary.denied} more denied by the risk gate)",
        "outcomes": outcomes or "none yet",
        "executed on paper": _paper_words(summary.paper),
        "posts, edits, replies": f"{summary.posts:,}",
        "final candle to handed-over post": latency,
        "took": f"{summary.seconds:.0f} s",
    }
    if summary.interpolated_below is not None:
        rows["note"] = f"candles finer than {summary.interpolated_below} were interpolated"
    for name, value in rows.items():
        table.add_row(name, value)
    console.print(table)


def _paper_words(paper: PaperTrades) -> str:
    if not paper.executed:
        return "nothing"
    traded = many(paper.executed, "trade")
    words = f"{traded}, {paper.closed} closed: {paper.net:+,.2f} USDT after all fees"
    if paper.open:
        words += f"; {paper.open} open, worth {paper.unrealised:+,.2f} USDT"
    return f"{words} ({paper.unpriced} without a price)" if paper.unpriced else words


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no form in JSON")
