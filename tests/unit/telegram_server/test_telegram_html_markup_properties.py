"""Invariants of the HTML parse mode, with aiogram's own writer as the other side."""

from html import escape

from aiogram.types import MessageEntity
from aiogram.utils.formatting import Bold, Code, Italic, Spoiler, Strikethrough, Text, Underline
from aiogram.utils.text_decorations import html_decoration
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.telegram_server.entities import utf16_length
from tests.telegram_server.html_markup import parse_html
from tests.telegram_server.refusals import RefusedError

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
styles = st.sampled_from([Bold, Italic, Underline, Strikethrough, Spoiler])
styled = st.recursive(
    words.map(Text) | words.map(Code),
    lambda inner: st.builds(
        lambda style, parts: style(*parts), styles, st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    formatted = parse_html(escape(text, quote=False))

    assert (formatted.text, formatted.entities) == (text, ())


@given(source=st.text(alphabet="<>/&;=\"' abpre#x1🚀", max_size=40))
def test_any_text_is_parsed_or_refused(source: str) -> None:
    try:
        formatted = parse_html(source)
    except RefusedError:
        return

    for entity in formatted.entities:
        assert 0 <= entity.offset < entity.end <= utf16_length(formatted.text)


@settings(max_examples=60)
@given(content=styled)
def test_what_aiogram_writes_as_html_reads_like_what_it_writes_as_entities(content: Text) -> None:
    """Two ways of aiogram to say the same thing must mean the same to us.

    The entities are put into Telegram's order first: in aiogram 3.31's own order a style nested at
    the start of another makes `as_html` write its words twice.
    """
    plain = content.as_kwargs()
    wanted: list[MessageEntity] = sorted(
        plain["entities"], key=lambda entity: (entity.offset, -entity.length)
    )
    assume(not _overlaps_code(wanted))

    formatted = parse_html(html_decoration.unparse(plain["text"], wanted))

    assert formatted.text == plain["text"]
    assert sorted((entity.type, entity.offset, entity.length) for entity in formatted.entities) == (
        sorted((entity.type, entity.offset, entity.length) for entity in wanted)
    )


def _overlaps_code(entities: list[MessageEntity]) -> bool:
    """Styles around code are split by Telegram; aiogram writes them whole."""
    codes = [entity for entity in entities if entity.type == "code"]
    return any(
        style.offset < code.offset + code.length and code.offset < style.offset + style.length
        for code in codes
        for style in entities
        if style is not code
    )
