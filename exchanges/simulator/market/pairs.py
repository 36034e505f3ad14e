"""A pair of the simulated venue, and the whole market: contracts with their minute bars."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, OPEN, VOLUME, MinuteBars, Real, Whole
from exchanges.simulator.market.contracts import Contract
from exchanges.simulator.market.randomness import symbol_key

_TRADES_IN_A_USUAL_MINUTE: Final = 240
_FIRST_DAY: Final = 1440


@dataclass(frozen=True, eq=False)
class Pair:
    """A contract and everything that ever trades on it."""

    contract: Contract
    bars: MinuteBars

    @property
    def symbol(self) -> str:
        """The venue's id."""
        return self.contract.symbol

    @cached_property
    def key(self) -> int:
        """What stands for this pair in the noise functions."""
        return symbol_key(self.contract.symbol)

    @cached_property
    def usual_volume(self) -> int:
        """Median volume of the first day's busy minutes, in quantity steps, at least 1.

        The first day only: what a client sees today must not hang on what trades tomorrow.
        """
        volumes = self.bars.columns[VOLUME, :_FIRST_DAY]
        traded = volumes[volumes > 0]
        return int(np.median(traded)) if traded.size else 1

    @cached_property
    def usual_turnover(self) -> float:
        """What `usual_volume` is worth, in quote currency."""
        return self.usual_volume * float(np.median(self.average_prices[:_FIRST_DAY]))

    @cached_property
    def first_trade_ids(self) -> Whole:
        """Id of the first trade of each minute, shape (n + 1,): the last is the next free id."""
        size = max(1, self.usual_volume // _TRADES_IN_A_USUAL_MINUTE)
        volume = self.bars.columns[VOLUME]
        counts = np.maximum(-(-volume // size), np.minimum(volume, 2))
        return np.concatenate(([1], 1 + np.cumsum(counts)))

    @cached_property
    def average_prices(self) -> Real:
        """Mean of the four prices of each minute, in quote currency per quantity step."""
        ticks = self.bars.columns[[OPEN, HIGH, LOW, CLOSE]].mean(axis=0)
        scale = self.contract.prices.size * self.contract.quantities.size
        return np.asarray(ticks * scale, dtype=np.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Market:
    """What a simulated venue trades, from the oldest history to the end of its future.

    `start_ms` is the instant at which live time begins. `interpolated_below` names the source's
    timeframe when the minutes were made up from coarser recorded candles, else it is None.
    """

    pairs: tuple[Pair, ...]
    start_ms: int
    origin: str
    interpolated_below: str | None = None

    @cached_property
    def by_symbol(self) -> Mapping[str, Pair]:
        """Every pair under its symbol."""
        return {pair.symbol: pair for pair in self.pairs}

    @cached_property
    def begin_ms(self) -> int:
        """Open time of the oldest bar of all."""
        return min(pair.bars.start_ms for pair in self.pairs)

    @cached_property
    def end_ms(self) -> int:
        """Close boundary of the newest bar of all."""
        return max(pair.bars.end_ms for pair in self.pairs)
