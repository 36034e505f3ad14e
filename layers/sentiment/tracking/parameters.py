"""Thresholds of what is tracked: how long facts are good, and what makes a regime."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, minutes, multiple, percent, require_rising, share

_DAY = 1440.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness(Parameters):
    """What holds for all facts."""

    lateness: float = minutes(20.0, "how far in the past a reading can be asked for")
    ahead: float = minutes(10.0, "ahead of the answer that told it, beyond which a fact is refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkTracking(Parameters):
    """How talk is counted."""

    oldest_text: float = minutes(60.0, "age at which a text is no talk of the hour any more")
    headline_weight: float = multiple(2.0, "a headline's tone, in posts")
    wide_reach: int = parameter(
        100, doc="votes or likes of a widely read text", unit="people", source=CHOICE, low=1
    )
    wide_weight: float = multiple(2.0, "a widely read text's tone, in others", CHOICE)
    market_texts: float = multiple(1.0, "say of talk about all of crypto in a coin's, in posts")
    volume_texts: float = multiple(3.0, "say of a provider's own tone, in posts", CHOICE)
    neutral_texts: float = multiple(2.0, "posts without a tone that are taken as read", CHOICE)
    least_hours: int = parameter(
        24,
        doc="hours listened to until the usual talk is known",
        unit="hours",
        source=CHOICE,
        low=1,
        high=168,
    )
    growth_least: int = parameter(
        6, doc="mentions in six hours that growth can be told from", unit="mentions", source=CHOICE
    )
    volume_age: float = minutes(120.0, "age at which a provider's own count is old")
    most_coins: int = parameter(
        1000, doc="coins whose talk is remembered", unit="coins", source=CHOICE, low=10, high=10_000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeTracking(Parameters):
    """What makes a regime. Enough for a change is given over the whole span.

    Over a shorter span, while there is no longer history, less is enough, with the square root of
    time as changes that do not depend on each other spread.
    """

    whole_span: float = minutes(240.0, "over which changes are taken")
    shortest_span: float = minutes(60.0, "over which they are taken where history is short")
    longest_span: float = minutes(270.0, "over which they are taken where answers are missing")
    good_for: float = minutes(45.0, "until dominance, cap or bitcoin's price are old")
    bitcoin_move: float = percent(0.6, "change of bitcoin that begins a regime")
    cap_move: float = percent(0.6, "change of the market cap that begins a regime")
    dominance_move: float = parameter(
        0.1,
        doc="change of bitcoin's share that begins a regime",
        unit="percentage points",
        source=CHOICE,
        low=0.001,
        high=10,
    )
    staying_share: float = share(0.3, "part of these that a regime needs to stay")
    hold: float = minutes(15.0, "that another regime must be the case until it is taken over")
    remembered: float = minutes(
        1440.0, "that a regime which nobody tells any more is held against a trade"
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            shortest_span=self.shortest_span,
            whole_span=self.whole_span,
            longest_span=self.longest_span,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroTracking(Parameters):
    """What makes a state of the markets outside."""

    whole_span: float = minutes(60.0, "over which changes are taken", DESIGN)
    shortest_span: float = minutes(20.0, "over which they are taken where quotes are missing")
    longest_span: float = minutes(90.0, "over which they are taken where quotes are missing")
    good_for: float = minutes(120.0, "until a quote is old: the market is closed")
    danger_stocks: float = percent(1.0, "fall of the S&P 500 that is a danger", DESIGN)
    danger_dollar: float = percent(0.5, "rise of the dollar that is a danger", DESIGN)
    danger_hold: float = minutes(30.0, "that a danger lasts after its cause has ended", high=_DAY)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            shortest_span=self.shortest_span,
            whole_span=self.whole_span,
            longest_span=self.longest_span,
        )


def milliseconds(length: float) -> int:
    """Minutes in milliseconds."""
    return round(length * 60_000)
