"""Breaker: the day's losses, realised and open, in steps. Released by a new day and an admin."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from domain.breakers import Effect, Latch
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.day import DayResult
from risk.latching import is_held, releasable_from
from risk.percentages import exact
from risk.state import RiskState

DRAWDOWN: Final = "drawdown"

LATCHING_STEP: Final = 2
"""The first step that stays tripped until a new day and an admin release it."""

CLOSE_ALL_STEP: Final = 3
"""The first step at which not only the worse half of the open trades should be closed."""

_EFFECTS: Final = (Effect.NOTIFY, Effect.CLOSE_WORST_HALF, Effect.CLOSE_ALL, Effect.CLOSE_ALL)
_CONSEQUENCES: Final = (
    "take care",
    "no new trades, close the worse half",
    "no new trades, close all",
    "the day is over: no new trades, close all",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownParameters(Parameters):
    """The steps of the ladder."""

    steps_percent: tuple[float, float, float, float] = parameter(
        (2.0, 3.0, 4.0, 5.0),
        doc="losses of a UTC day at which: admins are told; no new trades, close the worse half; "
        "close all; stop. Rising",
        unit="percent of equity",
        source="design 4.6",
        low=0.1,
        high=50,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if list(self.steps_percent) != sorted(set(self.steps_percent)):
            raise ValueError(
                f"steps_percent is {self.steps_percent}; each must be above the one before"
            )

    def step_at(self, result_percent: Decimal) -> int:
        """The step of the ladder that a day's result has reached, 0 for none."""
        return sum(result_percent <= -exact(step) for step in self.steps_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown(AllPairsBreaker):
    """Tells at its first step; from the second on blocks every pair, and advises to close.

    What has latched blocks until it is released. Beside that, the day's result as it stands blocks
    by itself, with trades that have no price counted as if their stops had been hit.
    """

    parameters: DrawdownParameters
    name: ClassVar[str] = DRAWDOWN
    telling: ClassVar[Telling] = Telling.NEVER

    @property
    def release(self) -> str:
        """What releases it."""
        return "the UTC day is over and an admin has resumed after that"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips while a latch holds, or while the day's result is at a step."""
        for latch in state.latches:
            if latch.breaker == self.name and is_held(latch, state.now):
                return self._latched(latch)
        percent = state.day.total_percent
        step = self.parameters.step_at(percent)
        if not step:
            return None
        effect = Effect.BLOCK if step >= LATCHING_STEP else Effect.NOTIFY
        return Ruling(breaker=self.name, effect=effect, text=words_of(step, state.day, percent))

    def _latched(self, latch: Latch) -> Ruling:
        released = f"{releasable_from(latch):%Y-%m-%d %H:%M} UTC"
        return Ruling(
            breaker=self.name,
            effect=_EFFECTS[latch.level - 1],
            text=f"{latch.text}; until an admin resumes, from {released} on",
            since=latch.tripped_at,
        )


def latch_at(step: int, day: DayResult, now: datetime) -> Latch:
    """The latch of a step that the certain part of the day's result has reached."""
    text = words_of(step, day, day.certain_percent)
    return Latch(breaker=DRAWDOWN, level=step, tripped_at=now, text=text)


def words_of(step: int, day: DayResult, percent: Decimal) -> str:
    """What people read about a step, 1 to 4, that a result of the day has reached."""
    assumed = ""
    if percent != day.certain_percent:
        assumed = f" (without a price, counted as stopped: {', '.join(day.unpriced)})"
    return f"{day.day} stands at {percent:+.2f} % of equity{assumed}: {_CONSEQUENCES[step - 1]}"
