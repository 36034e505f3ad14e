"""Anchor values of the indicators on hand-made rows, each with its mirror."""

import numpy as np
import pytest

from layers.technical.oscillators import (
    bollinger_reading,
    macd_reading,
    rsi_reading,
    stochastic_reading,
)
from layers.technical.parameters import TechnicalParameters
from layers.technical.reading import Reading
from layers.technical.trend import main_trend, structure_reading
from layers.technical.volume import obv_reading, volume_reading
from layers.technical.vwap import vwap_reading
from tests.unit.layers.technical.frames import hand_frame, one

P = TechnicalParameters()
UP, FLAT, DOWN = 1.0, 0.0, -1.0
ATR = one(1.0)


def bullishness(reading: Reading) -> float:
    return 50.0 + reading.distance.item()


@pytest.mark.parametrize(
    ("rsi", "trend", "expected"),
    [
        (28.0, UP, 90.0),
        (28.0, FLAT, 60.0),
        (28.0, DOWN, 50.0),
        (35.0, UP, 70.0),
        (52.0, UP, 50.0),
        (72.0, DOWN, 10.0),
        (72.0, FLAT, 40.0),
        (72.0, UP, 50.0),
    ],
)
def test_rsi(rsi: float, trend: float, expected: float) -> None:
    frame = hand_frame(rsi=rsi, close=[100.0, 101.0])
    reading = rsi_reading(frame, one(trend), P.periods, P.rsi)
    assert bullishness(reading) == pytest.approx(expected)
    assert reading.value.item() == rsi


def test_rsi_without_any_move_is_unknown() -> None:
    frame = hand_frame(rsi=0.0, close=100.0)
    assert np.isnan(rsi_reading(frame, one(UP), P.periods, P.rsi).value.item())


@pytest.mark.parametrize(
    ("averages", "expected"),
    [
        ((104.0, 103.0, 102.0, 101.0), 95.0),
        ((101.0, 102.0, 103.0, 104.0), 5.0),
        ((104.0, 103.0, 102.0, 103.0), 65.0),
        ((103.0, 103.0, 103.0, 103.0), 50.0),
    ],
)
def test_ema_stack(averages: tuple[float, float, float, float], expected: float) -> None:
    fast, medium, slow, slowest = averages
    frame = hand_frame(ema_fast=fast, ema_medium=medium, ema_slow=slow, ema_trend=slowest)
    trend = main_trend(frame, ATR, P.trend)
    assert bullishness(structure_reading(frame, trend, ATR, P.trend)) == pytest.approx(expected)


@pytest.mark.parametrize(("gaps", "expected"), [((-1.0, 0.1), 80.0), ((1.0, -0.1), 20.0)])
def test_fresh_ema_cross(gaps: tuple[float, float], expected: float) -> None:
    frame = hand_frame(ema_fast=gaps)
    assert bullishness(structure_reading(frame, one(0.0), ATR, P.trend)) == pytest.approx(expected)


def test_an_old_ema_cross_is_no_longer_fresh() -> None:
    frame = hand_frame(ema_fast=[-1.0, 0.1, 0.1, 0.1, 0.1])
    assert bullishness(structure_reading(frame, one(0.0), ATR, P.trend)) == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("distance", "trend", "expected"),
    [
        (0.0, UP, 70.0),
        (0.0, FLAT, 50.0),
        (0.0, DOWN, 30.0),
        (0.5, DOWN, 60.0),
        (4.0, FLAT, 80.0),
        (-0.5, UP, 40.0),
        (-9.0, FLAT, 20.0),
    ],
)
def test_vwap(distance: float, trend: float, expected: float) -> None:
    reading = vwap_reading(one(100.0 + distance), one(100.0), ATR, one(trend), P.vwap)
    assert bullishness(reading) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("histogram", "expected"),
    [
        ([-0.2, 0.05, 0.17], 90.0),
        ([-0.2, 0.05, 0.05, 0.05], 80.0),
        ([0.3, 0.3, 0.3, 0.3, 0.42], 70.0),
        ([0.3, 0.3, 0.3, 0.42, 0.3], 50.0),
        ([0.0], 50.0),
        ([0.2, -0.05, -0.17], 10.0),
        ([-0.3, -0.3, -0.3, -0.3, -0.42], 30.0),
    ],
)
def test_macd(histogram: list[float], expected: float) -> None:
    reading = macd_reading(hand_frame(macd_histogram=histogram), ATR, P.macd)
    assert bullishness(reading) == pytest.approx(expected)


