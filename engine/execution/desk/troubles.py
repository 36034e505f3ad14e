"""What admins are told of single positions when a person has to see to them, each trouble once."""

from itertools import takewhile
from typing import Final

from domain.orders import Order, OrderRole, OrderState, VenuePosition
from domain.positions import Position, PositionBooks
from engine.execution.books.accounting import open_quantity
from engine.execution.desk.alarms import Alarms

_MISTAKE: Final = (
    "{account}, {symbol}: position {id} met with what should not be possible: {error}. Orders that "
    "rest at the exchange still work; compare the position with what the exchange shows."
)
_NOT_CLOSED: Final = (
    "{account}, {symbol}: the exchange refuses to close the position: {reason}. It is tried again "
    "and again; a stop that rests there still works. Close it on the exchange."
)
_DIFFERENCE: Final = (
    "{account}, {symbol}: the exchange holds {held}, by the books {open} are open, and no fill "
    "tells why. Stop and targets are as large as the books say. Look at it on the exchange."
)
_MOST_REFUSALS: Final = 10
"""Closing orders refused in a row; a position that is gone without a word takes fewer."""


class Troubles:
    """Of positions."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms

    async def tell_mistake(self, position: Position, error: Exception) -> None:
        """The books of a position, or our code, cannot deal with what has happened."""
        text = _MISTAKE.format(
            account=position.account, symbol=position.symbol, id=position.id, error=error
        )
        await self._alarms.raise_once(f"position:{position.id}:mistake", text)

    async def tell_refused_closing(self, books: PositionBooks) -> None:
        """A position that is to be closed and that the venue does not let go of."""
        position, refused = books.position, _refused_closings(books)
        if len(refused) < _MOST_REFUSALS:
            return
        text = _NOT_CLOSED.format(
            account=position.account, symbol=position.symbol, reason=refused[0].reason
        )
        await self._alarms.raise_once(f"position:{position.id}:closing", text)

    async def tell_difference(self, books: PositionBooks, held: VenuePosition | None) -> None:
        """For long the venue has been holding something else than the books say."""
        position = books.position
        text = _DIFFERENCE.format(
            account=position.account,
            symbol=position.symbol,
            held="nothing" if held is None else f"{held.quantity:f}",
            open=f"{open_quantity(books):f}",
        )
        await self._alarms.raise_once(f"position:{position.id}:difference", text)


def _refused_closings(books: PositionBooks) -> list[Order]:
    """Orders to close at market that were refused since one was taken, newest first."""
    closings = (order for order in reversed(books.orders) if order.role is OrderRole.CLOSE)
    return list(takewhile(lambda order: order.state is OrderState.REFUSED, closings))
