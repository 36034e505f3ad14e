"""Opens the providers of outside data that these settings allow: one row each."""

import random  # noqa: TID251 - app owns randomness
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Final

import httpx

from app.clock import ExchangeClock
from app.settings.feeds import FeedParameters, ProviderName
from app.settings.sections import FeedSettings
from app.version import VERSION
from domain.evidence import LayerName
from domain.feeds import FeedHealth, FeedState
from engine.ports.feeds import Feed
from feeds.coingecko import CoinGeckoFeed, coingecko_plan
from feeds.defillama import DefiLlamaFeed, defillama_plan
from feeds.dexscreener import DexScreenerFeed, dexscreener_plan
from feeds.etherscan import EtherscanFeed, etherscan_plan
from feeds.fear_greed import FearGreedFeed, fear_greed_plan
from feeds.labels import load_labels
from feeds.lunarcrush import LunarCrushFeed, lunarcrush_plan
from feeds.malformed import MalformedPayloads
from feeds.mempool import MempoolFeed, mempool_plan
from feeds.news import NEWS_SITES, NewsFeed, news_plan
from feeds.provider import Provider, ProviderPlan
from feeds.reddit import RedditFeed, reddit_plan
from feeds.whale_alert import WhaleAlertFeed, whale_alert_plan
from feeds.x import XFeed, x_plan
from feeds.yahoo import YahooFeed, yahoo_plan

_USER_AGENT: Final = f"quorum/{VERSION}"
_JITTER = random.random
"""Only spreads repeated questions over time; nothing that is decided depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFeeds:
    """Providers that are asked, those that are not with the reason, and what to close."""

    feeds: tuple[Feed, ...]
    unavailable: tuple[FeedHealth, ...]
    http: httpx.AsyncClient

    async def close(self) -> None:
        """Let go of the connections."""
        await self.http.aclose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the market knows that providers are asked about: coins, and the price of one in USD."""

    assets: Callable[[], frozenset[str]]
    price_of: Callable[[str], float | None]


def open_feeds(
    settings: FeedSettings,
    parameters: FeedParameters,
    clock: ExchangeClock,
    watched: Watched,
    *,
    layers: Collection[LayerName],
    kept_in: Path,
) -> OpenFeeds:
    """Connects nowhere yet; asks only for `layers` that are switched on.

    Answers that make no sense are kept in the folder `kept_in`.
    """
    opener = _Opener(settings, parameters, clock, watched, MalformedPayloads(kept_in))
    opened = {name: opener.open(name, layers) for name in ProviderName}
    return OpenFeeds(
        feeds=tuple(feed for feed in opened.values() if not isinstance(feed, str)),
        unavailable=tuple(
            FeedHealth(provider=name, state=FeedState.OFF, reason=reason)
            for name, reason in opened.items()
            if isinstance(reason, str)
        ),
        http=opener.http,
    )


