"""The report of a UTC day, a week or a month: what it brought, and the anchor of the record."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.presenters.calibration import calibration_lines
from bot.presenters.figures import count
from bot.presenters.markup import bold, code, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import caution_lines, ratio_lines, result_lines, tally_lines
from bot.presenters.statistics import NO_TRADES
from bot.presenters.wording import rule_words
from domain.counting import many
from engine.reports import LedgerHead, Period, PeriodReport

_HASH_UNITS: Final = 64
_REASON_UNITS: Final = 200
_WEEK_LESS_A_DAY: Final = timedelta(days=6)

_TITLES: Final[Mapping[Period, str]] = {
    Period.DAY: "Daily report",
    Period.WEEK: "Weekly report",
    Period.MONTH: "Monthly report",
}


def render_period_report(report: PeriodReport) -> str:
    """The report as HTML; a period without signals is told, too. Longer ones tell more."""
    is_day = report.period is Period.DAY
    return fit(
        [
            Line(f"📊 {bold(f'{_TITLES[report.period]} · {_dates(report)}')} (UTC)"),
            blank(),
            *_results(report),
            *([] if is_day else _more(report)),
            blank(),
            Line(_decisions(report)),
            *_unfollowed(report),
            *([] if is_day else _tripped(report)),
            *_live_override(report),
            *head_lines(report.head),
        ]
    )


def head_lines(head: LedgerHead) -> list[Line]:
    """How many entries the record has and its newest hash: who keeps it can see later cuts."""
    return [
        Line(f"🔗 Record: {many(head.count, 'entry', 'entries')}, head"),
        Line(code(quote(head.hash, _HASH_UNITS))),
    ]


def _dates(report: PeriodReport) -> str:
    first = report.day
    if report.period is Period.MONTH:
        return f"{first:%B %Y}"
    if report.period is Period.WEEK:
        return f"{first:%d %b} to {first + _WEEK_LESS_A_DAY:%d %b %Y}"
    return f"{first:%a %d %b %Y}"


def _results(report: PeriodReport) -> list[Line]:
    statistics = report.statistics
    results = result_lines(statistics.performance)
    if results:
        return [*tally_lines(statistics), *results]
    if statistics.published or statistics.expired or statistics.cancelled:
        return [*tally_lines(statistics), NO_TRADES]
    return [Line("🌙 No signals: no quorum, no trade.")]


def _more(report: PeriodReport) -> list[Line]:
    performance = report.statistics.performance
    return [
        *ratio_lines(performance),
        *caution_lines(performance),
        *calibration_lines(report.calibration),
    ]


def _decisions(report: PeriodReport) -> str:
    decisions = report.decisions
    return (
        f"🔎 {many(decisions.decided, 'decision')} · {count(decisions.sent)} sent"
        f" · {count(decisions.denied)} stopped by the risk gate"
    )


def _unfollowed(report: PeriodReport) -> list[Line]:
    if not report.unfollowed:
        return []
    lacking = many(report.unfollowed, "live signal")
    return [Line(f"⏳ Candles are missing for {lacking}: more may have ended here")]


def _live_override(report: PeriodReport) -> list[Line]:
    if not report.live_override:
        return []
    return [Line(f"⚠️ Live without a passed gate: {quote(report.live_override, _REASON_UNITS)}")]


def _tripped(report: PeriodReport) -> list[Line]:
    if not report.tripped:
        return [Line("🚨 No breaker tripped")]
    often = Counter(event.breaker for event in report.tripped).most_common()
    told = ", ".join(f"{rule_words(name)} {count(times)}×" for name, times in often)
    return [Line(f"🚨 Breakers: {told}", spare=1)]
