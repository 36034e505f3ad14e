"""Correlations of a backtest: computed when a rule asks for them, one pair of symbols at a time."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import combinations

from domain.candles import CandleSeries
from domain.correlations import Correlations
from domain.timeframes import Timeframe
from engine.backtest.values import PairHistory
from engine.correlations import CorrelationParameters, CorrelationState

SymbolPair = tuple[str, str]


class PastCorrelations:
    """Correlations of all pairs of a backtest, as of an instant.

    `CorrelationState` looks at no candle that was not closed at the instant asked for, so that it
    can be told all hourly candles at once.
    """

    def __init__(
        self, histories: Mapping[str, PairHistory], parameters: CorrelationParameters
    ) -> None:
        self._state = CorrelationState(parameters)
        self._symbols = sorted(histories)
        for symbol in self._symbols:
            series: CandleSeries | None = histories[symbol].candles.get(Timeframe.H1)
            if series is not None:
                self._state.observe(symbol, series)

    def correlations(self, as_of: datetime, _live: Collection[str]) -> Correlations:
        """Those of all pairs, whether trades of them are live or about to be."""
        return Correlations(as_of=as_of, values=_OnDemand(self._state, as_of, self._symbols))


class _OnDemand(Mapping[SymbolPair, float]):
    """Values by two symbols in alphabetical order, each computed as it is looked up."""

    def __init__(self, state: CorrelationState, as_of: datetime, symbols: list[str]) -> None:
        self._state = state
        self._as_of = as_of
        self._symbols = symbols
        self._known: dict[SymbolPair, float | None] = {}

    def __getitem__(self, pair: SymbolPair) -> float:
        if pair not in self._known:
            self._known[pair] = self._state.between(*pair, self._as_of)
        value = self._known[pair]
        if value is None:
            raise KeyError(pair)
        return value

    def __iter__(self) -> Iterator[SymbolPair]:
        return (pair for pair in combinations(self._symbols, 2) if pair in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
