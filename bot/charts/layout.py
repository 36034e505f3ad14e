"""The fixed parts of the picture: its size and where each part stands."""

from typing import Final

from bot.charts.scales import Area

WIDTH: Final = 1000
HEIGHT: Final = 600

PRICE_AREA: Final = Area(left=76, top=54, right=846, bottom=452)
VOLUME_AREA: Final = Area(left=76, top=464, right=846, bottom=556)
TIME_ROW: Final = 574
TITLE_ROW: Final = 27
LABEL_LEFT: Final = 858
LABEL_HEIGHT: Final = 22

TITLE_SIZE: Final = 20
LABEL_SIZE: Final = 13
AXIS_SIZE: Final = 12

MOST_CANDLES: Final = 80
"""20 hours of 15-minute candles: wide enough to read on a telephone."""

ROOM_AHEAD: Final = 8
"""Empty slots after the newest candle of a fresh signal: the longest hold (design 4.5)."""

LEAST_ROOM: Final = 2
"""Empty slots after the newest candle of an old signal."""
