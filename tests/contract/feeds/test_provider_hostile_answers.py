"""What a broken or hostile server may answer: it ends in a FeedError, and in nothing else."""

import gzip
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from domain.errors import ConfigurationError, FeedError
from feeds.payload import Payload
from feeds.provider import ProviderPlan
from feeds.remembered_answers import Body, RememberedAnswers
from feeds.rows import sound_rows
from tests.contract.feeds.feed_server import asking

KEY = "k3y-with-31-signs-and-no-end-yet"


class Price(Payload):
    price: float


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
async def test_a_validator_that_cannot_be_sent_back_is_not_remembered(
    tmp_path: Path, validator: str
) -> None:
    def answer(_: web.Request) -> web.Response:
        return web.Response(text='{"price": 5}', headers={validator: '"é中"'})

    async with asking({"": answer}, tmp_path) as (_, provider):
        assert [(await provider.get(Price)).price for _ in range(2)] == [5, 5]


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "base64", "../x"])
async def test_a_character_set_that_is_none_reads_as_utf_8(tmp_path: Path, charset: str) -> None:
    def answer(_: web.Request) -> web.Response:
        kind = {"Content-Type": f"text/xml; charset={charset}"}
        return web.Response(body="Zürich".encode(), headers=kind)

    async with asking({"": answer}, tmp_path) as (_, provider):
        assert await provider.get_text() == "Zürich"


@pytest.mark.parametrize(
    "target",
    ["https://xn--zzzz---/", "https://:99999/", "https://localhost:99999/", "javascript:1", "//"],
)
async def test_a_redirect_to_nowhere_is_a_failure(tmp_path: Path, target: str) -> None:
    def answer(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    async with asking({"": answer}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="provider: "):
            await provider.get(Price)


@pytest.mark.parametrize("zone", ["+" + "9" * 30, "-" + "9" * 12, "+99999"])
async def test_a_silence_in_no_zone_of_time_asks_for_none(tmp_path: Path, zone: str) -> None:
    def answer(_: web.Request) -> web.Response:
        until = f"Mon, 01 Jan 2024 00:00:00 {zone}"
        return web.Response(status=429, headers={"Retry-After": until})

    async with asking({"": answer}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="HTTP 429"):
            await provider.get(Price)


async def test_an_answer_that_is_compressed_twice_is_not_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(gzip.compress(b'{"price": 5}'))

    def answer(_: web.Request) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip, gzip"})

    async with asking({"": answer}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="compressed more than once"):
            await provider.get(Price)


async def test_an_answer_that_an_adapter_rejects_is_asked_for_whole(tmp_path: Path) -> None:
    def answer(_: web.Request) -> web.Response:
        return web.Response(text="cut sho", headers={"ETag": '"v1"'})

    async with asking({"": answer}, tmp_path) as (server, provider):
        provider.reject(await provider.get_text(), "it was cut short")
        await provider.get_text()
        assert "If-None-Match" not in server.asked[1].headers


async def test_a_key_across_the_cut_of_a_refusal_stays_out_of_it(tmp_path: Path) -> None:
    async with asking({}, tmp_path, secrets=(KEY,)) as (_, provider):
        told = str(provider.refused("x" * 190 + KEY + "\u202e<b>"))
        assert "k3y" not in told
        assert "\u202e" not in str(provider.refused("a\u202eb"))


@pytest.mark.parametrize("key", ["schlüssel", "line\nend", "tab\t"])
def test_a_key_that_no_header_can_hold_is_found_at_the_start(key: str) -> None:
    with pytest.raises(ConfigurationError, match="header Authorization") as caught:
        ProviderPlan(
            name="x",
            base_url="https://x",
            every_seconds=1.0,
            requests_per_minute=1.0,
            headers={"Authorization": f"Bearer {key}"},
        )
    assert key not in str(caught.value)


async def test_many_odd_rows_are_counted_and_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[Any] = [{"price": 1}] * 60 + [{"price": "first"}] + [{"price": "odd"}] * 39
    written: list[Path] = []
    write_text = Path.write_text

    def noted(path: Path, *text: Any, **how: Any) -> int:
        written.append(path)
        return write_text(path, *text, **how)

    monkeypatch.setattr(Path, "write_text", noted)
    async with asking({}, tmp_path) as (_, provider):
        assert len(sound_rows(provider, Price, rows)) == 60
        assert provider.health().malformed == 40
    assert len(written) == 1
    assert "first" in written[0].read_text()


def test_remembered_answers_stay_small_however_many_addresses_there_are() -> None:
    remembered = RememberedAnswers()
    for number in range(10):
        body = Body(bytes(4_000_000))
        remembered.keep(f"https://x/{number}", httpx.Headers({"ETag": '"1"'}), body)
    kept = [number for number in range(10) if remembered.body(f"https://x/{number}")]
    assert kept == [6, 7, 8, 9]
