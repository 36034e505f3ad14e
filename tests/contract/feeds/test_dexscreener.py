"""DexScreener: recorded shapes of pools, worthless and foreign ones, changed schemas, its twin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.onchain import DexActivity
from feeds.dexscreener import NAME, DexScreenerFeed
from feeds.simulator.dexscreener import SimulatedDexScreener
from tests.contract.feeds.chain_world import LABELS, a_world, serving
from tests.contract.feeds.feed_server import FeedServer, asking, provider_of

LINK = "0x514910771AF9Ca656af840dff83E8264EcF986CA"
WETH = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
BONK = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"


def pair(number: int = 1, **changes: Any) -> dict[str, Any]:
    usual = {
        "chainId": "ethereum",
        "dexId": "uniswap",
        "url": "https://dexscreener.com/ethereum/0x1",
        "pairAddress": f"0x{number:040x}",
        "baseToken": {"address": LINK, "name": "ChainLink Token", "symbol": "LINK"},
        "quoteToken": {"address": WETH, "name": "Wrapped Ether", "symbol": "WETH"},
        "priceUsd": "15.02",
        "txns": {"m5": {"buys": 1, "sells": 0}, "h1": {"buys": 60, "sells": 40}},
        "volume": {"h24": 5e6, "h1": 250_000.5},
        "liquidity": {"usd": 2e6, "base": 1, "quote": 2},
    }
    return usual | changes


@asynccontextmanager
async def dexscreener(
    folder: Path, answer: Any, *assets: str
) -> AsyncIterator[tuple[FeedServer, DexScreenerFeed]]:
    async with asking({"": answer}, folder, name=NAME) as (server, provider):
        wanted = frozenset(assets or ("LINK",))
        yield server, DexScreenerFeed(provider, assets=lambda: wanted, labels=LABELS)


async def activity(folder: Path, *pairs: Any) -> list[Any]:
    async with dexscreener(folder, [list(pairs)]) as (_, feed):
        return list((await feed.fetch()).observations)


async def test_pools_of_a_coin_are_summed(tmp_path: Path) -> None:
    assert await activity(tmp_path, pair(1), pair(2), pair(2)) == [
        DexActivity(asset="LINK", buys=120, sells=80, volume_usd=500_001.0, liquidity_usd=4e6)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"liquidity": {"usd": 99_999.0}},
        {"quoteToken": {"address": "0x" + "9" * 40, "name": "Wrapped Ether", "symbol": "WETH"}},
        {"liquidity": None},
        {"baseToken": {"address": "0x" + "66" * 20, "symbol": "LINK"}},
        {"chainId": "solana"},
    ],
)
async def test_worthless_and_foreign_pools_do_not_count(tmp_path: Path, changes: Any) -> None:
    assert await activity(tmp_path, pair(**changes)) == []


async def test_only_traded_tokens_are_asked_for_thirty_at_a_time(tmp_path: Path) -> None:
    every = {token.asset for token in LABELS.tokens.values()} - {"JUP"}
    async with dexscreener(tmp_path, [[]], *every) as (server, feed):
        await feed.fetch()
        asked = [request.path.rsplit("/", 1) for request in server.asked]
    assert all(len(addresses.split(",")) <= 30 for _, addresses in asked)
    told = {address for _, addresses in asked for address in addresses.split(",")}
    assert {LINK, BONK} <= told
    assert told.isdisjoint(
        token.address
        for token in LABELS.tokens.values()
        if token.is_stablecoin or token.asset == "JUP"
    )
    assert {path for path, _ in asked} == {"/tokens/v1/ethereum", "/tokens/v1/solana"}


async def test_without_a_traded_token_nobody_is_asked(tmp_path: Path) -> None:
    async with dexscreener(tmp_path, 500, "XRP") as (server, feed):
        assert (await feed.fetch()).observations == ()
        assert server.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        {"schemaVersion": "1.0.0", "pairs": None},
        [[pair(txns={"m5": {"buys": 1, "sells": 0}})]],
        [[pair(txns={"h1": {"buys": -1, "sells": 0}})]],
        [[pair(txns={"h1": {"buys": 1.5, "sells": 0}})]],
        [[pair(txns={"h1": {"buys": 10**400, "sells": 0}})]],
        [[pair(volume={"h1": 1e308})]],
        [[pair(liquidity={"usd": 1e16})]],
        [[pair(volume="lots")]],
        [[pair(liquidity={"usd": "deep"})]],
        [["pair"]],
        "<html></html>",
    ],
)
async def test_a_changed_schema_rejects_the_answer(tmp_path: Path, changed: Any) -> None:
    async with dexscreener(tmp_path, changed) as (_, feed):
        with pytest.raises(FeedError, match="does not make sense"):
            await feed.fetch()
        assert feed.health().malformed == 1


async def test_one_odd_pool_among_good_ones_is_skipped(tmp_path: Path) -> None:
    (told,) = await activity(tmp_path, pair(1), pair(2, volume=None), pair(3))
    assert told.buys == 120


async def test_adapter_and_twin_understand_each_other(tmp_path: Path) -> None:
    async with (
        serving(SimulatedDexScreener(a_world()), NAME) as url,
        provider_of(url, tmp_path) as provider,
    ):
        feed = DexScreenerFeed(provider, assets=lambda: frozenset({"LINK", "PEPE"}), labels=LABELS)
        told = {t.asset: t for t in (await feed.fetch()).observations if isinstance(t, DexActivity)}
    assert set(told) == {"LINK", "PEPE"}
    assert all(t.buys > 0 and t.sells > 0 and t.liquidity_usd > 1e6 for t in told.values())


@pytest.mark.parametrize(("course", "sign"), [(3.0, 1), (-3.0, -1)])
async def test_the_twins_buyers_know_what_comes(tmp_path: Path, course: float, sign: int) -> None:
    async with (
        serving(SimulatedDexScreener(a_world(course)), NAME) as url,
        provider_of(url, tmp_path) as provider,
    ):
        feed = DexScreenerFeed(provider, assets=lambda: frozenset({"LINK", "PEPE"}), labels=LABELS)
        told = [t for t in (await feed.fetch()).observations if isinstance(t, DexActivity)]
    assert sum(sign * (t.buys - t.sells) for t in told) > 0
