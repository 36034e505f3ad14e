"""Charts of a report as inline SVG: shapes with classes, coloured by the page's style sheet."""

from research.reports.charts.bars import Bar, BarChart, draw_bars
from research.reports.charts.curves import Curve, draw_curves
from research.reports.charts.equity import draw_equity
from research.reports.charts.excursions import ExcursionMark, draw_excursions
from research.reports.charts.funnel import FunnelStep, draw_funnel
from research.reports.charts.intervals import IntervalChart, IntervalRow, draw_intervals
from research.reports.charts.scales import range_of
from research.reports.charts.strip import draw_strip
from research.reports.charts.svg import Svg

__all__ = [
    "Bar",
    "BarChart",
    "Curve",
    "ExcursionMark",
    "FunnelStep",
    "IntervalChart",
    "IntervalRow",
    "Svg",
    "draw_bars",
    "draw_curves",
    "draw_equity",
    "draw_excursions",
    "draw_funnel",
    "draw_intervals",
    "draw_strip",
    "range_of",
]
