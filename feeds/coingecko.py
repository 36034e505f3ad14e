"""CoinGecko's view of all crypto: bitcoin's share, the total market cap and its day. Keyless.

https://docs.coingecko.com, `GET /api/v3/global`; the public plan allows some five to fifteen
requests a minute, and the numbers change every ten minutes.
"""

from typing import Final

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.sentiment import GlobalMarket
from feeds.payload import Payload
from feeds.provider import ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import UnixSeconds

COINGECKO_URL: Final = "https://api.coingecko.com"

_SECOND_MS: Final = 1000


class Shares(Payload):
    """Shares of the total market cap, in percent, by ticker."""

    btc: float = Field(gt=0, le=100)


class Caps(Payload):
    """The total market cap by currency; a thousand trillions of dollars is more than there are."""

    usd: float = Field(gt=0, le=1e15)


class GlobalFigures(Payload):
    """What is read of the answer."""

    market_cap_percentage: Shares
    total_market_cap: Caps
    market_cap_change_percentage_24h_usd: float | None = Field(default=None, ge=-100, le=1e4)
    updated_at: UnixSeconds


class CoinGeckoProblem(Payload):
    """An error that came as an answer."""

    error_code: int
    error_message: str = ""


class CoinGeckoGlobal(Payload):
    """The envelope: figures, or what went wrong."""

    data: GlobalFigures | None = None
    status: CoinGeckoProblem | None = None


def coingecko_plan(*, api_key: str = "", base_url: str = COINGECKO_URL) -> ProviderPlan:
    """How CoinGecko is asked: every five minutes; a demo key, where there is one, raises its limit.

    The key goes in a header, never in the address.
    """
    return ProviderPlan(
        name="coingecko",
        base_url=base_url,
        every_seconds=300.0,
        requests_per_minute=5.0,
        headers={"x-cg-demo-api-key": api_key} if api_key else {},
        secrets=(api_key,) if api_key else (),
    )


class CoinGeckoFeed(ProviderFeed):
    """The newest figures of the whole market."""

    async def fetch(self) -> FeedAnswer:
        """Ask for the figures; raises FeedError."""
        answered = await self._provider.get(CoinGeckoGlobal, "/api/v3/global")
        if answered.status is not None:
            told = f"{answered.status.error_code} {answered.status.error_message}"
            raise self._provider.refused(told)
        if answered.data is None:
            raise self._provider.reject(answered.model_dump_json(), "neither data nor a status")
        return self._provider.answer([global_market(answered.data)])


def global_market(figures: GlobalFigures) -> GlobalMarket:
    """The figures as an observation."""
    return GlobalMarket(
        btc_dominance_percent=figures.market_cap_percentage.btc,
        total_cap_usd=figures.total_market_cap.usd,
        cap_change_day_percent=figures.market_cap_change_percentage_24h_usd,
        published_ms=figures.updated_at * _SECOND_MS,
    )
