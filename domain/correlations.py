"""How alike pairs have moved: what the correlation guard and the portfolio watch go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Pearson correlations of log returns in [-1, 1], as of an instant.

    `values` is keyed by two symbols in alphabetical order. A pair of symbols without enough common
    returns is not in it: unknown, which is not the same as independent.
    """

    as_of: datetime | None = None
    values: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def between(self, one: str, other: str) -> float | None:
        """Of two symbols, in either order; 1 of a symbol with itself, None where unknown."""
        if one == other:
            return 1.0
        return self.values.get((one, other) if one < other else (other, one))
