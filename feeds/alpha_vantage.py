"""Alpha Vantage: funds that follow the S&P 500 and the dollar, and the 10-year yield (key).

https://www.alphavantage.co/documentation/, GLOBAL_QUOTE and TREASURY_YIELD. A free key allows 25
requests a day: three every four hours leave room. Its quotes are of a day, so there is never a
change within the hour to make a score of; it is off unless the strategy file wants it. A limit
reached is told in words inside an answer of status 200.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal, TypeVar

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.sentiment import MacroQuote, MacroSeries
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import sound_rows

ALPHA_VANTAGE_URL: Final = "https://www.alphavantage.co"

FUNDS: Final[Mapping[MacroSeries, str]] = {MacroSeries.SP500: "SPY", MacroSeries.DOLLAR: "UUP"}
"""Funds whose price moves as the series does, in percent; their level is another."""

_CLOSE_OF_DAY: Final = time(21, tzinfo=UTC)
"""When New York closes in winter; in summer it does an hour before."""

_YIELD_DAYS: Final = 10
_NO_YIELD: Final = "."


class Refusals(Payload):
    """The ways in which it says no."""

    note: str = Field(default="", alias="Note")
    information: str = Field(default="", alias="Information")
    error: str = Field(default="", alias="Error Message")

    @property
    def refusal(self) -> str:
        """What it says, "" where it does not refuse."""
        return self.note or self.information or self.error


class Quote(Payload):
    """The newest price of a fund; a symbol that it does not know has an empty one."""

    symbol: str = Field(alias="01. symbol")
    price: float = Field(alias="05. price", gt=0, le=1e7)
    day: date = Field(alias="07. latest trading day")


class QuoteAnswer(Refusals):
    """The envelope of GLOBAL_QUOTE."""

    quote: Quote | None = Field(default=None, alias="Global Quote")


class YieldOfDay(Payload):
    """Percent a year."""

    day: date = Field(alias="date")
    value: float = Field(ge=-20, le=100)


class YieldAnswer(Refusals):
    """The envelope of TREASURY_YIELD; days, newest first, still to be checked one by one."""

    unit: Literal["percent"] | None = None
    data: list[dict[str, Any]] | None = Field(default=None, max_length=50_000)


Answered = TypeVar("Answered", bound=Refusals)


def alpha_vantage_plan(*, api_key: str, base_url: str = ALPHA_VANTAGE_URL) -> ProviderPlan:
    """How Alpha Vantage is asked: every four hours, and once a second at most."""
    return ProviderPlan(
        name="alpha_vantage",
        base_url=base_url,
        every_seconds=14_400.0,
        requests_per_minute=60.0,
        secrets=(api_key,),
    )


class AlphaVantageFeed(ProviderFeed):
    """The newest quotes of the three series."""

    def __init__(self, provider: Provider, *, api_key: str, clock: Clock) -> None:
        super().__init__(provider)
        self._api_key = api_key
        self._clock = clock

    async def fetch(self) -> FeedAnswer:
        """Ask for each series; one refusal ends it, for it is nearly always the day's limit.

        Raises FeedError.
        """
        quotes = [await self._fund(series, symbol) for series, symbol in FUNDS.items()]
        return self._provider.answer([*quotes, *await self._yields()])

    async def _fund(self, series: MacroSeries, symbol: str) -> MacroQuote:
        question = {"function": "GLOBAL_QUOTE", "symbol": symbol}
        answered = await self._ask(QuoteAnswer, question)
        if answered.quote is None or answered.quote.symbol != symbol:
            raise self._provider.reject(answered.model_dump_json(), f"no quote of {symbol} in it")
        return self._quote(series, answered.quote.price, answered.quote.day)

    async def _yields(self) -> list[MacroQuote]:
        question = {"function": "TREASURY_YIELD", "interval": "daily", "maturity": "10year"}
        answered = await self._ask(YieldAnswer, question)
        if answered.unit is None or not answered.data:
            raise self._provider.reject(answered.model_dump_json(), "no yields in percent in it")
        newest = [row for row in answered.data[:_YIELD_DAYS] if row.get("value") != _NO_YIELD]
        days = sound_rows(self._provider, YieldOfDay, newest)
        return [self._quote(MacroSeries.US10Y, day.value, day.day) for day in days]

    async def _ask(self, kind: type[Answered], question: dict[str, str]) -> Answered:
        answered = await self._provider.get(kind, "/query", question | {"apikey": self._api_key})
        if answered.refusal:
            raise self._provider.refused(answered.refusal)
        return answered

    def _quote(self, series: MacroSeries, value: float, day: date) -> MacroQuote:
        """A day's quote, as of the day's close; that of today as of now."""
        closed_ms = to_ms(datetime.combine(day, _CLOSE_OF_DAY))
        return MacroQuote(
            series=series, value=value, at_ms=min(closed_ms, to_ms(self._clock.now()))
        )
