"""Pictures of the track record, looked at pixel by pixel where it matters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from bot.charts import draw_calibration, draw_equity, draw_r_histogram
from bot.charts.palette import BACKGROUND, DRAWDOWN, FAINT_TEXT, FALLING, RISING, TARGET
from bot.charts.sheet import AREA, HEIGHT, WIDTH, draw_place, open_sheet
from bot.charts.ticks import instant_label, instant_ticks
from domain.timeframes import to_ms
from engine.statistics import (
    StatisticsParameters,
    calibrate,
    equity_curve,
    histogram,
    performance_of,
    rate,
)
from engine.statistics.values import CalibrationBand, EquityPoint, TradeResult
from tests.builders.reports import make_result
from tests.builders.signals import CLOSED_AT
from tests.builders.track_records import many_results

START = CLOSED_AT - timedelta(days=30)
END = CLOSED_AT + timedelta(days=1)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    assert image.size == (WIDTH, HEIGHT)
    return image


def colours_within(image: Image.Image, left: int, right: int) -> set[object]:
    part = image.crop((left, AREA.top + 1, right, AREA.bottom))
    return {colour for _, colour in part.getcolors(100_000) or []}


def points(*totals: str) -> list[EquityPoint]:
    """One point a day, the last one a day before the end."""
    first = END - timedelta(days=len(totals))
    return [
        EquityPoint(
            at=first + timedelta(days=number), total_r=Decimal(total), total_percent=Decimal(total)
        )
        for number, total in enumerate(totals)
    ]


def test_equity_is_shaded_where_it_is_below_an_earlier_high_and_nowhere_else() -> None:
    curve = points("1", "3", "1.5", "4")
    image = opened(draw_equity(curve, END - timedelta(days=5), END))
    day = AREA.width / 5
    second, third = (round(AREA.left + number * day) for number in (2.5, 3.5))
    assert DRAWDOWN not in colours_within(image, AREA.left, second)
    assert DRAWDOWN in colours_within(image, third - 5, third + 5)
    assert DRAWDOWN not in colours_within(image, third + round(0.7 * day), AREA.right)


def test_equity_that_only_rises_ends_higher_than_it_began() -> None:
    image = opened(draw_equity(points("1", "2", "3"), END - timedelta(days=4), END))
    rows = [
        next(row for row in range(AREA.top, AREA.bottom) if image.getpixel((column, row)) == RISING)
        for column in (AREA.left + 20, AREA.right - 20)
    ]
    assert rows[0] > rows[1]


@pytest.mark.parametrize(
    ("totals", "span"),
    [
        (("-1.1",), timedelta(days=7)),
        (("0",), timedelta(0)),
        (("0.001", "-0.001"), timedelta(days=400)),
        (("1500", "-1500.5", "2"), timedelta(days=4000)),
    ],
)
def test_curve_of_any_kind_can_be_drawn_and_stays_on_the_sheet(
    totals: Sequence[str], span: timedelta
) -> None:
    image = opened(draw_equity(points(*totals), END - span, END))
    check_margins(image)


def test_many_trades_are_one_picture() -> None:
    results = many_results(3000)
    image = opened(draw_equity(equity_curve(results), results[0].ended_at, results[-1].ended_at))
    check_margins(image)


def band(low: int, wins: int, trades: int) -> CalibrationBand:
    return CalibrationBand(
        low=low, high=low + 5, reached_target=rate(wins, trades), mean_r=Decimal("0.1")
    )


def test_band_with_few_trades_is_grey_and_one_without_any_is_empty() -> None:
    image = opened(draw_calibration([band(65, 20, 40), band(70, 2, 4), band(75, 0, 0)]))
    third = AREA.width // 3
    first, second, last = (
        colours_within(image, AREA.left + number * third + 5, AREA.left + (number + 1) * third - 5)
        for number in range(3)
    )
    assert TARGET in first
    assert TARGET not in second
    assert FAINT_TEXT in second
    assert not {TARGET, FAINT_TEXT} & last


def test_higher_share_is_drawn_higher() -> None:
    image = opened(draw_calibration([band(65, 40, 100), band(70, 60, 100)]))
    rows = []
    for number in (0, 1):
        column = round(AREA.left + (number + 0.5) * AREA.width / 2)
        drawn = [row for row in range(AREA.top, AREA.bottom) if is_target(image, column, row)]
        rows.append(sum(drawn) / len(drawn))
    assert rows[0] > rows[1]


def is_target(image: Image.Image, column: int, row: int) -> bool:
    return image.getpixel((column, row)) == TARGET


def test_bands_of_a_long_record_stay_on_the_sheet() -> None:
    check_margins(opened(draw_calibration([band(55 + 5 * n, 500, 1200) for n in range(9)])))


def histogram_of(results: Sequence[TradeResult]) -> Image.Image:
    bins = histogram(results, StatisticsParameters())
    return opened(draw_r_histogram(bins, performance_of(results, START, END)))


def test_losses_are_red_and_wins_are_green() -> None:
    lost = histogram_of([make_result("-1.1"), make_result("-7")])
    won = histogram_of([make_result("0.4"), make_result("12")])
    assert FALLING in colours_within(lost, AREA.left, AREA.right)
    assert RISING not in colours_within(lost, AREA.left, AREA.right)
    assert RISING in colours_within(won, AREA.left, AREA.right)
    assert FALLING not in colours_within(won, AREA.left, AREA.right)


def test_bar_of_more_trades_is_higher() -> None:
    image = histogram_of([make_result("-1.1")] * 2 + [make_result("0.4")] * 6)
    red, green = (
        sum(1 for row in range(AREA.top, AREA.bottom) if has(image, row, colour))
        for colour in (FALLING, RISING)
    )
    assert green > 2.5 * red


def has(image: Image.Image, row: int, colour: object) -> bool:
    return any(image.getpixel((column, row)) == colour for column in range(AREA.left, AREA.right))


def test_result_beyond_the_edges_is_counted_and_stays_on_the_sheet() -> None:
    check_margins(histogram_of([make_result("-40")] * 3 + [make_result("90")] * 1200))


def check_margins(image: Image.Image) -> None:
    """Nothing touches the edges of the picture: no word is cut off."""
    edges = [(column, row) for column in (0, 1, WIDTH - 2, WIDTH - 1) for row in range(HEIGHT)]
    edges += [(column, row) for row in (0, 1, HEIGHT - 2, HEIGHT - 1) for column in range(WIDTH)]
    assert {image.getpixel(at) for at in edges} == {BACKGROUND}


def test_pictures_of_the_same_record_are_the_same() -> None:
    results = many_results()
    bands = calibrate(results, StatisticsParameters())
    assert draw_calibration(bands) == draw_calibration(bands)
    curve = equity_curve(results)
    assert draw_equity(curve, START, END) == draw_equity(curve, START, END)


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (timedelta(hours=6), ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]),
        (timedelta(days=1), ["18:00", "06 Oct", "06:00", "12:00"]),
        (timedelta(days=7), ["01 Oct", "03 Oct", "05 Oct"]),
    ],
)
def test_times_are_round_and_few(span: timedelta, labels: list[str]) -> None:
    ticks = instant_ticks(to_ms(CLOSED_AT - span) + 1, to_ms(CLOSED_AT), 6)
    assert [instant_label(at, to_ms(CLOSED_AT) - to_ms(CLOSED_AT - span)) for at in ticks] == labels


@pytest.mark.parametrize("days", [1, 3, 30, 365, 4000])
def test_times_are_never_too_many(days: int) -> None:
    start: datetime = CLOSED_AT - timedelta(days=days)
    assert 1 <= len(instant_ticks(to_ms(start), to_ms(CLOSED_AT), 6)) <= 7


@pytest.mark.parametrize("column", [0, AREA.right, WIDTH])
def test_words_at_the_edge_are_moved_inwards_and_never_cut_off(column: int) -> None:
    canvas = open_sheet("Title", "Subtitle")
    draw_place(canvas, column, "30 September 2025", note="n = 1 234 567")
    check_margins(opened(canvas.to_png()))


def test_title_that_is_too_long_is_written_smaller() -> None:
    check_margins(opened(open_sheet("T" * 45, "S" * 70, "+1234.56R").to_png()))
