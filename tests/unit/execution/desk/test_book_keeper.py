"""Books that are changed from two sides at once."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from domain.errors import StorageUnavailableError
from domain.positions import PositionBooks
from engine.execution.desk.book_keeper import BookKeeper
from engine.execution.values import Moves
from engine.ports.storage import UnitOfWork
from tests.unit.execution.desk.desk_floor import Floor, TradePresenter
from tests.unit.execution.desk.mortal_storage import MortalStorage


async def test_two_changes_at_once_are_both_kept() -> None:
    floor = Floor()
    await floor.confirm()
    keeper = BookKeeper(
        storage=MortalStorage(floor.kept).storage,
        presenter=TradePresenter(),
        clock=floor.clock,
        wake=lambda: None,
    )
    await asyncio.gather(
        keeper.revise(1, lambda books: _with(books, stop=Decimal(1))),
        keeper.revise(1, lambda books: _with(books, extreme=Decimal(2))),
    )
    position = (await floor.books()).position
    assert (position.stop, position.extreme) == (Decimal(1), Decimal(2))


async def test_what_could_not_be_written_yet_is_in_the_list_all_the_same() -> None:
    floor = Floor()
    await floor.confirm()
    is_away = False

    def storage() -> UnitOfWork:
        if is_away:
            raise StorageUnavailableError("the database is down")
        return floor.kept()

    keeper = BookKeeper(
        storage=storage, presenter=TradePresenter(), clock=floor.clock, wake=lambda: None
    )
    await keeper.load(1)
    is_away = True
    await keeper.revise(1, lambda books: _with(books, stop=Decimal(1)))
    is_away = False
    assert [books.position.stop for books in await keeper.list_live()] == [Decimal(1)]


def _with(books: PositionBooks, **changes: Decimal) -> Moves:
    return Moves(books=replace(books, position=replace(books.position, **changes)))  # type: ignore[arg-type]  # prices only
