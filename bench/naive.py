"""The base: the technical layer as a bot is usually written, on DataFrames with pandas-ta.

Same candles, same four timeframes, same ten indicators and six patterns, computed pair by pair
over the last 200 / 100 / 60 / 50 candles; scores are plain Python on the last rows. It stands for
the effort, not for equal scores.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pandas_ta_classic as ta

from domain.candles import CandleSeries
from domain.timeframes import Timeframe

_CANDLES = {Timeframe.M15: 200, Timeframe.M5: 100, Timeframe.M1: 60, Timeframe.H1: 50}


def to_frames(series: Mapping[Timeframe, CandleSeries]) -> dict[Timeframe, pd.DataFrame]:
    """One DataFrame per timeframe, as such bots keep them."""
    frames = {}
    for timeframe, candles in series.items():
        columns = np.asarray(candles.columns)[:5, -_CANDLES[timeframe] :]
        last = (candles.last_index + 1) * timeframe.milliseconds
        index = pd.to_datetime(
            np.arange(
                last - columns.shape[1] * timeframe.milliseconds, last, timeframe.milliseconds
            ),
            unit="ms",
        )
        frames[timeframe] = pd.DataFrame(
            columns.T, index=index, columns=["open", "high", "low", "close", "volume"]
        )
    return frames


def technical_score(frames: Mapping[Timeframe, pd.DataFrame]) -> float:
    """Bullishness of one pair."""
    frame = _with_indicators(frames[Timeframe.M15])
    trend = 1 if frame["EMA_50"].iloc[-1] > frame["EMA_200"].iloc[-1] else -1
    weights = [0.12, 0.15, 0.10, 0.10, 0.08, 0.08, 0.07, 0.15, 0.10, 0.05]
    scores = [*_indicator_scores(frame, trend), _level_score(frame), _pattern_score(frame)]
    raw = sum(weight * score for weight, score in zip(weights, scores, strict=True))
    return 50 + (raw - 50) * _multiplier(frames, 1 if raw > 50 else -1)


def _with_indicators(source: pd.DataFrame) -> pd.DataFrame:
    frame = source.copy()
    for length in (9, 21, 50, 200):
        frame[f"EMA_{length}"] = ta.ema(frame["close"], length=length, talib=False)
    frame["RSI"] = ta.rsi(frame["close"], length=14, talib=False)
    frame["ATR"] = ta.atr(frame["high"], frame["low"], frame["close"], length=14, talib=False)
    frame["OBV"] = ta.obv(frame["close"], frame["volume"], talib=False)
    frame["VWAP"] = ta.vwap(frame["high"], frame["low"], frame["close"], frame["volume"])
    frame["VOLUME_MEAN"] = frame["volume"].rolling(20).mean()
    macd = ta.macd(frame["close"], talib=False)
    bands = ta.bbands(frame["close"], length=20, std=2, talib=False)
    stochastic = ta.stochrsi(frame["close"], talib=False)
    frame[["MACD", "HISTOGRAM", "SIGNAL"]] = macd.to_numpy()
    frame[["BAND_LOW", "BAND_MID", "BAND_HIGH", "BAND_WIDTH", "BAND_SHARE"]] = bands.to_numpy()
    frame[["STOCHASTIC_K", "STOCHASTIC_D"]] = stochastic.to_numpy()[:, :2]
    return frame


def _indicator_scores(frame: pd.DataFrame, trend: int) -> list[float]:
    now, before = frame.iloc[-1], frame.iloc[-2]
    up = now["close"] > now["open"]
    ratio = now["volume"] / now["VOLUME_MEAN"]
    stack = now["EMA_9"] > now["EMA_21"] > now["EMA_50"] > now["EMA_200"]
    rsi = 90 if now["RSI"] < 30 and trend > 0 else 10 if now["RSI"] > 70 and trend < 0 else 50
    macd = 80 if now["MACD"] > now["SIGNAL"] and before["MACD"] <= before["SIGNAL"] else 50
    band = 85 if now["close"] <= now["BAND_LOW"] and trend > 0 else 50
    volume = (85 if up else 15) if ratio > 2 else 50
    slope = frame["OBV"].iloc[-1] - frame["OBV"].iloc[-10]
    momentum = 85 if now["STOCHASTIC_K"] < 20 and now["STOCHASTIC_K"] > now["STOCHASTIC_D"] else 50
    vwap = 70 if now["close"] > now["VWAP"] else 30
    return [rsi, 95 if stack else 50, vwap, macd, band, 60 if slope > 0 else 40, momentum, volume]


def _level_score(frame: pd.DataFrame) -> float:
    recent = frame.iloc[-100:]
    highs, lows = recent["high"], recent["low"]
    pivots_high = highs[(highs == highs.rolling(5, center=True).max())]
    pivots_low = lows[(lows == lows.rolling(5, center=True).min())]
    close = frame["close"].iloc[-1]
    below, above = pivots_low[pivots_low < close], pivots_high[pivots_high > close]
    if len(below) and (close - below.max()) / close < 0.003:
        return 90
    return 10 if len(above) and (above.min() - close) / close < 0.003 else 50


def _pattern_score(frame: pd.DataFrame) -> float:
    last = frame.iloc[-3:]
    rising = (last["close"] > last["open"]).all() and last["volume"].is_monotonic_increasing
    gap_up = frame["high"].iloc[-3] < frame["low"].iloc[-1]
    bounce = frame["low"].iloc[-1] <= frame["EMA_21"].iloc[-1] < frame["close"].iloc[-1]
    reclaim = (
        frame["close"].iloc[-2] < frame["VWAP"].iloc[-2]
        and last["close"].iloc[-1] > frame["VWAP"].iloc[-1]
    )
    breakout = frame["close"].iloc[-1] > frame["high"].iloc[-21:-1].max()
    grab = frame["low"].iloc[-1] < frame["low"].iloc[-21:-1].min() < frame["close"].iloc[-1]
    return 50 + 8 * sum(map(bool, (rising, gap_up, bounce, reclaim, breakout, grab)))


def _multiplier(frames: Mapping[Timeframe, pd.DataFrame], direction: int) -> float:
    hour, five, minute = (_trend(frames[t]) for t in (Timeframe.H1, Timeframe.M5, Timeframe.M1))
    if hour == five == minute == direction:
        return 1.5
    return 1.2 if hour == direction else 0.7 if hour == -direction else 1.0


def _trend(frame: pd.DataFrame) -> int:
    fast, middle, slow = (
        ta.ema(frame["close"], length=length, talib=False).iloc[-1] for length in (9, 21, 50)
    )
    return 1 if fast > middle > slow else -1 if fast < middle < slow else 0
