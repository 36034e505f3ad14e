"""Telegram's HTML parse mode: what it shows, and what it complains of."""

import pytest

from tests.telegram_server.entities import Entity
from tests.telegram_server.html_markup import parse_html
from tests.telegram_server.refusals import RefusedError


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("<b>x</b><strong>x</strong>", "xx", ["bold", "bold"]),
        ("<i>x</i><em>x</em>", "xx", ["italic", "italic"]),
        ("<u>x</u><ins>x</ins>", "xx", ["underline", "underline"]),
        ("<s>x</s><strike>x</strike><del>x</del>", "xxx", ["strikethrough"] * 3),
        ("<tg-spoiler>x</tg-spoiler>", "x", ["spoiler"]),
        ('<span class="tg-spoiler">x</span>', "x", ["spoiler"]),
        ("<code>x</code>", "x", ["code"]),
        ("<pre>x</pre>", "x", ["pre"]),
        ("<blockquote>x</blockquote>", "x", ["blockquote"]),
        ("<blockquote expandable>x</blockquote>", "x", ["expandable_blockquote"]),
        ("<b>a<i>b</i></b>", "ab", ["bold", "italic"]),
        ("<B>x</b >", "x", ["bold"]),
        ("<b></b>x", "x", []),
        ("1 &lt; 2 &amp;&amp; 3 &gt; &quot;2&quot;", '1 < 2 && 3 > "2"', []),
        ("&#8364;&#x1F680;", "€🚀", []),
        ("&#0;&#xD800;&#x110000;", "&#0;&#xD800;&#x110000;", []),
        ("&nbsp;&copy;&&lt", "&nbsp;&copy;&<", []),
        ("1 > 0", "1 > 0", []),
    ],
)
def test_supported_markup_becomes_text_and_entities(
    source: str, text: str, kinds: list[str]
) -> None:
    formatted = parse_html(source)

    assert formatted.text == text
    assert [entity.type for entity in formatted.entities] == kinds


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<table>", 'Unsupported start tag "table" at byte offset 0'),
        ("€ a < b", 'Unsupported start tag "" at byte offset 6'),
        ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", "Expected equal sign in declaration of an attribute of the tag"),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="0">x</tg-time>', "Invalid date specified"),
        ('<tg-time unix="1" format="x">x</tg-time>', "Invalid date format used"),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse_html(source)

    expected = f"Bad Request: can't parse entities: {complaint}"
    assert caught.value.refusal.description.startswith(expected)


def test_offsets_count_utf16_units() -> None:
    formatted = parse_html("🚀 <b>é🚀</b>")

    assert formatted.entities == (Entity(type="bold", offset=3, length=3),)
    assert formatted.of_type("bold") == ["é🚀"]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://quorum.example">x</a>', "https://quorum.example/"),
        ("<a href='https://q.example/a?b=1&amp;c=2'>x</a>", "https://q.example/a?b=1&c=2"),
        ('<a href="tg://resolve?domain=quorum">x</a>', "tg://resolve?domain=quorum"),
        ("<a>q.example</a>", "http://q.example/"),
    ],
)
def test_link_keeps_its_address(source: str, url: str) -> None:
    (entity,) = parse_html(source).entities

    assert (entity.type, entity.url) == ("text_link", url)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "ftp://q.example", "nowhere"])
def test_link_that_telegram_does_not_take_leaves_plain_words(href: str) -> None:
    formatted = parse_html(f'<a href="{href}">words</a>')

    assert (formatted.text, formatted.entities) == ("words", ())


def test_time_keeps_moment_and_format() -> None:
    (entity,) = parse_html('<tg-time unix="1647531900" format="wDT">22:45</tg-time>').entities

    assert (entity.type, entity.unix_time, entity.date_time_format) == (
        "date_time",
        1647531900,
        "wDT",
    )


def test_language_of_code_stays_only_on_a_block() -> None:
    block = parse_html('<pre><code class="language-python">x</code></pre>')
    inline = parse_html('<code class="language-python">x</code>')

    assert [(entity.type, entity.language) for entity in block.entities] == [("pre", "python")]
    assert [(entity.type, entity.language) for entity in inline.entities] == [("code", None)]


def test_code_shows_no_other_formatting() -> None:
    inside = parse_html("<code>a <b>b</b></code>")
    around = parse_html("<b>ab<code>cd</code>ef</b>")

    assert [entity.type for entity in inside.entities] == ["code"]
    assert around.of_type("bold") == ["ab", "ef"]
    assert around.of_type("code") == ["cd"]
