"""What becomes of a provider's answers: reuse, checks, health, kept payloads without secrets."""

from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from domain.errors import FeedError
from domain.feeds import FeedState
from domain.timeframes import to_ms
from feeds.malformed import KEPT_CHARACTERS
from feeds.payload import Payload
from tests.contract.feeds.feed_server import asking
from tests.fakes.clock import AFTERNOON, HandClock

KEY = "k3y/with+signs"


class Price(Payload):
    price: float


def conditional(etag: str, body: bytes) -> Any:
    """An endpoint that knows whether its content has changed."""

    def answer(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=body, headers={"ETag": etag})

    return answer


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_an_unchanged_answer_is_reused(tmp_path: Path) -> None:
    async with asking({"": conditional('"v1"', b'{"price": 5}')}, tmp_path) as (server, provider):
        assert [(await provider.get(Price)).price for _ in range(2)] == [5, 5]
        assert server.asked[1].headers["If-None-Match"] == '"v1"'

        server.answers[""] = conditional('"v2"', b'{"price": 6}')
        assert (await provider.get(Price)).price == 6


async def test_last_modified_is_asked_for_too(tmp_path: Path) -> None:
    stamp = "Wed, 21 Oct 2015 07:28:00 GMT"
    fresh = {"": lambda _: web.Response(text='{"price": 5}', headers={"Last-Modified": stamp})}
    async with asking(fresh, tmp_path) as (server, provider):
        await provider.get(Price)
        server.answers[""] = 304
        assert (await provider.get(Price)).price == 5
        assert server.asked[1].headers["If-Modified-Since"] == stamp


async def test_answers_are_remembered_by_the_whole_address(tmp_path: Path) -> None:
    async with asking({"": conditional('"v1"', b'{"price": 5}')}, tmp_path) as (server, provider):
        await provider.get(Price, "", {"page": "1"})
        await provider.get(Price, "", {"page": "2"})
        assert "If-None-Match" not in server.asked[1].headers


async def test_a_senseless_answer_is_never_reused(tmp_path: Path) -> None:
    async with asking({"": conditional('"v1"', b'{"cost": 5}')}, tmp_path) as (server, provider):
        for _ in range(2):
            with pytest.raises(FeedError):
                await provider.get(Price)
        assert "If-None-Match" not in server.asked[1].headers


async def test_unchanged_without_a_condition_is_a_failure(tmp_path: Path) -> None:
    async with asking({"": 304}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="304"):
            await provider.get(Price)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'{"price": NaN}',
        b'{"price": Infinity}',
        b'{"price": 1e999}',
        b'{"price": "abc"}',
        b'{"price": null}',
        b"\xff\xfe\x00",
        b"<html><body>hello</body></html>",
        b"[" * 10_000,
    ],
)
async def test_senseless_bodies_are_refused_kept_and_counted(tmp_path: Path, body: bytes) -> None:
    async with asking({"": body}, tmp_path, name="odd_one") as (server, provider):
        with pytest.raises(FeedError, match="odd_one: the answer does not make sense"):
            await provider.get(Price)
        health = provider.health()
        assert (health.state, health.malformed, health.failures) == (FeedState.FAILING, 1, 1)
        assert len(server.asked) == 1
    assert (tmp_path / "odd_one.txt").exists()


async def test_a_kept_payload_is_short_and_has_no_secrets_even_across_the_cut(
    tmp_path: Path,
) -> None:
    begin = f'{{"echo": "{quote_plus(KEY)}'
    body = (begin + "x" * (KEPT_CHARACTERS - len(begin) - 5) + KEY + "y" * 5000 + '"}').encode()
    async with asking({"": body}, tmp_path, secrets=(KEY,)) as (_, provider):
        with pytest.raises(FeedError) as caught:
            await provider.get(Price, "/p", {"apikey": KEY})
    kept = (tmp_path / "provider.txt").read_text()
    assert "k3y" not in kept + str(caught.value)
    assert "***" in kept
    assert KEPT_CHARACTERS < len(kept) < KEPT_CHARACTERS + 400


async def test_secrets_in_names_of_fields_stay_out_of_errors_and_the_log(tmp_path: Path) -> None:
    async with asking({"": {KEY: {KEY: "no"}}}, tmp_path, secrets=(KEY,)) as (_, provider):
        with capture_logs() as lines, pytest.raises(FeedError) as caught:
            await provider.get(dict[str, dict[str, int]])
    assert "k3y" not in f"{caught.value} {lines}"
    assert "k3y" not in provider.health().reason


async def test_it_is_logged_once_until_a_good_answer_came(tmp_path: Path) -> None:
    async with asking({"": {}}, tmp_path) as (_, provider):
        with capture_logs() as lines:
            for _ in range(3):
                with pytest.raises(FeedError):
                    await provider.get(Price)
            assert [line["event"] for line in lines] == ["feed_payload_rejected"]
            provider.answer([])
            provider.reject("again", "odd")
        assert len(lines) == 2
        assert provider.health().malformed == 4
    assert files_in(tmp_path) == ["provider.txt"]


async def test_an_odd_row_in_every_answer_is_logged_once(tmp_path: Path) -> None:
    async with asking({}, tmp_path) as (_, provider):
        with capture_logs() as lines:
            for _ in range(3):
                provider.skip_rows(1, {"amount": "many"}, "amount is no number")
                provider.answer([])
        assert len(lines) == 1
        assert provider.health().malformed == 3
        assert provider.health().state is FeedState.GOOD


async def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    async with asking({"": {}}, blocked) as (_, provider):
        with capture_logs() as lines, pytest.raises(FeedError, match="does not make sense"):
            await provider.get(Price)
    assert {line["event"] for line in lines} == {"feed_payload_not_kept", "feed_payload_rejected"}


async def test_health_follows_what_happens(tmp_path: Path) -> None:
    clock = HandClock()
    async with asking({"": [404, {"price": 1}]}, tmp_path, clock=clock) as (_, provider):
        assert provider.health().state is FeedState.WAITING
        with pytest.raises(FeedError):
            await provider.get(Price)
        assert provider.health().reason == "HTTP 404"
        clock.advance(30)
        await provider.get(Price)
        answer = provider.answer([], {"BTC"})

        health = provider.health()
        assert (health.state, health.answers, health.failures) == (FeedState.GOOD, 1, 1)
        assert health.last_good_at == clock.now()
        assert answer.answered_ms == to_ms(AFTERNOON) + 30_000
        assert answer.watched == {"BTC"}


async def test_a_refusal_in_words_is_a_failure_but_not_malformed(tmp_path: Path) -> None:
    async with asking({}, tmp_path, secrets=(KEY,)) as (_, provider):
        error = provider.refused(f"invalid key\n{KEY}")
        assert str(error) == "provider: the provider refused: invalid key ***"
        assert (provider.health().failures, provider.health().malformed) == (1, 0)


async def test_text_comes_in_the_character_set_it_names(tmp_path: Path) -> None:
    def latin(_: web.Request) -> web.Response:
        kind = {"Content-Type": "text/xml; charset=iso-8859-1"}
        return web.Response(body="Zürich".encode("latin-1"), headers=kind)

    def unknown(_: web.Request) -> web.Response:
        return web.Response(body="Zürich".encode(), headers={"Content-Type": "a/b; charset=x-no"})

    async with asking({"/latin": latin, "/unknown": unknown}, tmp_path) as (_, provider):
        assert await provider.get_text("/latin") == "Zürich"
        assert await provider.get_text("/unknown") == "Zürich"
