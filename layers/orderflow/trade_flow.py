"""Component: whether buyers or sellers take what the book offers."""

from dataclasses import dataclass
from typing import Final

from domain.parameters import Parameters, parameter
from domain.tape import TapeReading
from layers.component import SLIGHT, Component, known, not_known
from layers.declarations import (
    CHOICE,
    DESIGN,
    anchor,
    multiple,
    require_rising,
    share,
)
from layers.figures import dollars, span
from layers.shapes import (
    Anchor,
    clip,
    confirmed,
    distance_of_share,
    ramp,
    signed_unit,
)

LABEL: Final = "Trade flow"
WINDOW: Final = 300
"""Seconds of tape that the layer reads, if they are covered."""

_CONFIRMING: Final = (60, 900)
_CLEAR: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFlowShape(Parameters):
    """What the buyers' share of five minutes of trades stands for."""

    minimum_covered: float = parameter(
        60.0,
        doc="tape without a gap below which trades say nothing",
        unit="seconds",
        source=CHOICE,
        low=1,
        high=WINDOW,
    )
    neutral_share: float = share(0.52, "buyers' share up to which trades say nothing", low=0.5)
    aggressive_share: float = share(0.60, "buyers' share of aggressive buying", DESIGN, low=0.5)
    strong_share: float = share(0.75, "buyers' share of very aggressive buying", DESIGN, low=0.5)
    full_share: float = share(0.90, "buyers' share that says most", low=0.5)
    aggressive: float = anchor(70.0, "aggressive buying")
    strong: float = anchor(85.0, "very aggressive buying")
    full: float = anchor(95.0, "buyers hold the share that says most")
    agreement: float = share(0.15, "part of the distance that one and 15 minutes add or take")
    velocity_from: float = multiple(1.0, "trades per second over their mean that strengthen")
    velocity_full: float = multiple(3.0, "trades per second over their mean of a burst", CHOICE)
    velocity_strength: float = share(0.15, "part of the distance that a burst adds")
    divergence_pull: float = parameter(
        12.0,
        doc="pull of a full divergence of CVD from the price, towards CVD",
        unit="bullishness",
        source=CHOICE,
        low=0,
        high=50,
    )
    exhaustion_pull: float = parameter(
        15.0,
        doc="pull of full exhaustion, away from those who are exhausted",
        unit="bullishness",
        source=CHOICE,
        low=0,
        high=50,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(
            neutral_share=self.neutral_share,
            aggressive_share=self.aggressive_share,
            strong_share=self.strong_share,
            full_share=self.full_share,
        )
        require_rising(aggressive=self.aggressive, strong=self.strong, full=self.full)
        require_rising(velocity_from=self.velocity_from, velocity_full=self.velocity_full)

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """From nothing said to most."""
        return (
            (self.neutral_share, 50.0),
            (self.aggressive_share, self.aggressive),
            (self.strong_share, self.strong),
            (self.full_share, self.full),
        )


def covered_share(tape: TapeReading | None, shape: TradeFlowShape) -> float:
    """Part of the five minutes that the tape covers, 0 to 1; 0 when it is too little to speak."""
    if tape is None or not tape.covered_seconds >= shape.minimum_covered:
        return 0.0
    return clip(tape.covered_seconds / WINDOW, 0.0, 1.0)


def tape_gap(tape: TapeReading | None) -> str:
    """Why the trades say nothing, in words."""
    if tape is None:
        return "no trades received"
    return f"only {tape.covered_seconds:.0f} s of trades without a gap"


def trade_flow(tape: TapeReading | None, shape: TradeFlowShape) -> Component:
    """Takers push the price; they do so less when the price does not follow or they tire.

    The value is the buyers' share of the quantity traded in five minutes, or in as much of them as
    is covered, in proportion to which the component speaks.
    """
    covered = covered_share(tape, shape)
    if tape is None or not covered:
        return not_known(LABEL, tape_gap(tape))
    ratio = tape.window(WINDOW).aggressor_ratio
    if ratio is None:
        return not_known(LABEL, f"no trade in {span(WINDOW)}")
    distance = covered * (_pressure(ratio, tape, shape) + _pull(tape, shape))
    return known(LABEL, ratio, distance, _words(ratio, covered, tape), covered)


def _pressure(ratio: float, tape: TapeReading, shape: TradeFlowShape) -> float:
    leaning = distance_of_share(ratio, shape.anchors)
    agreement = sum(_agreement(tape, seconds, shape) for seconds in _CONFIRMING) / len(_CONFIRMING)
    return confirmed(leaning, agreement, shape.agreement) + leaning * _burst(tape, shape)


def _agreement(tape: TapeReading, seconds: int, shape: TradeFlowShape) -> float:
    """Where another window leans, in [-1, 1], as far as it is covered."""
    ratio = tape.window(seconds).aggressor_ratio
    if ratio is None:
        return 0.0
    leaning = signed_unit((ratio - 0.5) / (shape.aggressive_share - 0.5))
    return leaning * clip(tape.covered_seconds / seconds, 0.0, 1.0)


def _burst(tape: TapeReading, shape: TradeFlowShape) -> float:
    if tape.velocity_ratio is None:
        return 0.0
    burst = ramp(tape.velocity_ratio, shape.velocity_from, shape.velocity_full)
    return shape.velocity_strength * burst


def _pull(tape: TapeReading, shape: TradeFlowShape) -> float:
    divergence, exhaustion = signed_unit(tape.divergence), signed_unit(tape.exhaustion)
    return shape.divergence_pull * divergence + shape.exhaustion_pull * exhaustion


def _words(ratio: float, covered: float, tape: TapeReading) -> str:
    window = tape.window(WINDOW)
    told = f"{span(WINDOW)} ({dollars(window.buy_notional + window.sell_notional)})"
    if covered < 1.0:
        told += f", whole for {span(covered * WINDOW)}"
    return f"{_takers(ratio, told)}{_doubt(tape)}"


def _takers(ratio: float, told: str) -> str:
    stronger = max(ratio, 1.0 - ratio)
    if stronger * 100.0 - 50.0 < SLIGHT:
        return f"Buyers and sellers even in the last {told}"
    return f"{'Buyers' if ratio > 0.5 else 'Sellers'} took {stronger:.0%} of the last {told}"


def _doubt(tape: TapeReading) -> str:
    if abs(tape.exhaustion) >= _CLEAR:
        return f", {'sellers' if tape.exhaustion > 0.0 else 'buyers'} exhausted"
    if tape.divergence >= _CLEAR:
        return ", buying against a falling price"
    return ", selling against a rising price" if tape.divergence <= -_CLEAR else ""
