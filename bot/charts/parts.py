"""The parts of a chart, each drawn by one function: zones, grid, candles, levels, marks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.charts.canvas import Canvas
from bot.charts.layout import (
    AXIS_SIZE,
    LABEL_HEIGHT,
    LABEL_LEFT,
    LABEL_SIZE,
    PRICE_AREA,
    TIME_ROW,
    VOLUME_AREA,
    WIDTH,
)
from bot.charts.levels import Level, spread_apart
from bot.charts.palette import (
    BACKGROUND,
    ENTRY,
    FAINT_TEXT,
    FALLING,
    FALLING_VOLUME,
    FRAME,
    GRID,
    REWARD_ZONE,
    RISING,
    RISING_VOLUME,
    RISK_ZONE,
    TARGET,
    dimmed,
)
from bot.charts.scales import PriceScale, TimeScale
from bot.charts.ticks import price_ticks, time_label, time_ticks
from domain.candles import Candle
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe, to_ms

_PRICE_TICKS: Final = 7
_TIME_TICKS: Final = 9
_BODY_SHARE: Final = 0.66
_MARK_RADIUS: Final = 6
_ARROWS: Final = {1: " ▲", -1: " ▼", 0: ""}


def draw_zones(canvas: Canvas, followed: FollowedSignal, prices: PriceScale, left: int) -> None:
    """Shade what may be won and what may be lost, from publication on."""
    plan = followed.signal.plan
    entry = prices.row(float(plan.entry))
    right = PRICE_AREA.right
    canvas.box(left, entry, right, prices.row(float(plan.targets[-1].price)), REWARD_ZONE)
    canvas.box(left, entry, right, prices.row(float(plan.stop)), RISK_ZONE)
    canvas.line((left, PRICE_AREA.top), (left, VOLUME_AREA.bottom), FRAME)


def draw_price_axis(canvas: Canvas, prices: PriceScale) -> None:
    """Round prices on the left, each with a faint line."""
    for value, label in price_ticks(prices.low, prices.high, _PRICE_TICKS).items():
        row = prices.row(value)
        canvas.line((PRICE_AREA.left, row), (PRICE_AREA.right, row), GRID)
        size = canvas.fitting_size(label, AXIS_SIZE, PRICE_AREA.left - 12)
        canvas.text((PRICE_AREA.left - 8, row), label, size, FAINT_TEXT, "rm")


def draw_time_axis(canvas: Canvas, times: TimeScale, timeframe: Timeframe) -> None:
    """Round hours at the bottom; a label that would be cut off is left out."""
    for index in time_ticks(times.first_index, times.slots, timeframe, _TIME_TICKS):
        column = times.column(index)
        canvas.line((column, PRICE_AREA.top), (column, VOLUME_AREA.bottom), GRID)
        label = time_label(index, timeframe)
        half = canvas.text_width(label, AXIS_SIZE) // 2
        if column - half >= PRICE_AREA.left and column + half <= PRICE_AREA.right:
            canvas.text((column, TIME_ROW), label, AXIS_SIZE, FAINT_TEXT, "mm")
    canvas.text((LABEL_LEFT, TIME_ROW), f"UTC · {timeframe}", AXIS_SIZE, FAINT_TEXT, "lm")


def draw_frames(canvas: Canvas) -> None:
    """Outline the two areas."""
    for area in (PRICE_AREA, VOLUME_AREA):
        canvas.frame(area.left, area.top, area.right, area.bottom, FRAME)


def draw_candles(
    canvas: Canvas, candles: Sequence[Candle], prices: PriceScale, times: TimeScale
) -> None:
    """Wick and body of each candle."""
    half = _half_body(times)
    for candle in candles:
        column = times.column(candle.index)
        colour = RISING if candle.close >= candle.open else FALLING
        canvas.line((column, prices.row(candle.high)), (column, prices.row(candle.low)), colour)
        opened, closed = prices.row(candle.open), prices.row(candle.close)
        canvas.box(column - half, opened, column + half, closed, colour)


def draw_volume(canvas: Canvas, candles: Sequence[Candle], times: TimeScale) -> None:
    """A bar per candle, the largest as high as the area."""
    largest = max(candle.volume for candle in candles)
    if largest <= 0:
        return
    half = _half_body(times)
    for candle in candles:
        column = times.column(candle.index)
        height = round(candle.volume / largest * (VOLUME_AREA.height - 6))
        colour = RISING_VOLUME if candle.close >= candle.open else FALLING_VOLUME
        bottom = VOLUME_AREA.bottom - 1
        canvas.box(column - half, bottom - height, column + half, bottom, colour)
    canvas.text((VOLUME_AREA.left - 8, VOLUME_AREA.top + 8), "Volume", AXIS_SIZE, FAINT_TEXT, "rm")


def draw_levels(canvas: Canvas, levels: Sequence[Level], prices: PriceScale, left: int) -> None:
    """A line per level from publication on, and its label at the right, moved free of others."""
    ordered = sorted(levels, key=lambda level: -level.price)
    rows = [prices.row(level.price) for level in ordered]
    half = LABEL_HEIGHT // 2
    labels = spread_apart(rows, LABEL_HEIGHT + 3, PRICE_AREA.top + half, PRICE_AREA.bottom - half)
    for level, row, label in zip(ordered, rows, labels, strict=True):
        beyond = prices.side(level.price)
        if not beyond:
            _draw_level_line(canvas, level, row, left)
        canvas.line((PRICE_AREA.right, row), (LABEL_LEFT, label), level.colour)
        _draw_label(canvas, level, label, _ARROWS[beyond])


def draw_marks(
    canvas: Canvas, followed: FollowedSignal, prices: PriceScale, times: TimeScale
) -> None:
    """Diamonds where the signal was entered and where parts of it were closed."""
    course, entry = followed.course, followed.signal.plan.entry
    if course.triggered_at is not None:
        at = (_column_at(times, course.triggered_at), prices.row(float(entry)))
        canvas.diamond(at, _MARK_RADIUS, ENTRY)
    for leg in course.exits:
        has_won = (leg.price - entry) * followed.signal.plan.direction.sign > 0
        at = (_column_at(times, leg.at), prices.row(float(leg.price)))
        canvas.diamond(at, _MARK_RADIUS, TARGET if has_won else FALLING)


def _draw_level_line(canvas: Canvas, level: Level, row: int, left: int) -> None:
    canvas.dashes(row, PRICE_AREA.left, left, dimmed(level.colour))
    if level.is_solid:
        canvas.line((left, row), (PRICE_AREA.right, row), level.colour)
    else:
        canvas.dashes(row, left, PRICE_AREA.right, level.colour)


def _draw_label(canvas: Canvas, level: Level, row: int, arrow: str) -> None:
    top, bottom = row - LABEL_HEIGHT // 2, row + LABEL_HEIGHT // 2
    ink = BACKGROUND if level.is_solid else level.colour
    if level.is_solid:
        canvas.box(LABEL_LEFT, top, WIDTH - 6, bottom, level.colour)
    else:
        canvas.frame(LABEL_LEFT, top, WIDTH - 6, bottom, level.colour)
    words = f"{level.label}{arrow}"
    size = canvas.fitting_size(words, LABEL_SIZE, WIDTH - 6 - LABEL_LEFT - 12)
    canvas.text((LABEL_LEFT + 6, row), words, size, ink, "lm")


def _half_body(times: TimeScale) -> int:
    return max(1, int(times.slot_width * _BODY_SHARE) // 2)


def _column_at(times: TimeScale, at: datetime) -> int:
    # An instant within a candle belongs between that candle's two edges, not on its middle.
    index = to_ms(at) / Timeframe.M15.milliseconds
    return min(max(times.column(index - 0.5), PRICE_AREA.left), PRICE_AREA.right)
