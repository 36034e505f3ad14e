"""Reads the books of positions with one statement, however many: one statement sees one instant.

Several statements could see orders of another unit of work beside a position from before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Row, literal, select, union_all

from db.codec import FILL, INTENT, ORDER, POSITION
from db.tables import fills, intents, orders, positions
from domain.positions import PositionBooks

_POSITION: Final = 0
_INTENT: Final = 1
_ORDER: Final = 2
_FILL: Final = 3


def select_books(*conditions: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Every page of the books of the positions that meet conditions: (position_id, kind, payload).

    Within a kind in the order in which the pages were written.
    """
    owner = positions.c.id.label("position_id")
    position = select(owner, literal(_POSITION).label("kind"), literal(0).label("number"))
    intent = select(owner, literal(_INTENT), literal(0)).join(intents)
    order = select(owner, literal(_ORDER), orders.c.number).join(orders)
    fill = select(owner, literal(_FILL), fills.c.number).join(fills)
    pages = union_all(
        position.add_columns(positions.c.payload).where(*conditions),
        intent.add_columns(intents.c.payload).where(*conditions),
        order.add_columns(orders.c.payload).where(*conditions),
        fill.add_columns(fills.c.payload).where(*conditions),
    )
    return pages.order_by("kind", "number")


def gather_books(pages: Iterable[Row[Any]]) -> list[PositionBooks]:
    """The books that the pages make up, orders and fills oldest first."""
    stacks: defaultdict[int, defaultdict[int, list[str]]]
    stacks = defaultdict(lambda: defaultdict(list))
    for page in pages:
        stacks[page.position_id][page.kind].append(page.payload)
    return [_bind(stack) for stack in stacks.values()]


def _bind(stack: Mapping[int, list[str]]) -> PositionBooks:
    kept_orders = [ORDER.decode(text) for text in stack[_ORDER]]
    kept_fills = [FILL.decode(text) for text in stack[_FILL]]
    return PositionBooks(
        intent=INTENT.decode(stack[_INTENT][0]),
        position=POSITION.decode(stack[_POSITION][0]),
        orders=tuple(sorted(kept_orders, key=attrgetter("created_at"))),
        fills=tuple(sorted(kept_fills, key=attrgetter("at"))),
    )
