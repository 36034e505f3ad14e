"""The answer to /pnl: what trades came to, day by day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from bot.presenters.figures import signed_percent, signed_r
from bot.presenters.markup import bold, italic, preformatted
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import caution_lines, newest_lines, tally_lines, total_lines
from bot.presenters.statistics import NO_TRADES, SOURCE
from bot.presenters.wording import lookback
from domain.counting import many
from engine.reports import TrackRecord
from engine.statistics.values import TradeResult

_MOST_DAYS: Final = 14
_NEWEST_SHOWN: Final = 5
_HEAD: Final = f"{'day':11}{'trades':>6} {'R':>8} {'equity':>8}"


def render_profit_and_loss(record: TrackRecord) -> str:
    """The total, a table of days, and the newest trades."""
    statistics = record.statistics
    performance = statistics.performance
    has_trades = bool(statistics.results)
    return fit(
        [
            Line(f"💰 {bold(f'Results · {lookback(record.days)}')}"),
            blank(),
            *tally_lines(statistics),
            *(total_lines(performance) if has_trades else [NO_TRADES]),
            *caution_lines(performance),
            *_day_lines(statistics.results),
            *newest_lines(statistics.results, _NEWEST_SHOWN),
            blank(),
            SOURCE,
        ]
    )


def _day_lines(results: Sequence[TradeResult]) -> list[Line]:
    if not results:
        return []
    days = [(day, list(each)) for day, each in groupby(results, key=_day)]
    shown = [_row(day, each) for day, each in days[-_MOST_DAYS:]]
    earlier = len(days) - len(shown)
    note = f"… and {many(earlier, 'earlier day')} with trades"
    return [
        blank(),
        Line(preformatted("\n".join([_HEAD, *shown]))),
        *([Line(italic(note))] if earlier else []),
    ]


def _day(result: TradeResult) -> date:
    return result.ended_at.date()


def _row(day: date, results: Sequence[TradeResult]) -> str:
    total_r = sum((result.net_r for result in results), Decimal(0))
    total_percent = sum((result.equity_percent for result in results), Decimal(0))
    return (
        f"{day:%d %b %Y}{len(results):>6} {signed_r(total_r):>8} {signed_percent(total_percent):>8}"
    )
