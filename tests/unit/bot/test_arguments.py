"""What stands behind a command is taken strictly."""

import pytest

from bot.arguments import chart_link, parse_days, parse_deep_link, parse_pair, parse_signal_id


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


def test_deep_links_name_what_and_which() -> None:
    assert parse_deep_link("why_12") == ("why", 12)
    assert parse_deep_link("chart_7") == ("chart", 7)
    assert parse_deep_link("pause_7") is None
    assert parse_deep_link(None) is None
    assert chart_link("quorum_bot", 7) == "https://t.me/quorum_bot?start=chart_7"
