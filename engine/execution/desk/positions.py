"""Use case: what is open, for /positions."""

from decimal import Decimal
from typing import Protocol

from domain.directions import Direction
from domain.positions import PositionBooks
from engine.execution.books.accounting import ledger_of, open_quantity
from engine.execution.desk.looking import resting_trigger
from engine.execution.telling.cards import mode_of
from engine.execution.values import OpenPosition
from engine.ports.broker import Quotes
from engine.ports.storage import Storage


class Protection(Protocol):
    """Who knows whether a position is protected."""

    def is_protected(self, position_id: int) -> bool:
        """Whether stops that rest at the venue cover it."""


class ListPositions:
    """Every position that is not closed, with what it would bring now."""

    def __init__(self, *, storage: Storage, quotes: Quotes, desk: Protection) -> None:
        self._storage = storage
        self._quotes = quotes
        self._desk = desk

    async def __call__(self, user_id: int | None = None) -> list[OpenPosition]:
        """Positions of a trader, or of all, oldest first."""
        async with self._storage() as unit:
            live = await unit.positions.list_live()
        return [self._line(one) for one in live if user_id in (None, one.position.user_id)]

    def _line(self, books: PositionBooks) -> OpenPosition:
        position = books.position
        mark = self._mark(position.symbol, position.direction)
        return OpenPosition(
            position=position,
            mode=mode_of(position.account),
            numbers=ledger_of(books),
            mark=mark,
            unrealised=_unrealised(books, mark),
            is_protected=self._desk.is_protected(position.id),
            quantity=open_quantity(books),
            stop=resting_trigger(books),
        )

    def _mark(self, symbol: str, direction: Direction) -> Decimal | None:
        """The price at which it could be closed now."""
        quote = self._quotes.quote(symbol)
        if quote is None:
            return None
        return quote.bid if direction is Direction.LONG else quote.ask


def _unrealised(books: PositionBooks, mark: Decimal | None) -> Decimal | None:
    entry = ledger_of(books).average_entry
    if mark is None or entry is None:
        return None
    return (mark - entry) * open_quantity(books) * books.position.direction.sign
