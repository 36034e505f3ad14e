"""The daily digest to admins: how the bot itself has fared in a UTC day."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.presenters.figures import count, instant, percent
from bot.presenters.markup import bold, quote, render_plain
from bot.presenters.notices import mention_line, trouble_lines
from bot.presenters.page import Line, blank, fit
from bot.presenters.reading_lines import size
from bot.presenters.wording import sentence
from domain.counting import many
from domain.feeds import FeedHealth
from engine.monitoring.digest_values import Digest, Machine
from engine.monitoring.values import LatencySummary

_PROVIDER_UNITS: Final = 32
_NEARLY_WHOLE: Final = timedelta(hours=1)
"""A process that began so soon after midnight has seen the day."""


def render_digest(digest: Digest) -> str:
    """What is wrong now first, then the day in numbers, then what was noted in it."""
    return fit(
        [
            Line(f"🗞 {bold(f'Operations · {digest.day:%a %d %b %Y}')} (UTC)"),
            *_standing_lines(digest),
            blank(),
            *_work_lines(digest),
            *_latency_lines(digest),
            *([] if digest.machine is None else _machine_lines(digest.machine)),
            *(Line(_feed(feed), spare=1) for feed in digest.feeds),
            *_notice_lines(digest),
            *_caution_lines(digest),
        ]
    )


def digest_in_words(digest: Digest) -> str:
    """The same without markup, for mail and the like."""
    return render_plain(render_digest(digest))


def _standing_lines(digest: Digest) -> list[Line]:
    if not digest.standing:
        return [Line("💚 Nothing is wrong now")]
    return trouble_lines(digest.standing)


def _work_lines(digest: Digest) -> list[Line]:
    decisions, counts = digest.decisions, digest.counts
    late = f", ❗ {count(counts.late_closes)} late" if counts.late_closes else ", none late"
    outcome = f"{count(decisions.sent)} sent, {count(decisions.denied)} denied"
    return [
        Line(f"🧮 {many(decisions.decided, 'decision')}: {outcome}"),
        Line(f"🕯 {many(counts.closes, 'close')}{late}"),
        Line(f"📬 {many(counts.messages, 'message')} accepted"),
        Line(_faults(digest)),
    ]


def _faults(digest: Digest) -> str:
    counts = digest.counts
    faults = (
        (counts.missed_runs, "job run left out", "job runs left out"),
        (counts.crashes, "task crashed", "tasks crashed"),
        (counts.stalls, "stall of the event loop", "stalls of the event loop"),
    )
    named = [many(number, one, more) for number, one, more in faults if number]
    return f"🧯 {', '.join(named)}" if named else "🧯 No run left out, no crash, no stall"


def _latency_lines(digest: Digest) -> list[Line]:
    if not digest.latency:
        return [Line("⚡ No final candle was decided on")]
    return [
        Line("⚡ From the final candle (p50, p99):"),
        *map(_stage, digest.latency),
    ]


def _stage(summary: LatencySummary) -> Line:
    half, nearly_all = _wait(summary.p50_milliseconds), _wait(summary.p99_milliseconds)
    return Line(f"   {summary.stage}: {half}, {nearly_all} ({count(summary.count)})")


def _wait(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def _machine_lines(machine: Machine) -> list[Line]:
    memory = f"{size(machine.memory_bytes)} now, {size(machine.memory_highest_bytes)} at most"
    weight = f"{percent(100 * machine.weight_highest_share)} of what is allowed"
    return [
        Line(f"💾 Memory {memory} · {size(machine.disk_free_bytes)} disk free"),
        Line(f"🌐 Request weight at most {weight}"),
        Line(f"⚙️ Longest lag of the event loop {_wait(1000 * machine.lag_longest_seconds)}"),
    ]


def _feed(feed: FeedHealth) -> str:
    reason = f": {sentence(feed.reason)}" if feed.reason else ""
    return f"📡 {quote(feed.provider, _PROVIDER_UNITS)} {feed.state}{reason}"


def _notice_lines(digest: Digest) -> list[Line]:
    if not digest.notices:
        return []
    return [blank(), Line(bold("Noted")), *(mention_line(notice) for notice in digest.notices)]


def _caution_lines(digest: Digest) -> list[Line]:
    lines = []
    if digest.dropped or digest.given_up:
        lost = f"{count(digest.dropped)} dropped, {count(digest.given_up)} not taken"
        lines.append(Line(f"❗ Notices since the start: {lost} by other channels"))
    begin = datetime.combine(digest.day, time(), UTC)
    if digest.since > begin + _NEARLY_WHOLE:
        lines.append(Line(f"⏳ All but decisions counted since {instant(digest.since)}"))
    return lines
