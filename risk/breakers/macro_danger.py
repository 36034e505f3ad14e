"""Breaker: the markets outside crypto are falling apart. Released when their danger is over."""

from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from domain.sentiment import MacroState
from domain.timeframes import from_ms
from risk.breakers.breaker import AllPairsBreaker, Ruling, Telling
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroDanger(AllPairsBreaker):
    """Blocks every pair while the macro state is DANGER.

    What makes a danger, and how calm it must get to be over, is up to the sentiment layer.
    """

    name: ClassVar[str] = "macro_danger"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return "the markets outside crypto have calmed down"

    def check(self, state: RiskState) -> Ruling | None:
        """Trips while there is a danger; nobody watching macro markets is none."""
        macro = state.macro
        if macro is None or macro.state is not MacroState.DANGER:
            return None
        since = from_ms(macro.since_ms)
        cause = f": {macro.cause}" if macro.cause else ""
        text = f"macro danger since {since:%H:%M} UTC{cause}"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text, since=since)
