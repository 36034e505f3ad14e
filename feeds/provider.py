"""A provider of outside data as its adapter sees it: questions, checked answers, health."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from domain.errors import ConfigurationError, FeedError
from domain.feeds import FeedAnswer, FeedHealth, Observation
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.breaker import Breaker, RestingError
from feeds.malformed import MalformedPayloads, one_line
from feeds.patience import NoAnswerError, Patience
from feeds.provider_record import ProviderRecord
from feeds.questions import Questions
from feeds.remembered_answers import Body
from feeds.secret_texts import SecretTexts
from feeds.texts import plain_text

T = TypeVar("T")

_MOST_FINDINGS: Final = 3
_REFUSAL_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPlan:
    """How one provider is asked.

    `name` is stable ("whale_alert"), `every_seconds` are exchange seconds between two questions,
    `requests_per_minute` (wall) is a limit of our own, evenly paced, above 0. `headers` go to the
    provider's own host only. `secrets` are taken out of every kept payload, log line and error.
    """

    name: str
    base_url: str
    every_seconds: float
    requests_per_minute: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        if not 0 < self.requests_per_minute < math.inf:
            raise ConfigurationError(
                f"provider {self.name}: requests_per_minute is {self.requests_per_minute}; "
                "it must be above 0 and finite"
            )
        for header, text in self.headers.items():
            if not (text.isascii() and text.isprintable()):
                raise ConfigurationError(
                    f"provider {self.name}: the header {header} holds a character that no header "
                    "may; check the key for spaces, line ends and letters with accents"
                )


class Provider:
    """One provider's HTTP: limit, retries, breaker, conditional requests, health, kept payloads."""

    def __init__(
        self,
        plan: ProviderPlan,
        *,
        http: httpx.AsyncClient,
        clock: Clock,
        jitter: Callable[[], float],
        malformed: MalformedPayloads,
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._malformed = malformed
        self._secrets = SecretTexts(plan.secrets)
        self._breaker = Breaker(plan.name, plan.patience)
        self._record = ProviderRecord(plan.name)
        self._silent_until = 0.0
        self._questions = Questions(
            http=http,
            base_url=plan.base_url,
            headers=plan.headers,
            requests_per_minute=plan.requests_per_minute,
            patience=plan.patience,
            jitter=jitter,
        )

    @property
    def name(self) -> str:
        """Its stable name."""
        return self._plan.name

    @property
    def every_seconds(self) -> float:
        """Exchange seconds between two questions."""
        return self._plan.every_seconds

    async def get(
        self, kind: type[T], path: str = "", params: Mapping[str, str] | None = None
    ) -> T:
        """JSON of a path below the base URL, checked against `kind`.

        `kind` is a pydantic model or anything a TypeAdapter takes. Raises FeedError; an answer that
        does not fit is kept and counted as malformed.
        """
        self._respect_silence()
        async with self._breaker.guarding():
            body = await self._ask(path, params or {})
            try:
                return TypeAdapter(kind).validate_json(body.content)
            except ValidationError as error:
                raise self.reject(body.content, _findings(error)) from None

    async def get_text(self, path: str = "", params: Mapping[str, str] | None = None) -> str:
        """Text of a path below the base URL, in the character set it names. Raises FeedError."""
        self._respect_silence()
        async with self._breaker.guarding():
            return (await self._ask(path, params or {})).text

    def reject(self, body: str | bytes, reason: str) -> FeedError:
        """Count and keep an answer that makes no sense, log it once; the error to raise."""
        self._questions.forget()
        self._malformed.keep(self.name, body, reason, self._clock.now(), self._secrets)
        self._record.rejected()
        return self._failed(f"the answer does not make sense: {reason}")

    def skip_rows(self, count: int, first: object, reason: str) -> None:
        """Count odd rows of an answer that makes sense otherwise, and keep the first of them."""
        self._malformed.keep(self.name, repr(first), reason, self._clock.now(), self._secrets)
        self._record.skipped_rows(count)

    def refused(self, reason: str) -> FeedError:
        """Count an answer that says no in words (a limit reached, a wrong key); what to raise."""
        # The secrets go first: cut in two, one would no longer be recognised.
        told = plain_text(self._secrets.hide(reason), _REFUSAL_LENGTH)
        return self._failed(f"the provider refused: {told}")

    def answer(
        self,
        observations: Iterable[Observation],
        watched: Collection[str] = (),
        *,
        missing: str = "",
    ) -> FeedAnswer:
        """An answer known now; counts as good. `missing` says what it lacks, for the operator."""
        now = self._clock.now()
        if self._record.good(now, one_line(self._secrets.hide(missing))):
            self._malformed.makes_sense(self.name)
        return FeedAnswer(
            provider=self.name,
            answered_ms=to_ms(now),
            observations=tuple(observations),
            watched=frozenset(watched),
        )

    def health(self) -> FeedHealth:
        """How it is doing."""
        silent = self._clock.monotonic() < self._silent_until
        return self._record.health(resting=self._breaker.open or silent)

    async def _ask(self, path: str, params: Mapping[str, str]) -> Body:
        try:
            return await self._questions.ask(path, params)
        except NoAnswerError as error:
            self._obey(error.silence_seconds or 0.0)
            raise self._failed(str(error)) from None

    def _respect_silence(self) -> None:
        silence = self._silent_until - self._clock.monotonic()
        if silence > 0:
            raise RestingError(f"{self.name}: it asked for silence, {silence:.0f} s are left")

    def _obey(self, silence_seconds: float) -> None:
        silence = min(silence_seconds, self._plan.patience.longest_silence_seconds)
        self._silent_until = self._clock.monotonic() + silence

    def _failed(self, reason: str) -> FeedError:
        told = one_line(self._secrets.hide(reason))
        self._record.failed(told)
        return FeedError(f"{self.name}: {told}")


def _findings(error: ValidationError) -> str:
    """The first few things that do not fit, without the values."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    texts = [
        f"{'.'.join(map(str, finding['loc'])) or 'the whole'}: {finding['msg']}"[:120]
        for finding in found[:_MOST_FINDINGS]
    ]
    more = len(found) - len(texts)
    return "; ".join(texts) + (f"; and {more} more" if more else "")
