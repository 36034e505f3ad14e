"""The whole picture of a signal, from its candles to the bytes of a PNG."""

from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.layout import (
    HEIGHT,
    LABEL_SIZE,
    LEAST_ROOM,
    MOST_CANDLES,
    PRICE_AREA,
    ROOM_AHEAD,
    TITLE_ROW,
    TITLE_SIZE,
    WIDTH,
)
from bot.charts.levels import setup_levels
from bot.charts.palette import FAINT_TEXT, FALLING, RISING, TEXT
from bot.charts.parts import (
    draw_candles,
    draw_frames,
    draw_levels,
    draw_marks,
    draw_price_axis,
    draw_time_axis,
    draw_volume,
    draw_zones,
)
from bot.charts.scales import TimeScale, price_scale
from bot.presenters.markup import clean, render_plain
from bot.presenters.status_header import status_line
from domain.candles import Candle
from domain.directions import Direction
from domain.signals import FollowedSignal
from domain.timeframes import to_ms
from engine.reports import ChartData

_PAIR_UNITS: Final = 24


def draw_chart(data: ChartData) -> bytes:
    """A 1000 x 600 PNG. Takes tens of milliseconds of CPU: call it off the event loop."""
    canvas = Canvas(WIDTH, HEIGHT)
    followed = data.followed
    candles = _newest(data)
    levels = setup_levels(followed)
    prices = price_scale(
        PRICE_AREA,
        (candle.low for candle in candles),
        (candle.high for candle in candles),
        (level.price for level in levels),
    )
    times = _time_scale(candles, followed)
    left = _publication_column(times, followed, candles[0])
    draw_zones(canvas, followed, prices, left)
    draw_price_axis(canvas, prices)
    draw_time_axis(canvas, times, data.candles.timeframe)
    draw_volume(canvas, candles, times)
    draw_levels(canvas, levels, prices, left)
    draw_candles(canvas, candles, prices, times)
    draw_marks(canvas, followed, prices, times)
    draw_frames(canvas)
    _draw_title(canvas, followed)
    return canvas.to_png()


def _newest(data: ChartData) -> list[Candle]:
    count = min(len(data.candles), MOST_CANDLES)
    return [data.candles.candle(position) for position in range(-count, 0)]


def _time_scale(candles: list[Candle], followed: FollowedSignal) -> TimeScale:
    since = _candles_since(candles, followed)
    room = max(LEAST_ROOM, ROOM_AHEAD - since)
    return TimeScale(area=PRICE_AREA, first_index=candles[0].index, slots=len(candles) + room)


def _candles_since(candles: list[Candle], followed: FollowedSignal) -> int:
    decided_at = followed.signal.decision.as_of
    return sum(candle.opened_at >= decided_at for candle in candles)


def _publication_column(times: TimeScale, followed: FollowedSignal, first: Candle) -> int:
    decided = to_ms(followed.signal.decision.as_of) / first.timeframe.milliseconds
    return min(max(times.column(decided - 0.5), PRICE_AREA.left), PRICE_AREA.right)


def _draw_title(canvas: Canvas, followed: FollowedSignal) -> None:
    signal = followed.signal
    direction = signal.plan.direction
    colour = RISING if direction is Direction.LONG else FALLING
    words = f"{direction.name} {clean(signal.instrument.pair, _PAIR_UNITS)}"
    canvas.text((PRICE_AREA.left, TITLE_ROW), words, TITLE_SIZE, colour, "lm")
    beside = PRICE_AREA.left + canvas.text_width(words, TITLE_SIZE) + 14
    canvas.text((beside, TITLE_ROW), f"#{signal.id}", LABEL_SIZE, FAINT_TEXT, "lm")
    canvas.text((WIDTH - 6, TITLE_ROW), _status(followed), LABEL_SIZE, TEXT, "rm")


def _status(followed: FollowedSignal) -> str:
    # The sign in front is an emoji, which the font does not have.
    return render_plain(status_line(followed)).partition(" ")[2]
