"""The answer to /drawdown: how bad it got, when, and how it stands now."""

from bot.presenters.figures import instant
from bot.presenters.markup import bold
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import caution_lines, streak_lines
from bot.presenters.statistics import NO_TRADES, SOURCE
from bot.presenters.wording import lookback
from engine.falls import Fall, find_falls
from engine.reports import TrackRecord


def render_drawdown(record: TrackRecord) -> str:
    """The deepest fall with its times, the present one, and the streaks."""
    performance = record.statistics.performance
    falls = list(find_falls(record.curve))
    told = [*_deepest(record, falls), *_present(falls), *streak_lines(performance)]
    return fit(
        [
            Line(f"📉 {bold(f'Drawdown · {lookback(record.days)}')}"),
            blank(),
            *(told if record.statistics.results else [NO_TRADES]),
            *caution_lines(performance),
            blank(),
            SOURCE,
        ]
    )


def _deepest(record: TrackRecord, falls: list[Fall]) -> list[Line]:
    if not falls:
        return [Line("Every trade so far was a new high.")]
    performance = record.statistics.performance
    deepest = max(falls, key=lambda fall: fall.depth_r)
    began = instant(deepest.high_at) if deepest.high_at else "the beginning"
    return [
        Line(
            f"Deepest {bold(f'{performance.drawdown_r:.2f}R')},"
            f" {performance.drawdown_percent:.2f}% of equity"
        ),
        Line(f"   from {began} to {instant(deepest.low_at)}"),
        Line(f"   {_recovery(deepest)}"),
    ]


def _recovery(fall: Fall) -> str:
    if fall.recovered_at is None:
        return "not made up for yet"
    return f"made up for by {instant(fall.recovered_at)}"


def _present(falls: list[Fall]) -> list[Line]:
    if not falls or falls[-1].recovered_at is not None:
        return [Line("✅ Now at the high")]
    return [Line(f"🔻 Now {bold(f'{falls[-1].now_r:.2f}R')} below the high")]
