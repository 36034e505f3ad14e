"""Thresholds of the tape: when a trade is large, a flow toxic, a move unsupported or spent."""

from dataclasses import dataclass
from typing import Any, Final

from domain.parameters import Parameters, parameter

DESIGN: Final = "design 4.3"
CHOICE: Final = "own choice"
VPIN_PAPER: Final = (
    "Easley, López de Prado, O'Hara: Flow Toxicity and Liquidity in a High-Frequency World (2012)"
)


def _multiple(default: float, doc: str) -> Any:
    return parameter(default, doc=doc, unit="multiple", source=DESIGN, low=1, high=1000)


def _count(default: int, doc: str, unit: str, source: str = CHOICE) -> Any:
    return parameter(default, doc=doc, unit=unit, source=source, low=1, high=1000)


def _share(default: float, doc: str, low: float = 0.01, source: str = CHOICE) -> Any:
    return parameter(default, doc=doc, unit="share", source=source, low=low, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeParameters(Parameters):
    """Lengths of the windows are no parameters: they are part of `TapeReading`."""

    silence_seconds: float = parameter(
        20.0,
        doc="time without a trade of any streamed pair after which no tape is believed: the stream "
        "is interrupted, though nobody has noticed yet",
        unit="seconds",
        source="40 pairs trade several times a second",
        low=1,
        high=3600,
    )
    large_multiple: float = _multiple(3, "a trade is large from this many mean trades")
    very_large_multiple: float = _multiple(10, "a trade is very large from this many mean trades")
    large_least_trades: int = _count(
        30, "trades in the five minutes before, from which their mean size is known", "trades"
    )
    big_notional: float = parameter(
        50_000.0,
        doc="a trade is big above this notional",
        unit="quote currency",
        source=DESIGN,
        low=0,
        high=1e8,
    )
    velocity_least_trades: int = _count(
        30, "trades in 30 s from which their speed is known; of fewer, one makes a burst", "trades"
    )
    vpin_buckets: int = _count(50, "buckets of equal volume", "buckets", VPIN_PAPER)
    vpin_least_trades: int = _count(
        5,
        "mean trades in a bucket, from which VPIN is read; of fewer, chance alone makes it high",
        "trades",
    )
    divergence_price_move: float = parameter(
        0.1,
        doc="move of the price over five minutes, from which it may diverge",
        unit="percent",
        source=CHOICE,
        low=0.001,
        high=100,
    )
    divergence_delta_share: float = _share(
        0.1, "CVD's move over five minutes as a share of the volume, from which it may diverge"
    )
    exhaustion_share: float = _share(
        0.5, "a side is spent below this share of its own five-minute rate", source=DESIGN
    )
    exhaustion_dominance: float = _share(
        0.55, "share of the five-minute volume from which a side dominates", low=0.5
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if not self.large_multiple < self.very_large_multiple:
            raise ValueError(
                f"large_multiple is {self.large_multiple}; "
                f"it must be below very_large_multiple, which is {self.very_large_multiple}"
            )
