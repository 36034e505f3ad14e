"""The spans by which venues tell an account's past: a week at a time."""

from datetime import timedelta
from typing import Final

WEEK_MS: Final = int(timedelta(days=7) / timedelta(milliseconds=1))
"""The longest span of one question, in milliseconds."""


def week_from(begin_ms: int, now_ms: int) -> dict[str, int]:
    """The terms of a question about a week; the newest has no end, for clocks differ a little."""
    end_ms = begin_ms + WEEK_MS - 1
    return {"startTime": begin_ms} | ({"endTime": end_ms} if end_ms < now_ms else {})
