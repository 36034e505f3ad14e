"""Answers of every provider: sound observations, or the provider's own error; then it goes on."""

import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import SecretStr

from app.clock import ExchangeClock
from app.feeds import Watched, _Opener
from app.settings.feeds import FeedParameters, ProviderName
from app.settings.sections import FeedSettings
from domain.errors import FeedError
from domain.evidence import LayerName
from domain.timeframes import from_ms
from engine.ports.feeds import Feed
from feeds.malformed import MalformedPayloads
from feeds.simulator import feed_routes
from tests.contract.feeds.simulated_world import NOW_MS, listening, world_of_waves
from tests.fuzz.mutations import cut, damaged_json, texts

KEY = SecretStr("key-of-nobody")
MOST_KEPT = 100_000
"""Bytes of answers that made no sense."""


Bodies = dict[str, list[bytes]]
"""Answers by what was asked."""


def question_of(request: httpx.Request) -> str:
    """The path, and what is asked there by a word of the query."""
    return f"{request.url.path}?{request.url.params.get('action', '')}"


class Answers(httpx.AsyncBaseTransport):
    """Asks a twin and keeps what it said."""

    def __init__(self) -> None:
        self._behind = httpx.AsyncHTTPTransport()
        self.said: Bodies = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._behind.handle_async_request(request)
        body = await answer.aread()
        self.said.setdefault(question_of(request), []).append(body)
        return httpx.Response(answer.status_code, content=body)

    async def aclose(self) -> None:
        await self._behind.aclose()


class Told(httpx.AsyncBaseTransport):
    """Says the bodies of each question one after another, the last one for good."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        question = question_of(request)
        # What only a damaged answer makes a feed ask is answered with any.
        bodies = self.bodies.get(question) or next(iter(self.bodies.values()))
        return httpx.Response(200, content=bodies.pop(0) if len(bodies) > 1 else bodies[0])


class Feeds:
    """Opens one feed at a time, as `open_feeds` does, over answers in place of a network."""

    def __init__(self, url: str, folder: Path) -> None:
        clock = ExchangeClock(speed=1e6, wall=lambda: from_ms(NOW_MS), monotonic=lambda: 0.0)
        keyed = FeedSettings(
            whale_alert_key=KEY,
            etherscan_key=KEY,
            lunarcrush_key=KEY,
            x_token=KEY,
            base_url=f"{url}/feeds",
        )
        assets = frozenset({"BTC", "ETH", "SOL"})
        watched = Watched(assets=lambda: assets, price_of=lambda _: 100.0)
        self.folder = folder
        self._opener = _Opener(keyed, FeedParameters(), clock, watched, MalformedPayloads(folder))

    def open(self, name: ProviderName, answers: httpx.AsyncBaseTransport) -> Feed:
        """A feed that nobody has asked before."""
        self._opener.http = httpx.AsyncClient(transport=answers)
        opened = self._opener.open(name, tuple(LayerName))
        assert not isinstance(opened, str), opened
        return opened


@pytest.fixture(scope="module")
async def feeds(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Feeds]:
    async with listening(feed_routes(world_of_waves())) as url:
        yield Feeds(url, tmp_path_factory.mktemp("malformed"))


@pytest.fixture(scope="module")
async def good(feeds: Feeds) -> Mapping[str, Bodies]:
    """What each provider says when all is well, in the order in which it is asked."""
    said: dict[str, Bodies] = {}
    for name in ProviderName:
        answers = Answers()
        await feeds.open(name, answers).fetch()
        await answers.aclose()
        said[name] = answers.said
    return said


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


@st.composite
def damaged_answers(draw: st.DrawFn, good: Bodies) -> Bodies:
    """The answers of a provider; the first to some of its questions is damaged."""
    bodies = {question: list(told) for question, told in good.items()}
    for question in draw(st.sets(st.sampled_from(sorted(good)), min_size=1)):
        bodies[question][0] = draw(_damaged(bodies[question][0]))
    return bodies


def _damaged(body: bytes) -> SearchStrategy[bytes]:
    try:
        return damaged_json(_small(json.loads(body)))
    except ValueError:
        odd = texts().map(lambda text: text.encode("utf-8", "surrogatepass"))
        return st.one_of(cut(body), st.binary(max_size=200), odd)


def _small(payload: Any) -> Any:
    """A few rows are as good as hundreds."""
    if isinstance(payload, dict):
        return {key: _small(value) for key, value in payload.items()}
    return [_small(one) for one in payload[:4]] if isinstance(payload, list) else payload


def assert_sound(value: Any) -> None:
    """Numbers are finite, instants are aware, texts are short and without control characters."""
    if isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, datetime):
        assert value.utcoffset() is not None
    elif isinstance(value, str):
        value.encode()
        assert len(value) < 5_000
    elif is_dataclass(value):
        for each in fields(value):
            assert_sound(getattr(value, each.name))
    elif isinstance(value, tuple | frozenset | list):
        for one in value:
            assert_sound(one)


@pytest.mark.parametrize("name", ProviderName)
@given(data=st.data())
async def test_any_answer_is_sound_or_refused_and_the_next_good_one_counts(
    feeds: Feeds, good: Mapping[str, Bodies], name: ProviderName, data: st.DataObject
) -> None:
    answers = Told(data.draw(damaged_answers(good[name])))
    feed = feeds.open(name, answers)
    with suppress(FeedError):
        assert_sound(await feed.fetch())
    assert size_of(feeds.folder) < MOST_KEPT

    answers.bodies = {question: list(told) for question, told in good[name].items()}
    assert_sound(await feed.fetch())
