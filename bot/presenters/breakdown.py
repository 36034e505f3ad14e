"""Results told apart as a table: by pair, tier, direction, hour, regime or layer."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.presenters.figures import count
from bot.presenters.markup import bold, italic
from bot.presenters.page import Line, blank, fit
from bot.presenters.rates import RateRow, rate_table
from bot.presenters.statistics import NO_TRADES, SOURCE
from bot.presenters.wording import LAYER_NAMES, lookback
from engine.statistics.values import Breakdown, Dimension, Group

_MOST_ROWS: Final = 25
_QUOTE: Final = "/USDT"

_LAYERS: Final = {layer.value: name for layer, name in LAYER_NAMES.items()}
_NOTES: Final[Mapping[Dimension, str]] = {
    Dimension.HOUR: "Hour of publication, UTC.",
    Dimension.LAYER: "A trade counts for each layer that backed its direction.",
    Dimension.REGIME: "State of the whole market when the signal was published.",
}


def render_breakdown(breakdown: Breakdown, days: int | None) -> str:
    """A table with a row for each group, and what its columns mean."""
    title = f"📈 {bold(f'By {breakdown.dimension} · {lookback(days)}')}"
    note = _NOTES.get(breakdown.dimension)
    return fit(
        [
            Line(title),
            blank(),
            *(breakdown_lines(breakdown) or [NO_TRADES]),
            *([Line(italic(note))] if note else []),
            Line(italic("won: share after costs, and its 95% range · each: mean result")),
            SOURCE,
        ]
    )


def breakdown_lines(breakdown: Breakdown) -> list[Line]:
    """The table alone; empty without trades."""
    shown = breakdown.groups[:_MOST_ROWS]
    if not shown:
        return []
    return [
        *rate_table(breakdown.dimension, "won", [_row(group) for group in shown]),
        *_left_out(breakdown.groups[_MOST_ROWS:]),
    ]


def _row(group: Group) -> RateRow:
    label = _LAYERS.get(group.label, group.label.removesuffix(_QUOTE))
    performance = group.performance
    return RateRow(label=label, rate=performance.wins, mean_r=performance.expectancy_r)


def _left_out(groups: Sequence[Group]) -> list[Line]:
    return [Line(italic(f"… and {count(len(groups))} more with fewer trades"))] if groups else []
