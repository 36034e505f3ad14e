"""Pictures of a setup: candles, volume and levels as a PNG. Pure, drawn with Pillow."""

from bot.charts.picture import draw_chart

__all__ = ["draw_chart"]
