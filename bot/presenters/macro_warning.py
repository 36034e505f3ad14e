"""The beginning and the end of a macro danger."""

from datetime import datetime

from bot.presenters.figures import clock_time, duration, signed_percent
from bot.presenters.markup import bold
from bot.presenters.page import Line, fit
from bot.presenters.wording import sentence
from domain.instruments import to_decimal
from domain.sentiment import MacroReading
from domain.timeframes import from_ms


def render_macro_warning(reading: MacroReading) -> str:
    """Why no signals come for now."""
    lines = [
        f"🌪 {bold('Macro danger')} since {clock_time(from_ms(reading.since_ms))}",
        sentence(reading.cause),
        _changes(reading),
        "🛑 No new signals until it is over. Live ones are followed to their end.",
    ]
    return fit([Line(line) for line in lines if line])


def render_macro_all_clear(
    reading: MacroReading | None, began_at: datetime, ended_at: datetime
) -> str:
    """Signals can come again."""
    lasted = duration((ended_at - began_at).total_seconds())
    lines = [
        f"🌤 {bold('Macro danger is over')} · {clock_time(ended_at)}, after {lasted}",
        "No fresh quotes: those markets may be closed." if reading is None else _changes(reading),
        "New signals are possible again.",
    ]
    return fit([Line(line) for line in lines if line])


def _changes(reading: MacroReading) -> str:
    moved = (
        f"{sentence(series)} {signed_percent(to_decimal(change))}"
        for series, change in reading.changes.items()
    )
    told = " · ".join(moved)
    return f"Last hour: {told}" if told else ""
