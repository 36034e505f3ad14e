"""Opens the brokers of accounts, each once, and knows which accounts there are to look after."""

from collections.abc import Callable
from typing import Final

from domain.accounts import Account, ExecutionMode
from domain.errors import AccessRefusedError, NotFoundError
from engine.execution.accounts.traders import OPERATOR_ACCOUNT, find_account
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.telling.cards import mode_of
from engine.ports.broker import OpenBroker
from engine.ports.clock import Clock
from engine.ports.storage import Storage, UnitOfWork

_BARRED: Final = (
    "{account}: {reason}, so nothing new is entered with real money. What is open is followed to "
    "its end"
)
_SWITCHED_OFF: Final = "LIVE_TRADING is off in the settings"


class Venues:
    """The accounts at work, by name."""

    def __init__(
        self,
        *,
        storage: Storage,
        open_broker: OpenBroker,
        clock: Clock,
        is_live_allowed: bool,
        live_refusal: Callable[[], str | None],
    ) -> None:
        self._storage = storage
        self._open_broker = open_broker
        self._clock = clock
        self._is_live_allowed = is_live_allowed
        self._live_refusal = live_refusal
        self._venues: dict[str, AccountVenue] = {}

    def all(self) -> list[AccountVenue]:
        """Every account at work."""
        return list(self._venues.values())

    def get(self, name: str) -> AccountVenue | None:
        """An account at work, None for one that is not (yet)."""
        return self._venues.get(name)

    async def list_accounts(self) -> list[Account]:
        """Accounts to look after from the start: those that hold something, and all live ones."""
        async with self._storage() as unit:
            names = set(await unit.positions.list_accounts_with_live())
            connected = await unit.accounts.list_connected() if self._is_live_allowed else []
            found = {account.name: account for account in connected}
            for name in sorted(names - found.keys()):
                found[name] = await _account_or_remains(unit, name)
        if self._is_live_allowed:
            found.setdefault(OPERATOR_ACCOUNT.name, OPERATOR_ACCOUNT)
        return list(found.values())

    async def find(self, name: str) -> AccountVenue:
        """The account of a name, put to work if it is not yet. Raises `NotFoundError`."""
        known = self._venues.get(name)
        if known is not None:
            return known
        async with self._storage() as unit:
            account = await find_account(unit, name)
        if account is None:
            raise NotFoundError(f"no account {name} is connected; its trader can /connect it again")
        return self.enlist(account)

    def enlist(self, account: Account) -> AccountVenue:
        """Put an account to work; its broker is not opened yet."""
        venue = self._venues.get(account.name)
        if venue is None:
            venue = AccountVenue(account=account, clock=self._clock, bar=self._bar_of(account))
            self._venues[account.name] = venue
        return venue

    async def open(self, account: Account) -> AccountVenue:
        """Put an account to work and open its broker; without a usable key it is halted.

        Raises `TemporaryVenueError` where the venue does not answer.
        """
        venue = self.enlist(account)
        if venue.broker is None:
            async with venue.opening:
                if venue.broker is None:
                    await self._connect(venue)
        return venue

    async def reopen(self, account: Account) -> None:
        """Close the broker of an account, so that the next to ask opens it with the newest key."""
        venue = self.enlist(account)
        broker, venue.broker = venue.broker, None
        venue.account, venue.halted, venue.is_reconciled = account, None, False
        venue.compare.set()
        if broker is not None:
            await broker.close()

    async def dismiss(self, name: str) -> None:
        """Close the broker of an account that is not to be looked after any more."""
        venue = self._venues.pop(name, None)
        if venue is not None and venue.broker is not None:
            broker, venue.broker = venue.broker, None
            venue.halt(f"{name} is not connected any more")
            await broker.close()

    async def close(self) -> None:
        """Close every broker."""
        for name in list(self._venues):
            await self.dismiss(name)

    def _bar_of(self, account: Account) -> Callable[[], str | None]:
        """Tells why nothing new may be entered by the settings; the rest goes on anyhow."""
        if account.mode is not ExecutionMode.LIVE:
            return lambda: None
        name = account.name
        if not self._is_live_allowed:
            return lambda: _BARRED.format(account=name, reason=_SWITCHED_OFF)
        return lambda: self._refused(name)

    def _refused(self, name: str) -> str | None:
        reason = self._live_refusal()
        return None if reason is None else _BARRED.format(account=name, reason=reason)

    async def _connect(self, venue: AccountVenue) -> None:
        try:
            venue.broker = await self._open_broker(venue.account)
        except AccessRefusedError as error:
            venue.halt(str(error))


async def _account_or_remains(unit: UnitOfWork, name: str) -> Account:
    """An account by its name; what a disconnected one still holds is not forgotten."""
    return await find_account(unit, name) or Account(name=name, mode=mode_of(name))
