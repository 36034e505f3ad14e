"""The broker of a paper account: the same port as a real venue's."""

import asyncio
from datetime import datetime
from typing import Protocol

from domain.accounts import AccountStanding, KeyPermissions
from domain.errors import OrderRefusedError, Refusal
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition
from domain.timeframes import to_ms
from engine.execution.parameters import StopTrigger
from engine.ports.broker import AnyPair, Broker, OnHint
from exchanges.matching.account import TradingAccount
from exchanges.matching.reports import (
    conditional_report,
    fill_of,
    order_report,
    venue_position,
)
from exchanges.matching.tickets import WorkingPrice, conditional_ticket_of, ticket_of
from exchanges.paper.account import PaperAccount


class PaperMarket(Protocol):
    """What the market is to an account, as long as that does nothing else."""

    def admit(self, account: PaperAccount, symbol: str) -> None:
        """Make a pair known to an account. Raises `OrderRefusedError` where it is not tradable."""

    def face(self, account: PaperAccount, request: OrderRequest) -> None:
        """Show an account the newest book before an order meets it.

        Raises `OrderRefusedError`: no such pair, or no book although one is needed. What makes a
        position smaller needs no pair that is still listed.
        """


class PaperBroker(Broker):
    """One paper account in a market."""

    def __init__(
        self,
        account: PaperAccount,
        market: PaperMarket,
        stop_trigger: StopTrigger = StopTrigger.MARK,
    ) -> None:
        self._account = account
        self._market = market
        self._working = WorkingPrice(stop_trigger.value)

    async def read_permissions(self) -> KeyPermissions:
        """Paper trades, and has nothing to withdraw."""
        return KeyPermissions(can_trade=True, can_withdraw=False)

    async def read_standing(self) -> AccountStanding:
        """Equity and free margin at the newest prices."""
        return await self._account.read(lambda machine: machine.standing())

    async def prepare(self, symbol: str, leverage: int) -> None:
        """Isolated margin at a leverage."""

        def act(machine: TradingAccount, _at_ms: int) -> None:
            self._market.admit(self._account, symbol)
            if not machine.is_isolated(symbol):
                machine.set_isolated(symbol, isolated=True)
            if machine.leverage(symbol) != leverage:
                machine.set_leverage(symbol, leverage)

        await self._account.change(act)

    async def place(self, request: OrderRequest) -> OrderReport:
        """Match an order against the live book, or let it rest."""

        def act(machine: TradingAccount, at_ms: int) -> OrderReport:
            self._market.face(self._account, request)
            mode = machine.position_mode
            if request.is_conditional:
                ticket = conditional_ticket_of(request, mode, self._working)
                waiting = machine.place_conditional(ticket, at_ms)
                return conditional_report(waiting, None)
            return order_report(machine.place(ticket_of(request, mode), at_ms))

        return await self._account.change(act)

    async def cancel(self, request: OrderRequest) -> OrderReport:
        """Cancel an order that is open."""

        def act(machine: TradingAccount, at_ms: int) -> OrderReport:
            if request.is_conditional:
                ended = machine.cancel_conditional(at_ms, client_id=request.client_id)
                return conditional_report(ended, None)
            return order_report(machine.cancel(request.symbol, at_ms, client_id=request.client_id))

        return await self._account.change(act)

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        """An order by its client id, open or not."""
        return await self._account.read(lambda machine: _find(machine, request))

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """Plain orders and waiting conditional ones."""

        def look(machine: TradingAccount) -> list[OrderReport]:
            plain = [order_report(each) for each in machine.open_orders(symbol)]
            waiting = machine.open_conditionals(symbol)
            return plain + [conditional_report(each, None) for each in waiting]

        return await self._account.read(look)

    async def list_positions(self) -> list[VenuePosition]:
        """Positions that are not flat."""

        def look(machine: TradingAccount) -> list[VenuePosition]:
            return [
                venue_position(held, machine.liquidation_price(held))
                for held in machine.positions()
            ]

        return await self._account.read(look)

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        """Fills of a pair, oldest first; those of the last day at least."""
        since_ms = to_ms(since)
        return await self._account.read(
            lambda machine: [fill_of(each) for each in machine.executions(symbol, since_ms)]
        )

    async def run(self, on_hint: OnHint) -> None:
        """Pass on what happens until cancelled."""
        stop = self._account.listen(on_hint)
        try:
            on_hint(AnyPair.STREAM_BEGAN)
            await asyncio.Event().wait()
        finally:
            stop()

    async def close(self) -> None:
        """Nothing is open that would have to be given back."""


def _find(machine: TradingAccount, request: OrderRequest) -> OrderReport | None:
    if not request.is_conditional:
        order = machine.find_order(request.symbol, client_id=request.client_id)
        return None if order is None else order_report(order)
    found = machine.find_conditional(client_id=request.client_id)
    if found is None or found.ticket.symbol != request.symbol:
        return None
    engine_order = None
    if found.engine_number is not None:
        engine_order = machine.find_order(request.symbol, number=found.engine_number)
    return conditional_report(found, engine_order)


def no_book(symbol: str) -> OrderRefusedError:
    """The answer to an order for a pair whose book is not known."""
    text = f"{symbol} has no live book to trade against now"
    return OrderRefusedError(text, Refusal.THIN_BOOK)


def unknown_pair(symbol: str) -> OrderRefusedError:
    """The answer to a request for a pair that is not tradable."""
    return OrderRefusedError(f"{symbol} is not tradable now", Refusal.MALFORMED)
