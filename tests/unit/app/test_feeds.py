"""Which providers are opened, where their questions go, and why the others are off."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from app.clock import ExchangeClock
from app.feeds import OpenFeeds, Watched, open_feeds
from app.settings import load_settings
from app.settings.feeds import FeedParameters, ProviderName
from domain.errors import FeedError
from domain.evidence import LayerName
from domain.feeds import FeedState

KEYS = {
    ProviderName.WHALE_ALERT: "WHALE_ALERT_API_KEY",
    ProviderName.ETHERSCAN: "ETHERSCAN_API_KEY",
    ProviderName.LUNARCRUSH: "LUNARCRUSH_API_KEY",
    ProviderName.X: "X_BEARER_TOKEN",
}
SECRETS = {variable: f"hush-{variable.lower()}" for variable in KEYS.values()}
OF_CHAINS = {"whale_alert", "etherscan", "mempool", "defillama", "dexscreener"}
FAST = 600.0
"""So many times as fast as the wall; nobody waits for a provider's pace."""

EVERY_LAYER = frozenset(LayerName)


@asynccontextmanager
async def opened(
    folder: Path,
    variables: Mapping[str, str] | None = None,
    *,
    off: Collection[ProviderName] = (),
    layers: Collection[LayerName] = EVERY_LAYER,
    speed: float = 1.0,
) -> AsyncIterator[OpenFeeds]:
    feeds = open_feeds(
        load_settings(variables or {}, env_file=None).feeds,
        FeedParameters(off=tuple(off)),
        ExchangeClock(speed=speed),
        Watched(assets=lambda: frozenset({"BTC", "ETH"}), price_of=lambda _: None),
        layers=layers,
        kept_in=folder,
    )
    try:
        yield feeds
    finally:
        await feeds.close()


def asked(feeds: OpenFeeds) -> set[str]:
    return {feed.provider for feed in feeds.feeds}


def reasons(feeds: OpenFeeds) -> dict[str, str]:
    assert all(one.state is FeedState.OFF for one in feeds.unavailable)
    return {one.provider: one.reason for one in feeds.unavailable}


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that knows nothing: its address, and the paths that it was asked for."""
    paths: list[str] = []

    async def refuse(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=404)

    application = web.Application()
    application.router.add_get("/{path:.*}", refuse)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}", paths
    finally:
        await runner.cleanup()


async def ask_all(feeds: OpenFeeds) -> str:
    """What each of them says to a server that knows nothing."""
    told = []
    for feed in feeds.feeds:
        with pytest.raises(FeedError) as caught:
            await feed.fetch()
        told.append(f"{caught.value}")
    return "\n".join(told)


async def test_without_keys_the_providers_that_need_one_are_off_and_name_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as feeds:
        assert reasons(feeds) == {
            name: f"no key; set {variable}" for name, variable in KEYS.items()
        }
        assert asked(feeds) == set(ProviderName) - set(KEYS)


@pytest.mark.parametrize("name", KEYS)
async def test_one_key_opens_one_provider(tmp_path: Path, name: ProviderName) -> None:
    async with opened(tmp_path, {KEYS[name]: "hush"}) as feeds:
        assert asked(feeds) == set(ProviderName) - set(KEYS) | {name}


async def test_with_all_keys_every_provider_is_asked_under_its_own_name(tmp_path: Path) -> None:
    async with opened(tmp_path, SECRETS) as feeds:
        assert [feed.provider for feed in feeds.feeds] == list(ProviderName)
        assert feeds.unavailable == ()


async def test_what_the_strategy_switches_off_is_off_even_with_a_key(tmp_path: Path) -> None:
    off = (ProviderName.X, ProviderName.REDDIT)
    async with opened(tmp_path, SECRETS, off=off) as feeds:
        assert reasons(feeds) == dict.fromkeys(off, "switched off in [feeds]")


@pytest.mark.parametrize(
    ("layer", "left"),
    [
        (LayerName.ONCHAIN, set(ProviderName) - OF_CHAINS),
        (LayerName.SENTIMENT, OF_CHAINS),
    ],
)
async def test_nobody_is_asked_for_a_layer_that_is_switched_off(
    tmp_path: Path, layer: LayerName, left: set[str]
) -> None:
    async with opened(tmp_path, SECRETS, layers=EVERY_LAYER - {layer}) as feeds:
        assert asked(feeds) == left
        assert set(reasons(feeds).values()) == {f"the layer {layer} is switched off"}


async def test_one_address_leads_every_provider_to_a_place_of_its_name(tmp_path: Path) -> None:
    async with (
        listening() as (url, paths),
        opened(tmp_path, {"FEEDS_URL": f"{url}/feeds", **SECRETS}, speed=FAST) as feeds,
    ):
        await ask_all(feeds)
    assert {path.split("/")[2] for path in paths} == set(ProviderName)
    assert all(path.startswith("/feeds/") for path in paths)


async def test_address_of_a_single_provider_goes_before_the_common_one(tmp_path: Path) -> None:
    async with listening() as (url, paths), listening() as (other, other_paths):
        variables = {"FEEDS_URL": f"{url}/feeds", "FEED_URLS": f"reddit={other}/mirror"}
        async with opened(tmp_path, variables, speed=FAST) as feeds:
            await ask_all(feeds)
    assert not any("reddit" in path for path in paths)
    assert other_paths
    assert all(path.startswith("/mirror/") for path in other_paths)


async def test_no_secret_is_told_by_anything_that_is_opened(tmp_path: Path) -> None:
    async with (
        listening() as (url, _),
        opened(tmp_path, {"FEEDS_URL": url, **SECRETS}, speed=FAST) as feeds,
    ):
        before = f"{feeds!r} {[feed.health() for feed in feeds.feeds]}"
        refusals = await ask_all(feeds)
        after = f"{feeds} {[feed.health() for feed in feeds.feeds]}"
    assert "HTTP 404" in refusals
    assert not [secret for secret in SECRETS.values() if secret in before + refusals + after]


async def test_where_time_runs_fast_only_providers_of_that_market_are_asked(tmp_path: Path) -> None:
    mirrored = {**SECRETS, "FEED_URLS": "reddit=http://127.0.0.1:8700/feeds/reddit"}
    async with opened(tmp_path, mirrored, speed=FAST) as feeds:
        assert asked(feeds) == {ProviderName.REDDIT}
        (reason,) = set(reasons(feeds).values())
        assert "set FEEDS_URL" in reason
    async with opened(tmp_path, {**SECRETS, "FEEDS_URL": "http://127.0.0.1:1"}, speed=FAST) as all_:
        assert asked(all_) == set(ProviderName)


async def test_requests_are_paced_by_the_market_and_not_by_the_wall(tmp_path: Path) -> None:
    async with (
        listening() as (url, paths),
        opened(tmp_path, {"FEEDS_URL": url}, speed=FAST) as feeds,
    ):
        fear = next(one for one in feeds.feeds if one.provider == ProviderName.FEAR_GREED)
        async with asyncio.timeout(5):  # ten a minute would take eighteen seconds
            for _ in range(4):
                with pytest.raises(FeedError):
                    await fear.fetch()
    assert len(paths) == 4
