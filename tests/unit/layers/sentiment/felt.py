"""What people and markets feel, made for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.candles import Candle, CandleSeries
from domain.feeds import FeedAnswer, Observation
from domain.market_regime import Regime
from domain.sentiment import (
    FearGreed,
    GlobalMarket,
    MacroQuote,
    MacroReading,
    MacroSeries,
    MacroState,
    RegimeReading,
    Sentiment,
    SocialReading,
    Text,
    TextKind,
)
from domain.timeframes import Timeframe, to_ms

AS_OF = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
AT_MS = to_ms(AS_OF)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
QUARTER = 15 * MINUTE


def answer(known_ms: int, *observations: Observation, provider: str = "somebody") -> FeedAnswer:
    return FeedAnswer(provider=provider, answered_ms=known_ms, observations=tuple(observations))


def talk(
    mentions: int = 10,
    tone: float | None = 0.4,
    *,
    usual: float | None = 10.0,
    viral: float | None = None,
    growth: float | None = None,
) -> SocialReading:
    return SocialReading(
        mentions=mentions,
        usual=usual,
        hours_known=0 if usual is None else 168,
        tone=tone,
        viral=viral,
        growth=growth,
        dropped=0,
    )


def regime(state: Regime, *, bitcoin: float = 1.0, minutes: int = 40) -> RegimeReading:
    return RegimeReading(
        regime=state,
        since_ms=AT_MS - minutes * MINUTE,
        btc_change_percent=bitcoin,
        cap_change_percent=bitcoin,
        dominance_change_points=-0.2,
    )


def macro(state: MacroState, stocks: float = 0.0, dollar: float = 0.0) -> MacroReading:
    return MacroReading(
        state=state,
        since_ms=AT_MS - 10 * MINUTE,
        changes={MacroSeries.SP500: stocks, MacroSeries.DOLLAR: dollar, MacroSeries.US10Y: 0.0},
        cause="S&P 500 -1.2% in the last hour" if state is MacroState.DANGER else "",
    )


def felt(
    *,
    index: int | None = 50,
    social: SocialReading | None = None,
    market: RegimeReading | None = None,
    outside: MacroReading | None = None,
) -> Sentiment:
    return Sentiment(
        at_ms=AT_MS,
        answered_ms=AT_MS - 3 * MINUTE,
        fear_greed=None if index is None else FearGreed(value=index, published_ms=AT_MS - DAY // 2),
        social=social,
        regime=market,
        macro=outside,
    )


def post(
    words: str,
    published_ms: int,
    *,
    id_: str | None = None,
    reach: int = 0,
    provider: str = "posts",
) -> Text:
    return Text(
        provider=provider,
        id=id_ or f"{words}{published_ms}",
        kind=TextKind.POST,
        author="someone",
        text=words,
        published_ms=published_ms,
        reach=reach,
    )


def market_told(at_ms: int, dominance: float, cap: float) -> FeedAnswer:
    return answer(
        at_ms,
        GlobalMarket(
            btc_dominance_percent=dominance,
            total_cap_usd=cap,
            cap_change_day_percent=None,
            published_ms=at_ms,
        ),
        provider="coins",
    )


def quote(at_ms: int, value: float, series: MacroSeries = MacroSeries.SP500) -> MacroQuote:
    return MacroQuote(series=series, value=value, at_ms=at_ms)


def bitcoin(first_close_ms: int, closes: Sequence[float]) -> CandleSeries:
    first = first_close_ms // QUARTER - 1
    return CandleSeries.of(
        [
            Candle(
                timeframe=Timeframe.M15,
                index=first + place,
                open=close,
                high=close,
                low=close,
                close=close,
                volume=1.0,
            )
            for place, close in enumerate(closes)
        ]
    )
