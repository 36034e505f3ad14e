"""Raw answers of a venue's REST, within the budget of request weight."""

from http import HTTPStatus
from typing import Final, Self

import aiohttp
import structlog

from exchanges.recordings.rest_answers import Question
from exchanges.weight import WeightBudget

BASE_URL: Final = "https://fapi.binance.com"
_ANSWER_SECONDS: Final = 10.0

log = structlog.get_logger()


class RestSource:
    """Asks one venue, one question at a time. `async with` opens and closes its connections."""

    def __init__(self, base_url: str, budget: WeightBudget) -> None:
        self.base_url = base_url.rstrip("/")
        self._budget = budget
        self._session: aiohttp.ClientSession | None = None
        self._unanswered: set[str] = set()

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, question: Question) -> bytes | None:
        """The body as it came; None when there was no answer or a refusal.

        The log tells that once, until the same question is answered again.
        """
        if self._session is None:
            raise RuntimeError("a RestSource is used within `async with`")
        await self._budget.spend(question.weight)
        try:
            async with self._session.get(self.base_url + question.source) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            self._note_failure(question, reason=repr(error))
            return None
        self._budget.observe(answer.status, answer.headers, body[:500].decode(errors="replace"))
        if answer.status != HTTPStatus.OK:
            self._note_failure(question, reason=f"status {answer.status}")
            return None
        self._unanswered.discard(question.source)
        return body

    def _note_failure(self, question: Question, *, reason: str) -> None:
        if question.source not in self._unanswered:
            self._unanswered.add(question.source)
            log.warning("answer_missing", source=question.source, reason=reason)
