"""Rule: the pair turns against the trade: signs agree, and the price has moved far enough."""

from collections.abc import Sequence
from datetime import datetime

from domain.advice import Advice, AdvisedAction, WatchWarning
from domain.directions import Direction
from domain.timeframes import Timeframe, to_ms
from risk.watch.minutes import Minute
from risk.watch.turn_parameters import TurnParameters
from risk.watch.turn_signs import FLIP, SIGNS, find_tape_flip
from risk.watch.values import WatchedTrade
from risk.watch.words import price_change


def advise_turn(trade: WatchedTrade, at: datetime, parameters: TurnParameters) -> Advice | None:
    """Advice to close, or None.

    Only minutes that opened after the entry count: what came before was known when the signal was
    given. The minutes before them serve as what is usual.
    """
    plan = trade.followed.signal.plan
    minutes = [Minute.of(candle, plan) for candle in trade.minutes]
    held = _minutes_held(trade, minutes)
    move = _move_against(minutes[len(minutes) - held :], parameters)
    if move is None or -move < parameters.least_move_atr * float(plan.atr / plan.entry * 100):
        return None
    signs = find_signs(minutes, held, trade, parameters)
    if len(signs) < parameters.least_signs:
        return None
    change = price_change(move, trade.direction)
    reasons = (*signs.values(), f"price {change} within {parameters.move_minutes} minutes")
    return Advice(
        warning=WatchWarning.TURN,
        action=AdvisedAction.CLOSE,
        at=at,
        reasons=reasons,
        signal_id=trade.signal_id,
    )


def find_signs(
    minutes: Sequence[Minute], held: int, trade: WatchedTrade, parameters: TurnParameters
) -> dict[str, str]:
    """Words of each sign that the newest minutes show, by its name; the newest words count.

    `held` is how many of the minutes the trade has been open.
    """
    found: dict[str, str] = {}
    for back in reversed(range(min(held, parameters.agreement_minutes))):
        found |= _signs_at(minutes[: len(minutes) - back], trade.direction, parameters)
    tape_flip = find_tape_flip(trade.order_flow, trade.direction, parameters) if held else None
    if tape_flip is not None:
        found[FLIP] = tape_flip
    return {name: found[name] for name in SIGNS if name in found}


def _signs_at(
    minutes: Sequence[Minute], direction: Direction, parameters: TurnParameters
) -> dict[str, str]:
    answers = {name: find(minutes, direction, parameters) for name, find in SIGNS.items()}
    return {name: words for name, words in answers.items() if words is not None}


def _minutes_held(trade: WatchedTrade, minutes: Sequence[Minute]) -> int:
    triggered_at = trade.followed.course.triggered_at
    if triggered_at is None:
        return 0
    first = Timeframe.M1.index_of(to_ms(triggered_at))
    return sum(minute.index >= first for minute in minutes)


def _move_against(held: Sequence[Minute], parameters: TurnParameters) -> float | None:
    """From the best open of the newest minutes to the newest close, in percent of the entry."""
    newest = held[-parameters.move_minutes :]
    return newest[-1].close - max(minute.open for minute in newest) if newest else None
