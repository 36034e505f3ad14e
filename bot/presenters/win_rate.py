"""The answer to /winrate: how often trades earn something, and how sure that is."""

from collections.abc import Sequence

from bot.presenters.breakdown import breakdown_lines
from bot.presenters.calibration import calibration_lines
from bot.presenters.figures import count
from bot.presenters.markup import bold, italic
from bot.presenters.page import Line, blank, fit
from bot.presenters.rates import rate_words
from bot.presenters.statistics import NO_TRADES, SOURCE
from bot.presenters.wording import lookback
from domain.counting import many
from engine.reports import TrackRecord
from engine.statistics.values import Breakdown


def render_win_rate(record: TrackRecord, breakdowns: Sequence[Breakdown]) -> str:
    """The rate with its interval, told apart, and by score."""
    statistics = record.statistics
    wins = statistics.performance.wins
    told = [
        Line(f"{rate_words(wins)}"),
        Line(f"{count(wins.count)} of {many(wins.of, 'trade')} earned something after costs."),
        *(line for each in breakdowns for line in (blank(), *breakdown_lines(each))),
        *calibration_lines(record.calibration),
        blank(),
        Line(italic("likely: the 95% range; each: mean result")),
    ]
    return fit(
        [
            Line(f"🎯 {bold(f'Win rate · {lookback(record.days)}')}"),
            blank(),
            *(told if wins.of else [NO_TRADES, blank()]),
            Line(_not_counted(record)),
            SOURCE,
        ]
    )


def _not_counted(record: TrackRecord) -> str:
    statistics = record.statistics
    return (
        f"Not in it: {count(statistics.live)} still live, {count(statistics.expired)} expired,"
        f" {count(statistics.cancelled)} cancelled."
    )
