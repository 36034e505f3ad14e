"""CoinGecko's global figures, on payloads of the documented shape."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.sentiment import GlobalMarket
from feeds.coingecko import CoinGeckoFeed, coingecko_plan
from tests.contract.feeds.feed_server import asking

FIGURES = {
    "active_cryptocurrencies": 17412,
    "markets": 1204,
    "total_market_cap": {"btc": 33_400_000.5, "usd": 4_123_456_789_012.34},
    "total_volume": {"usd": 150_000_000_000.0},
    "market_cap_percentage": {"btc": 57.31, "eth": 12.9},
    "market_cap_change_percentage_24h_usd": -1.204,
    "updated_at": 1_759_759_200,
}


def figures(**changed: Any) -> dict[str, Any]:
    return {"data": FIGURES | changed}


async def test_the_figures_are_told(tmp_path: Path) -> None:
    async with asking({"/api/v3/global": figures()}, tmp_path) as (_, provider):
        answer = await CoinGeckoFeed(provider).fetch()
    assert answer.observations == (
        GlobalMarket(
            btc_dominance_percent=57.31,
            total_cap_usd=4_123_456_789_012.34,
            cap_change_day_percent=-1.204,
            published_ms=1_759_759_200_000,
        ),
    )


async def test_the_change_of_a_day_may_be_missing(tmp_path: Path) -> None:
    payload = figures(market_cap_change_percentage_24h_usd=None)
    async with asking({"": payload}, tmp_path) as (_, provider):
        (market,) = (await CoinGeckoFeed(provider).fetch()).observations
    assert isinstance(market, GlobalMarket)
    assert market.cap_change_day_percent is None


async def test_a_limit_told_inside_an_answer_is_a_refusal(tmp_path: Path) -> None:
    told = {"status": {"error_code": 429, "error_message": "You've exceeded the Rate Limit."}}
    async with asking({"": told}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="the provider refused: 429 You've exceeded"):
            await CoinGeckoFeed(provider).fetch()
        assert provider.health().malformed == 0


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"data": None},
        {"data": []},
        figures(market_cap_percentage={"eth": 12.0}),
        figures(market_cap_percentage={"btc": 573.1}),
        figures(market_cap_percentage={"btc": "NaN"}),
        figures(total_market_cap={"usd": 0}),
        figures(total_market_cap={"usd": 1e300}),
        figures(total_market_cap=4.1e12),
        figures(updated_at="today"),
        figures(updated_at=1_759_759_200_000),
        b'{"data": {"total_market_cap": {"usd": Infinity}}}',
        "<html>Attention Required! | Cloudflare</html>",
    ],
)
async def test_what_makes_no_sense_is_refused_and_kept(tmp_path: Path, payload: Any) -> None:
    async with asking({"": payload}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="does not make sense"):
            await CoinGeckoFeed(provider).fetch()
        assert provider.health().malformed == 1


async def test_a_demo_key_goes_in_a_header_only(tmp_path: Path) -> None:
    plan = coingecko_plan(api_key="CG-demo", base_url="http://here")
    async with asking({"": figures()}, tmp_path, headers=plan.headers) as (server, provider):
        await CoinGeckoFeed(provider).fetch()
        assert server.asked[0].headers["x-cg-demo-api-key"] == "CG-demo"
        assert "CG-demo" not in str(server.asked[0].url)
    assert plan.secrets == ("CG-demo",)
    assert coingecko_plan().headers == {}
