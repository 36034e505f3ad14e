"""Every trap of the venue names a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "venue-traps.md").read_text())


@pytest.fixture(scope="module")
def defined() -> set[str]:
    texts = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"def (test_\w+)\(", text)}


def test_the_document_names_tests() -> None:
    assert len(NAMES) > 50


@pytest.mark.parametrize("name", sorted(set(NAMES)))
def test_a_test_that_the_document_names_is_there(name: str, defined: set[str]) -> None:
    assert name in defined
