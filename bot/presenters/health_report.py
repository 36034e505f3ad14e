"""The answer to /health: troubles, the status, the running bot, every source of outside data."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.presenters.figures import count, instant
from bot.presenters.markup import bold, quote
from bot.presenters.notices import trouble_lines
from bot.presenters.page import Line, blank, fit
from bot.presenters.reading_lines import reading_lines
from bot.presenters.status_report import ago, note_lines, state_lines, watched_words
from bot.presenters.wording import sentence
from domain.feeds import FeedHealth, FeedState
from engine.reports import HealthReport

_PROVIDER_UNITS: Final = 32
_NO_STATUS: Final = "❓ Pause, signals and messages are not known: the database does not answer"

_SIGNS: Final = {
    FeedState.GOOD: "✅",
    FeedState.WAITING: "⏳",
    FeedState.FAILING: "❗",
    FeedState.RESTING: "💤",
    FeedState.OFF: "⚪",
}


def render_health(report: HealthReport) -> str:
    """What is wrong first, then the status, the running bot itself, the feeds, and notes."""
    heading, *state = _state_lines(report)
    notes = [] if report.status is None else note_lines(report.status)
    return fit(
        [
            heading,
            *_standing_lines(report),
            *state,
            *_reading_lines(report),
            blank(),
            *_feed_lines(report.feeds, _now(report)),
            *notes,
        ]
    )


def _now(report: HealthReport) -> datetime | None:
    if report.status is not None:
        return report.status.now
    return None if report.reading is None else report.reading.at


def _state_lines(report: HealthReport) -> list[Line]:
    """Without the database the status is not known; what the process itself knows is."""
    if report.status is not None:
        return state_lines("Health", report.status)
    if report.reading is None:
        return [Line(f"🩺 {bold('Health')}"), Line(_NO_STATUS)]
    reading = report.reading
    return [
        Line(f"🩺 {bold('Health')} · {instant(reading.at)}"),
        Line(_NO_STATUS),
        Line(f"👀 {watched_words(reading.pairs_watched, reading.pairs_ready)}"),
        Line(f"🧮 Last decision {ago(reading.last_decision_at, reading.at)}"),
        Line(f"📣 Last signal {ago(reading.last_signal_at, reading.at)}"),
    ]


def _standing_lines(report: HealthReport) -> list[Line]:
    if report.reading is None:
        return []
    if not report.standing:
        return [Line("💚 Nothing is wrong"), blank()]
    return [*trouble_lines(report.standing), blank()]


def _reading_lines(report: HealthReport) -> list[Line]:
    if report.reading is None:
        return []
    return [blank(), *reading_lines(report.reading, report.standing)]


def _feed_lines(feeds: Sequence[FeedHealth], now: datetime | None) -> list[Line]:
    if not feeds:
        return [Line("📡 No feed of outside data is set up")]
    states = Counter(feed.state for feed in feeds)
    tally = ", ".join(f"{count(states[state])} {state}" for state in _SIGNS if states[state])
    lines = [Line(_feed(feed, now), spare=1) for feed in feeds]
    return [Line(f"📡 {bold('Feeds')}: {tally}"), *lines]


def _feed(feed: FeedHealth, now: datetime | None) -> str:
    reason = f": {sentence(feed.reason)}" if feed.reason else ""
    name = quote(feed.provider, _PROVIDER_UNITS)
    parts = [f"{_SIGNS[feed.state]} {name} {feed.state}{reason}"]
    if feed.state is not FeedState.OFF and now is not None:
        parts.append(f"last good {ago(feed.last_good_at, now)}")
    if feed.failures:
        parts.append(f"{count(feed.failures)} failed")
    if feed.malformed:
        parts.append(f"{count(feed.malformed)} malformed")
    return " · ".join(parts)
