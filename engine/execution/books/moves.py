"""What is to be done next about a position: the one decision that execution makes."""

from typing import Final

from domain.positions import PositionBooks, PositionState
from engine.execution.books.by_hand import note_by_hand
from engine.execution.books.draft import Draft
from engine.execution.books.endings import close_out
from engine.execution.books.entries import advance_entry, note_entry
from engine.execution.books.exits import follow_targets, leave_in_time, leave_what_is_gone
from engine.execution.books.protection import finish_stop_out, give_up_unprotected, protect
from engine.execution.books.targets import set_targets
from engine.execution.books.unsettled import settle
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves, Sight

_RULES: Final = (
    note_entry,
    follow_targets,
    leave_in_time,
    leave_what_is_gone,
    finish_stop_out,
    give_up_unprotected,
    advance_entry,
    protect,
    set_targets,
    close_out,
    note_by_hand,
    settle,
)
"""In the order in which they have a say; each sees what those before it decided."""


def plan_moves(
    books: PositionBooks, sight: Sight, tag: str, parameters: ExecutionParameters
) -> Moves:
    """What to do next about a position, from its books and what is seen. Pure.

    Carry it out in this order: store `books`, then `place` and `resend`, `cancel`, `ask`; absorb
    every answer; plan again, until books no longer change. `ask` alone is no progress: whatever is
    unknown is asked about in every plan, so a round that changed no books ends the loop until the
    next look. Asking about an order includes the fills of its pair. A position that is CLOSED has
    no moves. `tag` is that of the database (`ClientId`).
    """
    if books.position.state is PositionState.CLOSED:
        return Moves(books=books)
    draft = Draft(books=books, sight=sight, tag=tag, parameters=parameters)
    for rule in _RULES:
        draft = rule(draft)
    return draft.moves()
