"""Use case: watch the day of every account, and stop one before a bad day becomes a bad month."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from domain.access import Role
from domain.breakers import Latch
from domain.messages import OutgoingMessage
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.breaker_alerts import Trip, tell_activations
from engine.execution.accounts.sight import AccountSight, look_at_account
from engine.execution.accounts.state import (
    AccountBooks,
    day_of,
    read_books,
    result_of,
    start_of_day,
    worst_first,
)
from engine.execution.accounts.traders import find_account
from engine.execution.values import CloseRequest
from engine.only_writer import become_only_writer
from engine.ports.broker import OpenBroker, Quotes
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import BreakerEvent, Storage, UnitOfWork
from engine.redo import redo_on_conflict
from risk.accounts.day import compute_account_day
from risk.accounts.drawdown import account_latch, count_to_close, latch_name
from risk.breakers.drawdown import LATCHING_STEP, DrawdownParameters
from risk.latching import raised

_A_DAY: Final = timedelta(days=1)
_AN_INSTANT: Final = timedelta(microseconds=1)


class WatchAccounts:
    """Raises the drawdown ladder of each account that traded today; run it each minute.

    A step is told once a day to its traders and to the admins. What a step wants closed is worked
    out from what is stored, each time anew: a request that got lost is made again, one that is
    being carried out is not. The equity last seen stands in while the venue does not answer; an
    account of which none was ever seen can't be judged, and admins are told once an hour. A day
    that was lost while nobody looked latches when it is found out on the next one.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: Presenter,
        clock: Clock,
        quotes: Quotes,
        open_broker: OpenBroker,
        parameters: DrawdownParameters,
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._quotes = quotes
        self._open_broker = open_broker
        self._parameters = parameters
        self._equity: dict[str, Decimal] = {}
        self._judged: dict[str, datetime] = {}

    async def __call__(self) -> list[CloseRequest]:
        """Positions that are to be closed now, the worst of each account first."""
        requests: list[CloseRequest] = []
        for name in await self._list_accounts():
            equity = await self._read_equity(name)
            requests += await redo_on_conflict(partial(self._watch, name, equity))
        return requests

    async def _list_accounts(self) -> list[str]:
        """Those that hold something, ended something today, or did so on a day not judged yet."""
        now = self._clock.now()
        midnight = start_of_day(now)
        async with self._storage() as unit:
            live = await unit.positions.list_accounts_with_live()
            today = await unit.positions.list_accounts_closing_between(midnight, now + _A_DAY)
            before = await unit.positions.list_accounts_closing_between(midnight - _A_DAY, midnight)
        unjudged = (name for name in before if self._judged.get(name) != midnight)
        return sorted({*live, *today, *unjudged})

    async def _read_equity(self, name: str) -> Decimal | None:
        """What an account has, or last had; None where nobody knows, or it has nothing."""
        async with self._storage() as unit:
            account = await find_account(unit, name)
        if account is None:
            self._equity.pop(name, None)
            return None
        sight = await look_at_account(self._open_broker, account)
        if isinstance(sight, AccountSight):
            self._equity[name] = sight.standing.equity
        equity = self._equity.get(name)
        return equity if equity is not None and equity > 0 else None

    async def _watch(self, name: str, equity: Decimal | None) -> list[CloseRequest]:
        now = self._clock.now()
        async with self._storage() as unit:
            # A resume at this moment must not be lost under a latch that is raised.
            await become_only_writer(unit)
            books = await read_books(unit, name, now)
            if equity is None:
                await self._tell_unknown(unit, name, books, now)
            else:
                await self._make_good(unit, name, equity, now)
                await self._judge(unit, name, books, equity, now)
            latch = await _find_latch(unit, latch_name(name))
            await unit.commit()
        if equity is not None:
            self._judged[name] = start_of_day(now)
        return self._requests(books, latch, now)

    async def _make_good(self, unit: UnitOfWork, name: str, equity: Decimal, now: datetime) -> None:
        """Latch what yesterday came to, where it lost enough and nothing has latched since."""
        midnight = start_of_day(now)
        begin, latch = midnight - _A_DAY, await _find_latch(unit, latch_name(name))
        if self._judged.get(name) == midnight or (latch is not None and latch.tripped_at >= begin):
            return
        ended = await unit.positions.list_closed_between(begin, midnight, account=name)
        results = [result_of(each, None) for each in ended]
        day = compute_account_day(begin.date(), equity, ended=results, live=())
        step = self._parameters.step_at(day.total_percent)
        if step < LATCHING_STEP:
            return
        trip = account_latch(name, step, day, midnight - _AN_INSTANT, is_over=True)
        await unit.state.set_latch(trip)
        event = BreakerEvent(breaker=trip.breaker, at=trip.tripped_at, symbol=None, text=trip.text)
        await unit.state.add_breaker_events([event])
        late = f"{trip.text}; that day is over, and an admin has not resumed yet"
        await self._tell(unit, replace(trip, text=late), ended, now)

    async def _tell_unknown(
        self, unit: UnitOfWork, name: str, books: AccountBooks, now: datetime
    ) -> None:
        if not books.live:
            return
        text = f"account {name}: its equity is unknown, so nobody watches the losses of its day"
        trip = Trip(breaker=f"equity_unknown:{name}", symbol=None, text=text, since=None)
        await tell_activations(unit, self._presenter, [trip], now)

    async def _judge(
        self, unit: UnitOfWork, name: str, books: AccountBooks, equity: Decimal, now: datetime
    ) -> None:
        day = day_of(books, equity, self._quotes, now)
        step = self._parameters.step_at(day.certain_percent)
        if not step:
            return
        trip = account_latch(name, step, day, now)
        if not await _is_new(unit, trip):
            return
        event = BreakerEvent(breaker=trip.breaker, at=now, symbol=None, text=trip.text)
        await unit.state.add_breaker_events([event])
        await self._tell(unit, trip, (*books.live, *books.ended), now)

    async def _tell(
        self, unit: UnitOfWork, trip: Latch, concerned: Sequence[PositionBooks], now: datetime
    ) -> None:
        """One alert to each admin, and to each trader whose positions are concerned."""
        traders = [each.position.user_id for each in concerned]
        recipients = dict.fromkeys([*traders, *await unit.users.list_with(Role.ADMIN)])
        day = start_of_day(trip.tripped_at).date().isoformat()
        text = self._presenter.trading_alert(trip.text)
        alerts = [
            OutgoingMessage(
                key=f"breaker:{trip.breaker}:{day}:{trip.level}:{user_id}",
                recipient=str(user_id),
                text=text,
            )
            for user_id in recipients
        ]
        await unit.outbox.put(alerts, at=now)

    def _requests(
        self, books: AccountBooks, latch: Latch | None, now: datetime
    ) -> list[CloseRequest]:
        """What the latch of today wants closed and nobody closes yet."""
        if latch is None or latch.tripped_at < start_of_day(now):
            return []
        gone = [each for each in books.ended if _ended_since(each, latch.tripped_at)]
        open_ = [each for each in books.live if each.position.state is not PositionState.CLOSING]
        count = count_to_close(
            latch.level,
            live=len(books.live),
            closing=len(books.live) - len(open_),
            gone=len(gone),
        )
        return [
            CloseRequest(position_id=each.position.id, reason=CloseReason.DRAWDOWN)
            for each in worst_first(open_, self._quotes)[:count]
        ]


def _ended_since(books: PositionBooks, at: datetime) -> bool:
    closed_at = books.position.closed_at
    return closed_at is not None and closed_at >= at


async def _find_latch(unit: UnitOfWork, name: str) -> Latch | None:
    known = {latch.breaker: latch for latch in await unit.state.list_latches()}
    return known.get(name)


async def _is_new(unit: UnitOfWork, trip: Latch) -> bool:
    """Whether the account's day has not been at this step yet; a latch is raised along with it."""
    if trip.level >= LATCHING_STEP:
        latch = raised(await _find_latch(unit, trip.breaker), trip)
        if latch is not None:
            await unit.state.set_latch(latch)
        return latch is not None
    midnight = start_of_day(trip.tripped_at)
    events = await unit.state.list_breaker_events(midnight, midnight + timedelta(days=1))
    return all(event.breaker != trip.breaker for event in events)
