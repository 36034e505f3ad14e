"""A pair of the simulated venue, and the whole market: contracts with their minute bars."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import (
    CLOSE,
    HIGH,
    LOW,
    MINUTE_MS,
    OPEN,
    VOLUME,
    MinuteBars,
    Real,
    Whole,
)
from exchanges.simulator.market.contracts import Contract
from exchanges.simulator.market.open_interest import built_up
from exchanges.simulator.market.randomness import symbol_key
from exchanges.simulator.market.script import Script
from exchanges.simulator.market.trades import MinuteTrades

_TRADES_IN_A_USUAL_MINUTE: Final = 240
_FIRST_DAY: Final = 1440
_LEVEL_DISTANCE: Final = 0.00005


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Move:
    """A jump of the price by hand: from `at_ms` on it is `factor` times what it would have been.

    `prices` are open, high, low and close in ticks of its minute as if nobody had moved it,
    `trades` those of its minute as they are.
    """

    at_ms: int
    factor: float
    prices: tuple[int, int, int, int]
    trades: MinuteTrades

    @property
    def minute(self) -> int:
        """The minute it happens in."""
        return self.at_ms // MINUTE_MS


@dataclass(frozen=True, eq=False)
class Pair:
    """A contract and everything that ever trades on it; scripts and moves stand in its bars."""

    contract: Contract
    bars: MinuteBars
    scripts: tuple[Script, ...] = ()
    moves: tuple[Move, ...] = ()

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
        for minute, trades in self.scripted.items():
            place = self.bars.position(minute)
            counts[place] = max(counts[place], len(trades.times))
        return np.concatenate(([1], 1 + np.cumsum(counts)))

    @cached_property
    def level_gap(self) -> int:
        """Distance in ticks of the prices in a book behind the best: half a basis point, fixed."""
        return max(1, round(int(self.bars.columns[OPEN, 0]) * _LEVEL_DISTANCE))

    @cached_property
    def open_interest_built_up(self) -> list[float]:
        """Logarithm of open interest over its usual size after each minute."""
        scripted = {m: change for s in self.scripts for m, change in s.open_interest.items()}
        return built_up(self.bars, self.usual_volume, scripted)

    def script_at(self, at_ms: int) -> Script | None:
        """The script that is played at an instant, None while the market is left to itself."""
        for script in self.scripts:
            if script.start_ms <= at_ms < script.end_ms:
                return script
        return None

    def prices_in(self, minute: int) -> tuple[int, int, int, int]:
        """Open, high, low and close in ticks of a minute as if no hand had moved it."""
        for move in self.moves:
            if move.minute == minute:
                return move.prices
        opened, high, low, close = self.bars.columns[:4, self.bars.position(minute)].tolist()
        return opened, high, low, close

    def moved_by(self, at_ms: int) -> float:
        """What the moves of the running minute have made of its price, as a factor."""
        factor = 1.0
        for move in self.moves:
            if move.minute == at_ms // MINUTE_MS and move.at_ms <= at_ms:
                factor *= move.factor
        return factor

    @cached_property
    def average_prices(self) -> Real:
        """Mean of the four prices of each minute, in quote currency per quantity step."""
        ticks = self.bars.columns[[OPEN, HIGH, LOW, CLOSE]].mean(axis=0)
        scale = self.contract.prices.size * self.contract.quantities.size
        return np.asarray(ticks * scale, dtype=np.float64)

    @cached_property
    def scripted(self) -> Mapping[int, MinuteTrades]:
        """The trades of the minutes that scripts and moves have written."""
        written = {minute: trades for s in self.scripts for minute, trades in s.minutes.items()}
        return written | {move.minute: move.trades for move in self.moves}


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
