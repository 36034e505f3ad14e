"""When what the venue says is held may be believed, although the books say otherwise.

A reading that began before the books last changed says nothing about them. One that contradicts
them is believed only if the next one says the same and no fill explains it in between: positions,
orders and fills are told by different parts of a venue, and not at the same instant.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from domain.orders import VenuePosition
from domain.positions import PositionBooks
from engine.execution.books.accounting import open_quantity
from engine.execution.desk.account_venue import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the venue holds of a position; None is flat. It counts only if `is_known`.

    `is_new` is true once of each contradiction: whoever asked about it has his answer, and a
    difference that stays must not be asked about for ever. `contradicted_seconds` (wall) is for how
    long the readings have said so.
    """

    position: VenuePosition | None = None
    is_known: bool = False
    is_new: bool = False
    contradicted_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    quantity: Decimal
    began_at: float
    is_told: bool = False


class Doubts:
    """Of one position."""

    def __init__(self) -> None:
        self._changed_at = float("-inf")
        self._doubt: _Doubt | None = None
        self._has_question = False

    def note_change(self, monotonic: float) -> None:
        """The books have changed: what was read before is old."""
        self._changed_at = monotonic
        self._doubt = None

    def is_fresh(self, reading: Reading | None) -> bool:
        """Whether a reading tells of the books as they are."""
        return reading is not None and reading.began_at > self._changed_at

    def take_question(self) -> bool:
        """Whether a reading has contradicted the books anew, so that fills should be asked for."""
        has_question, self._has_question = self._has_question, False
        return has_question

    def judge(self, books: PositionBooks, reading: Reading | None) -> Held:
        """What may be believed of a reading."""
        if reading is None or not self.is_fresh(reading):
            return Held()
        held = reading.held(books.position.symbol, books.position.direction)
        quantity = Decimal(0) if held is None else held.quantity
        if quantity == open_quantity(books):
            self._doubt = None
            return Held(position=held, is_known=True)
        if self._doubt is None or self._doubt.quantity != quantity:
            self._doubt = _Doubt(quantity=quantity, began_at=reading.began_at)
            self._has_question = True
        return self._believed(held, self._doubt, reading)

    def _believed(self, held: VenuePosition | None, doubt: _Doubt, reading: Reading) -> Held:
        """A reading that contradicts the books: believed if one before has said the same."""
        if reading.began_at <= doubt.began_at:
            return Held(position=held)
        self._doubt = replace(doubt, is_told=True)
        return Held(
            position=held,
            is_known=True,
            is_new=not doubt.is_told,
            contradicted_seconds=reading.began_at - doubt.began_at,
        )