ZIGZAG = [99.0, 101.0] * 10
AT_LOWER_BAND = [*ZIGZAG[:-1], 97.5]


@pytest.mark.parametrize(
    ("trend", "expected"), [(UP, 85.0), (FLAT, 60.0), (DOWN, 50.0)], ids=["up", "flat", "down"]
)
def test_lower_bollinger_band_and_its_mirror(trend: float, expected: float) -> None:
    wide, shape = one(0.1), P.bollinger
    low = hand_frame(close=AT_LOWER_BAND)
    high = hand_frame(close=[200.0 - close for close in AT_LOWER_BAND])
    at_lower = bollinger_reading(low, wide, one(trend), P.periods, shape)
    at_upper = bollinger_reading(high, wide, one(-trend), P.periods, shape)
    assert bullishness(at_lower) == pytest.approx(expected)
    assert bullishness(at_upper) == pytest.approx(100.0 - expected)


@pytest.mark.parametrize(("trend", "expected"), [(UP, 70.0), (FLAT, 50.0), (DOWN, 30.0)])
def test_squeeze_waits_for_the_side_of_the_trend(trend: float, expected: float) -> None:
    frame = hand_frame(close=AT_LOWER_BAND)
    reading = bollinger_reading(frame, one(9.0), one(trend), P.periods, P.bollinger)
    assert bullishness(reading) == pytest.approx(expected)
    assert reading.event.item() == 1.0


def test_bollinger_bands_of_a_flat_price_are_unknown() -> None:
    with np.errstate(invalid="ignore"):
        reading = bollinger_reading(hand_frame(close=100.0), ATR, one(UP), P.periods, P.bollinger)
    assert np.isnan(reading.value.item())


RISING = [100.0 + k for k in range(21)]
FALLING = RISING[::-1]


@pytest.mark.parametrize(
    ("close", "volume", "expected"),
    [
        (RISING, 10.0, 60.0),
        (FALLING, 10.0, 40.0),
        ([100.0] * 21, 10.0, 50.0),
        ([*[104.0, 105.0] * 10, 100.0], [1.0, 9.0] * 9 + [1.0, 9.0, 1.0], 90.0),
        ([*[101.0, 100.0] * 10, 105.0], [1.0, 9.0] * 9 + [1.0, 9.0, 1.0], 10.0),
    ],
    ids=["confirms rise", "confirms fall", "flat", "inflow on a fall", "outflow on a rise"],
)
def test_obv(close: list[float], volume: list[float] | float, expected: float) -> None:
    reading = obv_reading(hand_frame(close=close, volume=volume), ATR, P.periods, P.obv)
    assert bullishness(reading) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ratio", "body", "expected"),
    [
        (2.0, 1.0, 85.0),
        (2.0, -1.0, 15.0),
        (5.0, 1.0, 92.0),
        (1.0, 1.0, 55.0),
        (0.4, 1.0, 50.0),
        (2.0, 0.0, 50.0),
    ],
)
def test_volume(ratio: float, body: float, expected: float) -> None:
    frame = hand_frame(open=100.0, close=100.0 + body)
    assert bullishness(volume_reading(frame, one(ratio), ATR, P.volume)) == pytest.approx(expected)


def test_stochastic_rsi_crossing_up_out_of_oversold_and_its_mirror() -> None:
    rsi = [*[60.0, 40.0] * 10, 30.0, 29.0, 28.0, 27.0, 27.5, 40.0]
    up = stochastic_reading(hand_frame(rsi=rsi), P.periods, P.stochrsi)
    down = stochastic_reading(
        hand_frame(rsi=[100.0 - value for value in rsi]), P.periods, P.stochrsi
    )
    assert bullishness(up) == pytest.approx(85.0)
    assert bullishness(down) == pytest.approx(15.0)


def test_stochastic_rsi_without_a_range_is_unknown() -> None:
    with np.errstate(invalid="ignore"):
        reading = stochastic_reading(hand_frame(rsi=55.0), P.periods, P.stochrsi)
    assert np.isnan(reading.value.item())
