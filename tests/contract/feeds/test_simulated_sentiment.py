"""The twins of the index, the whole market and the markets outside, asked by the real adapters."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from domain.feeds import FeedAnswer
from domain.sentiment import FearGreed, GlobalMarket, MacroQuote, MacroSeries
from engine.ports.feeds import Feed
from feeds.coingecko import CoinGeckoFeed
from feeds.fear_greed import FearGreedFeed
from feeds.provider import Provider
from feeds.simulator import feed_routes
from feeds.yahoo import YahooFeed
from tests.contract.feeds.feed_server import provider_of
from tests.contract.feeds.simulated_world import NOW_MS, listening, world_of_waves
from tests.fakes.clock import HandClock

FEEDS: dict[str, Callable[[Provider], Feed]] = {
    "fear_greed": FearGreedFeed,
    "coingecko": CoinGeckoFeed,
    "yahoo": lambda provider: YahooFeed(provider, clock=HandClock()),
}


async def told(name: str, folder: Path, seed: int = 7) -> FeedAnswer:
    """What an adapter makes of its twin's answer; nothing of it may be odd."""
    async with (
        listening(feed_routes(world_of_waves(seed))) as url,
        provider_of(f"{url}/feeds/{name}", folder, name=name) as provider,
    ):
        answer = await FEEDS[name](provider).fetch()
        assert (provider.health().malformed, provider.health().failures) == (0, 0)
    return answer


@pytest.mark.parametrize("name", FEEDS)
async def test_the_same_question_has_the_same_answer(tmp_path: Path, name: str) -> None:
    once, again = [await told(name, tmp_path) for _ in range(2)]
    assert once == again
    assert once.observations
    if name != "coingecko":  # it has no noise in what is read
        assert once != await told(name, tmp_path, seed=8)


async def test_fear_and_greed_lies_in_its_range_and_on_its_days(tmp_path: Path) -> None:
    for day in (await told("fear_greed", tmp_path)).observations:
        assert isinstance(day, FearGreed)
        assert 0 <= day.value <= 100
        assert day.published_ms <= NOW_MS


async def test_the_whole_market_adds_up(tmp_path: Path) -> None:
    (market,) = (await told("coingecko", tmp_path)).observations
    assert isinstance(market, GlobalMarket)
    assert 50 < market.btc_dominance_percent < 65
    assert 1e12 < market.total_cap_usd < 5e12
    assert market.cap_change_day_percent == pytest.approx(0, abs=1e-6)


async def test_charts_cover_a_day_and_tell_nothing_of_the_future(tmp_path: Path) -> None:
    quotes = [q for q in (await told("yahoo", tmp_path)).observations if isinstance(q, MacroQuote)]
    for series in MacroSeries:
        of_series = [quote for quote in quotes if quote.series is series]
        assert 260 < len(of_series) <= 289
        assert max(quote.at_ms for quote in of_series) == NOW_MS
        changes = [b.value / a.value - 1 for a, b in pairwise(of_series)]
        assert max(map(abs, changes)) < 0.003


def test_noise_is_even_and_belongs_to_its_key() -> None:
    world = world_of_waves()
    drawn = [world.noise("key", number) for number in range(2000)]
    assert all(0 <= each < 1 for each in drawn)
    assert sum(drawn) / len(drawn) == pytest.approx(0.5, abs=0.03)
    assert world.noise("key", 1) == world.noise("key", 1) != world_of_waves(8).noise("key", 1)


def test_those_in_the_know_lean_ahead_of_the_market() -> None:
    world = world_of_waves()
    hours = range(NOW_MS, NOW_MS + 24 * 3_600_000, 600_000)
    coming = [
        (world.lean("BTCUSDT", at), world.change_percent("BTCUSDT", at + 2_700_000, 45))
        for at in hours
    ]
    agreeing = sum(lean * change > 0 for lean, change in coming)
    assert agreeing / len(coming) > 0.7
    assert all(-1 < lean < 1 for lean, _ in coming)
    assert world.lean("NOPEUSDT", NOW_MS) == 0
