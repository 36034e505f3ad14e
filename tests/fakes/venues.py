"""The brokers of several accounts in memory."""

from domain.accounts import Account
from engine.ports.broker import Broker
from engine.ports.clock import Clock
from tests.fakes.broker import FakeBroker
from tests.fakes.quotes import FakeQuotes


class FakeVenues:
    """Opens a broker for each account, always the same one."""

    def __init__(self, clock: Clock, quotes: FakeQuotes) -> None:
        self._clock = clock
        self._quotes = quotes
        self._brokers: dict[str, FakeBroker] = {}
        self.refusals: dict[str, Exception] = {}

    def of(self, account: str) -> FakeBroker:
        return self._brokers.setdefault(account, FakeBroker(self._clock, self._quotes))

    def share(self, account: str, other: str) -> None:
        """Both names mean one account of the venue from now on."""
        self._brokers[other] = self.of(account)

    async def open(self, account: Account) -> Broker:
        if account.name in self.refusals:
            raise self.refusals[account.name]
        return self.of(account.name)
