"""What rules that stood in the way of trades prevented or cost, judged by shadows that ended."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.ports.clock import Clock
from engine.ports.storage import ShadowResult, Storage
from engine.statistics.rates import rate
from engine.statistics.values import RuleVerdict

LONGEST_LOOK_BACK: Final = timedelta(days=365)
"""How far back "all time" reaches: rules and their settings of before were others."""

_PIECE: Final = timedelta(days=1)
"""How much is read at once: no more than others can wait for, or memory holds."""


@dataclass(slots=True)
class _Count:
    """The sums behind one verdict, so far."""

    followed: int = 0
    entered: int = 0
    alone: int = 0
    wins: int = 0
    total_r: Decimal = Decimal(0)

    def add(self, result: ShadowResult) -> None:
        """One more that the rule stopped."""
        self.followed += 1
        self.alone += len(result.rules) == 1
        if result.was_entered:
            self.entered += 1
            self.wins += result.realised_r > 0
            self.total_r += result.realised_r

    def verdict(self, rule: str) -> RuleVerdict:
        """As it stands."""
        return RuleVerdict(
            rule=rule,
            followed=self.followed,
            entered=self.entered,
            alone=self.alone,
            wins=rate(self.wins, self.entered),
            mean_r=self.total_r / self.entered if self.entered else None,
            total_r=self.total_r,
        )


class VerdictCounter:
    """Counts shadows without keeping them: a year of them would not fit into memory.

    A shadow counts for every rule that stood in its way, so totals of rules must not be added up.
    One whose entry was never met counts as followed and as nothing else; one that lost its data
    while open counts with the rest closed at its stop, as a signal does.
    """

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def add(self, result: ShadowResult) -> None:
        """Count a shadow that ended for each rule that stood in its way."""
        for rule in result.rules:
            self._counts.setdefault(rule, _Count()).add(result)

    def verdicts(self) -> tuple[RuleVerdict, ...]:
        """What each rule prevented (a total below 0) or cost, those with the most trades first."""
        found = [count.verdict(rule) for rule, count in self._counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.entered, -each.followed, each.rule)))


class ReadRuleVerdicts:
    """Verdicts on all rules, from the shadows that ended within a period."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def __call__(self, days: int | None) -> tuple[RuleVerdict, ...]:
        """`days` back from now, at most `LONGEST_LOOK_BACK`; None for that."""
        now = self._clock.now()
        look_back = LONGEST_LOOK_BACK if days is None else timedelta(days=days)
        start, end = now - min(look_back, LONGEST_LOOK_BACK), now + timedelta(microseconds=1)
        counter = VerdictCounter()
        while start < end:
            async with self._storage() as unit:
                results = await unit.shadows.list_results_between(start, min(start + _PIECE, end))
            for result in results:
                counter.add(result)
            start += _PIECE
        return counter.verdicts()
