"""Regimes: what kind of market a stretch of time is, and what usually comes next."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import Real
from exchanges.simulator.market.randomness import Generator


class Regime(Enum):
    """Kinds of stretches."""

    TREND = "trend"
    RANGE = "range"
    SQUEEZE = "squeeze"
    BREAKOUT = "break-out"
    CRASH = "crash"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a regime looks. Ranges are (low, high), drawn evenly.

    `minutes` is its length; `move` the net way it goes and `swing` the height of the waves on it,
    both in daily volatilities; `wave` the minutes from one wave to the next; `noise` and
    `activity` multiply the usual volatility and volume.
    """

    minutes: tuple[int, int]
    move: tuple[float, float]
    swing: tuple[float, float]
    wave: tuple[int, int]
    noise: float
    activity: float


HABITS: Final = {
    Regime.TREND: Habit(
        minutes=(240, 840), move=(0.5, 1.5), swing=(0.06, 0.16), wave=(70, 180), noise=0.85,
        activity=1.3,
    ),
    Regime.RANGE: Habit(
        minutes=(240, 720), move=(0.0, 0.15), swing=(0.12, 0.32), wave=(110, 260), noise=0.9,
        activity=0.9,
    ),
    Regime.SQUEEZE: Habit(
        minutes=(120, 300), move=(0.0, 0.05), swing=(0.02, 0.06), wave=(40, 90), noise=0.4,
        activity=0.5,
    ),
    Regime.BREAKOUT: Habit(
        minutes=(25, 75), move=(0.5, 1.1), swing=(0.02, 0.08), wave=(15, 40), noise=1.5,
        activity=3.5,
    ),
    Regime.CRASH: Habit(
        minutes=(30, 80), move=(2.0, 4.0), swing=(0.1, 0.4), wave=(10, 30), noise=3.0,
        activity=7.0,
    ),
    Regime.RECOVERY: Habit(
        minutes=(90, 300), move=(0.8, 2.2), swing=(0.15, 0.4), wave=(30, 80), noise=1.7,
        activity=3.0,
    ),
}  # fmt: skip

_SUCCESSORS: Final = {
    Regime.TREND: ((Regime.RANGE, 0.5), (Regime.SQUEEZE, 0.2), (Regime.TREND, 0.3)),
    Regime.RANGE: ((Regime.SQUEEZE, 0.4), (Regime.TREND, 0.35), (Regime.RANGE, 0.25)),
    Regime.SQUEEZE: ((Regime.BREAKOUT, 1.0),),
    Regime.BREAKOUT: ((Regime.TREND, 0.65), (Regime.RANGE, 0.35)),
    Regime.CRASH: ((Regime.RECOVERY, 1.0),),
    Regime.RECOVERY: ((Regime.RANGE, 0.6), (Regime.TREND, 0.4)),
}
_KEEPS_DIRECTION: Final = {Regime.BREAKOUT: 0.85, Regime.TREND: 0.55}
_CRASH_CHANCE: Final = 0.02
_SHOCK_SHARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Stretch:
    """One regime for a while: -1 or 1 tells which way it goes."""

    regime: Regime
    minutes: int
    direction: int


@dataclass(frozen=True, slots=True, eq=False)
class FactorPath:
    """A driver of prices, minute by minute: log returns, volatility and volume multipliers."""

    returns: Real
    noise: Real
    activity: Real


def stretches(minutes: int, generator: Generator, *, crashes: bool) -> list[Stretch]:
    """A sequence of regimes that covers at least `minutes`."""
    covered = 0
    sequence = [Stretch(Regime.RANGE, 120 + int(generator.integers(240)), 1)]
    while covered < minutes:
        sequence.append(_successor(sequence[-1], generator, crashes=crashes))
        covered += sequence[-1].minutes
    return sequence


def factor_path(
    minutes: int, daily_volatility: float, generator: Generator, *, crashes: bool = False
) -> FactorPath:
    """One factor over `minutes`; `daily_volatility` is a fraction of price."""
    parts = [
        _stretch_path(stretch, daily_volatility, generator)
        for stretch in stretches(minutes, generator, crashes=crashes)
    ]
    returns, noise, activity = (
        np.concatenate(columns)[:minutes] for columns in zip(*parts, strict=True)
    )
    shocks = generator.standard_t(5, size=minutes)
    returns += shocks * noise * (_SHOCK_SHARE * daily_volatility / np.sqrt(1440.0))
    return FactorPath(returns, noise, activity)


def _successor(last: Stretch, generator: Generator, *, crashes: bool) -> Stretch:
    if crashes and last.regime is not Regime.CRASH and generator.uniform() < _CRASH_CHANCE:
        regime, direction = Regime.CRASH, -1
    elif last.regime is Regime.CRASH:
        regime, direction = Regime.RECOVERY, 1
    else:
        candidates, chances = zip(*_SUCCESSORS[last.regime], strict=True)
        regime = candidates[int(generator.choice(len(candidates), p=chances))]
        keeps = generator.uniform() < _KEEPS_DIRECTION.get(last.regime, 0.5)
        direction = last.direction if keeps else -last.direction
    shortest, longest = HABITS[regime].minutes
    return Stretch(regime, int(generator.integers(shortest, longest)), direction)


def _stretch_path(
    stretch: Stretch, daily_volatility: float, generator: Generator
) -> tuple[Real, Real, Real]:
    """Returns without shocks, noise and activity of one stretch; waves end where they began."""
    habit = HABITS[stretch.regime]
    minutes = stretch.minutes
    move = stretch.direction * daily_volatility * generator.uniform(*habit.move)
    swing = daily_volatility * generator.uniform(*habit.swing)
    waves = max(1, round(minutes / generator.uniform(*habit.wave)))
    progress = np.linspace(0.0, 1.0, minutes + 1)
    wave = -stretch.direction * swing * np.sin(2.0 * np.pi * waves * progress)
    returns = np.diff(move * progress + wave)
    fading = np.linspace(1.25, 0.75, minutes)
    return returns, np.full(minutes, habit.noise), habit.activity * fading
