"""Breaker: somebody paused new signals. Released by a resume, and by nothing else."""

from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(AllPairsBreaker):
    """Blocks every pair while new signals are paused."""

    name: ClassVar[str] = "paused"
    telling: ClassVar[Telling] = Telling.NEVER

    @property
    def release(self) -> str:
        """What releases it."""
        return "an admin resumes"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips while the state is paused."""
        pause = state.pause
        if not pause.is_paused:
            return None
        reason = f": {pause.reason}" if pause.reason else ""
        text = f"new signals are paused{reason}"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=pause.since)
