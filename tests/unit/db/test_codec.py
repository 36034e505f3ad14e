"""Stored texts that cannot be read, and numbers that JSON does not have."""

from dataclasses import replace

import pytest

from db.codec import DECISION, SIGNAL
from domain.errors import InvalidDataError
from tests.builders.signals import make_decision, make_signal


def test_decimals_are_stored_as_strings() -> None:
    assert '"entry":"64210.5"' in SIGNAL.encode(make_signal())


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"symbol": 7}'])
def test_a_text_that_is_no_decision_is_refused(text: str) -> None:
    with pytest.raises(InvalidDataError, match="stored Decision"):
        DECISION.decode(text)


def test_a_number_that_could_not_be_computed_comes_back_as_none() -> None:
    stored = DECISION.decode(DECISION.encode(replace(make_decision(), atr=float("nan"))))
    assert stored.atr is None


def test_a_required_number_that_is_none_is_refused_on_reading() -> None:
    text = DECISION.encode(replace(make_decision(), score=float("nan")))
    with pytest.raises(InvalidDataError, match="score"):
        DECISION.decode(text)
