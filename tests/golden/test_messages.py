"""Every kind of message, word for word. A diff here is a product decision: read it."""

from pathlib import Path

import pytest

from bot.presenters.markup import CAPTION_LIMIT, TEXT_LIMIT, render_plain, utf16_length
from tests.golden.message_kinds import MESSAGES, POPUPS
from tests.telegram_server.formatting import format_text

FOLDER = Path(__file__).parent / "messages"


def check_golden(name: str, text: str, config: pytest.Config) -> None:
    file = FOLDER / name
    if config.getoption("--update-golden"):
        file.write_text(text + "\n", encoding="utf-8")
    assert file.exists(), f"{file} is missing: run `make golden` and read it"
    assert text + "\n" == file.read_text(encoding="utf-8"), "run `make golden` and read the diff"


@pytest.mark.parametrize("name", MESSAGES)
def test_message_is_worded_as_agreed(name: str, pytestconfig: pytest.Config) -> None:
    check_golden(f"{name}.html", MESSAGES[name], pytestconfig)


@pytest.mark.parametrize("name", POPUPS)
def test_popup_is_worded_as_agreed(name: str, pytestconfig: pytest.Config) -> None:
    check_golden(f"{name}.txt", POPUPS[name], pytestconfig)


@pytest.mark.parametrize("name", MESSAGES)
def test_message_is_html_that_telegram_takes(name: str) -> None:
    limit = CAPTION_LIMIT if name.startswith("caption") else TEXT_LIMIT
    shown = format_text(MESSAGES[name], "HTML", []).text
    assert shown == render_plain(MESSAGES[name]).strip()
    assert 0 < utf16_length(shown) <= limit


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{name}.html" for name in MESSAGES} | {f"{name}.txt" for name in POPUPS}
    assert {file.name for file in FOLDER.iterdir()} == expected
