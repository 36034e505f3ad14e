"""Secrets are cut out in every spelling a library may give them; the rest of a text stays."""

import json
from base64 import b64encode
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.redaction import Redactor, redacted_errors
from domain.errors import RateLimitedError

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


@given(st.text(min_size=6, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_a_known_secret_never_remains(secret: str, before: str, after: str) -> None:
    redact = Redactor([secret])

    encoded = secret.encode(errors="surrogatepass")
    spellings = (
        secret,
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        json.dumps(repr(secret)[1:-1])[1:-1],
        repr(encoded)[2:-1],
        quote(encoded, safe=""),
        escape(secret),
        b64encode(encoded).decode(),
    )
    for spelling in spellings:
        assert redact(spelling) == "***"
        assert redact(f"<{spelling}>") == "<***>"
    assert f"«{secret}»" not in redact(f"{before}«{secret}»{after}")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (
            f"POST https://api.telegram.org/bot{TOKEN}/getMe",
            "POST https://api.telegram.org/bot123456789:***/getMe",
        ),
        ("postgresql://quorum:pa55@db:5432/q", "postgresql://quorum:***@db:5432/q"),
        ("redis://:p@ss:word@cache:6379/0", "redis://:***@cache:6379/0"),
        (
            "GET /fapi/v1/order?x=1&signature=0123456789abcdef&y=2",
            "GET /fapi/v1/order?x=1&signature=***&y=2",
        ),
        ("{'X-MBX-APIKEY': 'abcdefghij0123456789'}", "{'X-MBX-APIKEY': '***'}"),
        ("BINANCE_API_SECRET=abcdefghij0123456789", "BINANCE_API_SECRET=***"),
        ("https://api.example.org/?apikey=abcdefghij", "https://api.example.org/?apikey=***"),
        ('{"text": "{\\"apiKey\\": \\"abcdefghij\\"}"}', '{"text": "{\\"apiKey\\": \\"***\\"}"}'),
        ("{'Authorization': 'Basic cTpwYTU1d29yZA=='}", "{'Authorization': 'Basic ***'}"),
        ("[(b'authorization', b'Bearer abcdefgh')]", "[(b'authorization', b'Bearer ***')]"),
    ],
)
def test_unregistered_secrets_are_known_by_their_shape(text: str, redacted: str) -> None:
    assert Redactor()(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "BTCUSDT closed at 64123.50, 12:30:05.123456 UTC",
        "wss://fstream.binance.com/stream?streams=btcusdt@kline_15m",
        "sqlite+aiosqlite:///var/quorum.sqlite",
        "http://127.0.0.1:8700/fapi/v1/time, mail me@example.org",
        "-1001234567890: chat not found",
        "no authorization; the password is wrong, mend the api key",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Redactor()(text) == text


def test_the_longer_of_two_secrets_is_cut_first() -> None:
    assert Redactor(["abcdef", "abcdefgh"])("x abcdefgh y") == "x *** y"


def test_what_is_too_short_to_be_a_secret_is_not_hunted_for() -> None:
    assert Redactor(["", "a", "12345"])("a 12345") == "a 12345"


def test_an_error_leaves_a_block_without_secrets_and_as_what_it_was() -> None:
    refused = RateLimitedError("refused: hush-hush", 5.0)

    with pytest.raises(RateLimitedError) as raised, redacted_errors(Redactor(["hush-hush"])):
        raise refused

    assert raised.value is refused
    assert str(refused) == "refused: ***"
    assert refused.retry_after_seconds == 5.0
