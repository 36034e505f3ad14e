"""DefiLlama: all dollar stablecoins on all chains, now, a day and a week ago. Keyless.

https://api-docs.defillama.com, stablecoins: the answer changes about once an hour.
"""

from collections.abc import Iterable
from typing import Final

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.onchain import StablecoinSupply
from feeds.patience import Patience
from feeds.payload import Payload
from feeds.provider import ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import Dollars, sound_rows

NAME: Final = "defillama"
DEFILLAMA_URL: Final = "https://stablecoins.llama.fi"

_LARGEST_ANSWER: Final = 16_000_000
_DOLLAR: Final = "peggedUSD"
_SMALL_SHARE: Final = 0.01
"""A new coin has no yesterday and may be left out of it; a large one without one is a gap."""


class Circulating(Payload):
    """Coins of a dollar each; of another peg they stand under another name."""

    dollars: Dollars | None = Field(default=None, alias=_DOLLAR)


class PeggedAsset(Payload):
    """One stablecoin."""

    peg: str = Field(alias="pegType")
    now: Circulating = Field(alias="circulating")
    day_ago: Circulating = Field(default=Circulating(), alias="circulatingPrevDay")
    week_ago: Circulating = Field(default=Circulating(), alias="circulatingPrevWeek")


class Stablecoins(Payload):
    """All stablecoins."""

    assets: list[object] = Field(alias="peggedAssets", min_length=1)


def defillama_plan(*, base_url: str = DEFILLAMA_URL) -> ProviderPlan:
    """How DefiLlama is asked: every ten minutes, for an answer of some megabytes."""
    return ProviderPlan(
        name=NAME,
        base_url=base_url,
        every_seconds=600.0,
        requests_per_minute=10.0,
        patience=Patience(largest_answer_bytes=_LARGEST_ANSWER),
    )


class DefiLlamaFeed(ProviderFeed):
    """Asks for the stablecoins in circulation."""

    async def fetch(self) -> FeedAnswer:
        """The supply as it is told now."""
        answer = await self._provider.get(Stablecoins, "/stablecoins", {"includePrices": "true"})
        assets = sound_rows(self._provider, PeggedAsset, answer.assets)
        supply = supply_of(assets)
        if supply is None:
            raise self._provider.reject(repr(assets[:3]), "no dollar stablecoin is in circulation")
        return self._provider.answer([supply])


def supply_of(assets: Iterable[PeggedAsset]) -> StablecoinSupply | None:
    """The sum over all coins pegged to the dollar; None without any."""
    coins = [asset for asset in assets if asset.peg == _DOLLAR]
    total = sum(coin.now.dollars or 0.0 for coin in coins)
    if total <= 0:
        return None
    return StablecoinSupply(
        total_usd=total,
        day_ago_usd=_earlier([(coin.now, coin.day_ago) for coin in coins], total),
        week_ago_usd=_earlier([(coin.now, coin.week_ago) for coin in coins], total),
    )


def _earlier(coins: Iterable[tuple[Circulating, Circulating]], total: float) -> float | None:
    """An earlier sum; None where a coin that weighs has no earlier value."""
    earlier = 0.0
    for now, then in coins:
        if not then.dollars and (now.dollars or 0.0) > total * _SMALL_SHARE:
            return None
        earlier += then.dollars or 0.0
    return earlier
