"""Alpha Vantage's quotes and yields, on payloads of the documented shape."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from domain.errors import FeedError
from domain.sentiment import MacroQuote, MacroSeries
from domain.timeframes import to_ms
from feeds.alpha_vantage import AlphaVantageFeed, alpha_vantage_plan
from tests.contract.feeds.feed_server import as_response, asking
from tests.fakes.clock import AFTERNOON, HandClock

KEY = "ABC123DEF456"
CLOSE_OF_FRIDAY = 1_759_525_200_000  # 2025-10-03 21:00 UTC


def fund(symbol: str, **changed: Any) -> dict[str, Any]:
    quote = {
        "01. symbol": symbol,
        "02. open": "668.1000",
        "05. price": "669.1200",
        "06. volume": "70494372",
        "07. latest trading day": "2025-10-03",
        "10. change percent": "0.0015%",
    }
    return {"Global Quote": quote | changed}


YIELDS = {
    "name": "10-Year Treasury Constant Maturity Rate",
    "interval": "daily",
    "unit": "percent",
    "data": [
        {"date": "2025-10-06", "value": "."},
        {"date": "2025-10-03", "value": "4.13"},
        {"date": "2025-10-02", "value": "4.10"},
    ],
}


def answering(**changed: Any) -> Any:
    """The one endpoint; `changed` replaces the answer for SPY, UUP or TREASURY_YIELD."""

    def answer(request: web.Request) -> web.Response:
        subject = request.query.get("symbol", request.query["function"])
        return as_response(
            ({"SPY": fund("SPY"), "UUP": fund("UUP"), "TREASURY_YIELD": YIELDS} | changed)[subject]
        )

    return answer


async def fetched(answer: Any, folder: Path) -> list[Any]:
    async with asking({"/query": answer}, folder, secrets=(KEY,)) as (server, provider):
        feed = AlphaVantageFeed(provider, api_key=KEY, clock=HandClock())
        try:
            return list((await feed.fetch()).observations)
        finally:
            assert all(request.query["apikey"] == KEY for request in server.asked)


async def test_funds_and_yields_are_told_as_of_their_days_close(tmp_path: Path) -> None:
    quotes = await fetched(answering(), tmp_path)
    assert quotes == [
        MacroQuote(series=MacroSeries.SP500, value=669.12, at_ms=CLOSE_OF_FRIDAY),
        MacroQuote(series=MacroSeries.DOLLAR, value=669.12, at_ms=CLOSE_OF_FRIDAY),
        MacroQuote(series=MacroSeries.US10Y, value=4.13, at_ms=CLOSE_OF_FRIDAY),
        MacroQuote(series=MacroSeries.US10Y, value=4.10, at_ms=CLOSE_OF_FRIDAY - 86_400_000),
    ]


async def test_a_quote_of_today_is_as_of_now(tmp_path: Path) -> None:
    today = fund("SPY", **{"07. latest trading day": f"{AFTERNOON:%Y-%m-%d}"})
    assert (await fetched(answering(SPY=today), tmp_path))[0].at_ms == to_ms(AFTERNOON)


@pytest.mark.parametrize("field", ["Note", "Information", "Error Message"])
async def test_a_limit_told_in_words_ends_it_without_the_key_in_the_text(
    tmp_path: Path, field: str
) -> None:
    told = {field: f"We have detected your API key as {KEY} and our limit is 25 requests per day."}
    async with asking({"/query": told}, tmp_path, secrets=(KEY,)) as (server, provider):
        feed = AlphaVantageFeed(provider, api_key=KEY, clock=HandClock())
        with pytest.raises(FeedError, match=r"the provider refused: .* as \*\*\*") as caught:
            await feed.fetch()
        assert KEY not in str(caught.value) + provider.health().reason
        assert len(server.asked) == 1
        assert provider.health().malformed == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"SPY": {}},
        {"SPY": {"Global Quote": {}}},
        {"SPY": fund("QQQ")},
        {"SPY": fund("SPY", **{"05. price": "NaN"})},
        {"SPY": fund("SPY", **{"05. price": "1e300"})},
        {"SPY": fund("SPY", **{"05. price": None})},
        {"SPY": fund("SPY", **{"07. latest trading day": "soon"})},
        {"UUP": "<html>down</html>"},
        {"TREASURY_YIELD": {}},
        {"TREASURY_YIELD": YIELDS | {"data": []}},
        {"TREASURY_YIELD": YIELDS | {"unit": "basis points"}},
        {"TREASURY_YIELD": YIELDS | {"data": [{"date": "2025-10-03", "value": "inf"}]}},
        {"TREASURY_YIELD": YIELDS | {"data": [{"day": "2025-10-03", "percent": "4.1"}]}},
        {"TREASURY_YIELD": YIELDS | {"data": "none"}},
    ],
)
async def test_what_makes_no_sense_is_refused_and_kept(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    with pytest.raises(FeedError, match="does not make sense"):
        await fetched(answering(**changed), tmp_path)
    kept = (tmp_path / "provider.txt").read_text()
    assert KEY not in kept


def test_the_plan_stays_within_a_free_key() -> None:
    plan = alpha_vantage_plan(api_key=KEY)
    assert 3 * 86_400 / plan.every_seconds <= 25
    assert plan.secrets == (KEY,)
