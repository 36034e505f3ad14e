"""The rules for texts from outside."""

import pytest

from domain.errors import InvalidDataError
from domain.sentiment import Text, TextKind
from feeds.texts import TEXT_LENGTH, dated_texts, plain_text, text_of_markup

NOW_MS = 1_760_000_000_000
DAY_MS = 86_400_000


def text_of(published_ms: int) -> Text:
    return Text(
        provider="p",
        id=str(published_ms),
        kind=TextKind.POST,
        author="a",
        text="t",
        published_ms=published_ms,
    )


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("Bitcoin  rises\r\n\tagain ", "Bitcoin rises again"),
        ("pay\u202elaP\u202c \u2066now\u2069", "paylaP now"),
        ("B\u200bT\u200dC\ufeff", "BTC"),
        ("null\x00 \x1b[31mred\x07", "null [31mred"),
        ("lone \ud800 surrogate, private \ue000", "lone surrogate, private"),
        ("to the moon 🚀 ₿ é", "to the moon 🚀 ₿ é"),
        ("line\u2028paragraph\u2029end\x85", "line paragraph end"),
        ("", ""),
    ],
)
def test_characters_that_cannot_be_seen_leave_no_trace(raw: str, plain: str) -> None:
    assert plain_text(raw) == plain


def test_a_long_text_is_cut_and_shows_it() -> None:
    cut = plain_text("word " * 1_000)
    assert len(cut) <= TEXT_LENGTH
    assert cut.endswith("…")
    assert plain_text("x" * TEXT_LENGTH) == "x" * TEXT_LENGTH


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("<p>Up &amp; <b>away</b></p>", " Up & away "),
        ("one<br/>two", "one two"),
        ("a<script>alert('x')</script>b", "ab"),
        ("a<SCRIPT src=//evil>alert(1)</SCRIPT >b<style>p{}</style>c", "abc"),
        ("a<script>never closed", "a"),
        ("a<!-- <b>hidden</b> -->b > c", "ab > c"),
        ('<img src=x onerror="alert(1)">x', "x"),
        ("BTC < 50k and ETH > 3k", "BTC < 50k and ETH > 3k"),
        ("&lt;b&gt; stays text", "<b> stays text"),
        ("unclosed <a href", "unclosed <a href"),
    ],
)
def test_markup_is_read_as_a_reader_would_see_it(raw: str, seen: str) -> None:
    assert text_of_markup(raw) == seen


def test_texts_too_old_or_ahead_are_left_out_and_none_is_published_after_now() -> None:
    kept = dated_texts(
        [
            text_of(NOW_MS - 1),
            text_of(NOW_MS + 60_000),
            text_of(NOW_MS + DAY_MS),
            text_of(NOW_MS - 9 * DAY_MS),
        ],
        NOW_MS,
    )
    assert [text.published_ms for text in kept] == [NOW_MS - 1, NOW_MS]


def test_texts_that_are_mostly_from_the_future_make_no_sense() -> None:
    with pytest.raises(InvalidDataError, match="2 of 3 texts are dated later than now"):
        dated_texts([text_of(NOW_MS), *[text_of(NOW_MS + DAY_MS)] * 2], NOW_MS)
