"""The user data stream: kept alive, watched, never believed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.errors import AccessRefusedError
from engine.ports.broker import AnyPair, Hint
from exchanges.ccxt_broker.user_stream import UserStreamLimits
from tests.unit.exchanges.ccxt_broker.order_rows import plain_row
from tests.unit.exchanges.ccxt_broker.scripted_venue import Failure, Traded, traded

LISTEN_KEY = "/fapi/v1/listenKey"
QUICK = UserStreamLimits(
    renewal=0.05, heartbeat=0.2, steady=60.0, first_back_off=0.01, longest_back_off=0.05
)
CALM = UserStreamLimits(renewal=1e9, lifetime=1e9, first_back_off=0.01, longest_back_off=0.05)
KEYED = {f"POST {LISTEN_KEY}": {"listenKey": "abc"}, f"PUT {LISTEN_KEY}": {"listenKey": "abc"}}


class Heard:
    """Hints as they came."""

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self._news = asyncio.Event()

    def __call__(self, hint: Hint) -> None:
        self.hints.append(hint)
        self._news.set()

    async def until(self, enough: Callable[[list[Hint]], bool]) -> None:
        async with asyncio.timeout(5):
            while not enough(self.hints):
                self._news.clear()
                await self._news.wait()


def _has(many: int, told: list[Hint]) -> bool:
    return len(told) >= many


@asynccontextmanager
async def listening(
    limits: UserStreamLimits = CALM,
    *,
    answers_pings: bool = True,
    answers: dict[str, Any] | None = None,
) -> AsyncIterator[tuple[Traded, Heard]]:
    async with traded(KEYED | (answers or {}), limits=limits) as at:
        at.venue.answers_pings = answers_pings
        if limits is not CALM:  # the clock's sleeps are wall seconds here
            at.broker._hints._clock = _Sleeper()  # type: ignore[attr-defined]  # a UserStream
        else:
            at.broker._hints._clock = _Eternal()  # type: ignore[attr-defined]  # a UserStream
        heard = Heard()
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(at.broker.run(heard))
            try:
                await heard.until(lambda hints: hints != [])
                yield at, heard
            finally:
                running.cancel()


class _Sleeper:
    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Eternal(_Sleeper):
    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_connection_hints_that_anything_may_have_happened() -> None:
    async with listening() as (at, heard):
        assert heard.hints == [AnyPair.STREAM_BEGAN]
        assert at.venue.socket_queries == [{"listenKey": "abc"}]
        asked = next(one for one in at.venue.asked if one.path == LISTEN_KEY)
        assert "signature" not in asked.terms


@pytest.mark.parametrize(
    ("frame", "hints"),
    [
        ({"e": "ORDER_TRADE_UPDATE", "o": {"s": "BTCUSDT", "x": "TRADE"}}, ["BTCUSDT"]),
        ({"e": "ALGO_UPDATE", "o": {"s": "ETHUSDT", "X": "TRIGGERED"}}, ["ETHUSDT"]),
        ({"e": "TRADE_LITE", "s": "BTCUSDT", "q": "0.1"}, ["BTCUSDT"]),
        ({"e": "ACCOUNT_UPDATE", "a": {"m": "FUNDING_FEE", "B": []}}, [AnyPair.EVENT]),
        ({"e": "ACCOUNT_UPDATE", "a": {"P": [{"s": "ETHUSDT", "pa": "1"}]}}, ["ETHUSDT"]),
        ({"e": "MARGIN_CALL", "p": []}, [AnyPair.EVENT]),
        ({"e": "SOMETHING_NEW"}, [AnyPair.EVENT]),
        ({"e": "ORDER_TRADE_UPDATE", "o": {"s": "BTCUSD_PERP"}}, [AnyPair.EVENT]),
        ({"e": "ORDER_TRADE_UPDATE", "o": 7}, [AnyPair.EVENT]),
        ([1, 2], [AnyPair.EVENT]),
    ],
)
async def test_frame_is_a_hint_whatever_it_is(frame: object, hints: list[Hint]) -> None:
    """In ccxt, one frame it cannot read ends the reading."""
    async with listening() as (at, heard):
        await at.venue.sockets[0].send_str(json.dumps(frame))
        await heard.until(lambda told: len(told) == 2)
        assert heard.hints[1:] == hints


async def test_text_that_is_no_json_is_a_hint_and_ends_nothing() -> None:
    async with listening() as (at, heard):
        await at.venue.sockets[0].send_str("}{")
        await at.venue.sockets[0].send_str('{"e":"TRADE_LITE","s":"BTCUSDT"}')
        await heard.until(lambda told: "BTCUSDT" in told)
        assert heard.hints == [AnyPair.STREAM_BEGAN, AnyPair.EVENT, "BTCUSDT"]
        assert len(at.venue.sockets) == 1


async def test_account_update_hints_at_every_pair_it_names() -> None:
    async with listening() as (at, heard):
        both = {"e": "ACCOUNT_UPDATE", "a": {"P": [{"s": "ETHUSDT"}, {"s": "BTCUSDT"}]}}
        await at.venue.sockets[0].send_str(json.dumps(both))
        await heard.until(lambda told: len(told) == 3)
        assert set(heard.hints[1:]) == {"ETHUSDT", "BTCUSDT"}


async def test_cut_connection_is_dialled_again_and_hinted_at() -> None:
    """What happened in the gap is told by nobody."""
    async with listening() as (at, heard):
        await at.venue.sockets[0].close()
        await heard.until(lambda told: len(told) == 2)
        assert heard.hints == [AnyPair.STREAM_BEGAN] * 2
        assert at.venue.count("POST", LISTEN_KEY) == 2  # no key is trusted to live on


async def test_expired_key_is_replaced() -> None:
    """ccxt ignores listenKeyExpired, and its watcher hangs."""
    async with listening() as (at, heard):
        at.venue.answers[f"POST {LISTEN_KEY}"] = {"listenKey": "new"}
        await at.venue.sockets[0].send_str('{"e":"listenKeyExpired","listenKey":"abc"}')
        await heard.until(lambda told: len(told) >= 3)
        assert at.venue.socket_queries[-1] == {"listenKey": "new"}


async def test_key_is_renewed_again_and_again() -> None:
    """ccxt renews it once, and a quiet account is deaf after 80 minutes."""
    async with listening(QUICK) as (at, _):
        await at.venue.until_asked("PUT", LISTEN_KEY, 3)
        assert len(at.venue.sockets) == 1


def test_key_is_renewed_well_within_its_hour() -> None:
    assert UserStreamLimits().renewal <= 30 * 60
    assert UserStreamLimits().lifetime < 24 * 3600


@pytest.mark.parametrize("failure", [Failure(code=-1125), Failure(status=502)])
async def test_renewal_that_fails_leads_to_a_new_connection(failure: Failure) -> None:
    async with listening(QUICK, answers={f"PUT {LISTEN_KEY}": failure}) as (at, heard):
        await heard.until(lambda told: len(told) >= 2)
        assert at.venue.count("POST", LISTEN_KEY) >= 2


async def test_connection_is_renewed_before_the_venue_would_drop_it() -> None:
    """The venue drops a connection after 24 hours, at whatever moment that is."""
    async with listening(replace(QUICK, renewal=10.0, lifetime=0.05)) as (at, heard):
        await heard.until(lambda told: len(told) >= 3)
        assert set(heard.hints) == {AnyPair.STREAM_BEGAN}
        assert at.venue.count("POST", LISTEN_KEY) >= 3


async def test_venue_that_closes_at_once_is_dialled_at_growing_intervals() -> None:
    """ccxt has no back-off where the dial succeeds and the venue counts connections."""
    limits = replace(CALM, first_back_off=0.1, longest_back_off=10.0)
    async with listening(limits) as (at, heard):
        begun = asyncio.get_running_loop().time()
        for number in range(3):
            await at.venue.sockets[number].close()
            await heard.until(partial(_has, number + 2))
        assert asyncio.get_running_loop().time() - begun > 0.1 / 2 * (1 + 2 + 4)


async def test_log_of_a_dial_that_fails_does_not_hold_the_listen_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as events:
        await _fail_to_dial()
    told = caplog.text + repr(events)
    assert "user_stream_dial_failed" in told
    assert "SECRETKEY" not in told


async def _fail_to_dial() -> None:
    async with traded({f"POST {LISTEN_KEY}": {"listenKey": "SECRETKEY"}}, limits=CALM) as at:
        at.venue.refuses_sockets = True
        running = asyncio.create_task(at.broker.run(Heard()))
        await at.venue.until_asked("POST", LISTEN_KEY, 3)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_half_open_socket_is_noticed_by_its_missing_answers() -> None:
    """By default ccxt notices after nine minutes."""
    async with listening(QUICK, answers_pings=False) as (at, heard):
        await heard.until(lambda told: len(told) >= 2)
        assert at.venue.count("PUT", LISTEN_KEY) > 0  # while REST is all right


@pytest.mark.parametrize("answer", [Failure(status=502), {}, []])
async def test_venue_that_gives_no_key_is_asked_again(answer: object) -> None:
    async with traded({f"POST {LISTEN_KEY}": answer}, limits=CALM) as at:
        heard = Heard()
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(at.broker.run(heard))
            await at.venue.until_asked("POST", LISTEN_KEY, 2)
            assert heard.hints == []
            at.venue.answers[f"POST {LISTEN_KEY}"] = {"listenKey": "abc"}
            await heard.until(lambda told: told == [AnyPair.STREAM_BEGAN])
            running.cancel()


async def test_refused_key_ends_the_listening() -> None:
    async with traded({f"POST {LISTEN_KEY}": Failure(code=-2015)}, limits=CALM) as at:
        with pytest.raises(AccessRefusedError):
            await at.broker.run(Heard())


MARGIN_CHANGED = {
    "e": "ACCOUNT_UPDATE",
    "a": {
        "m": "MARGIN_TYPE_CHANGE",
        "B": [],
        "P": [{"s": "BTCUSDT", "pa": "0", "mt": "cross", "ps": "BOTH"}],
    },
}


@pytest.mark.parametrize(
    "changed", [{"e": "ACCOUNT_CONFIG_UPDATE", "ac": {"s": "BTCUSDT", "l": 25}}, MARGIN_CHANGED]
)
async def test_settings_changed_elsewhere_are_asked_for_again(changed: dict[str, Any]) -> None:
    modes = "/fapi/v1/positionSide/dual"
    levered = {"leverage": 5, "maxNotionalValue": "1", "symbol": "BTCUSDT"}
    answers = {
        "POST /fapi/v1/order": plain_row(),
        "POST /fapi/v1/marginType": {"code": 200},
        "POST /fapi/v1/leverage": levered,
    }
    async with listening(answers=answers) as (at, heard):
        await at.broker.prepare("BTCUSDT", 5)
        await at.broker._position_mode()
        await at.venue.sockets[0].send_str(json.dumps(changed))
        await heard.until(lambda told: len(told) == 2)
        await at.broker.prepare("BTCUSDT", 5)
        await at.broker._position_mode()
        assert at.venue.count("POST", "/fapi/v1/marginType") == 2
        assert at.venue.count("POST", "/fapi/v1/leverage") == 2
        assert at.venue.count("GET", modes) == 2
