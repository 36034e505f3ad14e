"""Writes down what changed in a position's books, and nothing else."""

from domain.orders import Order
from domain.positions import PositionBooks
from engine.ports.storage import UnitOfWork


async def save_changes(unit: UnitOfWork, was: PositionBooks, books: PositionBooks) -> None:
    """Bring the rows from `was`, as they are stored, to `books`.

    Raises `ConflictError` where somebody else has changed a row in between.
    """
    await _save_orders(unit, was, books)
    known = {fill.trade_id for fill in was.fills}
    fills = [fill for fill in books.fills if fill.trade_id not in known]
    if fills:
        await unit.positions.add_fills(books.position.id, fills)
    if books.position != was.position:
        await unit.positions.save(books.position, was=was.position.state)
    if books.intent != was.intent:
        await unit.intents.save(books.intent, was=was.intent.state)


async def _save_orders(unit: UnitOfWork, was: PositionBooks, books: PositionBooks) -> None:
    stored = {order.client_id: order for order in was.orders}
    new: list[Order] = []
    for order in books.orders:
        before = stored.get(order.client_id)
        if before is None:
            new.append(order)
        elif before != order:
            await unit.positions.save_order(order, was=before.state)
    if new:
        await unit.positions.add_orders(new)
