"""When things happen: the beat of scans, closes and follow-ups."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingParameters(Parameters):
    """Delays and intervals, in exchange time unless told otherwise."""

    scan_seconds: float = parameter(
        60.0, doc="time between two scans", unit="seconds", source="design 4.1", low=10, high=3600
    )
    settle_seconds: float = parameter(
        2.0,
        doc="after a 1m close, the time given to its final candles before signals are followed",
        unit="seconds",
        source="design 3",
        low=0,
        high=30,
    )
    patience_seconds: float = parameter(
        6.0,
        doc="after a 15m close, how long the round waits for final candles before it asks REST; "
        "it starts as soon as all are in",
        unit="seconds",
        source="final frames come about 2 s after the close",
        low=0,
        high=60,
    )
    least_patience_wall_seconds: float = parameter(
        0.25,
        doc="lower bound of that patience in wall time: a socket does not get faster because a "
        "simulated venue's time does",
        unit="wall seconds",
        source="loopback round trips with a busy processor",
        low=0,
        high=10,
    )
    mend_wall_seconds: float = parameter(
        10.0,
        doc="how long that round then waits for REST; a pair that is not complete by then is left "
        "out of this close, and signals of the others go out",
        unit="wall seconds",
        source="one request takes a fraction of a second; the entry window is 15 minutes",
        low=1,
        high=120,
    )
    align_clock_seconds: float = parameter(
        300.0,
        doc="time between two measurements of exchange time",
        unit="seconds",
        source="venue documentation: clock skew is refused at 5 s",
        low=10,
        high=3600,
    )
    health_seconds: float = parameter(
        60.0,
        doc="time between two readings of the running bot, at least five wall seconds",
        unit="seconds",
        source="what is wrong is told within two readings",
        low=10,
        high=300,
    )

    def patience_wall_seconds(self, speed: float) -> float:
        """Patience in wall seconds where exchange time runs `speed` times as fast."""
        return max(self.patience_seconds / speed, self.least_patience_wall_seconds)
