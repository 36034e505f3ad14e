"""The picture, looked at pixel by pixel where it matters."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.charts import draw_chart
from bot.charts.layout import HEIGHT, PRICE_AREA, VOLUME_AREA, WIDTH
from bot.charts.levels import setup_levels
from bot.charts.palette import ENTRY, FALLING, MOVED_STOP, RISING, RISING_VOLUME, STOP, TARGET
from bot.charts.scales import price_scale
from domain.candles import CandleSeries
from domain.directions import Direction
from domain.signals import FollowedSignal, SignalState
from engine.reports import ChartData
from tests.builders.market import make_candle, make_candles, make_instrument
from tests.builders.signals import CLOSED_AT, make_followed, make_plan, make_signal

IN_THE_ZONE = PRICE_AREA.right - 3
"""A column right of the newest candle, where level lines are drawn in full."""


def picture(followed: FollowedSignal, candles: CandleSeries) -> Image.Image:
    png = draw_chart(ChartData(followed=followed, candles=candles))
    return Image.open(BytesIO(png))


def rows_of(followed: FollowedSignal, candles: CandleSeries) -> dict[str, int]:
    shown = [candles.candle(position) for position in range(-80, 0)]
    levels = setup_levels(followed)
    scale = price_scale(
        PRICE_AREA,
        [candle.low for candle in shown],
        [candle.high for candle in shown],
        [level.price for level in levels],
    )
    return {level.label.split()[0]: scale.row(level.price) for level in levels}


def test_picture_is_a_png_of_the_promised_size() -> None:
    png = draw_chart(ChartData(followed=make_followed(), candles=make_candles(CLOSED_AT)))
    assert png.startswith(b"\x89PNG")
    image = Image.open(BytesIO(png))
    assert image.size == (WIDTH, HEIGHT) == (1000, 600)


@pytest.mark.parametrize("direction", Direction)
def test_levels_are_drawn_in_their_colour_at_their_price(direction: Direction) -> None:
    followed = make_followed(signal=make_signal(direction=direction))
    candles = make_candles(CLOSED_AT, swing=0.01)
    image, rows = picture(followed, candles), rows_of(followed, candles)
    assert image.getpixel((IN_THE_ZONE, rows["Entry"])) == ENTRY
    assert image.getpixel((IN_THE_ZONE, rows["Stop"])) == STOP
    targets = {image.getpixel((column, rows["TP1"])) for column in range(800, IN_THE_ZONE)}
    assert TARGET in targets
    above, below = ("TP1", "Stop") if direction is Direction.LONG else ("Stop", "TP1")
    assert rows[above] < rows["Entry"] < rows[below]


def test_moved_stop_is_drawn_beside_the_first_one() -> None:
    candles = make_candles(CLOSED_AT + timedelta(minutes=45), swing=0.01)
    followed = make_followed(SignalState.TP1)
    image = picture(followed, candles)
    colours = {
        image.getpixel((IN_THE_ZONE, row)) for row in range(PRICE_AREA.top, PRICE_AREA.bottom)
    }
    assert MOVED_STOP in colours


def test_candles_and_volume_have_the_colour_of_their_direction() -> None:
    rising = CandleSeries.of(
        [
            make_candle(index=1_955_000 + k, open_=100 + k, close=101 + k, wick=0.2)
            for k in range(90)
        ]
    )
    colours = {colour for _, colour in picture(make_followed(), rising).getcolors(100_000) or []}
    assert RISING in colours
    assert RISING_VOLUME in colours
    assert FALLING not in colours


def test_young_pair_with_few_candles_can_be_drawn() -> None:
    image = picture(make_followed(), make_candles(CLOSED_AT, count=2))
    assert image.size == (WIDTH, HEIGHT)


def test_candles_without_volume_can_be_drawn() -> None:
    silent = CandleSeries.of(
        [make_candle(index=1_955_000 + k, open_=100, close=100, volume=0) for k in range(20)]
    )
    image = picture(make_followed(), silent)
    assert image.getpixel((500, VOLUME_AREA.bottom - 20)) != RISING_VOLUME


def test_labels_with_many_digits_fit_their_boxes() -> None:
    coin = make_instrument("1000000MOG", tick="0.00000001", step="1")
    plan = make_plan(instrument=coin, entry="12.12345678", stop_distance="1.50000001")
    followed = make_followed(SignalState.TP1, signal=make_signal(instrument=coin, plan=plan))
    image = picture(followed, make_candles(CLOSED_AT + timedelta(hours=1), close=12.12345678))
    background = image.getpixel((2, 2))
    margin = {
        image.getpixel((column, row))
        for column in range(WIDTH - 5, WIDTH)
        for row in range(50, 500)
    }
    assert margin == {background}
