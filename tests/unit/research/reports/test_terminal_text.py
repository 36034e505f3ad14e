"""What a quant needs within seconds stands first, and nothing depends on colour."""

from tests.builders.backtest_reports import make_report
from tests.golden.report_kinds import REPORTS

TEXT = REPORTS["backtest.txt"]


def test_verdict_stands_under_the_heading() -> None:
    heading, verdict, warning, *_ = TEXT.splitlines()
    assert heading == "Backtest 2025-07-08 to 2025-10-18, 5 pairs"
    assert verdict.startswith("No edge shown: the 95% interval of the expectancy")
    assert warning == "Read the 1 warning at the end."


def test_parts_come_in_the_order_of_their_weight() -> None:
    titles = ["Figures", "Readiness gate: failed", "Months", "Breakdowns", "From decision"]
    titles += ["Why decisions", "Why candidates", "Data", "Assumed", "Warnings"]
    places = [TEXT.index(f"\n{title}") for title in titles]
    assert places == sorted(places)


def test_failed_check_is_told_in_capitals() -> None:
    assert any("win rate" in line and "FAILED" in line for line in TEXT.splitlines())


def test_breakdown_of_many_groups_shows_its_best_and_worst() -> None:
    groups = sorted(make_report().breakdowns["hour"], key=lambda group: -group.total_r)
    lines = [line for line in TEXT.splitlines() if " * " in line]
    shown = [line.removeprefix("hour").split()[0] for line in lines]
    assert shown == [group.label for group in (*groups[:3], *groups[-3:])]


def test_unknown_figures_are_dashes_never_zeros() -> None:
    lines = REPORTS["backtest_of_none.txt"].splitlines()
    expectancy = next(line for line in lines if line.startswith("expectancy"))
    assert expectancy.split()[:3] == ["expectancy", "–", "–"]
