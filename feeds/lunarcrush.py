"""How much a coin is talked about in a day and in which tone, as LunarCrush counts it (key)."""

import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic import Field

from domain.assets import canonical_asset
from domain.feeds import FeedAnswer
from domain.sentiment import SocialVolume
from feeds.payload import Payload
from feeds.provider import ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import sound_rows

LUNARCRUSH_URL: Final = "https://lunarcrush.com/api4/public"

_COINS: Final = "300"
"""The biggest coins by market cap; venues list hardly any other."""

_TICKER: Final = re.compile(r"[A-Z0-9]{1,15}")


class LunarCrushCoin(Payload, strict=True):
    """A coin's row (LunarCrush API v4, coins/list/v1). `sentiment` is the share of good talk."""

    symbol: str = Field(min_length=1, max_length=100)
    social_volume_24h: float | None = Field(default=None, ge=0, le=1e12)
    sentiment: float | None = Field(default=None, ge=0, le=100)

    @property
    def ticker(self) -> str:
        """Its symbol in capitals."""
        return self.symbol.strip().upper()

    @property
    def tone(self) -> float | None:
        """In [-1, 1]."""
        return None if self.sentiment is None else (self.sentiment - 50) / 50


class LunarCrushCoins(Payload, strict=True):
    """The list, its rows still to be checked."""

    data: list[dict[str, Any]] = Field(max_length=5_000)


def lunarcrush_plan(*, api_key: str, base_url: str = LUNARCRUSH_URL) -> ProviderPlan:
    """How LunarCrush is asked: every ten minutes; its list is up to an hour old."""
    return ProviderPlan(
        name="lunarcrush",
        base_url=base_url,
        every_seconds=600.0,
        requests_per_minute=4.0,
        headers={"Authorization": f"Bearer {api_key}"},
        secrets=(api_key,),
    )


class LunarCrushFeed(ProviderFeed):
    """A day's talk about the biggest coins."""

    async def fetch(self) -> FeedAnswer:
        """The counts of the biggest coins; raises FeedError."""
        coins = await self._provider.get(
            LunarCrushCoins, "/coins/list/v1", {"sort": "market_cap_rank", "limit": _COINS}
        )
        rows = sound_rows(self._provider, LunarCrushCoin, coins.data)
        return self._provider.answer(social_volumes(rows))


def social_volumes(coins: Iterable[LunarCrushCoin]) -> tuple[SocialVolume, ...]:
    """One count for each coin; tone -1 where all talk is bad, 1 where all is good.

    Tickers are not unique and coins are wrapped: the row that names the coin itself goes before
    wrapped ones, the bigger coin (first in the list) before smaller ones. Coins that nobody counts
    and tickers that no venue could list are left out.
    """
    counted = [
        (coin, coin.social_volume_24h)
        for coin in coins
        if coin.social_volume_24h is not None and _TICKER.fullmatch(coin.ticker)
    ]
    own_first = sorted(counted, key=lambda one: one[0].ticker != canonical_asset(one[0].ticker))
    volumes: dict[str, SocialVolume] = {}
    for coin, mentions in own_first:
        asset = canonical_asset(coin.ticker)
        volumes.setdefault(
            asset, SocialVolume(asset=asset, mentions=round(mentions), tone=coin.tone)
        )
    return tuple(volumes.values())
