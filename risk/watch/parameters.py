"""All thresholds of the portfolio watch, in the groups of its rules."""

from dataclasses import dataclass, field
from datetime import timedelta

from domain.parameters import Parameters, parameter
from risk.watch.health_parameters import HealthParameters
from risk.watch.leader import LeaderParameters
from risk.watch.tightening import TighteningParameters
from risk.watch.turn_parameters import TurnParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchParameters(Parameters):
    """The watch over open trades."""

    stale_minutes: float = parameter(
        3.0,
        doc="age from which on the newest 1-minute candle of a pair is too old to judge by",
        unit="minutes",
        source="own choice",
        low=1,
        high=60,
    )
    turn: TurnParameters = field(default_factory=TurnParameters)
    leader: LeaderParameters = field(default_factory=LeaderParameters)
    health: HealthParameters = field(default_factory=HealthParameters)
    tightening: TighteningParameters = field(default_factory=TighteningParameters)

    @property
    def stale_after(self) -> timedelta:
        """Age from which on a candle is too old."""
        return timedelta(minutes=self.stale_minutes)

    @property
    def history_minutes(self) -> int:
        """How many closed minutes of a trade's pair the rules look at, the most of any."""
        turn, health = self.turn, self.health
        sign = max(
            turn.reversal_minutes,
            turn.breakdown_minutes + max(turn.mean_volume_minutes, turn.swing_minutes),
            turn.rejection_minutes,
        )
        return max(
            sign + turn.agreement_minutes,
            turn.move_minutes,
            health.quality_minutes,
            health.flow_minutes,
            health.swing_minutes + health.usual_swing_minutes,
        )
