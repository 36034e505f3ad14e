"""Reports and answers about the record, by the name of their golden files."""

from dataclasses import replace

from bot.presenters.breakdown import render_breakdown
from bot.presenters.drawdown import render_drawdown
from bot.presenters.html_presenter import HtmlPresenter
from bot.presenters.profit_and_loss import render_profit_and_loss
from bot.presenters.record_check import render_record_check
from bot.presenters.statistics import render_statistics
from bot.presenters.win_rate import render_win_rate
from engine.ports.storage import DecisionCounts
from engine.reports import LedgerHead, Period
from engine.statistics import break_down
from engine.statistics.values import Breakdown, Dimension, Statistics
from tests.builders.reports import (
    make_daily_report,
    make_result,
    make_statistics,
    no_statistics,
)
from tests.builders.risk_reports import (
    make_event,
)
from tests.builders.signals import LEDGER_HASH
from tests.builders.track_records import make_period_report, make_track_record, many_statistics

PRESENTER = HtmlPresenter()


def told_apart(statistics: Statistics) -> list[Breakdown]:
    return [break_down(statistics, each) for each in (Dimension.TIER, Dimension.DIRECTION)]


FEW, MANY = make_statistics(), many_statistics()
ONE = make_statistics([make_result("1.20")], published=1, live=0, expired=0)
TRIPPED = (
    make_event(
        "overtrading", "10 signals in the last 60 minutes, 10 are allowed", minutes_ago=1200
    ),
    make_event("loss_streak", "3 losses in a row: all pairs rest until 23:10 UTC", minutes_ago=900),
    make_event("loss_streak", "3 losses in a row: all pairs rest until 14:10 UTC", minutes_ago=1),
)

REPORTS = {
    "report_with_trades": PRESENTER.period_report(make_daily_report(FEW)),
    "report_of_a_day_that_is_not_followed_to_its_end": PRESENTER.period_report(
        replace(make_daily_report(FEW), unfollowed=1)
    ),
    "report_of_a_day_with_an_override": PRESENTER.period_report(
        replace(make_daily_report(FEW), live_override="small size, <b>to try</b> & see")
    ),
    "report_without_signals": PRESENTER.period_report(make_daily_report(no_statistics())),
    "report_without_results": PRESENTER.period_report(
        make_daily_report(make_statistics((), published=2, live=1, expired=1))
    ),
    "report_with_one_of_each": PRESENTER.period_report(
        replace(
            make_daily_report(ONE),
            decisions=DecisionCounts(decided=1, sent=1, denied=0),
            head=LedgerHead(count=1, hash=LEDGER_HASH),
        )
    ),
    "report_of_a_week": PRESENTER.period_report(make_period_report(Period.WEEK, FEW, TRIPPED)),
    "report_of_a_month": PRESENTER.period_report(make_period_report(Period.MONTH, MANY)),
    "report_of_a_quiet_week": PRESENTER.period_report(
        make_period_report(Period.WEEK, no_statistics())
    ),
}

RECORD = {
    "stats_all_time": render_statistics(make_track_record(MANY)),
    "stats_week": render_statistics(make_track_record(FEW, 7)),
    "stats_without_trades": render_statistics(make_track_record(no_statistics(), 1)),
    **{
        f"stats_by_{dimension}": render_breakdown(break_down(MANY, dimension), None)
        for dimension in Dimension
    },
    "stats_by_tier_few": render_breakdown(break_down(FEW, Dimension.TIER), 7),
    "stats_by_pair_none": render_breakdown(break_down(no_statistics(), Dimension.PAIR), 7),
    "pnl_month": render_profit_and_loss(make_track_record(MANY, 30)),
    "pnl_week": render_profit_and_loss(make_track_record(FEW, 7)),
    "pnl_none": render_profit_and_loss(make_track_record(no_statistics(), 7)),
    "winrate_all_time": render_win_rate(make_track_record(MANY), told_apart(MANY)),
    "winrate_week": render_win_rate(make_track_record(FEW, 7), told_apart(FEW)),
    "winrate_of_one_trade": render_win_rate(make_track_record(ONE, 7), ()),
    "winrate_none": render_win_rate(make_track_record(no_statistics()), ()),
    "drawdown_all_time": render_drawdown(make_track_record(MANY)),
    "drawdown_week": render_drawdown(make_track_record(FEW, 7)),
    "drawdown_never": render_drawdown(
        make_track_record(make_statistics([make_result("1.20"), make_result("0.30")]), 1)
    ),
    "drawdown_none": render_drawdown(make_track_record(no_statistics())),
    "verify": render_record_check(LedgerHead(count=1234, hash=LEDGER_HASH)),
}
