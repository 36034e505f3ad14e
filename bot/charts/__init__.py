"""Pictures of a setup and of the track record, as PNG. Pure, drawn with Pillow."""

from bot.charts.calibration import draw_calibration
from bot.charts.equity import draw_equity
from bot.charts.picture import draw_chart
from bot.charts.r_histogram import draw_r_histogram

__all__ = ["draw_calibration", "draw_chart", "draw_equity", "draw_r_histogram"]
