"""Trades of the simulated venue: one by one, and a minute of them as columns."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exchanges.simulator.market.bars import Whole

Flags = npt.NDArray[np.bool_]


class AggregateTrade(NamedTuple):
    """Fills of one taker at one price: price in ticks, quantity in steps."""

    id: int
    price: int
    quantity: int
    first_trade: int
    last_trade: int
    at_ms: int
    buyer_is_maker: bool


class MinuteTrades(NamedTuple):
    """Trades of a minute as columns, oldest first.

    `times` are milliseconds into the minute, `prices` ticks, `quantities` steps. `buys` tells whose
    taker bought, `forced` which trades closed somebody's position; `spread` is the distance of bid
    and ask in ticks.
    """

    times: Whole
    prices: Whole
    quantities: Whole
    buys: Flags
    forced: Flags
    spread: int
