"""Whatever comes from outside, texts are plain, short, and read in bounded time."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.texts import plain_text, text_of_markup

ANYTHING = st.text(st.characters(codec=None), max_size=800)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "<a ",
            "</",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "&",
            "&amp;",
            "<b>",
            "x ",
            "'",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=100)
@given(raw=ANYTHING, length=st.integers(2, 500))
def test_any_text_becomes_plain_and_short_and_stays_what_it_became(raw: str, length: int) -> None:
    plain = plain_text(raw, length=length)
    assert len(plain) <= length
    assert not any(unicodedata.category(character).startswith("C") for character in plain)
    assert "  " not in plain
    assert plain == plain.strip()
    assert plain_text(plain, length=length) == plain
    plain.encode()


@settings(max_examples=100)
@given(raw=MARKUP)
def test_no_tag_that_was_written_as_one_survives(raw: str) -> None:
    seen = text_of_markup(raw)
    assert "<b>" not in seen
    assert "<script>" not in seen
    assert len(seen) <= len(raw) + raw.count("<")
