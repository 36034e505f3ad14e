"""Brings an account and its books to one truth before anything new may be entered on it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from domain.errors import AccessRefusedError, OrderRefusedError
from domain.orders import OrderKind, OrderReport, VenuePosition
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.desk.alarms import Alarms
from engine.execution.desk.book_keeper import BookKeeper
from engine.execution.desk.comparing import Comparison, compare, reduces, request_of
from engine.execution.desk.position_worker import PositionWorker
from engine.execution.desk.venues import Venues

_log = logging.getLogger(__name__)

_REFUSED: Final = (
    "{account}: the exchange refuses the API key: {text}. Nothing new is executed with it. Check "
    "the key, its permissions and its allowed addresses at the exchange."
)
_WITHDRAWAL: Final = (
    "{account}: this API key may withdraw. Nothing new is executed with it. "
    "Make a key without the withdrawal permission at the exchange and put it in its place."
)
_UNTOLD: Final = (
    "{account}: the exchange does not tell whether this API key may withdraw. Nothing new is "
    "executed with it until the exchange says that it may not. Check the key's permissions there, "
    "and that EXCHANGE_REST_URL is empty or names demo trading or a simulated venue."
)
_NO_TRADING: Final = (
    "{account}: this API key may not trade futures. Nothing new is executed with it. "
    "Allow futures trading for the key at the exchange, or use one that has it."
)
_SECOND: Final = (
    "{account}: orders of another Quorum (mark {tags}) are open on this account; this one is "
    "marked {own}. Nothing new is executed with it. Stop the other instance and cancel its orders "
    "at the exchange, or give each instance an account of its own."
)
_TWIN: Final = (
    "{account}: orders of {twins} are open on this account, so both keys belong to one account at "
    "the exchange. Nothing new is executed with {account}. Disconnect one of the two."
)
_FOREIGN: Final = (
    "{account}: a {direction} of {quantity} {symbol} is held that Quorum did not open. It is left "
    "alone, and nothing new is entered on {symbol} with this account until it is closed."
)
_UNKNOWN: Final = (
    "{account}: a {direction} of {quantity} {symbol} is held that is not in these books, as after "
    "the restore of an older backup. Nobody moves its stop or closes it in time: look after it on "
    "the exchange. Nothing new is entered on {symbol} with this account until it is closed. Orders "
    "of Quorum on it were kept: {orders}."
)
_STRAYS: Final = (
    "{account}: open orders that belong to no open trade were cancelled: {orders}. "
    "They were left over from an earlier run."
)


class Reconciler:
    """Compares accounts with the books. `workers_of` gives the positions at work on an account."""

    def __init__(
        self,
        *,
        venues: Venues,
        keeper: BookKeeper,
        alarms: Alarms,
        workers_of: Callable[[str], list[PositionWorker]],
        tag: Callable[[], str],
    ) -> None:
        self._venues = venues
        self._keeper = keeper
        self._alarms = alarms
        self._workers_of = workers_of
        self._tag = tag

    async def reconcile(self, venue: AccountVenue) -> None:
        """Compare an account; afterwards it may be traded on, or it is halted with the reason.

        Raises what a broker and storage raise; the account then stays as it was.
        """
        try:
            await self.connect(venue)
            await venue.wait_turn()
            refusal = await self._refusal_of_key(venue)
            await venue.connected().read_standing()
            await self._settle_positions(venue)
            second = await self._compare(venue)
        except AccessRefusedError as error:
            await self.refuse_access(venue, str(error))
            raise
        await self._conclude(venue, refusal or second)

    async def connect(self, venue: AccountVenue) -> None:
        """Open the broker of an account if it is not open yet."""
        await self._venues.open(venue.account)

    async def refuse_access(self, venue: AccountVenue, text: str) -> None:
        """The venue does not let the key in: nothing new, and admins are told."""
        # Without a broker there was no key to send: the words are those of whoever opens brokers.
        reason = text if venue.broker is None else _REFUSED.format(account=venue.name, text=text)
        if venue.halted is None:
            venue.compare.set()  # it may be over before the next comparison is due
        venue.halt(reason)
        await self._alarms.raise_once(f"{venue.name}:halted", reason)

    async def _refusal_of_key(self, venue: AccountVenue) -> str | None:
        permissions = await venue.connected().read_permissions()
        if permissions.can_withdraw:
            return _WITHDRAWAL.format(account=venue.name)
        if not permissions.can_trade:
            return _NO_TRADING.format(account=venue.name)
        untold = permissions.is_withdrawing_unknown
        return _UNTOLD.format(account=venue.name) if untold else None

    async def _settle_positions(self, venue: AccountVenue) -> None:
        """Bring the live books up to date, by the very steps that always do."""
        workers = self._workers_of(venue.name)
        for worker in workers:
            worker.hint()
        await asyncio.gather(*(worker.settle() for worker in workers))

    async def _compare(self, venue: AccountVenue) -> str | None:
        found = await self._find(venue)
        if found.foreign:
            found = await self._find(venue)  # one that ended while it was read is flat by now
        await self._cancel(venue, found.strays)
        await self._flag(venue, found)
        if found.twins:
            return _TWIN.format(account=venue.name, twins=", ".join(found.twins))
        if not found.others:
            return None
        return _SECOND.format(account=venue.name, tags=", ".join(found.others), own=self._tag())

    async def _find(self, venue: AccountVenue) -> Comparison:
        reading = await venue.read()
        return compare(reading, await self._keeper.list_live(), self._tag(), venue.name)

    async def _cancel(self, venue: AccountVenue, strays: Sequence[OrderReport]) -> None:
        cancelled = [order for order in strays if await self._is_cancelled(venue, order)]
        if cancelled:
            names = ", ".join(f"{order.symbol} {order.client_id}" for order in cancelled)
            text = _STRAYS.format(account=venue.name, orders=names)
            await self._alarms.raise_once(f"{venue.name}:strays:{names}", text)

    async def _is_cancelled(self, venue: AccountVenue, order: OrderReport) -> bool:
        try:
            await venue.connected().cancel(request_of(order))
        except OrderRefusedError as error:
            _log.info("%s needs no cancelling: %s", order.client_id, error)
            return False
        return True

    async def _flag(self, venue: AccountVenue, found: Comparison) -> None:
        flagged = {held.symbol: _words_of(venue, held, found.kept) for held in found.foreign}
        for symbol in venue.foreign.keys() - flagged.keys():
            self._alarms.is_over(f"{venue.name}:foreign:{symbol}")
        venue.foreign = flagged
        for symbol, text in flagged.items():
            await self._alarms.raise_once(f"{venue.name}:foreign:{symbol}", text)

    async def _conclude(self, venue: AccountVenue, refusal: str | None) -> None:
        venue.halted = refusal
        venue.is_reconciled = True
        if refusal is None:
            self._alarms.is_over(f"{venue.name}:halted")
        else:
            await self._alarms.raise_once(f"{venue.name}:halted", refusal)
        for worker in self._workers_of(venue.name):
            worker.wake()


def _words_of(venue: AccountVenue, held: VenuePosition, kept: Sequence[OrderReport]) -> str:
    resting = [order for order in kept if reduces(order, held)]
    resting.sort(key=lambda order: order.kind is not OrderKind.STOP)  # a long text loses its end
    orders = [_words_of_order(order) for order in resting]
    return (_UNKNOWN if orders else _FOREIGN).format(
        account=venue.name,
        direction=held.direction,
        quantity=held.quantity,
        symbol=held.symbol,
        orders=", ".join(orders),
    )


def _words_of_order(order: OrderReport) -> str:
    price = order.price if order.trigger is None else order.trigger
    return f"{order.kind} {order.quantity}" + ("" if price is None else f" at {price}")
