"""Compares what a venue holds with the books: two truths are found out, never lived with."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.directions import Direction
from domain.orders import (
    ClientId,
    OrderReport,
    OrderRequest,
    Side,
    VenuePosition,
    exit_side,
)
from domain.positions import PositionBooks
from engine.execution.desk.account_venue import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is at the venue and not in the books.

    `strays` are open orders of ours that no book counts as open; `kept` those of them that can only
    reduce a foreign position; `others` are tags of other databases whose orders are open on this
    account; `twins` are accounts of ours whose orders rest here, so that both names mean one
    account at the venue; `foreign` positions are in no book.
    """

    strays: tuple[OrderReport, ...]
    others: tuple[str, ...]
    foreign: tuple[VenuePosition, ...]
    twins: tuple[str, ...] = ()
    kept: tuple[OrderReport, ...] = ()


def compare(reading: Reading, live: Sequence[PositionBooks], tag: str, account: str) -> Comparison:
    """Compare a reading of an account with the live books of all, which were read after it."""
    owners = {o.client_id: o.account for books in live for o in books.orders if not o.is_final}
    own = [books.position for books in live if books.position.account == account]
    ours = {(position.symbol, position.direction) for position in own}
    foreign = [held for held in reading.positions if (held.symbol, held.direction) not in ours]
    tagged = [(order, ClientId.parse(order.client_id)) for order in reading.orders]
    unknown = [
        order
        for order, name in tagged
        if name is not None and name.tag == tag and order.client_id not in owners
    ]
    # Books of an older backup do not know what was opened since: its stop may be all it has.
    kept = [order for order in unknown if any(reduces(order, held) for held in foreign)]
    return Comparison(
        strays=tuple(order for order in unknown if order not in kept),
        kept=tuple(kept),
        twins=tuple(sorted({owners.get(o.client_id, account) for o in reading.orders} - {account})),
        others=tuple(sorted({name.tag for _, name in tagged if name and name.tag != tag})),
        foreign=tuple(foreign),
    )


def reduces(order: OrderReport, held: VenuePosition) -> bool:
    """Whether an order can only make a position smaller."""
    return (
        order.reduces
        and order.symbol == held.symbol
        and order.side is exit_side(held.direction)
        and order.direction in (None, held.direction)
    )


def request_of(report: OrderReport) -> OrderRequest:
    """The request that an order at the venue came from, as far as cancelling it needs one."""
    return OrderRequest(
        client_id=report.client_id,
        symbol=report.symbol,
        direction=report.direction or _direction_of(report),
        side=report.side,
        kind=report.kind,
        quantity=report.quantity,
        reduces=report.reduces,
        price=report.price,
        trigger=report.trigger,
    )


def _direction_of(report: OrderReport) -> Direction:
    """In one-way mode: what makes a position smaller sells a long or buys a short."""
    return Direction.LONG if (report.side is Side.BUY) is not report.reduces else Direction.SHORT
