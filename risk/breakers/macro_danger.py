"""Breaker: the markets outside crypto are falling apart. Released when their danger is over."""

from dataclasses import dataclass

from domain.decisions import Decision
from domain.plans import Denial
from domain.sentiment import MacroState
from domain.timeframes import from_ms
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroDanger:
    """Blocks every pair while the macro state is DANGER.

    What makes a danger, and how calm it must get to be over, is up to the sentiment layer.
    """

    name: str = "macro_danger"
    covers_all_pairs: bool = True

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:  # noqa: ARG002 - moves all pairs
        """Trips while there is a danger; nobody watching macro markets is none."""
        macro = state.macro
        if macro is None or macro.state is not MacroState.DANGER:
            return None
        cause = f": {macro.cause}" if macro.cause else ""
        text = f"macro danger since {from_ms(macro.since_ms):%H:%M} UTC{cause}"
        return Denial(rule=self.name, text=text)
