"""What a soak plays: market, speed, length, troubles, and the strategy that keeps it busy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.e2e.line import EAGER, PATIENT_BREAKERS

_SECONDS_A_MINUTE = 60.0

_RARER = 58.0
"""Some 200 signals a day, each with half a dozen messages: 48 times as fast that is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakPlan:
    """One soak.

    `speed` is exchange seconds in a wall second, `minutes` wall minutes from the bot being ready.

    `fault_seconds` is the mean pause between two faults. `kills` sudden ends with restarts lie in
    the last eighth, so that memory is followed in one process before. The first `warm_up` share
    of the time is left out of the slopes of memory. Messages are counted for `count_seconds` at
    the begin and the end.
    """

    name: str
    speed: float
    minutes: float
    pairs: int = 40
    start: datetime
    seed: int = 8
    fault_seconds: float = 15.0
    kills: int = 0
    warm_up: float = 0.25
    sample_seconds: float = 3.0
    count_seconds: float = 5.0
    strategy: Mapping[str, Any] = field(default_factory=lambda: busy_strategy(40))

    @property
    def wall_seconds(self) -> float:
        """Length in wall seconds."""
        return self.minutes * _SECONDS_A_MINUTE

    @property
    def simulated_days(self) -> float:
        """Length in days of exchange time."""
        return self.wall_seconds * self.speed / 86_400.0


def busy_strategy(pairs: int, *, threshold: float = 50.0) -> dict[str, Any]:
    """As many pairs as given at all times; a small signal from a `threshold` of two layers."""
    risk = EAGER["risk"]
    return {
        **EAGER,
        "scanner": {**EAGER["scanner"], "maximum_pairs": pairs},
        "confluence": {**EAGER["confluence"], "medium_threshold": threshold},
        "risk": {
            **risk,
            "risk_per_trade": {**risk["risk_per_trade"], "full_risk_percent": 0.5},
            "breakers": PATIENT_BREAKERS,
        },
    }


def with_all_layers(strategy: Mapping[str, Any]) -> dict[str, Any]:
    """The same asking the layers of outside data, too."""
    confluence = {name: value for name, value in strategy["confluence"].items() if name != "layers"}
    return {**strategy, "confluence": confluence}


def day_compressed() -> SoakPlan:
    """24 hours of 40 pairs in half an hour."""
    return SoakPlan(
        name="day",
        speed=48.0,
        minutes=30.0,
        start=datetime(2026, 1, 6, 0, 6, tzinfo=UTC),
        kills=2,
        strategy=with_all_layers(busy_strategy(40, threshold=_RARER)),
    )


def live_doubled() -> SoakPlan:
    """30 real minutes with all messages of 40 pairs twice as often, and more: five closes.

    Of frames that come at a fixed pace, 80 pairs have twice as many; time that runs twice as fast
    doubles the trades again. Tapes of 30 minutes are full after half of it, and memory is judged
    from then on.
    """
    return SoakPlan(
        name="live",
        speed=2.0,
        minutes=31.0,
        pairs=80,
        start=datetime(2026, 1, 6, 8, 13, tzinfo=UTC),
        warm_up=0.55,
        strategy={**busy_strategy(80), "issue": {}},
    )


def smoke() -> SoakPlan:
    """A few seconds, to see that the harness works."""
    return SoakPlan(
        name="smoke",
        speed=240.0,
        minutes=0.07,
        pairs=5,
        start=datetime(2026, 1, 6, 8, 6, tzinfo=UTC),
        fault_seconds=1.0,
        sample_seconds=0.2,
        count_seconds=0.5,
        strategy=busy_strategy(5),
    )


PLANS = {"day": day_compressed, "live": live_doubled, "smoke": smoke}
