"""A trade by the real desk at the real matching machine: whatever happens, its promises hold."""

from hypothesis import given, settings

from tests.unit.execution.model.model_steps import STEPS, TERMS
from tests.unit.execution.model.model_world import Step, Terms, play_trade


@given(terms=TERMS, steps=STEPS)
@settings(max_examples=150)
def test_venue_and_books_agree_whatever_happened(terms: Terms, steps: list[Step]) -> None:
    play_trade(terms, steps)
