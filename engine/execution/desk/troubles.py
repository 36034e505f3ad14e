"""What admins are told of single positions when a person has to see to them, each trouble once."""

from itertools import takewhile
from typing import Final

from domain.orders import Order, OrderRole, VenuePosition
from domain.positions import Position, PositionBooks
from engine.execution.books.accounting import is_fruitless, open_quantity
from engine.execution.desk.alarms import Alarms

_MISTAKE: Final = (
    "{account}, {symbol}: position {id} met with what should not be possible: {error}. Orders that "
    "rest at the exchange still work; compare the position with what the exchange shows."
)
_NOT_CLOSED: Final = (
    "{account}, {symbol}: the exchange does not close the position: {reason}. It is tried again "
    "and again; a stop that rests there still works. Close it on the exchange."
)
_UNFILLED: Final = "orders to close it end unfilled"
_DIFFERENCE: Final = (
    "{account}, {symbol}: the exchange holds {held}, by the books {open} are open, and no fill "
    "tells why. Stop and targets are as large as the books say. Look at it on the exchange."
)
_MOST_FRUITLESS: Final = 10
"""Closing orders in vain in a row; a position that is gone without a word takes fewer."""


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

    async def tell_fruitless_closing(self, books: PositionBooks) -> None:
        """A position that is to be closed and that the venue does not let go of."""
        position, fruitless = books.position, _fruitless_closings(books)
        if len(fruitless) < _MOST_FRUITLESS:
            return
        reason = fruitless[0].reason or _UNFILLED
        text = _NOT_CLOSED.format(account=position.account, symbol=position.symbol, reason=reason)
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


def _fruitless_closings(books: PositionBooks) -> list[Order]:
    """Orders to close at market that came to nothing since one was filled, newest first."""
    closings = (order for order in reversed(books.orders) if order.role is OrderRole.CLOSE)
    return list(takewhile(lambda order: is_fruitless(books, order), closings))
