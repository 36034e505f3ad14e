"""Numbers as the venue gives them: neither two accounts share one nor the two kinds of orders."""

from dataclasses import dataclass
from typing import Final

_ACCOUNT: Final = 1_000_000_000
_CONDITIONAL: Final = 500_000_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one account, by its `place` among all from 0 on, and those of its own books.

    An account may have 500 million orders, as many conditional ones, and twice as many fills.
    """

    place: int

    def order(self, number: int) -> int:
        """The id of a plain order."""
        return (self.place + 1) * _ACCOUNT + number

    def conditional(self, number: int) -> int:
        """The id of a conditional order."""
        return self.order(number) + _CONDITIONAL

    def fill(self, number: int) -> int:
        """The id of a fill."""
        return self.order(number)

    def of_order(self, identifier: int) -> int:
        """The number in the books of a plain order, or of a fill."""
        return identifier - self.order(0)

    def of_conditional(self, identifier: int) -> int:
        """The number in the books of a conditional order."""
        return identifier - self.conditional(0)
