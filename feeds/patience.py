"""How long a provider is waited for, how often it is asked again, and when it is left alone."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
)

from domain.errors import FeedError

Jitter = Callable[[], float]
"""Draws a number in [0, 1). Given from outside, so that a test knows what it draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds of one provider's HTTP; all seconds are wall seconds.

    Attempts of a question are `first_pause_seconds`, twice that ... `longest_pause_seconds` apart,
    each moved by up to a quarter either way. A provider that asks for more silence than the longest
    pause gets it, up to `longest_silence_seconds`, and no question meanwhile. After
    `failures_before_rest` failed questions in a row it rests.
    """

    timeout_seconds: float = 10.0
    attempts: int = 3
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15.0
    longest_silence_seconds: float = 3600.0
    failures_before_rest: int = 5
    rest_seconds: float = 60.0
    largest_answer_bytes: int = 4_000_000
    most_redirects: int = 3


class NoAnswerError(FeedError):
    """A question that got no useful answer; `may_pass` says whether asking again is worth it.

    `silence_seconds` is how long the provider asks to be left alone, None where it does not.
    """

    def __init__(
        self, message: str, *, may_pass: bool, silence_seconds: float | None = None
    ) -> None:
        super().__init__(message)
        self.may_pass = may_pass
        self.silence_seconds = silence_seconds


def retrying(patience: Patience, jitter: Jitter) -> AsyncRetrying:
    """Attempts at one question; the last error comes out as it is."""
    growing = wait_exponential(
        multiplier=patience.first_pause_seconds, max=patience.longest_pause_seconds
    )

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.silence_seconds if isinstance(error, NoAnswerError) else None
        return max(asked or 0.0, growing(state) * (0.75 + 0.5 * jitter()))

    return AsyncRetrying(
        stop=stop_after_attempt(patience.attempts),
        wait=pause,
        retry=retry_if_exception(lambda error: _worth_another(error, patience)),
        reraise=True,
    )


def asked_silence(retry_after: str | None, date: str | None) -> float | None:
    """Seconds named by a `Retry-After` header (RFC 9110 10.2.3): a number, or a date.

    A date is read against the answer's own `Date`, whatever our clock says. None where there is
    nothing to read; never negative.
    """
    text = (retry_after or "").strip()
    if text.isdecimal() and text.isascii():
        return float(text)
    try:
        span = parsedate_to_datetime(text) - parsedate_to_datetime(date or "")
    except (OverflowError, TypeError, ValueError):
        return None
    return max(0.0, span.total_seconds())


def _worth_another(error: BaseException, patience: Patience) -> bool:
    if not isinstance(error, NoAnswerError) or not error.may_pass:
        return False
    return (error.silence_seconds or 0.0) <= patience.longest_pause_seconds
