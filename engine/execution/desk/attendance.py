"""Who looks after what: a worker for every live position, a watchdog for every account."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from domain.errors import NotFoundError, QuorumError
from domain.positions import PositionBooks, PositionState
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.desk.alarms import Alarms
from engine.execution.desk.book_keeper import BookKeeper
from engine.execution.desk.pauses import Pauses
from engine.execution.desk.position_worker import PositionWorker
from engine.execution.desk.reconciling import Reconciler
from engine.execution.desk.venues import Venues
from engine.execution.desk.watchdog import Watchdog
from engine.execution.desk.workforce import Workforce
from engine.execution.parameters import ExecutionParameters
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_SEARCH_SECONDS: Final = 30.0
"""Wall seconds between searches for positions that nobody was woken for."""


class Attendance:
    """Side by side, and each position by one worker at a time."""

    def __init__(
        self,
        *,
        venues: Venues,
        keeper: BookKeeper,
        workforce: Workforce,
        reconciler: Reconciler,
        alarms: Alarms,
        clock: Clock,
        parameters: ExecutionParameters,
    ) -> None:
        self._venues = venues
        self._keeper = keeper
        self._workforce = workforce
        self._reconciler = reconciler
        self._alarms = alarms
        self._clock = clock
        self._parameters = parameters
        self._group: asyncio.TaskGroup | None = None
        self._attended: set[int] = set()
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._search = asyncio.Event()

    async def catch_up(self) -> None:
        """Compare every account with the books once; one that does not answer stays halted."""
        venues = [self._venues.enlist(account) for account in await self._venues.list_accounts()]
        for books in await self._keeper.list_live():
            await self._hire(books)
        await asyncio.gather(*(self._watchdog(venue).compare() for venue in venues))

    async def run(self) -> None:
        """Look after everything until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for venue in self._venues.all():
                    self.watch(venue)
                await self._keep_searching()
        finally:
            self._group = None
            self._attended.clear()
            self._watching.clear()

    def search(self) -> None:
        """Look for positions that nobody attends to."""
        self._search.set()

    def attend(self, position_id: int) -> None:
        """Work on a position; before `run` nothing happens, for that looks for all of them."""
        if self._group is not None and position_id not in self._attended:
            self._attended.add(position_id)
            self._group.create_task(self._carry(position_id), name=f"position {position_id}")

    def watch(self, venue: AccountVenue) -> None:
        """Watch an account, unless it is watched already."""
        if self._group is not None and venue.name not in self._watching:
            watching = self._group.create_task(
                self._watchdog(venue).run(), name=f"account {venue.name}"
            )
            self._watching[venue.name] = watching

    async def welcome(self, venue: AccountVenue) -> None:
        """Compare an account that was not at work so far, and watch it from now on."""
        if not venue.is_reconciled:
            await self._watchdog(venue).compare()
        self.watch(venue)

    def stop_watching(self, account: str) -> None:
        """Watch an account no longer."""
        watching = self._watching.pop(account, None)
        if watching is not None:
            watching.cancel()

    async def _hire(self, books: PositionBooks) -> PositionWorker:
        venue = await self._venues.find(books.position.account)
        return self._workforce.hire(books, venue, self._reconciler.refuse_access)

    def _watchdog(self, venue: AccountVenue) -> Watchdog:
        return Watchdog(
            venue,
            reconciler=self._reconciler,
            alarms=self._alarms,
            workers=lambda: self._workforce.of(venue.name),
            clock=self._clock,
            parameters=self._parameters,
        )

    async def _carry(self, position_id: int) -> None:
        """Work on a position until it has ended."""
        try:
            worker = await self._worker_of(position_id)
            if worker is not None:
                self.watch(worker.venue)
                await worker.run()
        finally:
            self._attended.discard(position_id)
            worker = self._workforce.get(position_id)
            if worker is not None and worker.is_over:
                self._workforce.dismiss(position_id)

    async def _worker_of(self, position_id: int) -> PositionWorker | None:
        """The worker of a position, however long it takes to know enough for it."""
        pauses = Pauses()
        while True:
            try:
                return await self._find_worker(position_id)
            except NotFoundError as error:
                _log.error("position %s is left alone: %s", position_id, error)
                return None
            except QuorumError as error:
                _log.warning("position %s waits: %s", position_id, error)
            except Exception:  # noqa: BLE001 - a mistake of ours must not stop the others
                _log.exception("position %s could not be read", position_id)
            await asyncio.sleep(pauses.next())

    async def _find_worker(self, position_id: int) -> PositionWorker | None:
        known = self._workforce.get(position_id)
        if known is not None:
            return known
        books = await self._keeper.load(position_id)
        if books.position.state is PositionState.CLOSED:
            self._keeper.forget(position_id)
            return None
        return await self._hire(books)

    async def _keep_searching(self) -> None:
        pauses = Pauses()
        while True:
            self._search.clear()
            for worker in self._workforce.all():
                self.attend(worker.books.position.id)
            wait = _SEARCH_SECONDS if await self._search_positions() else pauses.next()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._search.wait()

    async def _search_positions(self) -> bool:
        """Attend to every live position; false where they could not be listed."""
        try:
            live = await self._keeper.list_live()
        except QuorumError as error:
            _log.warning("positions could not be listed: %s", error)
            return False
        except Exception:  # noqa: BLE001 - those that are known are worked on all the same
            _log.exception("positions could not be listed")
            return False
        for books in live:
            self.attend(books.position.id)
        return True
