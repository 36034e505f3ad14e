"""Every exception of ccxt has one of ours."""

import aiohttp
import ccxt
import pytest

from domain.errors import (
    QuorumError,
    RateLimitedError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from exchanges.ccxt_errors import translated
from exchanges.weight import DEFAULT_PAUSE_SECONDS, WeightBudget
from tests.unit.exchanges.fakes import ManualClock


def translation_of(error: Exception) -> Exception:
    with pytest.raises(QuorumError) as raised, translated("ask", WeightBudget(ManualClock())):
        raise error
    assert raised.value.__cause__ is error
    assert str(raised.value).startswith("ask: ")
    return raised.value


@pytest.mark.parametrize(
    "error",
    [
        ccxt.RequestTimeout("slow"),
        ccxt.ExchangeNotAvailable("503"),
        ccxt.OperationFailed("-1008"),
        ccxt.BadResponse("?"),
        ValueError("could not convert string to float"),
        KeyError("symbol"),
        TypeError("'NoneType' object is not iterable"),
    ],
)
def test_what_may_work_later_is_temporary(error: Exception) -> None:
    assert type(translation_of(error)) is TemporaryVenueError


@pytest.mark.parametrize("error", [ccxt.BadSymbol("XUSDT"), ccxt.ExchangeError("-1100")])
def test_what_will_not_work_later_is_refused(error: Exception) -> None:
    assert type(translation_of(error)) is VenueRefusedError


def test_a_connection_broken_within_a_body_is_temporary() -> None:
    error = ccxt.ExchangeError("GET /fapi/v1/klines")
    error.__cause__ = aiohttp.ClientPayloadError()

    assert type(translation_of(error)) is TemporaryVenueError


def test_a_refusal_for_haste_tells_how_long_to_be_silent() -> None:
    budget = WeightBudget(ManualClock())
    budget.observe(429, {"Retry-After": "17"}, "")

    with pytest.raises(RateLimitedError) as raised, translated("ask", budget):
        raise ccxt.DDoSProtection("429")

    assert raised.value.retry_after_seconds == 17


def test_a_refusal_for_haste_without_a_time_means_a_minute() -> None:
    error = translation_of(ccxt.RateLimitExceeded("-1003"))

    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == DEFAULT_PAUSE_SECONDS


def test_our_own_errors_pass_untouched() -> None:
    error = StaleDataError("old")

    with pytest.raises(StaleDataError) as raised, translated("ask", WeightBudget(ManualClock())):
        raise error

    assert raised.value is error
