"""The answer to /positions: what is held, what it is worth now, and whether it is protected."""

from collections.abc import Sequence

from bot.presenters.figures import price
from bot.presenters.markup import bold, code
from bot.presenters.page import Line, blank, fit
from bot.presenters.trade_wording import BADGES, account_of_whom, gained, in_base
from bot.presenters.wording import heading, pair
from domain.positions import PositionState
from engine.execution.values import OpenPosition

NO_POSITIONS = "🌙 No position is open. A press on ⚡ Execute under a fresh signal opens one."


def render_positions(positions: Sequence[OpenPosition]) -> str:
    """Every position with what protects it."""
    if not positions:
        return NO_POSITIONS
    head = Line(f"📂 {bold(f'{len(positions)} open')}")
    return fit([head, *(line for each in positions for line in _entry(each))])


def _entry(held: OpenPosition) -> list[Line]:
    # The lines of a position share one spare Line, so that none is ever shown by half.
    position = held.position
    title = f"{heading(position.direction)} {pair(position.instrument)} · {BADGES[held.mode]}"
    lines = (
        bold(title),
        f"   {_size(held)}{_worth(held)}",
        f"   {_protection(held)}",
        f"   #{position.signal_id} · {account_of_whom(position.account)}",
    )
    return [blank(), Line("\n".join(lines), spare=1)]


def _size(held: OpenPosition) -> str:
    numbers, instrument = held.numbers, held.position.instrument
    if numbers.average_entry is None:
        return "⏳ waits for its entry"
    entry = code(price(numbers.average_entry, instrument))
    return f"🔵 {in_base(held.quantity, instrument)} from {entry}"


def _worth(held: OpenPosition) -> str:
    if held.numbers.average_entry is None:
        return ""
    if held.mark is None or held.unrealised is None:
        return " · no price right now"
    instrument = held.position.instrument
    return f" · now {price(held.mark, instrument)}, {bold(gained(held.unrealised, instrument))}"


def _protection(held: OpenPosition) -> str:
    position = held.position
    if position.state is PositionState.CLOSING:
        return "🏁 being closed at market"
    if held.is_protected and held.stop is not None:
        return f"✅ stop {code(price(held.stop, position.instrument))} on the exchange"
    if held.is_protected and held.quantity:
        return "✅ a stop on the exchange that is not mine covers it"
    if held.numbers.average_entry is None:
        return f"▫️ stop {code(price(position.stop, position.instrument))} follows the entry"
    return f"🚨 {bold('no stop on the exchange')}"
