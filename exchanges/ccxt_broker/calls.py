"""Calls of ccxt with an account's key: what they raise, told in Quorum's errors and no others."""

import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import localcontext
from typing import Any, Final, TypeVar

import aiohttp
import structlog

from domain.errors import (
    AccessRefusedError,
    OrderLimitError,
    OrderRefusedError,
    OutcomeUnknownError,
    QuorumError,
    RateLimitedError,
    Refusal,
    TemporaryVenueError,
    VenueRefusedError,
)
from exchanges.ccxt_broker.verdicts import Fate, Verdict
from exchanges.weight import DEFAULT_PAUSE_SECONDS, WeightBudget

Answer = TypeVar("Answer")

_LONGEST_TEXT: Final = 240
_ORDER_WINDOW_SECONDS: Final = 10.0
"""The shortest span in which a venue counts orders."""
_SIGNATURE: Final = re.compile(r"(signature|listenKey)=[^&\s\"']+", re.IGNORECASE)
_NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    socket.gaierror,
)
"""Raised before the first byte of a request is written: there was nothing to write it to."""
_BROKEN_PAYLOAD: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How an answer that is not what the venue documents surfaces: it is read without checking."""

log = structlog.get_logger()


class VenueAnswerError(Exception):
    """The venue answered with an error; never leaves this room."""

    def __init__(self, verdict: Verdict, code: str, text: str) -> None:
        super().__init__(f"{code} {text}".strip())
        self.verdict = verdict


class VenueCalls:
    """Runs calls of one account's client.

    A call that the venue calls dated wrongly was certainly not carried out: its time is measured
    anew and the call is made once more.
    """

    def __init__(self, client: Any, budget: WeightBudget) -> None:
        self._client = client
        self._budget = budget

    async def read(self, action: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """A call that changes nothing; `action` says in errors what was being done.

        Raises `RateLimitedError`, `AccessRefusedError`, another `TemporaryVenueError` or
        `VenueRefusedError` (`OrderRefusedError` with UNKNOWN_ORDER for an unknown order).
        """
        with self._told(action, changes=False):
            return await self._in_time(action, call)

    async def change(self, action: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """A call that changes something.

        Raises `OrderRefusedError`, `OutcomeUnknownError`, `AccessRefusedError`, or another
        `TemporaryVenueError` when it was certainly not carried out.
        """
        with self._told(action, changes=True):
            return await self._in_time(action, call)

    async def ensure(self, action: str, call: Callable[[], Awaitable[Any]]) -> None:
        """A call that makes something so; that it was so already is as good. Raises likewise."""
        with self._told(action, changes=True):
            try:
                await self._in_time(action, call)
            except VenueAnswerError as error:
                if error.verdict is not Fate.NO_CHANGE:
                    raise

    async def _in_time(self, action: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await call()
        except VenueAnswerError as error:
            if error.verdict is not Fate.WRONG_TIME:
                raise
        log.warning("venue_refused_time_of_request", action=action)
        with self._told(f"{action}: ask for the time", changes=False):
            await self._client.load_time_difference()
        return await call()

    @contextmanager
    def _told(self, action: str, *, changes: bool) -> Iterator[None]:
        import ccxt  # here, for it takes a quarter of a second that `--help` must not pay

        # Without the cause: its text holds the address of the request, and that its signature.
        try:
            # ccxt changes the rounding of the decimal context it finds: it gets one of its own.
            with localcontext():
                yield
        except VenueAnswerError as error:
            raise self._of_answer(error, self._text(action, error), changes) from None
        except ccxt.BaseError as error:
            raise self._of_failure(error, action, changes) from None
        except _BROKEN_PAYLOAD as error:
            text = self._text(f"{action}: the venue's answer cannot be read", error)
            raise _unanswered(text, changes) from None

    def _of_answer(self, error: VenueAnswerError, text: str, changes: bool) -> QuorumError:
        verdict = error.verdict
        if verdict is Fate.RATE_LIMITED:
            return RateLimitedError(text, self._budget.silent_seconds or DEFAULT_PAUSE_SECONDS)
        if verdict is Fate.TOO_MANY_ORDERS:
            return OrderLimitError(text, _ORDER_WINDOW_SECONDS)
        if verdict is Fate.NO_ACCESS:
            return AccessRefusedError(text)
        if verdict is Fate.UNKNOWN:
            return _unanswered(text, changes)
        if isinstance(verdict, Refusal) and (changes or verdict is Refusal.UNKNOWN_ORDER):
            return OrderRefusedError(text, verdict)
        return (
            VenueRefusedError(text) if isinstance(verdict, Refusal) else TemporaryVenueError(text)
        )

    def _of_failure(self, error: Exception, action: str, changes: bool) -> QuorumError:
        """A call that ccxt gave up without an answer of the venue."""
        import ccxt

        cause = error.__cause__
        if isinstance(error, ccxt.OperationFailed) or isinstance(cause, aiohttp.ClientError):
            text = f"{action}: no answer ({type(cause or error).__name__})"
            return _unanswered(text, changes and not isinstance(cause, _NEVER_SENT))
        text = self._text(action, error)
        if not changes:
            return VenueRefusedError(text)
        local = (ccxt.InvalidOrder, ccxt.ArgumentsRequired, ccxt.BadRequest, ccxt.NotSupported)
        if isinstance(error, local):  # ccxt would not even send it
            return OrderRefusedError(text, Refusal.MALFORMED)
        return OutcomeUnknownError(text)

    def _text(self, action: str, error: Exception) -> str:
        text = _SIGNATURE.sub(r"\1=…", str(error))
        for secret in (self._client.apiKey, self._client.secret):
            text = text.replace(secret, "…") if secret else text
        return f"{action}: {text}"[:_LONGEST_TEXT]


def _unanswered(text: str, changes: bool) -> TemporaryVenueError:
    return OutcomeUnknownError(text) if changes else TemporaryVenueError(text)
