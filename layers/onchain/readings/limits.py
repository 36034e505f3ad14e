"""How long each kind of answer serves, and how long it is kept, in exchange milliseconds."""

import math
from dataclasses import dataclass

from layers.onchain.readings.parameters import ReadingParameters
from layers.onchain.readings.spans import DAY_MS, HOUR_MS, milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Silence after which a kind of answer says nothing; what is older than kept is dropped."""

    transfers_ms: int
    supply_ms: int
    dex_ms: int
    ahead_ms: int
    lateness_ms: int
    whales_ms: int
    kept_ms: int

    @classmethod
    def of(cls, shape: ReadingParameters, patience: float) -> "Limits":
        """Limits as declared; `patience` stretches those that are about polls."""
        if not (math.isfinite(patience) and patience > 0):
            raise ValueError(f"patience is {patience}; give a finite number above 0, 1 for live")
        ages = shape.ages
        return cls(
            transfers_ms=milliseconds(ages.transfers * patience),
            supply_ms=milliseconds(ages.supply * patience),
            dex_ms=milliseconds(ages.dex * patience),
            ahead_ms=milliseconds(ages.ahead),
            lateness_ms=milliseconds(ages.lateness * patience),
            whales_ms=milliseconds(shape.whales.window),
            kept_ms=shape.kept_days * DAY_MS,
        )

    @property
    def recent_ms(self) -> int:
        """How far back single transfers and answers are looked at, however late one asks."""
        return max(HOUR_MS + self.transfers_ms, self.whales_ms) + self.lateness_ms
