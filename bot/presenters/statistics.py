"""The answer to /stats: the whole track record of a period, every figure with its caution."""

from typing import Final

from bot.presenters.calibration import calibration_lines
from bot.presenters.markup import bold, italic
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import caution_lines, ratio_lines, result_lines, tally_lines
from bot.presenters.wording import lookback
from engine.reports import TrackRecord
from engine.statistics.values import Dimension

SOURCE: Final = Line(italic("From the record alone, after fees, slippage and funding."))
NO_TRADES: Final = Line("No trade has ended in this time.")

_PARTS: Final = "|".join(Dimension)


def render_statistics(record: TrackRecord) -> str:
    """All figures, the calibration table, and how to get the parts."""
    statistics = record.statistics
    performance = statistics.performance
    return fit(
        [
            Line(f"📈 {bold(f'Track record · {lookback(record.days)}')}"),
            blank(),
            *tally_lines(statistics),
            *(result_lines(performance) or [NO_TRADES]),
            *ratio_lines(performance),
            *caution_lines(performance),
            *calibration_lines(record.calibration),
            blank(),
            Line(f"More: /stats {_PARTS}, each with a period, as in /stats pair month"),
            SOURCE,
        ]
    )
