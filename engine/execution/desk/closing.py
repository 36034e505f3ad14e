"""Use cases: close positions, and call off entries; the first also when storage is down."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from domain.accounts import paper_account
from domain.errors import ConflictError, QuorumError, StorageUnavailableError
from domain.intents import Intent, IntentEvent, IntentState
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.accounts.traders import trader_account_name
from engine.execution.books.accounting import entered_quantity
from engine.execution.desk.direct_closing import DirectClosing
from engine.execution.requests import Closing
from engine.execution.telling.offer_cards import edit_offer
from engine.execution.values import CloseRequest
from engine.ports.broker import Broker
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage

_log = logging.getLogger(__name__)

_WITHOUT_STORAGE: Final = (
    "storage is not available: what was held was closed straight on the exchange, and the record "
    "is brought up to date when storage is back"
)


class ClosingDesk(Protocol):
    """What of the desk closing needs."""

    async def close(self, requests: Sequence[CloseRequest]) -> None:
        """Begin to close positions at market."""

    async def call_off_entry(self, position_id: int) -> None:
        """Cancel what is not filled of an entry."""

    def brokers(self) -> Mapping[str, Broker]:
        """Brokers that are open, by account."""

    def known(self) -> Sequence[PositionBooks]:
        """Books of the positions at work as they were last seen, also while storage is away."""

    def look_again(self) -> None:
        """Something was done at the venue behind the desk's back."""


class CallOffOffers:
    """Declines offers that nobody has confirmed yet."""

    def __init__(self, *, storage: Storage, presenter: Presenter, clock: Clock) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock

    async def __call__(self, user_id: int | None, symbol: str | None = None) -> list[str]:
        """Decline those of a trader, or of all; the pairs they were for."""
        async with self._storage() as unit:
            offered = await unit.intents.list_offered(user_id)
        wanted = [each for each in offered if symbol in (None, each.instrument.symbol)]
        return [each.instrument.symbol for each in wanted if await self._decline(each)]

    async def _decline(self, intent: Intent) -> bool:
        declined = intent.after(IntentEvent.DECLINE, "called off")
        now = self._clock.now()
        try:
            async with self._storage() as unit:
                await unit.intents.save(declined, was=IntentState.OFFERED)
                await edit_offer(unit, self._presenter, declined, now)
                await unit.commit()
        except ConflictError:
            return False  # it was confirmed or declined at this very moment
        return True


