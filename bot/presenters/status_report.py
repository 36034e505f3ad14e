"""The answer to /status: what an operator asks first."""

from datetime import datetime

from bot.presenters.figures import count, duration, instant
from bot.presenters.markup import bold
from bot.presenters.page import Line, fit
from bot.presenters.wording import sentence
from domain.counting import many
from domain.trading_state import PauseState
from engine.ports.storage import OutboxDepth
from engine.reports import StatusReport


def render_status(report: StatusReport) -> str:
    """Pause, market data, signals, ages and the queue, then notes."""
    return fit([*state_lines("Status", report), *note_lines(report)])


def state_lines(title: str, report: StatusReport) -> list[Line]:
    """A heading, and everything that stands in a status in any case."""
    return [
        Line(f"🩺 {bold(title)} · {instant(report.now)}"),
        Line(pause_line(report.pause)),
        Line(f"👀 {watched_words(report.watched_pairs, report.ready_pairs)}"),
        Line(f"📂 {many(report.live_signals, 'signal')} live, {count(report.open_signals)} open"),
        Line(f"🧮 Last decision {ago(report.last_decision_at, report.now)}"),
        Line(f"📣 Last signal {ago(report.last_signal_at, report.now)}"),
        Line(_queue(report.outbox, report.now)),
    ]


def watched_words(watched: int, ready: int) -> str:
    """How many pairs are looked at: "40 pairs watched, 39 ready"."""
    return f"{many(watched, 'pair')} watched, {count(ready)} ready"


def note_lines(report: StatusReport) -> list[Line]:
    """What deserves attention; the first lines to go where room is short."""
    return [Line(f"• {sentence(note)}", spare=1) for note in report.notes]


def pause_line(pause: PauseState) -> str:
    """Whether new signals are issued; if not, since when, by whom and why."""
    if not pause.is_paused:
        return f"✅ {bold('Running')}: new signals are issued"
    since = f" since {instant(pause.since)}" if pause.since else ""
    by = f" by {sentence(pause.by)}" if pause.by else ""
    reason = f": {sentence(pause.reason)}" if pause.reason else ""
    return f"🛑 {bold('Paused')}{since}{by}{reason}"


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago something was: "3 min ago", "never"."""
    return "never" if at is None else f"{duration((now - at).total_seconds())} ago"


def _queue(depth: OutboxDepth, now: datetime) -> str:
    waiting = f", oldest {ago(depth.oldest_at, now)}" if depth.oldest_at else ""
    doubt = f" · ❗ {count(depth.unknown)} in doubt" if depth.unknown else ""
    failed = f" · ❗ {count(depth.failed)} failed" if depth.failed else ""
    wait = many(depth.pending, "message waits", "messages wait")
    return f"📬 {wait}{waiting}{doubt}{failed}"
