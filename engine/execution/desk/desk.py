"""The desk: carries every confirmed trade from its entry to its end, each position on its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from domain.accounts import Account
from domain.positions import PositionBooks
from engine.execution.books.wishes import call_off_entry, wish_close
from engine.execution.desk.alarms import Alarms
from engine.execution.desk.attendance import Attendance
from engine.execution.desk.book_keeper import BookKeeper, Change
from engine.execution.desk.own_tag import OwnTag
from engine.execution.desk.position_worker import Surroundings
from engine.execution.desk.reconciling import Reconciler
from engine.execution.desk.troubles import Troubles
from engine.execution.desk.venues import Venues
from engine.execution.desk.workforce import Workforce
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import CloseRequest, Moves
from engine.ports.broker import Broker, OpenBroker, Quotes
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import Storage

_STARTING: Final = (
    "execution is starting: accounts and positions are being compared with the exchange"
)


class Desk:
    """Executes trades. Positions are worked on side by side, each by one worker at a time.

    `wake` is called when messages wait to be delivered; `new_tag` makes up the mark of our orders
    for a new database; `data_age` tells in seconds how old a pair's market data is. Live accounts
    are looked after from the start if `is_live_allowed`; `live_refusal` tells why nothing new may
    be entered on them all the same.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        open_broker: OpenBroker,
        quotes: Quotes,
        presenter: Presenter,
        clock: Clock,
        parameters: ExecutionParameters,
        wake: Callable[[], None],
        new_tag: Callable[[], str],
        data_age: Callable[[str], float | None],
        is_live_allowed: bool = False,
        live_refusal: Callable[[], str | None] = lambda: None,
        patience: float = 1.0,
    ) -> None:
        self._clock = clock
        self._tag = OwnTag(storage, new_tag)
        self._venues = Venues(
            storage=storage,
            open_broker=open_broker,
            clock=clock,
            is_live_allowed=is_live_allowed,
            live_refusal=live_refusal,
        )
        alarms = Alarms(storage=storage, presenter=presenter, clock=clock, wake=wake)
        self._keeper = BookKeeper(storage=storage, presenter=presenter, clock=clock, wake=wake)
        self._workforce = Workforce(
            Surroundings(
                keeper=self._keeper,
                quotes=quotes,
                clock=clock,
                parameters=parameters,
                data_age=data_age,
                tag=self._tag,
                troubles=Troubles(alarms),
                patience=patience,
            )
        )
        reconciler = Reconciler(
            venues=self._venues,
            keeper=self._keeper,
            alarms=alarms,
            workers_of=self._workforce.of,
            tag=self._tag,
        )
        self._attendance = Attendance(
            venues=self._venues,
            keeper=self._keeper,
            workforce=self._workforce,
            reconciler=reconciler,
            alarms=alarms,
            clock=clock,
            parameters=parameters,
        )
        self._is_started = False

    async def start_up(self) -> None:
        """Compare every account with the books once. One that does not answer stays halted.

        Raises `StorageUnavailableError`.
        """
        await self._tag.load()
        await self._attendance.catch_up()
        self._is_started = True

    async def run(self) -> None:
        """Work until cancelled, after `start_up`."""
        await self._attendance.run()

    async def finish(self) -> None:
        """Close the brokers of all accounts."""
        await self._venues.close()

    def wake(self, position_id: int | None = None) -> None:
        """Look at a position, which may be new, or at all of them."""
        if position_id is None:
            self._attendance.search()
            for worker in self._workforce.all():
                worker.wake()
            return
        self._attendance.attend(position_id)
        known = self._workforce.get(position_id)
        if known is not None:
            known.wake()

    def halted(self) -> tuple[str, ...]:
        """Why nothing new may be executed at all, in words; empty when it may."""
        return () if self._is_started else (_STARTING,)

    def halted_account(self, account: str) -> str | None:
        """Why nothing new may be executed with an account; None for one not at work yet."""
        venue = self._venues.get(account)
        if venue is None or venue.is_ready:
            return None
        return venue.ban or f"{account}: {_STARTING}"

    def halted_accounts(self) -> Mapping[str, str]:
        """Every account on which nothing new may be executed, with the reason."""
        found = {venue.name: self.halted_account(venue.name) for venue in self._venues.all()}
        return {name: reason for name, reason in found.items() if reason is not None}

    def refused_pair(self, account: str, symbol: str) -> str | None:
        """Why nothing new may be entered on a pair with an account."""
        venue = self._venues.get(account)
        return None if venue is None else venue.refusal_for(symbol)

    async def close(self, requests: Sequence[CloseRequest]) -> None:
        """Begin to close positions at market; those that are closing already go on.

        Raises `StorageUnavailableError` and `NotFoundError` for positions that are not known.
        """
        for request in requests:
            await self._change(request.position_id, _closing(request))

    async def call_off_entry(self, position_id: int) -> None:
        """Cancel what is not filled of an entry; what is filled stays and is protected."""
        now = self._clock.now()
        await self._change(position_id, lambda books: Moves(books=call_off_entry(books, now)))

    def is_protected(self, position_id: int) -> bool:
        """Whether stops that rest at the venue cover a position, as far as is known."""
        worker = self._workforce.get(position_id)
        return worker is not None and worker.is_protected

    async def broker_of(self, account: Account) -> Broker:
        """The one broker of an account.

        An account that was not at work yet is opened, and compared at once, so that the first
        press on it is not refused. Raises what `OpenBroker` raises.
        """
        venue = await self._venues.open(account)
        if self._is_started:
            await self._attendance.welcome(venue)
        return venue.connected()

    def tag(self) -> str:
        """The mark of our orders. Raises `ConfigurationError` before `start_up`."""
        return self._tag()

    def brokers(self) -> Mapping[str, Broker]:
        """Brokers that are open, by account."""
        return {v.name: v.broker for v in self._venues.all() if v.broker is not None}

    def known(self) -> Sequence[PositionBooks]:
        """Books of the positions at work as they were last seen, also while storage is away."""
        return self._keeper.known()

    def look_again(self) -> None:
        """Look at everything at the venue: something was done there behind the desk's back."""
        for worker in self._workforce.all():
            worker.hint()

    async def admit(self, account: Account) -> None:
        """Look after an account from now on; with its new key if it was looked after before."""
        self._attendance.stop_watching(account.name)
        await self._venues.reopen(account)
        self._attendance.watch(self._venues.enlist(account))

    async def dismiss(self, account: str) -> None:
        """Do not look after an account any more."""
        self._attendance.stop_watching(account)
        await self._venues.dismiss(account)

    async def _change(self, position_id: int, change: Change) -> None:
        await self._keeper.revise(position_id, change)
        self.wake(position_id)


def _closing(request: CloseRequest) -> Change:
    return lambda books: Moves(books=wish_close(books, request.reason))
