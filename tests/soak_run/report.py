"""The table of a soak, and its verdict as JSON."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from tests.soak_run.measures import LatenessFindings
from tests.soak_run.slope import Slope
from tests.soak_run.verdict import Verdict

_KILOBYTES_A_MEGABYTE = 1024


def write_json(verdict: Verdict, file: Path) -> None:
    """All there is."""
    encoded = msgspec.json.encode(verdict)
    file.write_bytes(msgspec.json.format(encoded, indent=2) + b"\n")


def print_table(verdict: Verdict, console: Console) -> None:
    """What matters, one line each."""
    table = Table(title=f"Soak: {verdict.plan}", show_header=False)
    for name, value in [*_played(verdict), *_memory(verdict), *_course(verdict), *_said(verdict)]:
        table.add_row(name, value)
    console.print(table)


def _played(verdict: Verdict) -> list[tuple[str, str]]:
    rates = verdict.messages_a_second
    return [
        (
            "played",
            (
                f"{verdict.simulated_hours:.1f} h of {verdict.pairs} pairs in "
                f"{verdict.wall_minutes:g} min, speed {verdict.speed:g}"
            ),
        ),
        ("messages a wall second", "; ".join(_rate(rate) for rate in rates)),
        (
            "machine",
            (
                f"load {verdict.machine_load:.1f} on average; the venue's answer to a trifle, ms: "
                f"{_lateness(verdict.venue_answer_ms)}"
            ),
        ),
        ("faults", f"{sum(verdict.faults.values())} of {len(verdict.faults)} kinds"),
        ("sudden ends", str(verdict.kills)),
    ]


def _rate(rate: Mapping[str, float]) -> str:
    kinds = ", ".join(f"{value:.0f} {kind}" for kind, value in rate.items())
    return f"{sum(rate.values()):.0f} ({kinds})"


def _memory(verdict: Verdict) -> list[tuple[str, str]]:
    memory = verdict.memory
    a_day = None if verdict.speed == 1 else 24.0 / verdict.speed
    megabytes = [
        value / _KILOBYTES_A_MEGABYTE
        for value in (
            memory.rss_first,
            memory.rss_after_warm_up,
            memory.rss_last,
            memory.rss_highest,
        )
    ]
    return [
        (
            "resident memory",
            "{:.0f} MB at first, {:.0f} after warm-up, {:.0f} at last, {:.0f} at most".format(
                *megabytes
            ),
        ),
        ("slope of RSS, KB an hour", _slope(memory.rss_slope)),
        ("slope of USS, KB an hour", _slope(memory.uss_slope)),
        ("... of its second half", _slope(memory.uss_slope_second_half)),
        *([("slope of USS, KB a simulated day", _slope(memory.uss_slope, a_day))] if a_day else []),
        ("threads, open files", _handles(verdict)),
        (
            "processor",
            (
                f"{memory.cpu_share:.0%} of a core; ready without one for "
                f"{memory.starved_share:.0%} of the time"
            ),
        ),
    ]


def _handles(verdict: Verdict) -> str:
    memory = verdict.memory
    return (
        f"{memory.threads_highest} threads at most; files {memory.files_first} at first, "
        f"{memory.files_last} at last, {memory.files_highest} at most"
    )


def _slope(slope: Slope | None, factor: float = 1.0) -> str:
    if slope is None:
        return "too short to tell"
    scaled = slope.times(factor)
    return f"{scaled.per_hour:+.0f} (95 %: {scaled.low:+.0f} to {scaled.high:+.0f})"


def _course(verdict: Verdict) -> list[tuple[str, str]]:
    closes = verdict.closes
    return [
        (
            "candle closes",
            (
                f"{closes.expected} expected, {closes.decided} decided, {closes.missed_while_away} "
                f"missed while stopped or away, {len(closes.unexplained)} missed otherwise"
            ),
        ),
        ("decisions", f"{closes.decisions}; {closes.pairs_missing} pairs left out of a close"),
        ("candle end to decided, ms", _lateness(verdict.decisions)),
        ("candle end to post, ms", _lateness(verdict.posts)),
    ]


def _lateness(found: LatenessFindings | None) -> str:
    if found is None:
        return "none"
    return (
        f"median {found.median:.0f}, p99 {found.p99:.0f}, at most {found.highest:.0f}; first third "
        f"{found.first:.0f}, last {found.last:.0f}; slope {_slope(found.slope)} an hour"
    )


def _said(verdict: Verdict) -> list[tuple[str, str]]:
    found = verdict.messages
    return [
        ("signals", f"{found.signals}, {found.ended} ended; {found.posts} posts"),
        ("lost, doubled, unknown", _counts(found.lost, found.doubled, found.unknown_to_record)),
        (
            "channel",
            (
                f"{found.messages_sent} messages, {found.replies_sent} of them replies; "
                f"{found.edits_made} edits, {found.edits_overtaken} overtaken by newer ones; "
                f"{found.repeated_texts} texts twice"
            ),
        ),
        (
            "in doubt",
            (
                f"{sum(verdict.doubts.values())} asked: "
                f"{_named(verdict.doubts)}; "
                f"{found.strangers_in_channel} posts of unknown number, {found.in_doubt_there} by "
                "the operator's word"
            ),
        ),
        ("posts without their end", _counts(found.unended, found.not_in_channel)),
        (
            "outbox at the end",
            f"{len(found.pending)} pending, {found.unknown} in doubt, {found.failed} failed",
        ),
        (
            "record",
            f"{found.ledger_entries} entries, chain "
            + ("whole" if found.chain_broken_at is None else f"broken at {found.chain_broken_at}"),
        ),
        (
            "positions",
            (
                f"{verdict.closed_positions} closed, {verdict.live_positions} live, "
                f"{len(verdict.unprotected)} of them without a stop"
            ),
        ),
        ("end", f"exit code {verdict.exit_code} after {verdict.stop_seconds:.1f} s"),
        ("log", f"{verdict.tracebacks} tracebacks, {sum(verdict.errors.values())} errors"),
    ]


def _counts(*lists: tuple[Any, ...]) -> str:
    return ", ".join(str(len(one)) for one in lists)


def _named(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
