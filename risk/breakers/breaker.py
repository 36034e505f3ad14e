"""What every breaker is: a named rule over an explicit state.

A rule blocks by answering with a denial. Effects beyond blocking (shrink the size, raise the bar,
pause, close) and a release of their own get their methods here, so that each rule states all of its
trip, effect, release and message in its one file.
"""

from typing import Protocol

from domain.decisions import Decision
from domain.plans import Denial
from risk.state import RiskState


class Breaker(Protocol):
    """One rule. It holds its parameters and no state of its own."""

    @property
    def name(self) -> str:
        """Stable name, the `rule` of its denials."""

    @property
    def covers_all_pairs(self) -> bool:
        """Whether it stops every pair at once: then it is told once, not once per pair."""

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:
        """Why the candidate may not be traded now, or None."""
