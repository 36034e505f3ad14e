"""Mark and index price, funding, open interest and positioning, each from past prices only."""

import math
from typing import Final, NamedTuple

from exchanges.simulator.market.bars import CLOSE, MINUTE_MS, TAKER_BUY, VOLUME
from exchanges.simulator.market.minute_path import price_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import noise

FUNDING_MS: Final = 8 * 60 * MINUTE_MS
_DAY_MINUTES: Final = 1440
_BASE_RATE: Final = 0.0001
_HIGHEST_RATE: Final = 0.003
_OPEN_INTEREST_IN_MINUTES: Final = 700.0
_RIPPLE: Final = 0.0004
_RIPPLE_MS: Final = 3_000


class Mark(NamedTuple):
    """Mark and index price in quote currency, the funding rate in force and when it is paid."""

    price: float
    index_price: float
    rate: float
    next_funding_ms: int


class Positioning(NamedTuple):
    """Shares in (0, 1) of longs: of all accounts, of top traders' accounts, of their positions."""

    accounts: float
    top_accounts: float
    top_positions: float


def mark_at(pair: Pair, at_ms: int) -> Mark:
    """Mark and funding at an instant. The mark is the mean of last price and last minute close."""
    last = price_at(pair, at_ms)
    before = _close_before(pair, at_ms) * pair.moved_by(at_ms)
    mark = (last + before) / 2.0 * pair.contract.prices.size
    rate = funding_rate(pair, at_ms)
    next_funding = (at_ms // FUNDING_MS + 1) * FUNDING_MS
    return Mark(mark, mark / (1.0 + rate / 2.0), rate, next_funding)


def funding_rate(pair: Pair, at_ms: int) -> float:
    """Rate per 8 h: what longs pay, more after a rise and less, even negative, after a fall."""
    drift = _BASE_RATE + 0.01 * _change(pair, at_ms, FUNDING_MS // MINUTE_MS)
    return max(-_HIGHEST_RATE, min(_HIGHEST_RATE, drift))


def open_interest(pair: Pair, at_ms: int) -> int:
    """Open interest in quantity steps: a multiple of usual volume that moves within the minute.

    It grows while moves with volume open positions, and shrinks when they are closed.
    """
    ripple = _RIPPLE * (noise(pair.key + 2, at_ms // _RIPPLE_MS) - 0.5)
    size = pair.usual_volume * _OPEN_INTEREST_IN_MINUTES
    return round(size * math.exp(_built_up(pair, at_ms)) * (1.0 + ripple))


def _built_up(pair: Pair, at_ms: int) -> float:
    """Logarithm of open interest over its usual size, the running minute by the time it has run."""
    minute, elapsed = divmod(at_ms, MINUTE_MS)
    places = (pair.bars.position(minute - 1), pair.bars.position(minute))
    before, after = (pair.open_interest_built_up[place] for place in places)
    return before + (after - before) * elapsed / MINUTE_MS


def positioning(pair: Pair, at_ms: int) -> Positioning:
    """Who is long: the crowd buys what fell, the top traders what rose."""
    change = math.tanh(8.0 * _change(pair, at_ms, _DAY_MINUTES))
    wobble = 0.03 * (noise(pair.key + 3, at_ms // (5 * MINUTE_MS)) - 0.5)
    return Positioning(
        0.58 - 0.14 * change + wobble, 0.55 - 0.06 * change + wobble, 0.53 + 0.07 * change + wobble
    )


def taker_volumes(pair: Pair, begin_ms: int, end_ms: int) -> tuple[int, int]:
    """Taker buys and sells in quantity steps of the whole minutes from `begin_ms` to `end_ms`."""
    bars = pair.bars
    begin = max(0, begin_ms // MINUTE_MS - bars.first_minute)
    end = max(begin, end_ms // MINUTE_MS - bars.first_minute)
    buys = int(bars.columns[TAKER_BUY, begin:end].sum())
    return buys, int(bars.columns[VOLUME, begin:end].sum()) - buys


def _close_before(pair: Pair, at_ms: int, minutes: int = 1) -> int:
    """Close in ticks of the minute that ended `minutes` - 1 minutes before the running one."""
    return int(pair.bars.columns[CLOSE, pair.bars.position(at_ms // MINUTE_MS - minutes)])


def _change(pair: Pair, at_ms: int, minutes: int) -> float:
    """Relative price change over the last finished minutes."""
    return _close_before(pair, at_ms) / _close_before(pair, at_ms, minutes) - 1.0
