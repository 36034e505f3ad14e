"""A saved report comes back equal; anything else is refused in words that say what to do."""

import pytest

from domain.errors import InvalidDataError
from research.reports import from_json, to_json
from research.reports.saved import VERSION
from tests.builders.backtest_reports import make_report, make_report_of_few, make_report_of_none


@pytest.mark.parametrize("make", [make_report, make_report_of_few, make_report_of_none])
def test_saved_report_reads_back_equal_and_writes_back_the_same_text(make: object) -> None:
    assert callable(make)
    report = make()
    text = to_json(report)
    assert from_json(text) == report
    assert to_json(from_json(text)) == text


def test_other_schema_version_is_refused_by_number() -> None:
    text = to_json(make_report_of_few()).replace(f'"version": {VERSION}', '"version": 99')
    with pytest.raises(InvalidDataError, match=r"version 99.*reads version 1: run the backtest"):
        from_json(text)


def test_other_schema_is_refused_by_name() -> None:
    with pytest.raises(InvalidDataError, match="'parity-report', not a 'quorum-backtest-report'"):
        from_json('{"schema": "parity-report", "version": 1}')


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"schema": 1}', "\ud800"])
def test_text_that_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(InvalidDataError, match="no saved backtest report"):
        from_json(text)


def test_report_with_a_missing_field_is_called_damaged_and_names_it() -> None:
    text = to_json(make_report_of_few()).replace('"exposure"', '"exposed"')
    with pytest.raises(InvalidDataError, match=r"damaged.*exposure"):
        from_json(text)