class _Opener:
    """Builds feeds one by one; a text in place of a feed says why there is none."""

    def __init__(
        self,
        settings: FeedSettings,
        parameters: FeedParameters,
        clock: ExchangeClock,
        watched: Watched,
        malformed: MalformedPayloads,
    ) -> None:
        self._settings = settings
        self._parameters = parameters
        self._clock = clock
        self._watched = watched
        self._malformed = malformed
        self._labels = load_labels()
        self._urls = dict(settings.urls)
        # No provider needs a cookie; a jar for each would grow for months.
        self.http = httpx.AsyncClient(cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())))

    def open(self, name: ProviderName, layers: Collection[LayerName]) -> Feed | str:
        """The feed of a provider, or why there is none."""
        if name in self._parameters.off:
            return "switched off in [feeds]"
        row = _ROWS[name]
        if row.layer not in layers:
            return f"the layer {row.layer} is switched off"
        is_elsewhere = self._settings.base_url is not None or name in self._urls
        if self._clock.speed != 1.0 and not is_elsewhere:
            return "time runs fast and its own does not; set FEEDS_URL"
        return row.open(self)

    def provider(self, plan: ProviderPlan) -> Provider:
        """A provider at the address of the settings; limits of requests are the market's time."""
        name = ProviderName(plan.name)
        base = self._settings.base_url
        url = self._urls.get(name) or (plan.base_url if base is None else f"{base}/{name}")
        paced = plan.requests_per_minute * max(1.0, self._clock.speed)
        return Provider(
            replace(plan, base_url=url, requests_per_minute=paced),
            http=self.http,
            clock=self._clock,
            jitter=_JITTER,
            malformed=self._malformed,
        )

    def whale_alert(self) -> Feed | str:
        key = self._settings.whale_alert_key
        if key is None:
            return _needs("WHALE_ALERT_API_KEY")
        secret = key.get_secret_value()
        return WhaleAlertFeed(
            self.provider(whale_alert_plan(api_key=secret)),
            api_key=secret,
            assets=self._watched.assets,
            labels=self._labels,
            clock=self._clock,
            minimum_usd=self._parameters.minimum_usd,
        )

    def etherscan(self) -> Feed | str:
        key = self._settings.etherscan_key
        if key is None:
            return _needs("ETHERSCAN_API_KEY")
        secret = key.get_secret_value()
        return EtherscanFeed(
            self.provider(etherscan_plan(api_key=secret)),
            api_key=secret,
            assets=self._watched.assets,
            labels=self._labels,
            price_of=self._watched.price_of,
            clock=self._clock,
            wallets=self._settings.smart_wallets,
            minimum_usd=self._parameters.minimum_usd,
        )

    def mempool(self) -> Feed:
        return MempoolFeed(
            self.provider(mempool_plan()),
            labels=self._labels,
            clock=self._clock,
            minimum_usd=self._parameters.minimum_usd,
        )

    def defillama(self) -> Feed:
        return DefiLlamaFeed(self.provider(defillama_plan()))

    def dexscreener(self) -> Feed:
        return DexScreenerFeed(
            self.provider(dexscreener_plan()), assets=self._watched.assets, labels=self._labels
        )

    def fear_greed(self) -> Feed:
        return FearGreedFeed(self.provider(fear_greed_plan()))

    def coingecko(self) -> Feed:
        return CoinGeckoFeed(self.provider(coingecko_plan()))

    def yahoo(self) -> Feed:
        return YahooFeed(self.provider(yahoo_plan()), clock=self._clock)

    def news(self, name: ProviderName) -> Feed:
        plan = news_plan(name, NEWS_SITES[name], user_agent=_USER_AGENT)
        return NewsFeed(self.provider(plan), self._clock)

    def reddit(self) -> Feed:
        return RedditFeed(self.provider(reddit_plan(user_agent=_USER_AGENT)), self._clock)

    def lunarcrush(self) -> Feed | str:
        key = self._settings.lunarcrush_key
        if key is None:
            return _needs("LUNARCRUSH_API_KEY")
        return LunarCrushFeed(self.provider(lunarcrush_plan(api_key=key.get_secret_value())))

    def x(self) -> Feed | str:
        token = self._settings.x_token
        if token is None:
            return _needs("X_BEARER_TOKEN")
        plan = x_plan(bearer_token=token.get_secret_value())
        return XFeed(self.provider(plan), self._clock, lambda: sorted(self._watched.assets()))


def _needs(variable: str) -> str:
    return f"no key; set {variable}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A provider: the layer it speaks for, and how its feed is built."""

    layer: LayerName
    open: Callable[[_Opener], Feed | str]


_NEWS: Final = "news_"
_CHAIN, _MOOD = LayerName.ONCHAIN, LayerName.SENTIMENT
_ROWS: Final[Mapping[ProviderName, _Row]] = {
    ProviderName.WHALE_ALERT: _Row(_CHAIN, _Opener.whale_alert),
    ProviderName.ETHERSCAN: _Row(_CHAIN, _Opener.etherscan),
    ProviderName.MEMPOOL: _Row(_CHAIN, _Opener.mempool),
    ProviderName.DEFILLAMA: _Row(_CHAIN, _Opener.defillama),
    ProviderName.DEXSCREENER: _Row(_CHAIN, _Opener.dexscreener),
    ProviderName.FEAR_GREED: _Row(_MOOD, _Opener.fear_greed),
    ProviderName.COINGECKO: _Row(_MOOD, _Opener.coingecko),
    ProviderName.YAHOO: _Row(_MOOD, _Opener.yahoo),
    **{
        name: _Row(_MOOD, partial(_Opener.news, name=name))
        for name in ProviderName
        if name.startswith(_NEWS)
    },
    ProviderName.REDDIT: _Row(_MOOD, _Opener.reddit),
    ProviderName.LUNARCRUSH: _Row(_MOOD, _Opener.lunarcrush),
    ProviderName.X: _Row(_MOOD, _Opener.x),
}
