"""The diagrams in docs/execution.md say what the tables in domain/ say, no more and no less."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from domain.intents import INTENT_TRANSITIONS, IntentEvent, IntentState
from domain.orders import ORDER_TRANSITIONS, OrderEvent, OrderState
from domain.positions import POSITION_TRANSITIONS, PositionEvent, PositionState
from domain.transitions import Transitions

DOCUMENT = Path(__file__).parents[3] / "docs" / "execution.md"
DIAGRAM = re.compile(r"^### Life of an? (\w+)$.*?^```mermaid\n(.*?)^```", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r"^ +(\w+) --> (\w+): ([\w ]+)$", re.MULTILINE)
END = re.compile(r"^ +(\w+) --> \[\*\]$", re.MULTILINE)

TABLES: dict[str, tuple[Transitions[Any, Any], type[StrEnum], type[StrEnum]]] = {
    "intent": (INTENT_TRANSITIONS, IntentState, IntentEvent),
    "order": (ORDER_TRANSITIONS, OrderState, OrderEvent),
    "position": (POSITION_TRANSITIONS, PositionState, PositionEvent),
}


def drawn(subject: str) -> str:
    diagrams = dict(DIAGRAM.findall(DOCUMENT.read_text(encoding="utf-8")))
    return str(diagrams[subject])


@pytest.mark.parametrize("subject", TABLES)
def test_every_transition_is_drawn_and_none_that_cannot_be(subject: str) -> None:
    table, states, events = TABLES[subject]
    possible = {
        (str(state), str(table.after(state, event)), str(event))
        for state in states
        for event in events
        if table.allows(state, event)
    }
    assert set(ARROW.findall(drawn(subject))) == possible


@pytest.mark.parametrize("subject", TABLES)
def test_what_is_final_is_drawn_as_an_end(subject: str) -> None:
    table, states, _ = TABLES[subject]
    assert set(END.findall(drawn(subject))) == {str(s) for s in states if table.is_final(s)}
