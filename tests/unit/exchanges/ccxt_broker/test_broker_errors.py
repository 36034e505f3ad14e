"""Every code and every way of getting no answer, and what an order is told about itself then."""

import logging
import socket
import traceback

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from domain.errors import (
    AccessRefusedError,
    OrderLimitError,
    OrderRefusedError,
    OutcomeUnknownError,
    RateLimitedError,
    Refusal,
    TemporaryVenueError,
)
from exchanges.ccxt_broker.verdicts import BINANCE_VERDICTS, Fate
from tests.unit.exchanges.ccxt_broker.order_rows import limit, plain_row, request, stop
from tests.unit.exchanges.ccxt_broker.scripted_venue import (
    ALGO,
    KEY,
    ORDER,
    SECRET,
    CutOff,
    Failure,
    Several,
    Traded,
    traded,
)

REFUSALS = [(code, one) for code, one in BINANCE_VERDICTS.items() if isinstance(one, Refusal)]
TIME = "/fapi/v1/time"


async def error_of_placing(at: Traded) -> Exception:
    with pytest.raises(Exception) as raised:  # its type is what is asked about
        await at.broker.place(request())
    return raised.value


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (-2019, Refusal.MARGIN),
        (-2018, Refusal.MARGIN),
        (-2021, Refusal.WOULD_TRIGGER),
        (-2022, Refusal.NOTHING_TO_REDUCE),
        (-5022, Refusal.WOULD_TAKE),
        (-4116, Refusal.DUPLICATE_ID),
        (-2011, Refusal.UNKNOWN_ORDER),
        (-2013, Refusal.UNKNOWN_ORDER),
        (-4164, Refusal.TOO_SMALL),
        (-2027, Refusal.TOO_LARGE),
        (-4131, Refusal.THIN_BOOK),
        (-4061, Refusal.WRONG_MODE),
        (-4120, Refusal.MALFORMED),
        (-1111, Refusal.MALFORMED),
        (-1013, Refusal.MALFORMED),
        (-4003, Refusal.MALFORMED),
        (-4014, Refusal.MALFORMED),
        (-4999, Refusal.OTHER),
    ],
)
async def test_code_of_a_refusal_says_what_to_do(code: int, refusal: Refusal) -> None:
    """At any host but fapi.binance.com, ccxt loses most of these codes."""
    async with traded({f"POST {ORDER}": Failure(code=code)}) as at:
        error = await error_of_placing(at)
    assert isinstance(error, OrderRefusedError)
    assert error.refusal is refusal
    assert str(code) in str(error)


async def test_every_listed_refusal_reaches_whoever_places() -> None:
    async with traded({}) as at:
        for code, refusal in REFUSALS:
            at.venue.answers[f"POST {ALGO}"] = Failure(code=int(code))
            with pytest.raises(OrderRefusedError) as refused:
                await at.broker.place(stop())
            assert refused.value.refusal is refusal, code


@pytest.mark.parametrize(
    "answer",
    [
        Failure(status=503, text="Unknown error"),
        Failure(status=502),
        Failure(status=408, code=-1007),
        Failure(status=408),
        Failure(status=400, code=-1007),
        Failure(status=500, code=-1000),
        Failure(status=504, code=-1006),
        CutOff,
        web.Response(text="{]", content_type="application/json"),
        web.Response(text="<html>"),
        {"orderId": 1, "status": "NO_SUCH_STATE"},
        {},
    ],
)
async def test_answers_that_tell_nothing_leave_the_outcome_unknown(answer: object) -> None:
    """ccxt raises NetworkError for these, on which nobody may blindly retry an order."""
    async with traded({f"POST {ORDER}": answer}) as at:
        error = await error_of_placing(at)
        assert at.venue.count("POST", ORDER) == 1  # and ccxt sent it once
    assert isinstance(error, OutcomeUnknownError)


@pytest.mark.parametrize("answer", [Failure(status=503), CutOff, {}])
async def test_cancelling_without_an_answer_leaves_the_outcome_unknown(answer: object) -> None:
    async with traded({f"DELETE {ORDER}": answer}) as at:
        with pytest.raises(OutcomeUnknownError):
            await at.broker.cancel(limit())


async def test_time_out_leaves_the_outcome_unknown() -> None:
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        at.broker._client.timeout = 50
        at.venue.answers[f"POST {ORDER}"] = Failure(status=503)
        at.venue.delay_seconds = 0.3
        error = await error_of_placing(at)
    assert isinstance(error, OutcomeUnknownError)


async def test_overload_was_certainly_not_carried_out() -> None:
    async with traded({f"POST {ORDER}": Failure(status=503, code=-1008)}) as at:
        error = await error_of_placing(at)
    assert type(error) is TemporaryVenueError


async def test_refused_connection_was_certainly_not_carried_out() -> None:
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        with socket.socket() as taken:  # bound, but nobody listens
            taken.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
            urls = at.broker._client.urls["api"]
            urls["fapiPrivate"] = urls["fapiPrivate"].replace(at.url, nobody)
            error = await error_of_placing(at)
    assert type(error) is TemporaryVenueError


