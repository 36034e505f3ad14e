"""Tries a key that a trader wants to connect, before anything of it is kept."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.accounts import AccountStanding, KeyPermissions
from domain.errors import InvalidDataError, TemporaryVenueError, VenueRefusedError
from domain.orders import VenuePosition
from domain.plans import Denial, Denied
from domain.positions import PositionBooks
from engine.execution.accounts.traders import deny
from engine.execution.books.accounting import open_quantity
from engine.ports.broker import Broker
from engine.ports.keys import ApiKey

OpenCandidate = Callable[[ApiKey], Awaitable[Broker]]
"""Opens a broker with a key that is not stored; whoever opens it closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a key opens; `order_ids` are the client ids of the orders that rest there."""

    permissions: KeyPermissions
    standing: AccountStanding
    positions: tuple[VenuePosition, ...]
    order_ids: frozenset[str]


async def try_key(open_candidate: OpenCandidate, key: ApiKey) -> Candidate | Denied:
    """What a key opens; or why nobody knows. Words are our own: a venue's might repeat the key."""
    try:
        broker = await open_candidate(key)
        try:
            return Candidate(
                permissions=await broker.read_permissions(),
                standing=await broker.read_standing(),
                positions=tuple(await broker.list_positions()),
                order_ids=frozenset(each.client_id for each in await broker.list_open_orders()),
            )
        finally:
            await broker.close()
    except VenueRefusedError:
        return deny(
            "key_refused",
            "the exchange does not accept this key: check key and secret, the addresses it may "
            "be used from, and that it may read and trade futures",
        )
    except (TemporaryVenueError, InvalidDataError):
        return deny("venue_silent", "the exchange does not answer as it should; try again later")


def check_permissions(
    permissions: KeyPermissions, *, is_withdrawal_told: bool
) -> tuple[Denial, ...]:
    """Why a key is not taken: it may withdraw, or nobody can rule that out, or it can't trade.

    At a venue that never tells (`is_withdrawal_told` is false) silence is no reason; elsewhere a
    key whose permissions stay unknown is treated like one that may withdraw.
    """
    denials: list[Denial] = []
    if permissions.can_withdraw:
        text = (
            "this key may withdraw: make one that can only read and trade futures, "
            "and delete this one"
        )
        denials.append(Denial(rule="can_withdraw", text=text))
    if permissions.can_withdraw is None and is_withdrawal_told:
        text = "the exchange does not tell whether this key may withdraw, so it is not taken"
        denials.append(Denial(rule="withdrawal_unknown", text=text))
    if not permissions.can_trade:
        text = "this key may not trade futures: allow it on the exchange, then connect again"
        denials.append(Denial(rule="cannot_trade", text=text))
    return tuple(denials)


def check_same_account(live: Sequence[PositionBooks], candidate: Candidate) -> tuple[Denial, ...]:
    """A new key for an account with live positions must open the account that holds them.

    An order of theirs that rests there proves it, however much was closed or filled since the old
    key was lost. Without one each of them has to be held just as the books have it: any account may
    hold something on the same pair.
    """
    ours = {order.client_id for books in live for order in books.orders if not order.is_final}
    if ours & candidate.order_ids:
        return ()
    missing = [
        books.position.instrument.pair for books in live if not _is_held(books, candidate.positions)
    ]
    if not missing:
        return ()
    text = (
        f"this key opens an account without your live positions ({', '.join(missing)}): close "
        "them first, or connect a key of the account that holds them"
    )
    return (Denial(rule="other_account", text=text),)


def _is_held(books: PositionBooks, held: Sequence[VenuePosition]) -> bool:
    """Whether a position is held as in the books; of an entry on its way, in whatever part."""
    quantity = open_quantity(books)
    return any(
        (one.symbol, one.direction) == (books.position.symbol, books.position.direction)
        and quantity in (0, one.quantity)
        for one in held
    )
