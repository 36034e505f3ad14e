"""A provider's own history since the start: what its health is read from."""

from datetime import datetime

from domain.feeds import FeedHealth, FeedState


class ProviderRecord:
    """Counts answers, failures and malformed payloads of one provider."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._last_good_at: datetime | None = None
        self._answers = 0
        self._failures = 0
        self._malformed = 0
        self._reason = ""
        self._missing = ""
        self._odd_rows = False

    def good(self, at: datetime, missing: str) -> bool:
        """An answer that made sense, but for what is missing; tells whether every row of it did."""
        self._answers += 1
        self._last_good_at = at
        self._reason = ""
        self._missing = missing
        odd, self._odd_rows = self._odd_rows, False
        return not odd

    def failed(self, reason: str) -> None:
        """A question without a useful answer."""
        self._failures += 1
        self._reason = reason

    def rejected(self) -> None:
        """An answer that made no sense; `failed` is told as well."""
        self._malformed += 1

    def skipped_rows(self, count: int) -> None:
        """Rows that made no sense within an answer that does."""
        self._malformed += count
        self._odd_rows = True

    def health(self, *, resting: bool) -> FeedHealth:
        """How it is doing."""
        return FeedHealth(
            provider=self._provider,
            state=FeedState.RESTING if resting else self._state(),
            reason=self._reason or self._missing,
            last_good_at=self._last_good_at,
            answers=self._answers,
            failures=self._failures,
            malformed=self._malformed,
        )

    def _state(self) -> FeedState:
        if self._reason:
            return FeedState.FAILING
        return FeedState.WAITING if self._last_good_at is None else FeedState.GOOD
