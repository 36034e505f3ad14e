"""The paper venue: hands the live market to the accounts that have something at stake in it.

What happens while the bot is down is not made up: orders and stops live on with the prices that
come afterwards, and a stop that was passed fires at the first price seen.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Final

import structlog

from domain.accounts import Account
from domain.derivatives import Funding, Liquidation
from domain.errors import StorageUnavailableError
from domain.instruments import Instrument
from domain.order_book import Level
from domain.orders import OrderKind, OrderRequest
from domain.timeframes import to_ms
from engine.execution.parameters import StopTrigger
from engine.ports.broker import Broker
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener
from engine.ports.storage import Storage
from exchanges.paper.account import PaperAccount
from exchanges.paper.broker import PaperBroker, PaperMarket, no_book, unknown_pair
from exchanges.paper.funding_times import FundingTimes
from exchanges.paper.live_books import LiveBook, LiveBooks
from exchanges.paper.parameters import PaperParameters

log = structlog.get_logger()

_ROUND_SECONDS: Final = 1.0
"""Wall seconds between looks at funding times, and the longest a failed store waits."""

_KEPT: Final = timedelta(days=1)
"""How long ended orders and fills of an account are kept: the desk looks every few minutes, and
each change of the account writes all of it."""

_GRACE: Final = timedelta(hours=1)
"""For so long after the start nothing is dropped: somebody may have been away for days."""


class PaperVenue(FlowListener, PaperMarket):
    """Opens paper accounts, and listens to the order flow for them.

    `instrument` and `funding` tell what is known of a pair; `patience` stretches the age that a
    book may have where the venue's time runs fast.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        instrument: Callable[[str], Instrument | None],
        funding: Callable[[str], Funding | None],
        parameters: PaperParameters,
        stop_trigger: StopTrigger = StopTrigger.MARK,
        patience: float = 1.0,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._instrument = instrument
        self._parameters = parameters
        self._stop_trigger = stop_trigger
        self._oldest_ms = round(parameters.stale_seconds * 1000 * patience)
        self._books = LiveBooks()
        self._funding = FundingTimes(funding)
        self._accounts: dict[str, PaperAccount] = {}
        self._opening = asyncio.Lock()
        self._at_stake: dict[str, list[PaperAccount]] = {}
        self._changed = asyncio.Event()
        self._begun = clock.now()

    async def open(self, account: Account) -> Broker:
        """The broker of a paper account, which is new if nothing is stored of it."""
        async with self._opening:
            paper = self._accounts.get(account.name)
            if paper is None:
                paper = PaperAccount(
                    account.name,
                    storage=self._storage,
                    clock=self._clock,
                    parameters=self._parameters,
                )
                await paper.load()
                self._accounts[account.name] = paper
                paper.listen(lambda _symbol: self._count_stakes())
                self._count_stakes()
        return PaperBroker(paper, self, self._stop_trigger)

    async def run(self) -> None:
        """Store and tell what the market does to accounts, and settle funding, until cancelled."""
        while True:
            self._changed.clear()
            self._settle_funding()
            for account in tuple(self._accounts.values()):
                await self._keep(account)
            self._count_stakes()  # a store that failed may have brought something back
            await self._wait()

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """Match what rests against a book."""
        book = self._books.take(symbol, exchange_ms, bids, asks)
        accounts = self._at_stake.get(symbol)
        if accounts is None or book is None:
            return
        for account in accounts:
            if account.show(symbol, book):
                self._changed.set()

    def on_trade(
        self,
        symbol: str,
        trade_id: int,  # noqa: ARG002 - the signature is the port's
        exchange_ms: int,
        price: float,
        quantity: float,
        is_buy: bool,
    ) -> None:
        """Match what rests against a trade."""
        accounts = self._at_stake.get(symbol)
        if accounts is None:
            return
        book = self._books.find(symbol, since_ms=0)
        if book is not None and not book.reaches(price):
            self.on_gap([symbol])  # the market is elsewhere: nothing is to be had at those prices
        for account in accounts:
            if account.trade(symbol, price, quantity, is_buy, exchange_ms):
                self._changed.set()

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """Others' liquidations are trades like any other."""

    def on_gap(self, symbols: Collection[str]) -> None:
        """Nothing can be taken from a book that may be wrong by now."""
        self._books.forget(symbols)
        for symbol in symbols:
            for account in self._at_stake.get(symbol, ()):
                account.hide(symbol)

    def admit(self, account: PaperAccount, symbol: str) -> None:
        """Make a pair known to an account, on its present terms."""
        instrument = self._instrument(symbol)
        if instrument is None:
            raise unknown_pair(symbol)
        account.know(instrument)

    def face(self, account: PaperAccount, request: OrderRequest) -> None:
        """From now on every book of the pair is shown: the order is told while it is stored."""
        symbol = request.symbol
        if self._instrument(symbol) or not (request.reduces and account.knows(symbol)):
            self.admit(account, symbol)
        book = self._newest(symbol)
        if book is None and request.kind is OrderKind.MARKET:
            raise no_book(symbol)
        account.see(symbol, book)
        interested = self._at_stake.setdefault(symbol, [])
        if account not in interested:
            interested.append(account)

    def _newest(self, symbol: str) -> LiveBook | None:
        since_ms = to_ms(self._clock.now()) - self._oldest_ms
        return self._books.find(symbol, since_ms=since_ms)

    def _count_stakes(self) -> None:
        stakes: dict[str, list[PaperAccount]] = {}
        for account in self._accounts.values():
            for symbol in account.symbols:
                stakes.setdefault(symbol, []).append(account)
        self._at_stake = stakes

    def _settle_funding(self) -> None:
        now = self._clock.now()
        for symbol, due in self._funding.due(tuple(self._at_stake), now):
            for account in self._at_stake.get(symbol, ()):
                account.fund(symbol, due)

    async def _keep(self, account: PaperAccount) -> None:
        now = self._clock.now()
        if now - self._begun > _GRACE:
            account.forget(to_ms(now - _KEPT))
        try:
            await account.keep()
        except StorageUnavailableError as error:
            # Nobody is told of its fills before they are.
            log.warning("paper_account_not_stored", account=account.name, reason=str(error))

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_ROUND_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            return
