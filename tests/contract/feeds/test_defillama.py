"""DefiLlama: recorded shapes, gaps in earlier sums, changed schemas, and its twin."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.onchain import StablecoinSupply
from feeds.defillama import NAME, DefiLlamaFeed
from feeds.simulator.defillama import SimulatedDefiLlama
from tests.contract.feeds.chain_world import a_world, serving
from tests.contract.feeds.feed_server import asking, provider_of


def coin(now: Any, day_ago: Any, week_ago: Any, *, peg: str = "peggedUSD") -> dict[str, Any]:
    return {
        "id": "1",
        "name": "Tether",
        "symbol": "USDT",
        "pegType": peg,
        "pegMechanism": "fiat-backed",
        "circulating": {peg: now},
        "circulatingPrevDay": {peg: day_ago},
        "circulatingPrevWeek": {peg: week_ago},
        "chainCirculating": {"Ethereum": {"current": {peg: now}}},
        "price": None,
    }


async def supply(folder: Path, *coins: Any) -> StablecoinSupply:
    async with asking({"/stablecoins": {"peggedAssets": list(coins)}}, folder) as (_, provider):
        (told,) = (await DefiLlamaFeed(provider).fetch()).observations
    assert isinstance(told, StablecoinSupply)
    return told


async def test_dollars_are_summed_and_other_pegs_left_out(tmp_path: Path) -> None:
    euro = coin(5e8, 5e8, 5e8, peg="peggedEUR")
    basket = coin(9e8, 9e8, 9e8) | {"pegType": "peggedVAR"}
    told = await supply(tmp_path, coin(180e9, 179e9, 175e9), coin(70e9, 70e9, 71e9), euro, basket)
    assert told == StablecoinSupply(total_usd=250e9, day_ago_usd=249e9, week_ago_usd=246e9)


async def test_a_new_small_coin_counts_from_now_on(tmp_path: Path) -> None:
    new = coin(1e8, None, 0) | {"circulatingPrevWeek": {}}
    told = await supply(tmp_path, coin(180e9, 179e9, 175e9), new)
    assert (told.total_usd, told.day_ago_usd) == (180.1e9, 179e9)


@pytest.mark.parametrize("gap", [None, 0])
async def test_a_large_coin_without_yesterday_leaves_yesterday_unknown(
    tmp_path: Path, gap: Any
) -> None:
    told = await supply(tmp_path, coin(180e9, gap, 175e9), coin(70e9, 70e9, 71e9))
    assert (told.day_ago_usd, told.week_ago_usd) == (None, 246e9)


@pytest.mark.parametrize(
    "changed",
    [
        {"peggedAssets": []},
        {"assets": []},
        {"peggedAssets": [coin("many", 1.0, 1.0)]},
        {"peggedAssets": [coin(-1.0, 1.0, 1.0)]},
        {"peggedAssets": [coin(1e30, 1.0, 1.0)]},
        {"peggedAssets": [coin(5e8, 5e8, 5e8, peg="peggedEUR")]},
        b'{"peggedAssets": [{"pegType": "peggedUSD", "circulating": {"peggedUSD": Infinity}}]}',
        b'{"peggedAssets": [{"pegT',
        "<html>maintenance</html>",
    ],
)
async def test_a_changed_schema_rejects_the_answer(tmp_path: Path, changed: Any) -> None:
    async with asking({"/stablecoins": changed}, tmp_path) as (_, provider):
        feed = DefiLlamaFeed(provider)
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1


async def test_adapter_and_twin_understand_each_other(tmp_path: Path) -> None:
    async with (
        serving(SimulatedDefiLlama(a_world(1.0)), NAME) as url,
        provider_of(url, tmp_path) as provider,
    ):
        (told,) = (await DefiLlamaFeed(provider).fetch()).observations
    assert isinstance(told, StablecoinSupply)
    assert told.day_ago_usd is not None
    assert 200e9 < told.total_usd < 400e9
    assert 0 < abs(told.total_usd / told.day_ago_usd - 1.0) < 0.02
