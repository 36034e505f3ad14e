"""The answer to /heat: what all live signals would lose at their stops, against the caps."""

from decimal import Decimal
from typing import Final

from bot.presenters.figures import percent, signed_percent
from bot.presenters.markup import bold, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.wording import DIRECTION_SIGNS, side
from engine.reports import HeatReport, OpenRisk
from risk.day import DayResult

_PAIR_UNITS: Final = 32
_BAR_WIDTH: Final = 10


def render_heat(report: HeatReport) -> str:
    """The two caps, the day, and each signal in two lines; the riskiest first."""
    trades = sorted(report.trades, key=lambda trade: -trade.heat_percent)
    return fit(
        [
            Line(f"🔥 {bold('Heat')}: what is lost if every stop is hit"),
            Line(_against_cap("Risk", report.heat_percent, report.heat_cap_percent, 2)),
            Line(_against_cap("Exposure", report.exposure_percent, report.exposure_cap_percent, 0)),
            blank(),
            *day_lines(report.day),
            *([line for trade in trades for line in _trade(trade)] or _none()),
        ]
    )


def day_lines(day: DayResult) -> list[Line]:
    """The day's result so far, as the drawdown ladder sees it."""
    unpriced = ", ".join(quote(symbol, _PAIR_UNITS) for symbol in day.unpriced)
    missing = f"⚠️ No price: {unpriced}. Counted as if the stop had been hit."
    return [
        Line(f"📅 Today {bold(signed_percent(day.total_percent))} of equity"),
        Line(
            f"   closed {signed_percent(day.realised_percent)}"
            f" · open {signed_percent(day.open_percent)}"
            f" · costs {percent(day.costs_percent, 2)}"
        ),
        *([Line(missing, spare=1)] if unpriced else []),
    ]


def _against_cap(name: str, value: Decimal, cap: Decimal, places: int) -> str:
    return f"{_bar(value, cap)} {name} {bold(percent(value, places))} of at most {percent(cap)}"


def _bar(value: Decimal, cap: Decimal) -> str:
    share = value / cap if cap > 0 else Decimal(1)
    full = min(max(round(share * _BAR_WIDTH), 0), _BAR_WIDTH)
    return "▰" * full + "▱" * (_BAR_WIDTH - full)


def _none() -> list[Line]:
    return [blank(), Line("🌙 No signal is live.")]


def _trade(trade: OpenRisk) -> list[Line]:
    # Both lines of a signal share one spare Line, so that none is ever shown by half.
    subject = (
        f"#{trade.signal_id} {DIRECTION_SIGNS[trade.direction]} {side(trade.direction)}"
        f" {quote(trade.pair, _PAIR_UNITS)}"
    )
    figures = (
        f"   {_state(trade)} · risk {percent(trade.heat_percent, 2)}"
        f" · exposure {percent(trade.exposure_percent)}"
    )
    return [blank(), Line(f"{bold(subject)}\n{figures}", spare=1)]


def _state(trade: OpenRisk) -> str:
    if not trade.is_open:
        return "⏳ waits"
    if trade.result_percent is None:
        return "🔵 open, no price"
    return f"🔵 now {signed_percent(trade.result_percent)}"
