"""Component: the index of fear and greed. Contrarian: a crowd in fear has sold already."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.parameters import Parameters
from domain.sentiment import FearGreed
from layers.component import SLIGHT, Component, known, not_known
from layers.declarations import anchor, minutes, require_rising, share
from layers.shapes import Anchor, distance_of_share

LABEL: Final = "Fear & greed"
HIGHEST: Final = 100
"""The index is 0 in the greatest fear, this in the greatest greed."""

_DAYS: Final = 2880.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FearGreedShape(Parameters):
    """What the index stands for. Shares are those of fear, 1 - index / 100; greed mirrors them."""

    good_for: float = minutes(1560.0, "from its own date until the index is old", high=_DAYS)
    confirmed_within: float = minutes(720.0, "since an answer told the index", high=_DAYS)
    neutral_share: float = share(0.55, "fear up to which the index says nothing", low=0.5)
    slight_share: float = share(0.60, "slight fear", low=0.5)
    extreme_share: float = share(0.75, "extreme fear", low=0.5)
    slight: float = anchor(60.0, "slight fear")
    extreme: float = anchor(75.0, "extreme fear")
    full: float = anchor(90.0, "nothing but fear")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            neutral_share=self.neutral_share,
            slight_share=self.slight_share,
            extreme_share=self.extreme_share,
            one=1.0,
        )
        require_rising(neutral=50.0, slight=self.slight, extreme=self.extreme, full=self.full)

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """From nothing said to most."""
        return (
            (self.neutral_share, 50.0),
            (self.slight_share, self.slight),
            (self.extreme_share, self.extreme),
            (1.0, self.full),
        )


@lru_cache(maxsize=8)
def fear_greed(index: FearGreed | None, shape: FearGreedShape) -> Component:
    """Fear is bullish and greed bearish; the value is the index.

    It is the same for all coins, so that a close works it out once.
    """
    if index is None:
        return not_known(LABEL)
    distance = distance_of_share(1.0 - index.value / HIGHEST, shape.anchors)
    return known(LABEL, index.value, distance, _words(index.value, distance, shape))


def _words(value: int, distance: float, shape: FearGreedShape) -> str:
    if abs(distance) < SLIGHT:
        return f"{LABEL} {value}, neutral"
    mood, side = ("fear", "buy") if distance > 0.0 else ("greed", "sell")
    one_sided = max(value, HIGHEST - value) / HIGHEST
    extreme = "extreme " if one_sided >= shape.extreme_share else ""
    return f"{LABEL} {value}, {extreme}{mood}: contrarian {side}"
