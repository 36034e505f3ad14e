"""The answer to /health: the status, and every source of outside data in a line of its own."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.presenters.figures import count
from bot.presenters.markup import bold, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.status_report import ago, note_lines, state_lines
from bot.presenters.wording import sentence
from domain.feeds import FeedHealth, FeedState
from engine.reports import HealthReport

_PROVIDER_UNITS: Final = 32

_SIGNS: Final = {
    FeedState.GOOD: "✅",
    FeedState.WAITING: "⏳",
    FeedState.FAILING: "❗",
    FeedState.RESTING: "💤",
    FeedState.OFF: "⚪",
}


def render_health(report: HealthReport) -> str:
    """The status first, then the feeds, then notes."""
    return fit(
        [
            *state_lines("Health", report.status),
            blank(),
            *_feed_lines(report.feeds, report.status.now),
            *note_lines(report.status),
        ]
    )


def _feed_lines(feeds: Sequence[FeedHealth], now: datetime) -> list[Line]:
    if not feeds:
        return [Line("📡 No feed of outside data is set up")]
    states = Counter(feed.state for feed in feeds)
    tally = ", ".join(f"{count(states[state])} {state}" for state in _SIGNS if states[state])
    lines = [Line(_feed(feed, now), spare=1) for feed in feeds]
    return [Line(f"📡 {bold('Feeds')}: {tally}"), *lines]


def _feed(feed: FeedHealth, now: datetime) -> str:
    reason = f": {sentence(feed.reason)}" if feed.reason else ""
    name = quote(feed.provider, _PROVIDER_UNITS)
    parts = [f"{_SIGNS[feed.state]} {name} {feed.state}{reason}"]
    if feed.state is not FeedState.OFF:
        parts.append(f"last good {ago(feed.last_good_at, now)}")
    if feed.failures:
        parts.append(f"{count(feed.failures)} failed")
    if feed.malformed:
        parts.append(f"{count(feed.malformed)} malformed")
    return " · ".join(parts)
