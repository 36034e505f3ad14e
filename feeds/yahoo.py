"""Yahoo Finance: five-minute closes of the S&P 500 future, the dollar index, the 10-year yield.

Keyless, and without a published document: the shape is that of `/v8/finance/chart/<symbol>` as its
own web pages read it. It turns away clients that do not name a browser as their user agent.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal
from urllib.parse import quote

from pydantic import Field

from domain.errors import FeedError
from domain.feeds import FeedAnswer
from domain.sentiment import MacroQuote, MacroSeries
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import UnixSeconds

YAHOO_URL: Final = "https://query1.finance.yahoo.com"

YAHOO_SYMBOLS: Final[Mapping[MacroSeries, str]] = {
    MacroSeries.SP500: "ES=F",
    MacroSeries.DOLLAR: "DX-Y.NYB",
    MacroSeries.US10Y: "^TNX",
}
"""The future of the S&P 500 stands for it: it trades nearly around the clock, as crypto does."""

_BAR_SECONDS: Final = 300
_SECOND_MS: Final = 1000
_MOST_BARS: Final = 2_000
_BROWSER: Final = "Mozilla/5.0 (compatible; Quorum)"

Level = Annotated[float, Field(gt=0, le=1e7)]


class Closes(Payload):
    """Closes of the bars; None where nothing traded. A day without any has no `close`."""

    close: list[Level | None] = Field(default_factory=list, max_length=_MOST_BARS)


class Indicators(Payload):
    """One list of quotes."""

    quote: list[Closes] = Field(min_length=1, max_length=1)


class ChartMeta(Payload):
    """What the chart is of."""

    symbol: str
    granularity: Literal["5m"] = Field(alias="dataGranularity")


class Chart(Payload):
    """Begins of bars, and their closes."""

    meta: ChartMeta
    timestamp: list[UnixSeconds] = Field(default_factory=list, max_length=_MOST_BARS)
    indicators: Indicators


class ChartProblem(Payload):
    """Why there is no chart."""

    code: str
    description: str = ""


class ChartAnswer(Payload):
    """One chart, or a problem."""

    result: list[Chart] | None = Field(max_length=1)
    error: ChartProblem | None


class YahooChart(Payload):
    """The envelope."""

    chart: ChartAnswer


def yahoo_plan(*, base_url: str = YAHOO_URL) -> ProviderPlan:
    """How Yahoo is asked: three charts every five minutes."""
    return ProviderPlan(
        name="yahoo",
        base_url=base_url,
        every_seconds=300.0,
        requests_per_minute=20.0,
        headers={"User-Agent": _BROWSER, "Accept": "application/json"},
    )


class YahooFeed(ProviderFeed):
    """The day's closes of the three series."""

    def __init__(self, provider: Provider, *, clock: Clock) -> None:
        super().__init__(provider)
        self._clock = clock

    async def fetch(self) -> FeedAnswer:
        """Ask for each series; one that fails is left out.

        Raises FeedError when none came.
        """
        quotes: list[MacroQuote] = []
        failures: dict[str, FeedError] = {}
        for series, symbol in YAHOO_SYMBOLS.items():
            try:
                chart = await self._chart(symbol)
            except FeedError as error:
                failures[symbol] = error
            else:
                quotes.extend(quotes_of(series, chart, to_ms(self._clock.now())))
        if len(failures) == len(YAHOO_SYMBOLS):
            raise list(failures.values())[-1]
        missing = "; ".join(f"no {symbol}: {error}" for symbol, error in failures.items())
        return self._provider.answer(quotes, missing=missing)

    async def _chart(self, symbol: str) -> Chart:
        answered = await self._provider.get(
            YahooChart,
            f"/v8/finance/chart/{quote(symbol)}",
            {"interval": "5m", "range": "1d"},
        )
        problem = answered.chart.error
        if problem is not None:
            raise self._provider.refused(f"{symbol}: {problem.code} {problem.description}")
        charts = answered.chart.result or []
        wrong = "no chart in it" if not charts else _contradiction(charts[0], symbol)
        if wrong:
            raise self._provider.reject(answered.model_dump_json(by_alias=True), wrong)
        return charts[0]


def quotes_of(series: MacroSeries, chart: Chart, now_ms: int) -> Iterator[MacroQuote]:
    """Each bar's close, at the bar's end; a bar that is not over yet is quoted as of now.

    The newest bar begins off the grid where it holds a single quote: at that quote's own time.
    What lies more than a bar ahead of our clock is left out.
    """
    for begin, close in zip(chart.timestamp, chart.indicators.quote[0].close, strict=True):
        length = _BAR_SECONDS if begin % _BAR_SECONDS == 0 else 0
        at_ms = min((begin + length) * _SECOND_MS, now_ms)
        is_ahead = (begin - _BAR_SECONDS) * _SECOND_MS > now_ms
        if close is not None and not is_ahead:
            yield MacroQuote(series=series, value=close, at_ms=at_ms)


def _contradiction(chart: Chart, symbol: str) -> str:
    closes = len(chart.indicators.quote[0].close)
    if chart.meta.symbol != symbol:
        return f"asked for {symbol}, answered with another symbol"
    if closes != len(chart.timestamp):
        return f"{len(chart.timestamp)} times but {closes} closes"
    return ""
