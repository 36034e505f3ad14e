"""From closes to trades: how many came how far, and what stopped the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.backtest.metrics.values import BacktestReport, Counts
from research.reports.tables import Table, row
from research.reports.wording import UNKNOWN, count, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How many came this far, and what share that is of the step before (None for the first)."""

    label: str
    count: int
    share_percent: float | None

    @property
    def share(self) -> str:
        """The share as people read it."""
        return UNKNOWN if self.share_percent is None else percent(self.share_percent)


def steps_of(counts: Counts) -> tuple[Step, ...]:
    """The steps of the funnel, widest first."""
    numbers = {
        "closes decided on": counts.decided,
        "candidates": counts.candidates,
        "signals published": counts.published,
        "entered": counts.entered,
    }
    before = (None, *list(numbers.values())[:-1])
    return tuple(
        Step(label=label, count=number, share_percent=_share(number, of))
        for (label, number), of in zip(numbers.items(), before, strict=True)
    )


def funnel_table(report: BacktestReport) -> Table:
    """The steps, and what became of the signals that were not entered."""
    counts = report.counts
    note = (
        f"Of the signals, {count(counts.expired)} expired and {count(counts.cancelled)} were "
        f"cancelled without an entry; {count(counts.still_live)} have not ended; "
        f"{count(counts.invalidated)} lost their data and count as stopped."
    )
    return Table(
        title="From decision to trade",
        columns=("step", "number", "of the step before"),
        rows=tuple(row(step.label, count(step.count), step.share) for step in steps_of(counts)),
        notes=(note,),
    )


def discards_table(report: BacktestReport) -> Table:
    """Why decisions gave no candidate."""
    return _reasons("Why decisions gave no candidate", report.counts.discards, "decisions")


def denials_table(report: BacktestReport) -> Table:
    """Why candidates were not published."""
    return _reasons("Why candidates were denied", report.counts.denials, "candidates")


def _reasons(title: str, reasons: Mapping[str, int], of: str) -> Table:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return Table(
        title=title,
        columns=("reason", "times"),
        rows=tuple(
            row(reason.replace("_", " ").lower(), count(times)) for reason, times in ordered
        ),
        notes=(f"Several reasons may stand in the way of one; so they do not add up to {of}.",)
        if ordered
        else ("None.",),
    )


def _share(number: int, of: int | None) -> float | None:
    return number / of * 100.0 if of else None
