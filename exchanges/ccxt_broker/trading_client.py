"""Builds the ccxt client that trades for one account: on our time, at once, never twice."""

import asyncio
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Final

from domain.timeframes import to_ms
from engine.ports.clock import Clock
from exchanges.ccxt_broker.calls import VenueAnswerError
from exchanges.ccxt_broker.dialect import Dialect
from exchanges.ccxt_broker.verdicts import Fate, verdict_on
from exchanges.ccxt_client import redirected
from exchanges.rejected_rows import RejectedRows
from exchanges.weight import (
    BANNED,
    RETRY_AFTER_HEADER,
    TOO_MANY_REQUESTS,
    WeightBudget,
)

RECEIVE_WINDOW_MS: Final = 5_000
"""A request that is older when it arrives is refused, and so can never be carried out late."""

_PATIENCE_SECONDS: Final = 1.0
"""For so long a request waits out a silence that the venue asked for; then it is not sent."""
ANSWER_SECONDS: Final = 4.0
"""Longer no request is waited for. It has to be less than `execution.unprotected_seconds`: nothing
else happens with a position while one of its requests is under way, so a longer wait would put off
the close of one whose stop is not confirmed.
"""
_LISTING_MS: Final = 10_000
"""For so long the list of pairs is waited for, which is large; nothing that is open needs it."""
_is_listing: Final = ContextVar("is_listing", default=False)
_PACE_MS: Final = 1_000.0
"""Venues that count requests count them by the second."""
_BAD_REQUEST: Final = 400


def open_trading_client(
    dialect: Dialect,
    key: str,
    secret: str,
    *,
    clock: Clock,
    budget: WeightBudget,
    rejected: RejectedRows,
    rest_url: str | None = None,
) -> Any:
    """A client of its own for one account; connects nowhere yet.

    Its requests wait for nothing but a silence the venue has asked for: they are counted in
    `budget` by the venue's own word, but never queue behind requests for data.
    """
    # Here, for it takes half a second that `--help` must not pay.
    module = import_module("ccxt.async_support")
    client_class = _trading(getattr(module, dialect.exchange_id), dialect, clock, budget, rejected)
    client = client_class(
        {
            "apiKey": key,
            "secret": secret,
            "timeout": _LISTING_MS,
            # Where ccxt keeps the pace, an order may follow at once on what came before.
            "rateLimiterAlgorithm": "rollingWindow",
            "rollingWindowSize": _PACE_MS,
            # With a key, ccxt would ask about wallets before it lists a single pair.
            "has": {"fetchCurrencies": False},
            "options": {
                "defaultType": "swap",
                "fetchMargins": False,
                "recvWindow": RECEIVE_WINDOW_MS,
                # ccxt would send an order again after a time-out.
                "maxRetriesOnFailure": 0,
                **dialect.client_options,
            },
        }
    )
    client.urls["api"] = redirected(client.urls["api"], rest_url, None)
    return client


def _patient(client_class: type[Any]) -> type[Any]:
    """A client that has a limit for each kind of request; ccxt has one for all."""
    import ccxt

    class PatientClient(client_class):  # type: ignore[misc]  # ccxt is untyped
        answer_seconds = ANSWER_SECONDS

        async def fetch_markets(self, *asked: Any, **terms: Any) -> Any:
            before = _is_listing.set(True)
            try:
                return await super().fetch_markets(*asked, **terms)
            finally:
                _is_listing.reset(before)

        async def fetch(self, *asked: Any, **terms: Any) -> Any:
            limit = None if _is_listing.get() else self.answer_seconds
            try:
                async with asyncio.timeout(limit):
                    return await super().fetch(*asked, **terms)
            except TimeoutError:
                raise ccxt.RequestTimeout(f"no answer within {limit} s") from None

    return PatientClient


def _trading(
    client_class: type[Any],
    dialect: Dialect,
    clock: Clock,
    budget: WeightBudget,
    rejected: RejectedRows,
) -> type[Any]:
    import ccxt

    class TradingClient(_patient(client_class)):  # type: ignore[misc]  # ccxt is untyped
        logger = _quiet_logger()

        def milliseconds(self) -> int:
            return to_ms(clock.now())

        async def throttle(self, cost: Any = None) -> None:
            # Weightless: it waits for nothing but the end of a silence.
            await budget.spend(0.0, patience_seconds=_PATIENCE_SECONDS)
            if dialect.keeps_ccxt_pace:
                await super().throttle(cost)

        def handle_errors(
            self,
            code: int,
            reason: str,
            _url: str,
            _method: str,
            headers: Mapping[str, str],
            body: str,
            response: Any,
            *_sent: Any,
        ) -> None:
            # In place of ccxt's own, which goes by the host's name and by words in the text.
            names_pause = any(name.lower() == RETRY_AFTER_HEADER for name in headers)
            error = _error_in(code, reason, response, dialect, names_pause=names_pause)
            budget.observe(_status_of_limit(code, error), headers, body)
            if error is not None:
                raise error

        def parse_market(self, market: Any) -> Any:
            # One unreadable listing must not take the others with it.
            try:
                return super().parse_market(market)
            except (ccxt.BaseError, AttributeError, LookupError, TypeError, ValueError) as error:
                rejected.add("listing", str(market)[:60], error)
                return None

    return TradingClient


def _error_in(
    status: int, reason: str, answer: Any, dialect: Dialect, *, names_pause: bool
) -> VenueAnswerError | None:
    code, text = dialect.error_in(answer) if isinstance(answer, dict) else (None, "")
    if code is None and status < _BAD_REQUEST:
        return None
    verdict = verdict_on(dialect.verdicts, status, code, names_pause=names_pause)
    return VenueAnswerError(verdict, code or f"HTTP {status}", text or reason)


def _status_of_limit(status: int, error: VenueAnswerError | None) -> int:
    """The status as far as it concerns all requests: a limit may be told by a code alone, and that
    of orders silences nothing else.
    """
    if error is None:
        return status
    if error.verdict is not Fate.RATE_LIMITED:
        return _BAD_REQUEST
    return BANNED if status == BANNED else TOO_MANY_REQUESTS


def _quiet_logger() -> logging.Logger:
    """ccxt tells its logger every header and body, the key among them."""
    logger = logging.getLogger("ccxt.trading")
    logger.setLevel(logging.WARNING)
    return logger
