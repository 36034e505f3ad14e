"""Cuts secrets out of error texts of the Telegram client: they end up in alerts and in the outbox.

The token is part of every request's address, and so of many an error about it.
"""

import re
from typing import Final

_HIDDEN: Final = "***"

# No \b in front: in ".../bot123:abc" there is no word boundary before the digits.
_BOT_TOKEN: Final = re.compile(r"(?<![0-9])(\d{6,12})(:|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
_URL_PASSWORD: Final = re.compile(r"(://[^\s:/@]*:)[^\s/]+(?=@)")


def redact(text: str) -> str:
    """The text without bot tokens and without passwords in addresses."""
    return _URL_PASSWORD.sub(rf"\1{_HIDDEN}", _BOT_TOKEN.sub(rf"\1\2{_HIDDEN}", text))
