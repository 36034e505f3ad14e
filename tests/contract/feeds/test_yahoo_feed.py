"""Yahoo's charts, on payloads of the shape that its own pages read."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import FeedError
from domain.feeds import FeedState
from domain.sentiment import MacroQuote, MacroSeries
from domain.timeframes import to_ms
from feeds.yahoo import YAHOO_SYMBOLS, YahooFeed
from tests.contract.feeds.feed_server import asking
from tests.fakes.clock import AFTERNOON, HandClock

NOW = to_ms(AFTERNOON) // 1000
PATHS = {symbol: f"/v8/finance/chart/{symbol}" for symbol in YAHOO_SYMBOLS.values()}


def chart(symbol: str, times: Any, closes: Any, **meta: Any) -> dict[str, Any]:
    result = {
        "meta": {"currency": "USD", "symbol": symbol, "dataGranularity": "5m"} | meta,
        "timestamp": times,
        "indicators": {"quote": [{"open": closes, "close": closes}]},
    }
    return {"chart": {"result": [result], "error": None}}


def charts(**changed: Any) -> dict[str, Any]:
    """Three sound charts; `changed` replaces the S&P 500's times or closes."""
    times, closes = [NOW - 600, NOW - 300], [6700.25, 6701.5]
    script = {PATHS[s]: chart(s, times, [99.0, 99.1]) for s in ("DX-Y.NYB", "^TNX")}
    drawn = {"times": times, "closes": closes} | changed
    return script | {PATHS["ES=F"]: chart("ES=F", **drawn)}


async def told(answers: dict[str, Any], folder: Path) -> list[MacroQuote]:
    """The quotes of the S&P 500."""
    async with asking(answers, folder) as (_, provider):
        answer = await YahooFeed(provider, clock=HandClock()).fetch()
    quotes = [quote for quote in answer.observations if isinstance(quote, MacroQuote)]
    return [quote for quote in quotes if quote.series is MacroSeries.SP500]


async def test_closes_are_told_at_the_end_of_their_bars(tmp_path: Path) -> None:
    assert await told(charts(), tmp_path) == [
        MacroQuote(series=MacroSeries.SP500, value=6700.25, at_ms=(NOW - 300) * 1000),
        MacroQuote(series=MacroSeries.SP500, value=6701.5, at_ms=NOW * 1000),
    ]


async def test_the_symbols_go_out_escaped_and_all_three_series_come(tmp_path: Path) -> None:
    async with asking(charts(), tmp_path) as (server, provider):
        answer = await YahooFeed(provider, clock=HandClock()).fetch()
        assert [request.raw_path.split("?")[0].rsplit("/", 1)[1] for request in server.asked] == [
            "ES%3DF",
            "DX-Y.NYB",
            "%5ETNX",
        ]
        assert server.asked[0].query == {"interval": "5m", "range": "1d"}
    assert {quote.series for quote in answer.observations if isinstance(quote, MacroQuote)} == set(
        MacroSeries
    )


async def test_bars_without_trades_are_left_out(tmp_path: Path) -> None:
    quotes = await told(charts(closes=[None, 6701.5]), tmp_path)
    assert [quote.value for quote in quotes] == [6701.5]


async def test_a_bar_that_is_not_over_is_quoted_as_of_now(tmp_path: Path) -> None:
    quotes = await told(charts(times=[NOW - 300, NOW]), tmp_path)
    assert quotes[-1].at_ms == NOW * 1000


async def test_the_newest_quote_off_the_grid_keeps_its_own_time(tmp_path: Path) -> None:
    quotes = await told(charts(times=[NOW - 600, NOW - 97]), tmp_path)
    assert quotes[-1].at_ms == (NOW - 97) * 1000


async def test_bars_of_the_future_are_left_out(tmp_path: Path) -> None:
    assert len(await told(charts(times=[NOW - 300, NOW + 86_400]), tmp_path)) == 1


async def test_a_closed_market_has_no_bars(tmp_path: Path) -> None:
    closed = charts()
    result = closed[PATHS["ES=F"]]["chart"]["result"][0]
    del result["timestamp"]
    result["indicators"] = {"quote": [{}]}
    assert await told(closed, tmp_path) == []


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"chart": None},
        {"chart": {"result": [], "error": None}},
        {"chart": {"result": None, "error": None}},
        {"chart": {"result": None, "error": {"code": "Not Found", "description": "No data"}}},
        chart("AAPL", [NOW - 300], [6700.0]),
        chart("ES=F", [NOW - 300], [6700.0], dataGranularity="1d"),
        chart("ES=F", [NOW - 300, NOW], [6700.0]),
        chart("ES=F", [NOW - 300], ["NaN"]),
        chart("ES=F", [NOW - 300], [1e300]),
        chart("ES=F", [NOW - 300], [-1.0]),
        chart("ES=F", ["yesterday"], [6700.0]),
        chart("ES=F", [NOW * 1000], [6700.0]),
        chart("ES=F", [NOW] * 5000, [1.0] * 5000),
        "Edge: Too Many Requests",
        404,
    ],
)
async def test_one_broken_chart_leaves_the_others(tmp_path: Path, broken: Any) -> None:
    async with asking(charts() | {PATHS["ES=F"]: broken}, tmp_path) as (_, provider):
        answer = await YahooFeed(provider, clock=HandClock()).fetch()
        assert provider.health().failures == 1
        assert provider.health().state is FeedState.GOOD
        assert provider.health().reason.startswith("no ES=F: ")
    series = {quote.series for quote in answer.observations if isinstance(quote, MacroQuote)}
    assert series == {MacroSeries.DOLLAR, MacroSeries.US10Y}


async def test_a_chart_that_comes_again_is_no_longer_missing(tmp_path: Path) -> None:
    whole = charts()
    answers = whole | {PATHS["ES=F"]: [404, whole[PATHS["ES=F"]]]}
    async with asking(answers, tmp_path) as (_, provider):
        feed = YahooFeed(provider, clock=HandClock())
        for expected in ("no ES=F: provider: HTTP 404", ""):
            await feed.fetch()
            assert feed.health().reason == expected


async def test_without_any_chart_there_is_no_answer(tmp_path: Path) -> None:
    async with asking({"": "Too Many Requests"}, tmp_path) as (_, provider):
        with pytest.raises(FeedError, match="does not make sense"):
            await YahooFeed(provider, clock=HandClock()).fetch()
        assert provider.health().answers == 0
