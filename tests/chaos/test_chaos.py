"""Every fault of docs/degradation.md, caused for real; `python -m tests.chaos` prints the table."""

import logging
from pathlib import Path

import pytest

from tests.chaos.all_cases import CASES
from tests.chaos.case import Case, NotPossibleError

_DOCUMENT = Path(__file__).parents[2] / "docs" / "degradation.md"


@pytest.mark.soak
@pytest.mark.timeout(240)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
async def test_under_a_fault_all_goes_as_documented(
    case: Case, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "aiohttp.server")  # who is cut off hangs up
    try:
        await case.play(tmp_path)
    except NotPossibleError as reason:
        pytest.skip(str(reason))


def test_every_fault_is_documented_by_its_name() -> None:
    text = _DOCUMENT.read_text()
    assert [case.fault for case in CASES if case.fault not in text] == []
