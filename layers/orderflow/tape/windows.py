"""How far back the tape looks, and what was traded within a stretch of it."""

from typing import Final, NamedTuple

WINDOW_SECONDS: Final = (5, 30, 60, 300, 900)
"""Windows that a reading holds."""

MEASURED_SECONDS: Final = (1, 3, *WINDOW_SECONDS)
"""Windows that are looked up, those for speed and volume spikes among them."""

FIVE_MINUTES_MS: Final = 300_000
SLACK_MS: Final = 900_000
"""How far behind the newest trade an instant may lie and still be read."""

RETENTION_MS: Final = 1000 * WINDOW_SECONDS[-1] + SLACK_MS


class Traded(NamedTuple):
    """Totals of a stretch: volumes in quantity steps, notionals in ten-thousandths of a unit."""

    trades: int
    volume: int
    bought: int
    notional: int
    bought_notional: int

    @property
    def delta(self) -> int:
        """Taker buys less taker sells, in quantity steps."""
        return 2 * self.bought - self.volume
