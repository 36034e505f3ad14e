"""No figure loses a bit on its way through the file."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from research.reports import from_json, to_json
from tests.builders.backtest_reports import make_report, make_trade

FIGURES = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(FIGURES, max_size=5), st.text())
def test_any_figures_and_any_names_come_back_bit_by_bit(results: list[float], pair: str) -> None:
    made = make_report((), warnings=(pair,))
    trade = make_trade()
    trades = tuple(replace(trade, net_r=result, adverse_r=result, pair=pair) for result in results)
    report = replace(made, trades=trades)
    assert from_json(to_json(report)) == report
