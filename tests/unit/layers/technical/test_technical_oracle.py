"""The standard indicators against pandas-ta-classic, an implementation of its own."""

import numpy as np
import pandas as pd
import pandas_ta_classic as ta
import pytest

from domain.timeframes import Timeframe
from layers.technical.frame import Frame
from layers.technical.framing import frame_of
from layers.technical.oscillators import bollinger_reading, stochastic_reading
from layers.technical.parameters import TechnicalParameters
from layers.technical.volume import obv_reading, volume_ratio
from layers.technical.vwap import day_vwap
from tests.unit.layers.technical.markets import Floats, columns_of, random_market

PARAMETERS = TechnicalParameters()
ROWS = 500


@pytest.fixture(scope="module", params=[1, 2, 3])
def market(request: pytest.FixtureRequest) -> tuple[Frame, pd.DataFrame]:
    """The rows of a whole block, and its anchored window as a data frame."""
    candles = random_market(request.param, candles=1500, last=1_949_999)
    series = candles[Timeframe.M15]
    opened = pd.to_datetime((np.arange(1500) + series.first_index) * 900, unit="s")
    names = ["open", "high", "low", "close", "volume"]
    window = pd.DataFrame(columns_of(series)[:5].T, columns=names, index=opened)
    return frame_of([candles], series.last_index, ROWS, PARAMETERS), window


def assert_same(ours: Floats, theirs: "pd.Series[float]", tolerance: float = 1e-9) -> None:
    expected = theirs.to_numpy()[-ROWS:]
    assert np.isfinite(expected).all()
    assert ours[:, 0] == pytest.approx(expected, rel=tolerance, abs=tolerance)


def test_rsi_and_atr_are_wilders(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    assert_same(frame.at(frame.rsi), ta.rsi(window.close, length=14, talib=False))
    ranges = ta.atr(window.high, window.low, window.close, length=14, talib=False)
    assert_same(frame.at(frame.atr), ranges)


@pytest.mark.parametrize(
    ("column", "length"),
    [("ema_fast", 9), ("ema_medium", 21), ("ema_slow", 50), ("ema_trend", 200)],
)
def test_averages_are_exponential(
    market: tuple[Frame, pd.DataFrame], column: str, length: int
) -> None:
    frame, window = market
    assert_same(frame.at(getattr(frame, column)), ta.ema(window.close, length=length, talib=False))


def test_histogram_is_that_of_macd(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    macd = ta.macd(window.close, fast=12, slow=26, signal=9, talib=False)
    assert_same(frame.at(frame.macd_histogram), macd["MACDh_12_26_9"])


def test_place_between_the_bollinger_bands(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    bands = ta.bbands(window.close, length=20, std=2, talib=False)
    atr = frame.at(frame.atr)
    reading = bollinger_reading(
        frame, atr, np.zeros_like(atr), PARAMETERS.periods, PARAMETERS.bollinger
    )
    width = bands["BBU_20_2.0"] - bands["BBL_20_2.0"]
    place = (window.close - bands["BBL_20_2.0"]) / width * 100.0
    assert_same(reading.value, place, 1e-7)


def test_smoothed_stochastic_of_rsi(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    reading = stochastic_reading(frame, PARAMETERS.periods, PARAMETERS.stochrsi)
    stochastic = ta.stochrsi(window.close, length=14, rsi_length=14, k=3, d=3, talib=False)
    assert_same(reading.value, stochastic["STOCHRSIk_14_14_3_3"], 1e-7)


def test_vwap_begins_anew_each_utc_day(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    vwap = ta.vwap(window.high, window.low, window.close, window.volume, anchor="D")
    assert_same(frame.at(day_vwap(frame)), vwap)


def test_change_of_obv_over_the_period(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    balance = ta.obv(window.close, window.volume, talib=False)
    net = balance.diff(20) / window.volume.rolling(20).sum() * 100.0
    reading = obv_reading(frame, frame.at(frame.atr), PARAMETERS.periods, PARAMETERS.obv)
    assert_same(reading.value, net)


def test_volume_over_its_average(market: tuple[Frame, pd.DataFrame]) -> None:
    frame, window = market
    average = ta.sma(window.volume, length=20, talib=False)
    assert_same(volume_ratio(frame, PARAMETERS.periods), window.volume / average)
