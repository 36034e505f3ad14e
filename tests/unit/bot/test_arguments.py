"""What stands behind a command is taken strictly."""

import pytest

from bot.arguments import (
    ALL_TIME,
    Lookback,
    chart_link,
    parse_days,
    parse_deep_link,
    parse_lookback,
    parse_pair,
    parse_period,
    parse_signal_id,
    parse_statistics,
)
from engine.reports import Period
from engine.statistics.values import Dimension


@pytest.mark.parametrize("text", ["12", "#12", " 12 "])
def test_signal_id_is_a_number_with_or_without_its_sign(text: str) -> None:
    assert parse_signal_id(text) == 12


@pytest.mark.parametrize("text", [None, "", "0", "-1", "1.5", "12;drop", "1" * 10, "١٢"])
def test_anything_else_is_no_signal_id(text: str | None) -> None:
    assert parse_signal_id(text) is None


@pytest.mark.parametrize("text", ["BTC", "btcusdt", "BTC/USDT", "1000PEPE", "BTC-USDT"])
def test_pair_is_letters_and_digits(text: str) -> None:
    assert parse_pair(text) == text


@pytest.mark.parametrize("text", [None, "", "<b>", "BTC USDT", "A" * 30, "BTC/", "币安"])
def test_anything_else_is_no_pair(text: str | None) -> None:
    assert parse_pair(text) is None


@pytest.mark.parametrize(("text", "days"), [("7", 7), ("3650", 3650), ("3651", None), ("0", None)])
def test_days_are_within_ten_years(text: str, days: int | None) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [("day", 1), ("week", 7), (" Month ", 30), ("all", None), ("14", 14), ("3650", 3650)],
)
def test_lookback_is_a_word_or_a_number_of_days(text: str, days: int | None) -> None:
    assert parse_lookback(text, default=Lookback(days=99)) == Lookback(days=days)


@pytest.mark.parametrize("text", ["year", "0", "-7", "7 days", "week month", "1.5", "٧", "<b>"])
def test_anything_else_is_no_lookback(text: str) -> None:
    assert parse_lookback(text, default=ALL_TIME) is None


@pytest.mark.parametrize("text", [None, "", "  "])
def test_lookback_that_is_not_given_is_the_usual_one(text: str | None) -> None:
    assert parse_lookback(text, default=Lookback(days=7)) == Lookback(days=7)


@pytest.mark.parametrize(
    ("text", "dimension", "days"),
    [
        (None, None, None),
        ("week", None, 7),
        ("pair", Dimension.PAIR, None),
        ("HOUR month", Dimension.HOUR, 30),
        ("layer  5", Dimension.LAYER, 5),
    ],
)
def test_statistics_are_asked_for_by_part_and_period(
    text: str | None, dimension: Dimension | None, days: int | None
) -> None:
    assert parse_statistics(text, default=ALL_TIME) == (dimension, Lookback(days=days))


@pytest.mark.parametrize("text", ["pairs", "pair pair", "week pair", "pair week 3", "score"])
def test_anything_else_asks_for_no_statistics(text: str) -> None:
    assert parse_statistics(text, default=ALL_TIME) is None


def test_report_is_that_of_a_day_unless_told_otherwise() -> None:
    assert parse_period(None) is Period.DAY
    assert parse_period("Week") is Period.WEEK
    assert parse_period("month") is Period.MONTH
    assert parse_period("all") is None
    assert parse_period("7") is None


def test_deep_links_name_what_and_which() -> None:
    assert parse_deep_link("why_12") == ("why", 12)
    assert parse_deep_link("chart_7") == ("chart", 7)
    assert parse_deep_link("pause_7") is None
    assert parse_deep_link(None) is None
    assert chart_link("quorum_bot", 7) == "https://t.me/quorum_bot?start=chart_7"
