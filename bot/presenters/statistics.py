"""The answer to /stats."""

from bot.presenters.markup import bold, italic
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import result_lines, tally_line, trade_line
from engine.reports import Statistics

_NEWEST_SHOWN = 5


def render_statistics(statistics: Statistics, days: int | None) -> str:
    """Figures of the last `days` days, of all time when None, with the newest trades."""
    results = result_lines(statistics) or [Line("No trade has ended yet.")]
    return fit(
        [
            Line(f"📈 {bold(f'Track record · {_period(days)}')}"),
            blank(),
            tally_line(statistics),
            *results,
            *_newest(statistics),
            blank(),
            Line(italic("From the record alone, after fees, slippage and funding.")),
        ]
    )


def _period(days: int | None) -> str:
    if days is None:
        return "since the first signal"
    return "last day" if days == 1 else f"last {days} days"


def _newest(statistics: Statistics) -> list[Line]:
    newest = statistics.results[: -_NEWEST_SHOWN - 1 : -1]
    if not newest:
        return []
    return [blank(), Line("Newest:"), *(Line(trade_line(result), spare=1) for result in newest)]
