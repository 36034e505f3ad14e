"""What five minutes of takers did to the price, and whether they have stopped."""

import math
from collections.abc import Mapping

from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.tape.windows import Traded


def divergence(
    traded: Traded, price_before: float, price: float, parameters: TapeParameters
) -> float:
    """How far CVD and price went apart, -1 to 1; positive when takers bought and price fell.

    Each move counts by 1 - least / move: nothing up to its least size, a half at twice that. The
    weaker one decides. Price moves are logarithmic and CVD's is its share of the volume, so that a
    mirrored market diverges by exactly as much the other way. Own choice.
    """
    if not traded.volume:
        return 0.0
    price_move = _counted(100.0 * math.log(price / price_before), parameters.divergence_price_move)
    delta_move = _counted(traded.delta / traded.volume, parameters.divergence_delta_share)
    if price_move * delta_move >= 0.0:
        return 0.0
    return math.copysign(min(abs(price_move), abs(delta_move)), delta_move)


def _counted(move: float, least: float) -> float:
    """A move by what it counts for, -1 to 1."""
    return math.copysign(1.0 - least / abs(move), move) if abs(move) > least else 0.0


def exhaustion(traded: Mapping[int, Traded], parameters: TapeParameters) -> float:
    """How far the side that dominated five minutes has stopped within the last 30 s, -1 to 1.

    0 while it still trades at the share of its own five-minute rate that the parameters name, 1
    when it is silent while the other side trades; positive when sellers have stopped, negative when
    buyers have. 0 when nobody trades: a market, or a stream, that pauses has tired no side.
    """
    five_minutes, fresh = traded[300], traded[30]
    if not fresh.trades:
        return 0.0
    is_buying = 2 * five_minutes.bought > five_minutes.volume
    dominant = _side(five_minutes, is_buying)
    if not dominant or dominant < parameters.exhaustion_dominance * five_minutes.volume:
        return 0.0
    rate = 10.0 * _side(fresh, is_buying) / dominant
    spent = max(0.0, 1.0 - rate / parameters.exhaustion_share)
    return -spent if is_buying else spent


def _side(traded: Traded, is_buying: bool) -> int:
    return traded.bought if is_buying else traded.volume - traded.bought
