"""What people and markets around crypto feel: facts from providers, readings as of an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.market_regime import Regime


@dataclass(frozen=True, slots=True, kw_only=True)
class FearGreed:
    """The index of fear and greed, 0 (fear) to 100, and the day it is for."""

    value: int
    published_ms: int


class TextKind(StrEnum):
    """Who wrote: an editor or anybody."""

    HEADLINE = "headline"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A headline or post from outside: data, never markup and never an instruction.

    `id` is the provider's own. `reach` is how many stood behind it (votes, likes), 0 unknown.
    """

    provider: str
    id: str
    kind: TextKind
    author: str
    text: str
    published_ms: int
    reach: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialVolume:
    """A provider's own count of a coin's mentions in 24 hours, and their tone in [-1, 1]."""

    asset: str
    mentions: int
    tone: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalMarket:
    """All of crypto: bitcoin's share in percent, the market cap in USD and its change of a day."""

    btc_dominance_percent: float
    total_cap_usd: float
    cap_change_day_percent: float | None
    published_ms: int


class MacroSeries(StrEnum):
    """Markets outside crypto that move it."""

    SP500 = "S&P 500"
    DOLLAR = "dollar index"
    US10Y = "US 10-year yield"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroQuote:
    """A price of such a market (of the yield: percent) at an instant."""

    series: MacroSeries
    value: float
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialReading:
    """Talk about a coin in the last hour.

    `mentions` counts texts after duplicates and spam are gone; `usual` is the mean of an hour over
    seven days, None while `hours_known` are too few. `tone` in [-1, 1] is the mean of the texts,
    with a little neutral talk mixed in so that one text alone does not speak for all, and a share
    of what is said of the whole market; `viral` is that of the texts with the widest reach. Both
    are None without a text. `growth` is the mean
    of the last six hours over that of the six before, None while unknown. `dropped` counts texts
    of the hour that were spam or repeats.
    """

    mentions: int
    usual: float | None
    hours_known: int
    tone: float | None
    viral: float | None
    growth: float | None
    dropped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeReading:
    """State of the whole market since when, and the changes over some hours behind it."""

    regime: Regime
    since_ms: int
    btc_change_percent: float
    cap_change_percent: float
    dominance_change_points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LapsedRegime:
    """The state of the whole market that was known last, and since when nobody tells it."""

    regime: Regime
    since_ms: int


class MacroState(StrEnum):
    """The markets outside: quiet, for risk, against it, or falling apart."""

    CALM = "calm"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroReading:
    """State of the markets outside, since when, and what moved in the last hour, in percent.

    `changes` holds the series whose quotes are fresh. `cause` says in words what a danger is.
    """

    state: MacroState
    since_ms: int
    changes: Mapping[MacroSeries, float]
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """Everything the sentiment layer may look at, as of `at_ms`, from nothing known later.

    A part is None when nobody tells it, or whoever does has been silent for too long.
    `answered_ms` is when the newest provider behind any part last answered, 0 without any.
    `lapsed_regime` is there while `regime` is not, and was within a day before.
    """

    at_ms: int
    answered_ms: int = 0
    fear_greed: FearGreed | None = None
    social: SocialReading | None = None
    regime: RegimeReading | None = None
    macro: MacroReading | None = None
    lapsed_regime: LapsedRegime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkCount:
    """Texts about a coin in a quarter of an hour, without spam and repeats, and their mean tone."""

    texts: int
    tone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentSnapshot:
    """What is kept of a quarter of an hour, so that a restart remembers the days before.

    `talk` holds the coins that were mentioned, `heard` the providers whose texts it rests on.
    `lapsed_regime` is the regime known last while `regime` is UNKNOWN, and UNKNOWN otherwise.
    """

    at_ms: int
    fear_greed: int | None
    btc_dominance_percent: float | None
    total_cap_usd: float | None
    regime: Regime
    regime_since_ms: int
    macro: MacroState | None
    macro_since_ms: int | None
    talk: Mapping[str, TalkCount]
    heard: tuple[str, ...]
    lapsed_regime: Regime = Regime.UNKNOWN
