"""How alike pairs have moved: kept from hourly candles, computed when somebody asks."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.candles import CLOSE, CandleSeries
from domain.correlations import Correlations
from domain.errors import InvalidDataError
from domain.parameters import Parameters, parameter
from domain.timeframes import Timeframe, to_ms

Floats = NDArray[np.float64]

_NO_VARIATION: Final = 1e-12
"""A standard deviation of log returns below this is rounding, far below any tick of any pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationParameters(Parameters):
    """Over how much of the past pairs are compared."""

    returns: int = parameter(
        720,
        doc="newest hourly returns that are compared",
        unit="hours",
        source="30 days",
        low=24,
        high=2160,
    )
    least_common_returns: int = parameter(
        168,
        doc="hourly returns that both pairs must have; with fewer it is unknown how alike they are",
        unit="hours",
        source="own choice: a week, each hour of it once",
        low=12,
        high=2160,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.least_common_returns > self.returns:
            raise ValueError(
                f"least_common_returns is {self.least_common_returns}; it must not exceed "
                f"returns, {self.returns}"
            )


class CorrelationState:
    """Hourly closes of pairs, and the correlations of their log returns.

    Holds only what can be fetched again; nothing here is lost by a restart. Answers are kept until
    the hour changes or a candle comes in.
    """

    def __init__(self, parameters: CorrelationParameters) -> None:
        self._parameters = parameters
        self._closes: dict[str, _LogCloses] = {}
        self._hour = 0
        self._returns: dict[str, _Returns] = {}
        self._answers: dict[tuple[str, str], float | None] = {}

    def observe(self, symbol: str, series: CandleSeries) -> None:
        """Take in closed hourly candles of a pair, beside those known; repeated ones overrule.

        Raises `InvalidDataError` for another timeframe.
        """
        if series.timeframe is not Timeframe.H1:
            raise InvalidDataError(
                f"correlations of {symbol} are those of 1h candles, not of {series.timeframe}"
            )
        told = _LogCloses.of(series)
        known = self._closes.get(symbol)
        self._closes[symbol] = told if known is None else known.with_newer(told)
        self._forget_answers()

    def keep_only(self, symbols: Collection[str], as_of: datetime) -> None:
        """Forget all other pairs, and candles too old for this instant and any later one."""
        oldest = _newest_due(as_of) - self._parameters.returns
        self._closes = {
            symbol: closes.since(oldest)
            for symbol, closes in self._closes.items()
            if symbol in symbols and closes.last_index >= oldest
        }
        self._forget_answers()

    def missing(self, symbol: str, as_of: datetime) -> tuple[int, int] | None:
        """Candles still to be observed as of an instant: number of the first, and how many."""
        due = _newest_due(as_of)
        known = self._closes.get(symbol)
        oldest = due - self._parameters.returns
        first = oldest if known is None else max(oldest, known.last_index + 1)
        return (first, due - first + 1) if first <= due else None

    def correlations(self, as_of: datetime, symbols: Collection[str]) -> Correlations:
        """Pearson correlations of all pairs of these symbols, from candles closed by then.

        Unknown, and so left out: with too few common returns, and without any variation.
        """
        self._turn_to(_newest_due(as_of))
        known = sorted(self._closes.keys() & set(symbols))
        answers = {pair: self._answer(pair) for pair in combinations(known, 2)}
        values = {pair: value for pair, value in answers.items() if value is not None}
        return Correlations(as_of=as_of, values=values)

    def between(self, one: str, other: str, as_of: datetime) -> float | None:
        """Of two symbols in alphabetical order, from candles closed by then; None where unknown."""
        if one not in self._closes or other not in self._closes:
            return None
        self._turn_to(_newest_due(as_of))
        return self._answer((one, other))

    def _turn_to(self, hour: int) -> None:
        if hour != self._hour:
            self._forget_answers()
            self._hour = hour

    def _answer(self, pair: tuple[str, str]) -> float | None:
        if pair not in self._answers:
            one, other = (self._returns_of(symbol) for symbol in pair)
            least = self._parameters.least_common_returns
            self._answers[pair] = _pearson(one, other, least)
        return self._answers[pair]

    def _returns_of(self, symbol: str) -> "_Returns":
        if symbol not in self._returns:
            closes = self._closes[symbol]
            told = closes.returns(self._hour, self._parameters.returns)
            self._returns[symbol] = _Returns.of(told)
        return self._returns[symbol]

    def _forget_answers(self) -> None:
        self._returns.clear()
        self._answers.clear()


def correlate(one: CandleSeries, other: CandleSeries, *, returns: int, least: int) -> float | None:
    """Pearson correlation in [-1, 1] of the newest log returns of two series of one timeframe.

    `returns` up to the newest candle that either has; None where fewer than `least` are common, or
    without any variation. Raises `InvalidDataError` for series of different timeframes.
    """
    if one.timeframe is not other.timeframe:
        raise InvalidDataError(f"{one.timeframe} candles do not compare with {other.timeframe}")
    newest = max(one.last_index, other.last_index)
    first, second = (
        _Returns.of(_LogCloses.of(series).returns(newest, returns)) for series in (one, other)
    )
    return _pearson(first, second, least)


def _newest_due(as_of: datetime) -> int:
    return Timeframe.H1.last_closed_index(to_ms(as_of))


@dataclass(frozen=True, slots=True, eq=False)
class _LogCloses:
    """Logarithms of closes by candle number, one number after the other; NaN where unknown."""

    first_index: int
    values: Floats

    @classmethod
    def of(cls, series: CandleSeries) -> "_LogCloses":
        return cls(series.first_index, np.log(np.asarray(series.columns)[CLOSE]))

    @property
    def last_index(self) -> int:
        return self.first_index + len(self.values) - 1

    def with_newer(self, newer: "_LogCloses") -> "_LogCloses":
        """Both together; where both know a candle, the newer ones' word counts."""
        first = min(self.first_index, newer.first_index)
        last = max(self.last_index, newer.last_index)
        values = np.full(last - first + 1, np.nan)
        for part in (self, newer):
            values[part.first_index - first : part.last_index - first + 1] = part.values
        return _LogCloses(first, values)

    def since(self, index: int) -> "_LogCloses":
        """From a candle on; it must not be later than the last one."""
        first = max(index, self.first_index)
        return _LogCloses(first, self.values[first - self.first_index :].copy())

    def returns(self, last_index: int, count: int) -> Floats:
        """`count` log returns, the newest one that of candle `last_index`; NaN where unknown."""
        closes = np.full(count + 1, np.nan)
        start = last_index - count
        begin, end = max(start, self.first_index), min(last_index, self.last_index)
        if begin <= end:
            known = self.values[begin - self.first_index : end - self.first_index + 1]
            closes[begin - start : end - start + 1] = known
        told: Floats = closes[1:] - closes[:-1]
        return told


@dataclass(frozen=True, slots=True, eq=False)
class _Deviations:
    """Log returns as their distances from their mean, and the sum of the squares of these."""

    values: Floats
    square: float

    @classmethod
    def of(cls, returns: Floats) -> "_Deviations":
        values = returns - returns.mean()
        return cls(values, float(np.dot(values, values)))


@dataclass(frozen=True, slots=True, eq=False)
class _Returns:
    """Log returns of one pair, NaN where unknown.

    `whole` is there where all of them are known: then it is the same beside every other such pair,
    and a comparison is a single product.
    """

    values: Floats
    whole: _Deviations | None

    @classmethod
    def of(cls, values: Floats) -> "_Returns":
        whole = _Deviations.of(values)
        # One that is unknown makes the mean unknown, and with it every distance from it.
        return cls(values, whole if math.isfinite(whole.square) else None)


def _pearson(one: _Returns, other: _Returns, least: int) -> float | None:
    x, y = one.whole, other.whole
    if x is None or y is None:
        common = np.isfinite(one.values) & np.isfinite(other.values)
        if np.count_nonzero(common) < least:
            return None
        x, y = _Deviations.of(one.values[common]), _Deviations.of(other.values[common])
    count = len(x.values)
    if count < least or min(x.square, y.square) <= count * _NO_VARIATION**2:
        return None
    value = float(np.dot(x.values, y.values)) / math.sqrt(x.square * y.square)
    return min(1.0, max(-1.0, value))
