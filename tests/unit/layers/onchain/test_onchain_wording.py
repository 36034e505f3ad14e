"""What a subscriber reads, word for word. A diff here is a product decision: read it."""

from pathlib import Path

import pytest

from domain.onchain import OnChain
from tests.unit.layers.onchain.chains import score
from tests.unit.layers.onchain.scenes import SCENES

GOLDEN = Path(__file__).parent / "evidence.txt"


def told(name: str, onchain: OnChain) -> str:
    """A scene's score and evidence, one line each."""
    answer = score(onchain)
    lines = [f"{name}: {answer.bullishness:.1f}, coverage {answer.coverage:.2f}"]
    lines += [f"  {item.bullishness:5.1f} {item.text}" for item in answer.evidence]
    return "\n".join(lines)


def test_evidence_is_worded_as_agreed(pytestconfig: pytest.Config) -> None:
    text = "\n\n".join(told(name, onchain) for name, onchain in SCENES.items()) + "\n"
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "run with --update-golden, read the diff"
