"""Each pattern on hand-made candles, in both directions, and what is almost it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from layers.technical.pattern_parameters import PatternShape
from layers.technical.patterns import PATTERN_NAMES, confidences
from layers.technical.sides import both_sides
from tests.unit.layers.technical.frames import hand_frame, one

Candle = tuple[float, float, float, float, float]
QUIET: Candle = (100.0, 100.3, 99.7, 100.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class Example:
    """Newest candles (open, high, low, close, volume), oldest first; the ATR is 1."""

    candles: Sequence[Candle]
    levels: Sequence[float] = ()
    ema: float = 90.0
    vwap: float = 90.0
    trend: float = 0.0
    hour_trend: float = 0.0
    volume_ratio: float = 1.0

    def mirrored(self) -> "Example":
        """The same upside down about 100."""
        return replace(
            self,
            candles=[(200 - o, 200 - low, 200 - h, 200 - c, v) for o, h, low, c, v in self.candles],
            levels=[200 - level for level in self.levels],
            ema=200 - self.ema,
            vwap=200 - self.vwap,
            trend=-self.trend,
            hour_trend=-self.hour_trend,
        )


@dataclass(frozen=True)
class Found:
    """Confidence of each pattern by name."""

    rising: dict[str, float] = field(default_factory=dict)
    falling: dict[str, float] = field(default_factory=dict)


def detect(example: Example) -> Found:
    opened, high, low, close, volume = zip(QUIET, *example.candles, strict=True)
    frame = hand_frame(
        open=opened, high=high, low=low, close=close, volume=volume, ema_medium=example.ema
    )
    sides = both_sides(
        frame,
        vwap=np.full_like(frame.close, example.vwap),
        levels=np.array([*example.levels, np.nan]).reshape(-1, 1, 1),
        trend=one(example.trend),
        hour_trend=one(example.hour_trend),
        unit=one(1.0),
        volume_ratio=one(example.volume_ratio),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rising, falling = confidences(sides, PatternShape())
    return Found(
        dict(zip(PATTERN_NAMES, rising.ravel().tolist(), strict=True)),
        dict(zip(PATTERN_NAMES, falling.ravel().tolist(), strict=True)),
    )


BREAKOUT = Example(
    candles=[QUIET, (100.2, 101.6, 100.1, 101.4, 30.0)], levels=[101.0, 99.0], volume_ratio=2.4
)
GRAB = Example(
    candles=[QUIET, (100.0, 100.4, 98.6, 100.3, 25.0)], levels=[99.0, 102.0], volume_ratio=2.0
)
GAP = Example(
    candles=[
        (100.0, 100.4, 99.8, 100.3, 10.0),
        (100.3, 102.0, 100.2, 101.9, 30.0),
        (101.9, 102.6, 101.2, 102.4, 20.0),
        (102.4, 102.5, 101.9, 102.0, 10.0),
        (101.1, 101.5, 100.7, 101.4, 12.0),
    ]
)
BOUNCE = Example(
    candles=[(101.0, 101.2, 100.6, 100.8, 10.0), (100.6, 101.2, 100.0, 101.1, 14.0)],
    ema=100.2,
    trend=0.8,
    hour_trend=1.0,
)
RECLAIM = Example(
    candles=[(100.0, 100.1, 99.4, 99.5, 10.0), (99.5, 100.8, 99.4, 100.7, 20.0)],
    vwap=100.2,
    volume_ratio=1.6,
)
IGNITION = Example(
    candles=[
        (100.0, 100.8, 99.9, 100.7, 10.0),
        (100.7, 101.5, 100.6, 101.4, 15.0),
        (101.4, 102.3, 101.3, 102.2, 25.0),
    ]
)
EXAMPLES = {
    "breakout": (BREAKOUT, 70.0),
    "liquidity_grab": (GRAB, 100.0),
    "fair_value_gap": (GAP, 100.0),
    "ema_bounce": (BOUNCE, 100.0),
    "vwap_reclaim": (RECLAIM, 80.0),
    "momentum_ignition": (IGNITION, 100.0),
}


@pytest.mark.parametrize("name", PATTERN_NAMES)
def test_pattern_is_seen_rising_and_mirrored_falling(name: str) -> None:
    example, confidence = EXAMPLES[name]
    upright, flipped = detect(example), detect(example.mirrored())
    assert upright.rising[name] == pytest.approx(confidence)
    assert upright.falling[name] == 0.0
    assert flipped.falling == pytest.approx(upright.rising)
    assert flipped.rising == pytest.approx(upright.falling)


@pytest.mark.parametrize("name", PATTERN_NAMES)
def test_quiet_candles_are_no_pattern(name: str) -> None:
    found = detect(Example(candles=[QUIET] * 4, levels=[99.0, 101.0], ema=95.0, vwap=95.0))
    assert found.rising[name] == 0.0
    assert found.falling[name] == 0.0


def changed_last(example: Example, candle: Candle) -> Example:
    return replace(example, candles=[*example.candles[:-1], candle])


ALMOST = {
    "breakout without volume": ("breakout", replace(BREAKOUT, volume_ratio=1.4)),
    "breakout only with the wick": (
        "breakout",
        changed_last(BREAKOUT, (100.2, 101.6, 100.1, 100.9, 30.0)),
    ),
    "wick that does not reach the level": ("liquidity_grab", replace(GRAB, levels=[98.5])),
    "close below the level": (
        "liquidity_grab",
        changed_last(GRAB, (100.0, 100.4, 98.6, 98.8, 25.0)),
    ),
    "short wick": ("liquidity_grab", changed_last(GRAB, (99.2, 101.4, 98.9, 101.3, 25.0))),
    "gap not reached": ("fair_value_gap", changed_last(GAP, (101.9, 102.0, 101.3, 101.5, 12.0))),
    "gap closed through": (
        "fair_value_gap",
        changed_last(GAP, (101.1, 101.5, 100.0, 100.2, 12.0)),
    ),
    "gap filled before": (
        "fair_value_gap",
        replace(GAP, candles=[*GAP.candles, (101.4, 101.6, 100.7, 101.5, 12.0)]),
    ),
    "bounce without a trend": ("ema_bounce", replace(BOUNCE, trend=0.0)),
    "body through the average": (
        "ema_bounce",
        changed_last(BOUNCE, (100.6, 100.7, 99.8, 100.1, 14.0)),
    ),
    "average not touched": ("ema_bounce", changed_last(BOUNCE, (100.8, 101.2, 100.5, 101.1, 14.0))),
    "reclaim without volume": ("vwap_reclaim", replace(RECLAIM, volume_ratio=0.7)),
    "never below vwap": ("vwap_reclaim", replace(RECLAIM, vwap=99.0)),
    "ignition with falling volume": (
        "momentum_ignition",
        changed_last(IGNITION, (101.4, 102.3, 101.3, 102.2, 12.0)),
    ),
    "ignition without a higher low": (
        "momentum_ignition",
        changed_last(IGNITION, (101.4, 102.3, 100.5, 102.2, 25.0)),
    ),
    "ignition with a falling candle": (
        "momentum_ignition",
        changed_last(IGNITION, (102.0, 102.3, 101.3, 101.9, 25.0)),
    ),
}


@pytest.mark.parametrize("case", ALMOST)
def test_what_is_almost_a_pattern_is_none(case: str) -> None:
    name, example = ALMOST[case]
    assert detect(example).rising[name] == 0.0


def test_breakout_is_surer_with_the_hour_trend() -> None:
    assert detect(replace(BREAKOUT, hour_trend=1.0)).rising["breakout"] == pytest.approx(100.0)
    assert detect(replace(BREAKOUT, hour_trend=-1.0)).rising["breakout"] == pytest.approx(70.0)


def test_ignition_of_small_candles_is_less_sure() -> None:
    small = replace(
        IGNITION,
        candles=[
            (100.0, 100.3, 99.9, 100.2, 10.0),
            (100.2, 100.4, 100.1, 100.3, 15.0),
            (100.3, 100.6, 100.2, 100.5, 25.0),
        ],
    )
    assert detect(small).rising["momentum_ignition"] == pytest.approx(50.0)


def test_grab_is_less_sure_without_volume() -> None:
    found = detect(replace(GRAB, volume_ratio=1.0)).rising["liquidity_grab"]
    assert found == pytest.approx(60.0)


def test_bounce_adds_hour_trend_and_volume() -> None:
    alone = replace(BOUNCE, hour_trend=0.0)
    steady = changed_last(alone, (100.6, 101.2, 100.0, 101.1, 10.0))
    assert detect(alone).rising["ema_bounce"] == pytest.approx(65.0)
    assert detect(steady).rising["ema_bounce"] == pytest.approx(40.0)
