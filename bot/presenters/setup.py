"""The setup of a signal: entry, stop, targets, reward and size, marked with what has happened."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.presenters.figures import (
    amount,
    clock_time,
    percent,
    price,
    quantity,
    signed_percent,
)
from bot.presenters.markup import code, quote, struck
from bot.presenters.page import Line
from bot.presenters.wording import sentence
from domain.plans import Target, TradePlan
from domain.signals import Course, Exit, FollowedSignal, SignalState

_TARGET_STATES: Final = (SignalState.TP1, SignalState.TP2, SignalState.TP3)
_COIN_UNITS: Final = 16


def setup_lines(followed: FollowedSignal) -> list[Line]:
    """What to type into an order form, first: entry, stop, three targets, and the last exit."""
    reached = {leg.state: leg for leg in followed.course.exits}
    targets = [Line(_target_line(followed, number, reached)) for number in range(3)]
    last = [Line(_out_line(followed, leg)) for leg in reached.values() if _is_out(leg)]
    return [Line(_entry_line(followed)), Line(_stop_line(followed)), *targets, *last]


def size_lines(followed: FollowedSignal) -> list[Line]:
    """What it may earn and cost: net reward to risk, size, risk, and what made it smaller."""
    plan = followed.signal.plan
    currency = quote(followed.signal.instrument.quote, _COIN_UNITS)
    size = percent(plan.notional * plan.risk_percent / plan.risk_amount)
    lines = [
        Line(
            f"📏 R:R 1 : {plan.net_reward_to_risk:.2f} to TP2 after costs"
            f" (gross {plan.gross_reward_to_risk:.2f})"
        ),
        Line(
            f"📐 Size {size} of equity at {plan.leverage.normalize():f}×"
            f" · here {_base_quantity(followed)} = {amount(plan.notional)} {currency}"
        ),
        Line(
            f"🔻 Risk {percent(plan.risk_percent, 2)} of equity"
            f" · here {amount(plan.risk_amount)} {currency}"
        ),
    ]
    lines.extend(Line(f"🔽 Smaller: {sentence(words)}", spare=1) for words in plan.shrinks)
    return lines


def stop_in_force(followed: FollowedSignal) -> str:
    """The stop as it stands now, named once it has moved: "break-even 64245.1"."""
    plan, course = followed.signal.plan, followed.course
    name = "" if course.stop == plan.stop else f"{_stop_name(plan, course)} "
    return f"{name}{_price(followed, course.stop)}"


def gain_percent(plan: TradePlan, level: Decimal) -> Decimal:
    """What a level is worth in percent of the entry: positive where the trade earns."""
    return (level - plan.entry) / plan.entry * 100 * plan.direction.sign


def _price(followed: FollowedSignal, value: Decimal) -> str:
    return price(value, followed.signal.instrument)


def _entry_line(followed: FollowedSignal) -> str:
    entry = code(_price(followed, followed.signal.plan.entry))
    entered_at = followed.course.triggered_at
    if entered_at is None:
        return f"🔹 Entry  {entry}"
    return f"✅ Entry  {entry} · {clock_time(entered_at)}"


def _is_out(leg: Exit) -> bool:
    return leg.state not in _TARGET_STATES


def _out_line(followed: FollowedSignal, leg: Exit) -> str:
    worth = signed_percent(gain_percent(followed.signal.plan, leg.price))
    share = percent(leg.fraction * 100)
    return (
        f"🏁 Out  {code(_price(followed, leg.price))} ({worth})"
        f" · {share} closed {clock_time(leg.at)}"
    )


def _stop_line(followed: FollowedSignal) -> str:
    plan, course = followed.signal.plan, followed.course
    first = _price(followed, plan.stop)
    if course.stop == plan.stop:
        return f"⛔ Stop  {code(first)} ({signed_percent(gain_percent(plan, plan.stop))})"
    name = _stop_name(plan, course)
    return f"⛔ Stop  {struck(first)} → {name} {code(_price(followed, course.stop))}"


def _stop_name(plan: TradePlan, course: Course) -> str:
    if course.stop == plan.break_even:
        return "break-even"
    return "TP1" if course.stop == plan.targets[0].price else "trailing"


def _target_line(
    followed: FollowedSignal, position: int, reached: Mapping[SignalState, Exit]
) -> str:
    plan = followed.signal.plan
    target = plan.targets[position]
    leg = reached.get(_TARGET_STATES[position])
    worth = signed_percent(gain_percent(plan, target.price))
    level = f"TP{position + 1}  {code(_price(followed, target.price))} ({worth})"
    if leg:
        return f"✅ {level} · {_share(target)} closed {clock_time(leg.at)}"
    if followed.course.state.is_final:
        return f"⚪ {level} · not reached"
    return f"🎯 {level} · {_what_to_do(followed, position, target)}"


def _what_to_do(followed: FollowedSignal, position: int, target: Target) -> str:
    share = _share(target)
    if position == 0:
        plan = followed.signal.plan
        stop = plan.stop_after_first_target(plan.break_even)
        name = "break-even" if stop == plan.break_even else "TP1"
        return f"close {share}, stop → {name} {_price(followed, stop)}"
    if position == 1:
        return f"close {share}, stop → TP1, then trails"
    return f"close the last {share}"


def _share(target: Target) -> str:
    return percent(target.fraction * 100)


def _base_quantity(followed: FollowedSignal) -> str:
    base = quote(followed.signal.instrument.base, _COIN_UNITS)
    return f"{quantity(followed.signal.plan.quantity)} {base}"
