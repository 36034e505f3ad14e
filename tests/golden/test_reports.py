"""What people read of a backtest, word for word. A diff here is a product decision: read it."""

from pathlib import Path

import pytest

from tests.golden.report_kinds import REPORTS

FOLDER = Path(__file__).parent / "reports"


@pytest.mark.parametrize("name", REPORTS)
def test_report_is_worded_and_drawn_as_agreed(name: str, pytestconfig: pytest.Config) -> None:
    file = FOLDER / name
    if pytestconfig.getoption("--update-golden"):
        file.write_text(REPORTS[name], encoding="utf-8")
    assert file.exists(), f"{file} is missing: run `make golden` and read it"
    assert REPORTS[name] == file.read_text(encoding="utf-8"), "run `make golden`, read the diff"


def test_no_golden_report_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(REPORTS)
