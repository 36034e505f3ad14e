"""Breaker: a pair has one live trade at a time. Released when that trade has ended."""

from dataclasses import dataclass

from domain.decisions import Decision
from domain.plans import Denial
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePerPair:
    """Blocks a pair, in both directions, while a trade on it is live.

    A reader could not tell two posts on one pair apart, nor act on both at once.
    """

    name: str = "one_per_pair"
    covers_all_pairs: bool = False

    def check(self, candidate: Decision, state: RiskState) -> Denial | None:
        """Trips while the pair has a live trade."""
        live = [trade for trade in state.trades if trade.symbol == candidate.symbol]
        if not live:
            return None
        text = f"a {live[0].direction} on this pair is live already"
        return Denial(rule=self.name, text=text)
