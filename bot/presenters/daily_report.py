"""The daily report: what a UTC day brought, and the anchor of the record."""

from bot.presenters.figures import count
from bot.presenters.markup import bold, code
from bot.presenters.page import Line, blank, fit
from bot.presenters.results import result_lines, tally_line
from engine.reports import DailyReport, LedgerHead


def render_daily_report(report: DailyReport) -> str:
    """The report as HTML; a day without signals is told, too."""
    return fit(
        [
            Line(f"📊 {bold(f'Daily report · {report.day:%a %d %b %Y}')} (UTC)"),
            blank(),
            *_day(report),
            blank(),
            Line(_decisions(report)),
            *head_lines(report.head),
        ]
    )


def head_lines(head: LedgerHead) -> list[Line]:
    """How many entries the record has and its newest hash: who keeps it can see later cuts."""
    return [Line(f"🔗 Record: {count(head.count)} entries, head"), Line(code(head.hash))]


def _day(report: DailyReport) -> list[Line]:
    statistics = report.statistics
    results = result_lines(statistics)
    if results:
        return [tally_line(statistics), *results]
    if statistics.published:
        return [tally_line(statistics), Line("No trade ended on this day.")]
    return [Line("🌙 No signals today: no quorum, no trade.")]


def _decisions(report: DailyReport) -> str:
    decisions = report.decisions
    return (
        f"🔎 {count(decisions.decided)} decisions · {count(decisions.sent)} sent"
        f" · {count(decisions.denied)} stopped by the risk gate"
    )
