"""Breaker: somebody paused new signals. Released by a resume, and by nothing else."""

from dataclasses import dataclass

from domain.decisions import Decision
from domain.plans import Denial
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Blocks every pair while new signals are paused."""

    name: str = "paused"
    covers_all_pairs: bool = True

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:  # noqa: ARG002 - a pause is for every pair
        """Trips while the state is paused."""
        if not state.pause.is_paused:
            return None
        reason = f": {state.pause.reason}" if state.pause.reason else ""
        return Denial(rule=self.name, text=f"new signals are paused{reason}")