async def test_unreachable_venue_is_temporary_for_whoever_only_reads() -> None:
    async with traded({"GET /fapi/v1/openOrders": CutOff}) as at:
        with pytest.raises(TemporaryVenueError) as raised:
            await at.broker.list_open_orders("BTCUSDT")
    assert type(raised.value) is TemporaryVenueError


@pytest.mark.parametrize(
    "answer",
    [
        Failure(code=-2015),
        Failure(code=-2014),
        Failure(code=-1022),
        Failure(code=-2008),
        Failure(status=401),
        Failure(status=403, code=-2015),
        Failure(status=451),
    ],
)
async def test_refused_key_is_told_as_such(answer: Failure) -> None:
    async with traded({f"POST {ORDER}": answer}) as at:
        assert isinstance(await error_of_placing(at), AccessRefusedError)


@pytest.mark.parametrize(
    ("status", "code"), [(429, -1003), (418, -1003), (429, -1015), (429, None), (403, None)]
)
async def test_limit_silences_the_whole_process(status: int, code: int | None) -> None:
    """ccxt neither waits nor reads Retry-After."""
    failure = Failure(status=status, code=code, headers={"Retry-After": "30"})
    async with traded({f"POST {ORDER}": failure}) as at:
        error = await error_of_placing(at)
        assert isinstance(error, RateLimitedError)
        assert not isinstance(error, OrderLimitError)
        assert 29 < error.retry_after_seconds <= 30
        assert 29 < at.budget.silent_seconds <= 30  # shared with the clients for data


@pytest.mark.parametrize("status", [400, 429])
async def test_too_many_orders_pause_orders_and_nothing_else(status: int) -> None:
    """Binance tells them with the status of too many requests, and without Retry-After."""
    async with traded({f"POST {ORDER}": Failure(status=status, code=-1015)}) as at:
        error = await error_of_placing(at)
        assert isinstance(error, OrderLimitError)
        assert error.retry_after_seconds == 10
        assert at.budget.silent_seconds == 0  # stops can still be looked after


async def test_in_a_silence_nothing_is_sent_and_that_is_told_soon() -> None:
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        await at.broker.place(request())
        at.budget.observe(429, {"Retry-After": "30"}, "")
        error = await error_of_placing(at)
        assert isinstance(error, RateLimitedError)
        assert at.venue.count("POST", ORDER) == 1


async def test_orders_do_not_wait_for_weight_that_history_has_used_up() -> None:
    """One queue for everything makes an order leave seconds late."""
    async with traded({f"POST {ORDER}": plain_row()}) as at:
        at.budget.observe(200, {"X-MBX-USED-WEIGHT-1M": "2390"}, "")
        await at.broker.place(request())
        assert at.clock.slept == []


async def test_wrong_time_is_mended_once_and_the_order_sent_once_more() -> None:
    late = Several([Failure(code=-1021), plain_row()])
    async with traded({f"POST {ORDER}": late, f"GET {TIME}": {"serverTime": 1772452900000}}) as at:
        await at.broker.place(request())
        first, second = (int(one["timestamp"]) for one in at.venue.terms("POST", ORDER))
    assert second == 1772452900000
    assert first != second


async def test_wrong_time_twice_was_certainly_not_carried_out() -> None:
    async with traded({f"POST {ORDER}": Failure(code=-1021)}) as at:
        error = await error_of_placing(at)
        assert at.venue.count("POST", ORDER) == 2
    assert type(error) is TemporaryVenueError


async def test_wrong_time_that_cannot_be_measured_was_certainly_not_carried_out() -> None:
    async with traded({f"POST {ORDER}": Failure(code=-1021), f"GET {TIME}": CutOff}) as at:
        error = await error_of_placing(at)
    assert type(error) is TemporaryVenueError


@pytest.mark.parametrize("answer", [CutOff, Failure(status=503), Failure(code=-2015, text=KEY)])
async def test_errors_and_logs_hold_neither_key_nor_secret_nor_signature(
    answer: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = {f"{method} {ORDER}": answer for method in ("POST", "DELETE", "GET")}
    async with traded(answers) as at:
        with capture_logs() as events:
            errors = [await error_of_placing(at)]
        for call in (at.broker.cancel, at.broker.find_order):
            with pytest.raises(Exception) as raised:
                await call(limit())
            errors.append(raised.value)
        signatures = [one.terms["signature"] for one in at.venue.asked if "signature" in one.terms]
    traces = ["".join(traceback.format_exception(error)) for error in errors]
    told = " ".join(traces) + caplog.text + repr(events)
    assert not any(secret in told for secret in (KEY, SECRET, *signatures))
    assert all(error.__cause__ is None for error in errors)


def test_every_code_of_the_documentation_that_guards_money_is_listed() -> None:
    fates = {code: one for code, one in BINANCE_VERDICTS.items() if isinstance(one, Fate)}
    assert fates["-1007"] is Fate.UNKNOWN
    assert fates["-1008"] is Fate.NOT_DONE
    assert {fates["-4046"], fates["-4059"]} == {Fate.NO_CHANGE}
    assert fates["-1125"] is Fate.NO_LISTEN_KEY
