"""The markets outside crypto in the simulated world: they move a little ahead of bitcoin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.sentiment import MacroSeries
from feeds.simulator.world import MINUTE_MS, World

_BITCOIN: Final = "BTCUSDT"
_AHEAD_MINUTES: Final = 20
_DAY_MINUTES: Final = 1_440
_KNOT_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class _Nature:
    """Usual level; in percent, how far it goes with one of bitcoin's day, and its own noise."""

    level: float
    follows: float
    noise: float


_NATURES: Final[Mapping[MacroSeries, _Nature]] = {
    MacroSeries.SP500: _Nature(6_800.0, 0.12, 0.12),
    MacroSeries.DOLLAR: _Nature(99.0, -0.04, 0.06),
    MacroSeries.US10Y: _Nature(4.15, -0.10, 0.30),
}


def macro_level(world: World, series: MacroSeries, at_ms: int) -> float:
    """Price of a series at an instant; of the yield in percent."""
    nature = _NATURES[series]
    ahead_ms = at_ms + _AHEAD_MINUTES * MINUTE_MS
    followed = nature.follows * world.change_percent(_BITCOIN, ahead_ms, _DAY_MINUTES)
    own = nature.noise * _wandering(world, series, at_ms)
    return nature.level * (1.0 + (followed + own) / 100.0)


def _wandering(world: World, series: MacroSeries, at_ms: int) -> float:
    """Noise in [-1, 1) that runs straight from one half hour to the next."""
    knot, elapsed = divmod(at_ms, _KNOT_MINUTES * MINUTE_MS)
    share = elapsed / (_KNOT_MINUTES * MINUTE_MS)
    before, after = (world.noise(series.value, knot + step) for step in (0, 1))
    return 2.0 * (before + (after - before) * share) - 1.0
