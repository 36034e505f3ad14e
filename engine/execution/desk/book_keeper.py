"""Keeps the books of positions: every change is read, made and written as one, with its messages.

While storage is away the books live on in memory, so that what is open can still be protected; they
are written as soon as storage is back.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.errors import NotFoundError, StorageUnavailableError
from domain.positions import PositionBooks
from engine.breaker_alerts import alert_admins
from engine.execution.desk.entering import urgent_only
from engine.execution.desk.saving import save_changes
from engine.execution.telling.cards import progress_of
from engine.execution.telling.news_messages import messages_of
from engine.execution.telling.offer_cards import card_key
from engine.execution.values import Moves, News, NewsKind
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage, UnitOfWork
from engine.redo import redo_on_conflict

_log = logging.getLogger(__name__)

Change = Callable[[PositionBooks], Moves]
"""What is to become of books: pure, for it may be made more than once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Books before and after a change. `is_stored` is false while storage is away."""

    was: PositionBooks
    moves: Moves
    is_stored: bool = True

    @property
    def books(self) -> PositionBooks:
        """The books as they are now."""
        return self.moves.books


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unwritten:
    books: PositionBooks
    news: tuple[News, ...] = ()


class BookKeeper:
    """The only one to change the books of a confirmed position in this process."""

    def __init__(
        self, *, storage: Storage, presenter: Presenter, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._wake = wake
        self._locks: dict[int, asyncio.Lock] = {}
        self._known: dict[int, PositionBooks] = {}
        self._unwritten: dict[int, _Unwritten] = {}
        self._absence = StorageUnavailableError("storage has not been asked yet")
        self._resting_until = clock.monotonic()

    def known(self) -> list[PositionBooks]:
        """Books of positions at work as they were last seen, also while storage is away."""
        return list(self._known.values())

    async def load(self, position_id: int) -> PositionBooks:
        """The books as they are. Raises `NotFoundError`."""
        return (await self.revise(position_id, lambda books: Moves(books=books))).books

    async def list_live(self, account: str | None = None) -> list[PositionBooks]:
        """Books of positions that are not closed, with what could not be written down yet."""
        async with self._storage() as unit:
            stored = await unit.positions.list_live(account)
        unwritten = {number: each.books for number, each in self._unwritten.items()}
        return [unwritten.get(books.position.id, books) for books in stored]

    async def revise(self, position_id: int, change: Change) -> Revision:
        """Change books, and store them with what is to be told, all or nothing.

        While storage is away only what is urgent is done, and kept in memory until it is back.
        Raises `StorageUnavailableError` where nothing is known of the position, `NotFoundError`.
        """
        async with self._locks.setdefault(position_id, asyncio.Lock()):
            revision = await self._revise_somewhere(position_id, change)
            self._known[position_id] = revision.books
            return revision

    async def _revise_somewhere(self, position_id: int, change: Change) -> Revision:
        asked_at = self._clock.monotonic()
        if asked_at >= self._resting_until or position_id not in self._known:
            try:
                return await redo_on_conflict(lambda: self._revise(position_id, change))
            except StorageUnavailableError as error:
                self._rest(error, self._clock.monotonic() - asked_at)
        return self._revise_in_memory(position_id, change, self._absence)

    def _rest(self, error: StorageUnavailableError, waited_seconds: float) -> None:
        """Ask no more for as long as was waited in vain: it may be longer than a position can go
        without its stop, and each step of a replacement would wait again.
        """
        self._absence = error
        self._resting_until = self._clock.monotonic() + waited_seconds

    def forget(self, position_id: int) -> None:
        """Keep nothing in memory of a position that has ended."""
        if position_id not in self._unwritten:
            self._known.pop(position_id, None)
            self._locks.pop(position_id, None)

    async def _revise(self, position_id: int, change: Change) -> Revision:
        unwritten = self._unwritten.get(position_id)
        async with self._storage() as unit:
            stored = await unit.positions.find_books(position_id)
            if stored is None:
                raise NotFoundError(f"there is no position {position_id}")
            base = stored if unwritten is None else unwritten.books
            moves = change(base)
            news = moves.news if unwritten is None else (*unwritten.news, *moves.news)
            if moves.books != stored or news:
                await save_changes(unit, stored, moves.books)
                await self._tell(unit, stored, moves.books, news)
                await unit.commit()
        self._unwritten.pop(position_id, None)
        if moves.books != stored or news:
            self._wake()
        return Revision(was=base, moves=moves)

    async def _tell(
        self, unit: UnitOfWork, was: PositionBooks, books: PositionBooks, news: tuple[News, ...]
    ) -> None:
        now = self._clock.now()
        await unit.outbox.put(messages_of(self._presenter, was, books, news), at=now)
        for each in news:
            if each.kind is NewsKind.UNPROTECTED:
                await self._alert(unit, books, each)

    async def _alert(self, unit: UnitOfWork, books: PositionBooks, news: News) -> None:
        key = f"{card_key(books.intent.id)}:alert:{progress_of(books)}"
        where = f"{books.position.account}, {books.position.instrument.pair}: {news.text}"
        text = self._presenter.trading_alert(where)
        await alert_admins(unit, key, text, self._clock.now())

    def _revise_in_memory(
        self, position_id: int, change: Change, error: StorageUnavailableError
    ) -> Revision:
        known = self._known.get(position_id)
        if known is None:
            raise error
        if position_id not in self._unwritten:
            _log.error("position %s goes on in memory: %s", position_id, error)
        before = self._unwritten.get(position_id, _Unwritten(books=known))
        moves = urgent_only(before.books, change(before.books))
        self._unwritten[position_id] = replace(
            before, books=moves.books, news=(*before.news, *moves.news)
        )
        return Revision(was=known, moves=moves, is_stored=False)
