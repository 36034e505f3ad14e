"""Breaker: a pair has one live trade at a time. Released when that trade has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from domain.breakers import Effect
from risk.breakers.breaker import Candidate, PairBreaker, Ruling, Telling
from risk.state import OpenTrade, RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePerPair(PairBreaker):
    """Blocks a pair, in both directions, while a trade on it is live.

    A reader could not tell two posts on one pair apart, nor act on both at once.
    """

    name: ClassVar[str] = "one_per_pair"
    telling: ClassVar[Telling] = Telling.NEVER

    @property
    def release(self) -> str:
        """What releases it."""
        return "the pair's trade ends"

    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:
        """Trips while the pair has a live trade."""
        of_pair = (trade for trade in state.trades if trade.symbol == candidate.symbol)
        trade = next(of_pair, None)
        return None if trade is None else self._ruling(trade)

    def tripped(self, state: RiskState) -> Mapping[str, Ruling]:
        """The pairs of all live trades."""
        return {trade.symbol: self._ruling(trade) for trade in reversed(state.trades)}

    def _ruling(self, trade: OpenTrade) -> Ruling:
        text = f"a {trade.direction} on this pair is live already"
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text=text)
