"""Breaker: one bet under several names. Released as the trades that are alike end."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from domain.breakers import Effect
from domain.correlations import Correlations
from domain.directions import Direction
from domain.parameters import Parameters, parameter
from risk.breakers.breaker import Candidate, PairBreaker, Ruling, Telling
from risk.state import OpenTrade, RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationGuardParameters(Parameters):
    """How alike two trades may be, and how many may be somewhat alike."""

    maximum_correlation: float = parameter(
        0.85,
        doc="most that a trade may correlate with a live one, in the sense of their directions",
        unit="correlation",
        source="design 4.6",
        low=0,
        high=1,
    )
    cluster_correlation: float = parameter(
        0.70,
        doc="correlation, in the sense of their directions, from which two trades are one cluster",
        unit="correlation",
        source="own choice: about half of the variance is shared (0.7 squared)",
        low=0,
        high=1,
    )
    maximum_cluster: int = parameter(
        2,
        doc="most trades of one cluster at once",
        unit="trades",
        source="design 4.6",
        low=1,
        high=100,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.cluster_correlation > self.maximum_correlation:
            raise ValueError(
                f"cluster_correlation is {self.cluster_correlation}; it must not exceed "
                f"maximum_correlation, {self.maximum_correlation}"
            )


class _Side(NamedTuple):
    """One trade as far as likeness goes."""

    symbol: str
    direction: Direction


_Beside = Sequence[tuple[_Side, float | None]]
"""Other trades, each with how much alike it is to one; None where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationGuard(PairBreaker):
    """Blocks what a live trade does already, and a cluster that would grow too large.

    Two trades are alike as far as their results move together: by their pairs' correlation when
    they have the same direction, by its negative when they have not. A cluster holds whoever is
    linked with the candidate, directly or through others, so that the order in which trades came
    makes no difference. A correlation nobody knows links two trades of the same direction, since
    most pairs rise and fall together, and never blocks by itself: after a start nothing is known.
    A live trade of the candidate's own pair is another rule's matter.
    """

    parameters: CorrelationGuardParameters
    name: ClassVar[str] = "correlation_guard"
    telling: ClassVar[Telling] = Telling.ON_DENIAL

    @property
    def release(self) -> str:
        """What releases it."""
        return "the live trades that move with it end"

    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:
        """Trips on a live trade that is too much alike, and on a full cluster."""
        side = _Side(candidate.symbol, candidate.direction)
        live = [_side_of(trade) for trade in state.trades if trade.symbol != candidate.symbol]
        beside = _beside(side, live, state.correlations)
        problems = [
            *self._too_much_alike(side, beside),
            *self._too_many(side, beside, state.correlations),
        ]
        if not problems:
            return None
        return Ruling(breaker=self.name, effect=Effect.BLOCK, text="; ".join(problems))

    def _too_much_alike(self, side: _Side, live: _Beside) -> Iterator[str]:
        for other, likeness in live:
            if likeness is not None and likeness > self.parameters.maximum_correlation:
                yield (
                    f"correlates {likeness * side.direction.sign * other.direction.sign:.2f} with "
                    f"the live {other.direction} on {other.symbol}"
                )

    def _too_many(self, side: _Side, live: _Beside, correlations: Correlations) -> Iterator[str]:
        cluster = self._cluster_of(side, live, correlations)
        if len(cluster) >= self.parameters.maximum_cluster:
            names = ", ".join(f"{other.symbol} {other.direction}" for other in cluster)
            yield (
                f"would be trade {len(cluster) + 1} of a cluster that moves together ({names}), "
                f"{self.parameters.maximum_cluster} are allowed"
            )

    def _cluster_of(self, side: _Side, live: _Beside, correlations: Correlations) -> list[_Side]:
        """Live trades linked with one, in the order in which the links lead to them."""
        cluster = self._linked(side, live)
        apart = [other for other, _ in live if other not in cluster]
        for one in cluster:  # whoever is linked with it is appended, and has its turn later
            linked = self._linked(one, _beside(one, apart, correlations))
            apart = [other for other in apart if other not in linked]
            cluster += linked
        return cluster

    def _linked(self, one: _Side, live: _Beside) -> list[_Side]:
        return [other for other, likeness in live if self._is_link(one, other, likeness)]

    def _is_link(self, one: _Side, other: _Side, likeness: float | None) -> bool:
        if likeness is None:
            return one.direction is other.direction
        return likeness >= self.parameters.cluster_correlation


def _side_of(trade: OpenTrade) -> _Side:
    return _Side(trade.symbol, trade.direction)


def _beside(one: _Side, others: Iterable[_Side], correlations: Correlations) -> _Beside:
    return [(other, _likeness(one, other, correlations)) for other in others]


def _likeness(one: _Side, other: _Side, correlations: Correlations) -> float | None:
    """In [-1, 1]: 1 where two trades win and lose together, -1 where one pays for the other."""
    correlation = correlations.between(one.symbol, other.symbol)
    if correlation is None or not math.isfinite(correlation):
        return None
    return correlation * one.direction.sign * other.direction.sign
