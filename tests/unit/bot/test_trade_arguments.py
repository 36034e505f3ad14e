"""What stands behind commands about trades, and what a trader types as a percentage."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arguments import execution_link, parse_deep_link
from bot.middlewares.erasing import holds_a_key
from bot.trade_arguments import (
    Credentials,
    Limits,
    looks_like_share,
    parse_credentials,
    parse_limits,
    parse_mode,
    parse_share,
    parse_symbol,
)
from domain.accounts import ExecutionMode

KEY, SECRET = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP"


@pytest.mark.parametrize("text", ["BTC", "btcusdt", "BTC/USDT", " btc-usdt "])
def test_pair_in_any_spelling_is_the_venues_id(text: str) -> None:
    assert parse_symbol(text) == "BTCUSDT"


@pytest.mark.parametrize("text", [None, "", "BTC ETH", "#12", "BTC;DROP"])
def test_what_is_no_pair_is_none(text: str | None) -> None:
    assert parse_symbol(text) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("35%", "0.35"),
        ("35", "0.35"),
        (" 12.5 % ", "0.125"),
        ("12,5", "0.125"),
        ("1", "0.01"),
        ("100%", "1"),
        ("33.33%", "0.3333"),
    ],
)
def test_percentage_is_a_share(text: str, share: str) -> None:
    assert looks_like_share(text)
    assert parse_share(text) == Decimal(share)


@pytest.mark.parametrize("text", ["0", "0.5", "101%", "150", "-5", "1.2.3", "12.345", "+35%", "%"])
def test_percentage_out_of_range_or_form_is_none(text: str) -> None:
    assert parse_share(text) is None


@pytest.mark.parametrize("text", ["0", "150%", "-5", "1.2.3", "+35 %"])
def test_wrong_percentage_is_still_meant_as_one(text: str) -> None:
    assert looks_like_share(text)


@pytest.mark.parametrize("text", ["", "half", "35 percent", "BTC 35", "/close 35", "٣٥", "%"])
def test_words_are_not_meant_as_a_percentage(text: str) -> None:
    assert not looks_like_share(text)


@given(st.text(max_size=20))
def test_whatever_is_typed_a_share_is_between_a_hundredth_and_the_whole(text: str) -> None:
    share = parse_share(text)
    assert share is None or Decimal("0.01") <= share <= 1


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("50", Limits(risk_share=Decimal("0.5"), maximum_positions=None)),
        ("50% 3", Limits(risk_share=Decimal("0.5"), maximum_positions=3)),
        ("12.5  10", Limits(risk_share=Decimal("0.125"), maximum_positions=10)),
    ],
)
def test_limits_are_a_percentage_and_perhaps_a_number(text: str, limits: Limits) -> None:
    assert parse_limits(text) == limits


@pytest.mark.parametrize("text", [None, "", "0", "150 3", "50 0", "50 three", "50 3 4", "50 100"])
def test_limits_that_make_no_sense_are_none(text: str | None) -> None:
    assert parse_limits(text) is None


def test_mode_is_one_of_three_words() -> None:
    assert [parse_mode(word) for word in ("off", "Paper", " LIVE ")] == list(ExecutionMode)
    assert parse_mode("real") is None
    assert parse_mode(None) is None


@pytest.mark.parametrize("separator", [" ", "\n", "   "])
def test_key_and_secret_are_two_words(separator: str) -> None:
    found = parse_credentials(f"{KEY}{separator}{SECRET}")
    assert found == Credentials(key=KEY, secret=SECRET)


@pytest.mark.parametrize(
    "text", [None, "", KEY, f"{KEY} {SECRET} more", "short words", f"{KEY} пароль-пароль"]
)
def test_anything_else_is_no_key(text: str | None) -> None:
    assert parse_credentials(text) is None


def test_credentials_show_neither_key_nor_secret() -> None:
    shown = f"{Credentials(key=KEY, secret=SECRET)!r} {Credentials(key=KEY, secret=SECRET)}"
    assert KEY not in shown
    assert SECRET not in shown


def test_link_to_execute_leads_back_to_its_signal() -> None:
    link = execution_link("quorum_test_bot", 12)
    assert link == "https://t.me/quorum_test_bot?start=exec-12"
    assert parse_deep_link(link.partition("start=")[2]) == ("exec", 12)


@pytest.mark.parametrize("text", ["exec-0", "exec-", "exec-12 ", "sell-12", "exec-1234567890"])
def test_forged_links_are_none(text: str) -> None:
    assert parse_deep_link(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"/connect {KEY} {SECRET}",
        f"/connect@quorum_test_bot {KEY}",
        f"  /CONNECT\n{KEY}\n{SECRET}",
        "/connect x",
        f"{KEY} {SECRET}",
        f" {KEY}\n{SECRET}\n",
    ],
)
def test_connect_with_anything_behind_it_may_hold_a_key(text: str) -> None:
    assert holds_a_key(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "/connect",
        "/connect  ",
        "/connected x",
        "see /connect",
        KEY,
        "internationalisation counterrevolutionary",
        "1234567890123456 1234567890123456",
        f"{KEY} {SECRET} and more",
    ],
)
def test_other_messages_hold_none(text: str | None) -> None:
    assert not holds_a_key(text)
