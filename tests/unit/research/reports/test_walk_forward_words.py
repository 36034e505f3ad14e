"""A walk-forward report judges by the tests, counts the trials, and names thin windows."""

from dataclasses import replace

from research.reports import render_walk_forward_html
from research.reports.content.walk_forward import walk_forward_verdict, windows_table
from research.reports.verdict import Finding
from tests.builders.research_reports import make_figures, make_walk_forward
from tests.golden.report_kinds import REPORTS

TEXT = REPORTS["walk_forward.txt"]


def test_good_fit_does_not_make_a_good_verdict() -> None:
    result = make_walk_forward()
    assert all((each.train.low_r or 0) > 0 for each in result.windows)
    assert walk_forward_verdict(result).finding is Finding.NO_EDGE


def test_tests_above_zero_show_an_edge() -> None:
    result = replace(make_walk_forward(), test=make_figures(200, 0.5))
    assert walk_forward_verdict(result).finding is Finding.EDGE


def test_tests_above_zero_on_few_days_show_no_edge() -> None:
    few = replace(make_figures(200, 0.5), traded_days=19)
    verdict = walk_forward_verdict(replace(make_walk_forward(), test=few))
    assert verdict.finding is Finding.TOO_FEW_DAYS
    assert verdict.sentence.startswith("Too few days: 200 trades fall on 19 days; under 20")


def test_trials_are_told_before_any_figure() -> None:
    assert TEXT.index("300 trials were made") < TEXT.index("All tests joined")


def test_window_with_few_trades_is_marked() -> None:
    assert [row.cells[0] for row in windows_table(make_walk_forward()).rows] == ["1", "2", "3 *"]


def test_result_without_windows_or_trades_is_still_shown() -> None:
    nothing = make_figures(0, None)
    result = replace(
        make_walk_forward(), windows=(), trades=(), test=nothing, unchanged=nothing, stability=()
    )
    page = render_walk_forward_html(result)
    assert "No trade: no signal was entered and ended" in page