class ClosePositions:
    """Closes at market, through the books; straight at the venue where there are none to be had."""

    def __init__(
        self, *, storage: Storage, desk: ClosingDesk, offers: CallOffOffers, direct: DirectClosing
    ) -> None:
        self._storage = storage
        self._desk = desk
        self._offers = offers
        self._direct = direct

    async def __call__(
        self, user_id: int, symbol: str | None = None, *, everybody: bool = False
    ) -> Closing:
        """Close a trader's positions on a pair or on all, or those of everybody."""
        try:
            return await self._close_by_books(None if everybody else user_id, symbol)
        except StorageUnavailableError as error:
            _log.error("closing without storage: %s", error)
        return await self._close_directly(None if everybody else user_id, symbol)

    async def _close_by_books(self, user_id: int | None, symbol: str | None) -> Closing:
        called_off = await self._offers(user_id, symbol)
        async with self._storage() as unit:
            live = await unit.positions.list_live()
        reason = _reason(user_id)
        wanted = [each for each in live if _is_meant(each, user_id, symbol)]
        failures = {each.position.id: await self._close(each, reason) for each in wanted}
        begun = [each for each in wanted if failures[each.position.id] is None]
        return Closing(
            closing=tuple(each.position.symbol for each in begun if entered_quantity(each)),
            cancelled=(
                *called_off,
                *(each.position.symbol for each in begun if not entered_quantity(each)),
            ),
            failures=tuple(text for text in failures.values() if text is not None),
        )

    async def _close(self, books: PositionBooks, reason: CloseReason) -> str | None:
        """Begin to close one position; why not, in words. One must not keep the others open."""
        position = books.position
        try:
            await self._desk.close([CloseRequest(position_id=position.id, reason=reason)])
        except StorageUnavailableError:
            raise
        except QuorumError as error:
            _log.error("position %s is not being closed: %s", position.id, error)
            return f"{position.account}: {position.symbol} is not being closed: {error}"
        return None

    async def _close_directly(self, user_id: int | None, symbol: str | None) -> Closing:
        """Close at the venue, and in the books that are in memory: what waits must not go out.

        What has not begun first; what is held only after the venue was told, so that nobody sends
        the same order beside it.
        """
        meant = [each for each in self._desk.known() if _is_meant(each, user_id, symbol)]
        live = [each for each in meant if each.position.state is not PositionState.CLOSED]
        waiting = [each for each in live if not entered_quantity(each)]
        failures = await self._close_in_memory(waiting, user_id)
        told = await self._close_at_venues(user_id, symbol)
        failures += await self._close_in_memory([e for e in live if e not in waiting], user_id)
        called_off = (each.position.symbol for each in waiting)
        return replace(
            told,
            cancelled=(*called_off, *told.cancelled),
            failures=(*told.failures, *failures),
        )

    async def _close_in_memory(
        self, known: Sequence[PositionBooks], user_id: int | None
    ) -> list[str]:
        """Begin to close positions; in words which not. They go on in memory."""
        failures = []
        for each in known:
            try:
                failure = await self._close(each, _reason(user_id))
            except StorageUnavailableError as error:
                failure = f"{each.position.account}: {each.position.symbol}: {error}"
            failures += [failure] if failure else []
        return failures

    async def _close_at_venues(self, user_id: int | None, symbol: str | None) -> Closing:
        brokers = self._desk.brokers()
        wanted = self._places_of(user_id, symbol, brokers)
        results = await asyncio.gather(
            *(self._direct(account, brokers[account], pair) for account, pair in wanted)
        )
        self._desk.look_again()
        return Closing(
            direct=tuple(held for result in results for held in result.closed),
            cancelled=tuple(text for result in results for text in result.cancelled),
            failures=(_WITHOUT_STORAGE, *(text for one in results for text in one.failures)),
        )

    def _places_of(
        self, user_id: int | None, symbol: str | None, accounts: Collection[str]
    ) -> list[tuple[str, str | None]]:
        """Accounts, each with the pair that is meant (None: all that it holds).

        On an account that a trader shares, only the pairs that are known to be his.
        """
        if user_id is None:
            return [(account, symbol) for account in accounts]
        own = {paper_account(user_id).name, trader_account_name(user_id)}
        shared = {
            (each.position.account, each.position.symbol)
            for each in self._desk.known()
            if _is_meant(each, user_id, symbol) and each.position.account not in own
        }
        found: list[tuple[str, str | None]] = [(account, symbol) for account in sorted(own)]
        return [place for place in [*found, *sorted(shared)] if place[0] in accounts]


class CancelEntries:
    """Calls off offers and entries that are not filled; what is filled stays and is protected."""

    def __init__(self, *, storage: Storage, desk: ClosingDesk, offers: CallOffOffers) -> None:
        self._storage = storage
        self._desk = desk
        self._offers = offers

    async def __call__(self, user_id: int) -> Closing:
        """Call off what a trader has under way."""
        called_off = await self._offers(user_id)
        async with self._storage() as unit:
            live = await unit.positions.list_live()
        opening = [
            each.position
            for each in live
            if _is_meant(each, user_id, None) and each.position.state is PositionState.OPENING
        ]
        for position in opening:
            await self._desk.call_off_entry(position.id)
        return Closing(cancelled=(*called_off, *(position.symbol for position in opening)))


def _reason(user_id: int | None) -> CloseReason:
    return CloseReason.CLOSE_ALL if user_id is None else CloseReason.BY_TRADER


def _is_meant(books: PositionBooks, user_id: int | None, symbol: str | None) -> bool:
    position = books.position
    return user_id in (None, position.user_id) and symbol in (None, position.symbol)
