"""The token never gets into a text of ours."""

import pytest

from bot.redaction import redact

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"


@pytest.mark.parametrize(
    "text",
    [
        f"Can not write request body for http://127.0.0.1:8081/bot{TOKEN}/getUpdates",
        f"token={TOKEN}",
        TOKEN,
        TOKEN.replace(":", "%3A"),
    ],
)
def test_token_is_cut_out_wherever_it_stands(text: str) -> None:
    assert "AAE-" not in redact(text)
    assert "***" in redact(text)


def test_password_of_an_address_is_cut_out() -> None:
    assert redact("postgresql://quorum:p@ss@db:5432/q") == "postgresql://quorum:***@db:5432/q"


def test_other_text_is_left_alone() -> None:
    text = "12:30 UTC, http://127.0.0.1:8081/path, price 64210.5"
    assert redact(text) == text
