"""From factors to the minute bars of one pair."""

import math
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import MinuteBars, Real
from exchanges.simulator.market.randomness import Generator
from exchanges.simulator.market.synthetic.regimes import FactorPath, factor_path
from exchanges.simulator.market.synthetic.universe import PairCharacter

_MINUTES_A_DAY: Final = 1440
_BUSIEST_MINUTE: Final = 14 * 60 + 30


def pair_bars(
    character: PairCharacter,
    market: FactorPath,
    sector: FactorPath,
    first_minute: int,
    generator: Generator,
) -> MinuteBars:
    """Minute bars of one pair over the minutes of the factors."""
    own = factor_path(len(market.returns), character.own_volatility, generator)
    returns = (
        character.market_load * market.returns + character.sector_load * sector.returns
    ) + own.returns
    usual_move = float(np.median(np.abs(returns)))
    surprise = np.minimum(np.abs(returns) / usual_move, 8.0)
    prices = _prices(character, returns, usual_move * (0.5 + surprise), generator)
    activity = (market.activity * sector.activity) ** 0.3 * own.activity**0.7
    turnover = character.usual_turnover * activity * (0.5 + 0.35 * surprise)
    turnover *= _time_of_day(first_minute, len(returns)) * _mood(len(returns), generator)
    close = prices[3] * character.contract.prices.size
    volume = np.maximum(1.0, np.rint(turnover / close / character.contract.quantities.size))
    share = 0.5 + 0.22 * np.tanh(returns / usual_move / 2.0)
    share += 0.06 * generator.standard_normal(len(returns))
    taker_buy = np.rint(volume * np.clip(share, 0.05, 0.95))
    return MinuteBars(first_minute, np.vstack((prices, volume, taker_buy)).astype(np.int64))


def _prices(character: PairCharacter, returns: Real, wick_size: Real, generator: Generator) -> Real:
    """Open, high, low and close in ticks, shape (4, n)."""
    exact = character.price / character.contract.prices.size * np.exp(np.cumsum(returns))
    close = np.maximum(2.0, np.rint(exact))
    opened = np.concatenate((close[:1], close[:-1]))
    wicks = generator.exponential(0.5, size=(2, len(returns))) * wick_size
    high = np.rint(np.maximum(opened, close) * (1.0 + wicks[0]))
    low = np.maximum(1.0, np.rint(np.minimum(opened, close) * (1.0 - wicks[1])))
    return np.vstack((opened, high, low, close))


def _time_of_day(first_minute: int, minutes: int) -> Real:
    """Volume multiplier: quiet in the late night, busiest when Europe and America overlap."""
    phase = (np.arange(minutes) + first_minute - _BUSIEST_MINUTE) * (2.0 * math.pi / _MINUTES_A_DAY)
    return np.asarray(1.0 + 0.45 * np.cos(phase) + 0.15 * np.cos(2.0 * phase), dtype=np.float64)


def _mood(minutes: int, generator: Generator) -> Real:
    """Volume multiplier that lasts: quarter hours that are busy or dull, and minutes within."""
    quarters = generator.standard_normal(minutes // 15 + 2)
    slow = np.interp(np.arange(minutes) / 15.0, np.arange(len(quarters)), quarters)
    return np.exp(0.35 * slow + 0.3 * generator.standard_normal(minutes))
