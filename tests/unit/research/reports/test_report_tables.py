"""Tables that sum, share and shorten: each does it the way its heading says."""

from dataclasses import replace

from research.reports.content.breakdowns import breakdown_table, extremes_table, kinds_of
from research.reports.content.counts import discards_table, steps_of
from research.reports.content.data import data_table, pairs_table
from research.reports.content.months import months_table
from research.reports.tables import THIN_NOTE
from tests.builders.backtest_reports import make_report

REPORT = make_report()


def test_months_end_at_the_total_of_the_run() -> None:
    total = sum(month.total_percent for month in REPORT.months)
    assert months_table(REPORT).rows[-1].cells[-1] == f"{total:+.2f}%"


def test_step_of_the_funnel_is_a_share_of_the_step_before() -> None:
    counts = replace(REPORT.counts, decided=1000, candidates=50, published=10, entered=0)
    assert [step.share for step in steps_of(counts)] == ["–", "5.0%", "20.0%", "0.0%"]


def test_share_of_nothing_is_unknown() -> None:
    counts = replace(REPORT.counts, decided=0, candidates=0, published=0, entered=0)
    assert [step.share_percent for step in steps_of(counts)] == [None] * 4


def test_most_frequent_reason_comes_first() -> None:
    counts = replace(REPORT.counts, discards={"b": 1, "a": 1, "LOW_SCORE": 7})
    table = discards_table(replace(REPORT, counts=counts))
    assert [row.cells for row in table.rows] == [("low score", "7"), ("a", "1"), ("b", "1")]


def test_unknown_breakdown_is_shown_after_the_known_ones() -> None:
    groups = REPORT.breakdowns["tier"]
    report = replace(REPORT, breakdowns={"weekday": groups, "tier": groups, "hour": ()})
    assert kinds_of(report) == ("tier", "weekday")


def test_notes_are_left_out_where_they_do_not_apply() -> None:
    sound = {"tier": REPORT.breakdowns["tier"]}
    assert extremes_table(replace(REPORT, breakdowns=sound)).notes == ()
    assert len(extremes_table(REPORT).notes) == 2
    assert breakdown_table("hour", REPORT.breakdowns["hour"]).notes[-1] == THIN_NOTE


def test_inferred_grids_are_counted_and_marked() -> None:
    cells = {row.cells[0]: row.cells[1] for row in data_table(REPORT).rows}
    assert cells["tick and step read off the candles"] == "1 pair"
    table = pairs_table(REPORT)
    assert [row.cells[0] for row in table.rows if "°" in row.cells[0]] == ["1000PEPEUSDT°"]
    assert table.notes == ("° tick and step read off the candles",)
