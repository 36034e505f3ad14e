"""How a provider is asked, over real HTTP: pace, retries, silence, redirects, bounds."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from pydantic import BaseModel

from domain.errors import ConfigurationError, FeedError
from domain.feeds import FeedState
from feeds.breaker import RestingError
from feeds.provider import ProviderPlan
from feeds.questions import Questions
from tests.contract.feeds.feed_server import QUICK, asking, feed_server, provider_of
from tests.fakes.clock import HandClock, LoopClock

KEY = "k3y/with+signs"


class Number(BaseModel):
    n: int


def limited(retry_after: str, date: str | None = None) -> web.Response:
    headers = {"Retry-After": retry_after}
    return web.Response(status=429, headers=headers | ({"Date": date} if date else {}))


@pytest.mark.parametrize("pace", [0.0, -1.0, float("inf"), float("nan")])
def test_a_plan_without_a_pace_is_refused(pace: float) -> None:
    with pytest.raises(ConfigurationError, match="requests_per_minute"):
        ProviderPlan(
            name="provider", base_url="http://here", every_seconds=1.0, requests_per_minute=pace
        )


async def test_questions_go_out_at_the_plans_own_pace(tmp_path: Path) -> None:
    async with asking({"": {"n": 1}}, tmp_path, requests_per_minute=600) as (server, provider):
        began = time.monotonic()
        await asyncio.gather(*(provider.get(Number) for _ in range(4)))
        assert time.monotonic() - began >= 0.28
        assert len(server.asked) == 4


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_what_may_pass_is_asked_again(tmp_path: Path, status: int) -> None:
    async with asking({"": [status, status, {"n": 7}]}, tmp_path) as (server, provider):
        assert await provider.get(Number) == Number(n=7)
        assert len(server.asked) == 3
        assert provider.health().failures == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418])
async def test_a_plain_no_is_not_asked_again(tmp_path: Path, status: int) -> None:
    async with asking({"": status}, tmp_path) as (server, provider):
        with pytest.raises(FeedError, match=f"provider: HTTP {status}"):
            await provider.get(Number)
        assert len(server.asked) == 1
        assert provider.health().state is FeedState.FAILING


async def test_attempts_end_and_the_last_failure_is_told(tmp_path: Path) -> None:
    async with asking({"": 503}, tmp_path) as (server, provider):
        with pytest.raises(FeedError, match="HTTP 503"):
            await provider.get(Number)
        assert len(server.asked) == QUICK.attempts


async def test_a_short_retry_after_is_waited_for(tmp_path: Path) -> None:
    script = [lambda _: limited("1"), {"n": 1}]
    async with asking({"": script}, tmp_path) as (_, provider):
        began = time.monotonic()
        await provider.get(Number)
        assert time.monotonic() - began >= 1.0


async def test_a_retry_after_date_is_read_against_the_answers_own_date(tmp_path: Path) -> None:
    later, date = "Wed, 21 Oct 2015 07:28:10 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"
    clock = HandClock()
    async with asking({"": lambda _: limited(later, date)}, tmp_path, clock=clock) as (_, provider):
        with pytest.raises(FeedError):
            await provider.get(Number)
        clock.advance(9.5)
        with pytest.raises(RestingError):
            await provider.get(Number)
        clock.advance(1.0)
        with pytest.raises(FeedError, match="HTTP 429"):
            await provider.get(Number)


async def test_a_long_retry_after_silences_every_question_until_it_is_over(tmp_path: Path) -> None:
    clock = HandClock()
    script = [lambda _: limited("300"), {"n": 1}]
    async with asking({"": script}, tmp_path, clock=clock) as (server, provider):
        for _ in range(3):
            with pytest.raises(FeedError):
                await provider.get(Number)
        assert len(server.asked) == 1
        assert provider.health().state is FeedState.RESTING
        clock.advance(301)
        assert await provider.get(Number) == Number(n=1)


@pytest.mark.parametrize("asked", ["99999999999999999999", "1e9", "-5", "nan", "soon", "²"])
async def test_a_senseless_retry_after_never_silences_for_ever(tmp_path: Path, asked: str) -> None:
    clock = HandClock()
    script = {"": lambda _: web.Response(status=503, headers={"Retry-After": asked})}
    async with asking(script, tmp_path, clock=clock) as (server, provider):
        with pytest.raises(FeedError):
            await provider.get(Number)
        clock.advance(QUICK.longest_silence_seconds + 1)
        server.answers[""] = {"n": 1}
        assert await provider.get(Number) == Number(n=1)


async def test_a_slow_answer_is_given_up(tmp_path: Path) -> None:
    async def late(_: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response(text="{}")

    hasty = replace(QUICK, timeout_seconds=0.1, attempts=2)
    async with asking({"": late}, tmp_path, patience=hasty) as (server, provider):
        with pytest.raises(FeedError, match=r"no answer within 0\.1 s"):
            await provider.get(Number)
        assert len(server.asked) == 2


async def test_an_answer_that_drips_for_ever_is_given_up(tmp_path: Path) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(40):
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    hasty = replace(QUICK, timeout_seconds=0.15, attempts=1)
    async with asking({"": drip}, tmp_path, patience=hasty) as (_, provider):
        with pytest.raises(FeedError, match="no answer within"):
            await provider.get(Number)


async def test_nobody_listening_is_asked_again_and_told_without_the_address(tmp_path: Path) -> None:
    async with provider_of("http://127.0.0.1:9", tmp_path, secrets=(KEY,)) as provider:
        with pytest.raises(FeedError, match="the connection failed") as caught:
            await provider.get(Number, "/path", {"apikey": KEY})
    assert "127.0.0.1" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_huge_answer_is_broken_off(tmp_path: Path) -> None:
    small = replace(QUICK, largest_answer_bytes=1000)
    async with asking({"": b"[" + b" " * 5000 + b"]"}, tmp_path, patience=small) as (
        server,
        provider,
    ):
        with pytest.raises(FeedError, match="larger than 1,000 bytes"):
            await provider.get_text()
        assert len(server.asked) == 1


async def test_a_redirect_on_the_same_host_is_followed_with_the_headers(tmp_path: Path) -> None:
    script = {"/old": lambda _: web.Response(status=301, headers={"Location": "/new"}), "/new": {}}
    headers = {"X-Key": KEY}
    async with asking(script, tmp_path, headers=headers) as (server, provider):
        await provider.get_text("/old")
        assert server.asked[1].path == "/new"
        assert server.asked[1].headers["X-Key"] == KEY


async def test_a_redirect_to_another_host_without_https_is_refused(tmp_path: Path) -> None:
    async with feed_server({"": {}}) as other:
        script = {"": lambda _: web.Response(status=302, headers={"Location": other.url})}
        async with asking(script, tmp_path) as (_, provider):
            with pytest.raises(FeedError, match="without https"):
                await provider.get_text()
        assert other.asked == []


async def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    script = {"": lambda _: web.Response(status=302, headers={"Location": "/"})}
    async with asking(script, tmp_path) as (server, provider):
        with pytest.raises(FeedError, match="redirected too often"):
            await provider.get_text()
        assert len(server.asked) == QUICK.most_redirects + 1


async def test_failures_in_a_row_make_it_rest_and_an_answer_ends_the_rest(tmp_path: Path) -> None:
    touchy = replace(QUICK, attempts=1, failures_before_rest=2, rest_seconds=0.15)
    async with asking({"": 503}, tmp_path, patience=touchy, clock=LoopClock()) as (
        server,
        provider,
    ):
        for _ in range(2):
            with pytest.raises(FeedError, match="HTTP 503"):
                await provider.get(Number)
        assert provider.health().state is FeedState.RESTING
        with pytest.raises(RestingError, match="left alone"):
            await provider.get(Number)
        assert len(server.asked) == 2

        server.answers[""] = {"n": 1}
        async with asyncio.timeout(5):
            while True:
                try:
                    await provider.get(Number)
                    break
                except RestingError:
                    await asyncio.sleep(0.02)
        provider.answer([])
        assert provider.health().state is FeedState.GOOD


async def test_a_failure_right_after_the_rest_makes_it_rest_again(tmp_path: Path) -> None:
    touchy = replace(QUICK, attempts=1, failures_before_rest=2, rest_seconds=0.05)
    async with asking({"": 503}, tmp_path, patience=touchy) as (server, provider):
        for _ in range(2):
            with pytest.raises(FeedError):
                await provider.get(Number)
        await asyncio.sleep(0.1)
        with pytest.raises(FeedError, match="HTTP 503"):
            await provider.get(Number)
        with pytest.raises(RestingError):
            await provider.get(Number)
        assert len(server.asked) == 3


async def test_keys_in_headers_do_not_follow_to_another_host() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        away = {"Location": "https://other.example/"}
        return httpx.Response(302, headers=away) if len(asked) == 1 else httpx.Response(200)

    headers = {"X-Key": KEY, "User-Agent": "Quorum"}
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        questions = Questions(
            http=http,
            base_url="https://one.example",
            headers=headers,
            requests_per_minute=60_000,
            patience=QUICK,
            jitter=lambda: 0.5,
        )
        await questions.ask("", {})
    assert (asked[0].headers["X-Key"], asked[1].headers["User-Agent"]) == (KEY, "Quorum")
    assert "X-Key" not in asked[1].headers
