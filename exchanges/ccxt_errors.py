"""ccxt's exceptions become Quorum's here, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import localcontext
from typing import Final

import aiohttp

from domain.errors import RateLimitedError, TemporaryVenueError, VenueRefusedError
from exchanges.weight import DEFAULT_PAUSE_SECONDS, WeightBudget

_LONGEST_TEXT: Final = 300
_BROKEN_PAYLOAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How an answer that is not what the venue documents surfaces: ccxt reads it without checking."""


@contextmanager
def translated(action: str, budget: WeightBudget) -> Iterator[None]:
    """Run one call of ccxt; `action` says in the error what was being done.

    Raises `RateLimitedError` where the venue wants silence (HTTP 429, 418, 403), another
    `TemporaryVenueError` when a later attempt may work (network, overload, unreadable answer),
    `VenueRefusedError` otherwise.
    """
    import ccxt  # here, for it takes a quarter of a second that `--help` must not pay

    try:
        # ccxt changes the rounding of the decimal context it finds: it gets one of its own.
        with localcontext():
            yield
    except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as error:
        silence = budget.silent_seconds or DEFAULT_PAUSE_SECONDS
        raise RateLimitedError(_text(action, error), silence) from error
    except ccxt.BaseError as error:
        if budget.silent_seconds > 0:  # ccxt does not take 403 for a limit
            raise RateLimitedError(_text(action, error), budget.silent_seconds) from error
        kind = TemporaryVenueError if _may_pass(error) else VenueRefusedError
        raise kind(_text(action, error)) from error
    except _BROKEN_PAYLOAD as error:
        text = f"{action}: the venue's answer cannot be read ({_text('ccxt', error)})"
        raise TemporaryVenueError(text) from error


def _may_pass(error: Exception) -> bool:
    import ccxt

    # ccxt reports a connection that breaks within a body as a plain ExchangeError.
    broken_off = isinstance(error.__cause__, aiohttp.ClientError)
    return broken_off or isinstance(error, ccxt.OperationFailed)


def _text(action: str, error: Exception) -> str:
    return f"{action}: {type(error).__name__}: {error}"[:_LONGEST_TEXT]
