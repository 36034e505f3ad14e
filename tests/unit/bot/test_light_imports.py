"""aiogram takes seconds to import: whoever does not talk to Telegram must not pay for it."""

import subprocess
import sys

LIGHT = ("bot.presenters.html_presenter", "bot.charts", "bot.delivery", "bot.terminal", "bot.pace")


def test_words_pictures_delivery_and_terminal_do_without_the_telegram_library() -> None:
    code = f"import sys, {', '.join(LIGHT)}; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
