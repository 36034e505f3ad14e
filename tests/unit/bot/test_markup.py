"""Escaping, clipping and counting as Telegram does."""

import pytest

from bot.presenters.markup import clean, clip, quote, render_plain, utf16_length, visible_length


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("😀", 2), ("€", 1), ("🟢 a", 4)]
)
def test_length_counts_utf16_units(text: str, length: int) -> None:
    assert utf16_length(text) == length == len(text.encode("utf-16-le")) // 2


def test_text_that_fits_is_not_clipped() -> None:
    assert clip("abcde", 5) == "abcde"


def test_clipping_never_splits_an_emoji() -> None:
    assert clip("😀😀😀", 4) == "😀…"
    assert utf16_length(clip("😀😀😀", 4)) <= 4


def test_cleaning_leaves_one_printable_line() -> None:
    assert clean("a\nb\t\x00c\u202ed \ud800", 50) == "a b c d"


def test_quoted_text_is_shown_as_it_was() -> None:
    assert quote("<b>1 & 2</b>") == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"
    assert render_plain(quote("<b>1 &amp; 2</b>")) == "<b>1 &amp; 2</b>"


def test_visible_length_leaves_markup_out() -> None:
    assert visible_length("<b>1 &lt; 2</b>") == 5
