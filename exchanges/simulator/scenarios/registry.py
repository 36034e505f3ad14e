"""The scenes that can be ordered, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from exchanges.simulator.scenarios.plots import absorbed, cascade, spoofed, wall_broken
from exchanges.simulator.scenarios.story import Setting, Story

_UP: Final = 1
_DOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Plot:
    """A story, which way it is told (1 or -1), and one line about it."""

    tell: Callable[[Setting], Story]
    way: int
    description: str


SCENARIOS: Final[Mapping[str, Plot]] = {
    "ask-wall": Plot(wall_broken, _UP, "buyers eat a big ask wall, then the price passes it"),
    "bid-wall": Plot(wall_broken, _DOWN, "sellers eat a big bid wall, then the price passes it"),
    "spoofed-bids": Plot(spoofed, _UP, "big bids that vanish untouched after 3 s, time and again"),
    "spoofed-asks": Plot(spoofed, _DOWN, "big asks that vanish untouched after 3 s"),
    "absorbed-buying": Plot(absorbed, _UP, "buyers take for 5 minutes, the price stays"),
    "absorbed-selling": Plot(absorbed, _DOWN, "sellers take for 5 minutes, the price stays"),
    "short-cascade": Plot(cascade, _UP, "a fast rise that liquidates shorts in a thinning book"),
    "long-cascade": Plot(cascade, _DOWN, "a fast fall that liquidates longs in a thinning book"),
}
"""Plots by the name that `Scenario` and the command line know them by."""
