"""The five signs that a pair turns against a trade: a dump under a long, a squeeze above a short.

Each takes closed minutes as the trade sees them, oldest first and at least one, and answers about
the newest of them: in words for people, or None.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from domain.directions import Direction
from domain.order_flow import OrderFlow
from risk.watch.minutes import Minute, Taken, mean_volume, taken_in
from risk.watch.turn_parameters import TurnParameters
from risk.watch.words import (
    extreme_against,
    extreme_for,
    price_change,
    takers_against,
    takers_for,
    worse,
)

TurnSign = Callable[[Sequence[Minute], Direction, TurnParameters], str | None]

FLIP: Final = "order flow flip"
_FLIP_MINUTES: Final = 5
"""The tape has windows of one and of five minutes; candles are read alike."""


def find_volume_reversal(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> str | None:
    """Takers against the trade outweigh those for it, minute after minute, and the price goes."""
    count = parameters.reversal_minutes
    newest = minutes[-count:]
    if len(newest) < count or not all(_is_against(each.taken, parameters) for each in newest):
        return None
    gain = newest[-1].close - newest[0].open
    if gain > -parameters.reversal_percent:
        return None
    return (
        f"{takers_against(direction)} outweigh {takers_for(direction)} {count} minutes in a row, "
        f"price {price_change(gain, direction)}"
    )


def find_volume_spike(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> str | None:
    """One minute of far more volume than usual moves the price against the trade."""
    newest, ratio = minutes[-1], _volume_ratio(minutes, 1, parameters)
    if ratio is None or ratio < parameters.spike_ratio or newest.gain >= -parameters.spike_percent:
        return None
    return f"volume {ratio:.1f} times its mean, price {price_change(newest.gain, direction)}"


def find_order_flow_flip(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> str | None:
    """Takers were far more for the trade in four minutes, and are far more against it now."""
    if len(minutes) < _FLIP_MINUTES:
        return None
    before = taken_in(minutes[-_FLIP_MINUTES:-1])
    return _flip(before, minutes[-1].taken, direction, parameters)


def find_tape_flip(
    order_flow: OrderFlow | None, direction: Direction, parameters: TurnParameters
) -> str | None:
    """The same from the trades up to now: their last minute against the four before it."""
    tape = None if order_flow is None else order_flow.tape
    if tape is None or tape.covered_seconds < 60 * _FLIP_MINUTES:
        return None
    newest, whole = tape.window(60), tape.window(60 * _FLIP_MINUTES)
    now = Taken.of(direction, buys=newest.buy_volume, sells=newest.sell_volume)
    before = Taken.of(
        direction,
        buys=whole.buy_volume - newest.buy_volume,
        sells=whole.sell_volume - newest.sell_volume,
    )
    return _flip(before, now, direction, parameters)


def find_momentum_breakdown(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> str | None:
    """Minutes that get worse at both ends close beyond the recent swing, with volume."""
    count = parameters.breakdown_minutes
    swing = minutes[-count - parameters.swing_minutes : -count]
    ratio = _volume_ratio(minutes, count, parameters)
    if len(swing) < parameters.swing_minutes or ratio is None or ratio <= 1.0:
        return None
    is_beyond = minutes[-1].close < min(each.worst for each in swing)
    if not is_beyond or not _gets_worse(minutes[-count - 1 :]):
        return None
    end, other_end = extreme_against(direction), extreme_for(direction)
    return (
        f"{count} minutes of {worse(direction)} {other_end}s and {worse(direction)} {end}s, "
        f"closed beyond the {end} of the {parameters.swing_minutes} minutes before"
    )


def find_rejection(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> str | None:
    """The price came back from its best once more, and each attempt had less volume."""
    newest, watched = minutes[-1], minutes[-parameters.rejection_minutes :]
    near = max(each.best for each in watched) - parameters.rejection_tolerance_percent
    attempts = [each for each in watched if each.best >= near]
    is_rejected = attempts[-1] is newest and newest.wick > parameters.rejection_percent
    if not is_rejected or len(attempts) < parameters.rejection_attempts:
        return None
    if not all(later.volume < earlier.volume for earlier, later in pairwise(attempts)):
        return None
    return (
        f"rejected at the {extreme_for(direction)} in {len(attempts)} attempts of falling volume, "
        f"came back {newest.wick:.1f} %"
    )


SIGNS: Final[dict[str, TurnSign]] = {
    "volume reversal": find_volume_reversal,
    "volume spike": find_volume_spike,
    FLIP: find_order_flow_flip,
    "momentum breakdown": find_momentum_breakdown,
    "rejection": find_rejection,
}
"""By name, in the order in which they are told."""


def _is_against(taken: Taken, parameters: TurnParameters) -> bool:
    return 0 < taken.against_it >= parameters.reversal_ratio * taken.with_trade


def _flip(
    before: Taken, now: Taken, direction: Direction, parameters: TurnParameters
) -> str | None:
    usual = before.total / (_FLIP_MINUTES - 1)
    # Volumes that are not told are NaN, and pass no comparison.
    has_volume = now.total >= parameters.flip_volume_ratio * usual > 0
    was_for = before.with_trade >= parameters.flip_ratio * before.against_it
    is_against = now.against_it >= parameters.flip_ratio * now.with_trade
    if not (has_volume and was_for and is_against):
        return None
    return (
        f"order flow flipped: {takers_for(direction)} led by more than {parameters.flip_ratio:g} "
        f"to 1, now {takers_against(direction)} do"
    )


def _gets_worse(minutes: Sequence[Minute]) -> bool:
    return all(b.best < a.best and b.worst < a.worst for a, b in pairwise(minutes))


def _volume_ratio(
    minutes: Sequence[Minute], count: int, parameters: TurnParameters
) -> float | None:
    """Mean volume of the newest `count` minutes over that of those before; None if too few."""
    before = minutes[-count - parameters.mean_volume_minutes : -count]
    usual = mean_volume(before)
    if len(before) < parameters.mean_volume_minutes or usual <= 0:
        return None
    return mean_volume(minutes[-count:]) / usual
