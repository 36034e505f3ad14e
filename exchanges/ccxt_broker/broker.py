"""A `Broker` over ccxt: one account at one venue, every answer checked against its own words."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from domain.accounts import AccountStanding, KeyPermissions, PositionMode
from domain.errors import (
    AccessRefusedError,
    OrderRefusedError,
    OutcomeUnknownError,
    Refusal,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.orders import Fill, OrderReport, OrderRequest, OrderState, VenuePosition
from engine.execution.parameters import StopTrigger
from engine.ports.broker import Broker, OnHint
from exchanges.ccxt_broker.account_books import AccountBooks
from exchanges.ccxt_broker.calls import VenueCalls
from exchanges.ccxt_broker.dialect import Dialect, Row
from exchanges.ccxt_broker.filters import check_request
from exchanges.ccxt_broker.hints import HintSource
from exchanges.ccxt_broker.listing import ListedPair, Listing
from exchanges.ccxt_broker.reports import as_its_engine_order, report_of_request
from exchanges.ccxt_broker.terms import order_terms, order_type

Answer = TypeVar("Answer")


class CcxtBroker(Broker):
    """One account; `client` comes from `open_trading_client` and is closed by `close`.

    Margin, leverage and position mode are remembered until something hints that they may have been
    changed elsewhere.
    """

    def __init__(
        self,
        client: Any,
        dialect: Dialect,
        *,
        calls: VenueCalls,
        listing: Listing,
        books: AccountBooks,
        hints: HintSource,
        stop_trigger: StopTrigger,
    ) -> None:
        self._client = client
        self._dialect = dialect
        self._calls = calls
        self._listing = listing
        self._hints = hints
        self._stop_trigger = stop_trigger
        self._books = books
        self._mode: PositionMode | None = None
        self._leverages: dict[str, int] = {}  # of the pairs that are prepared

    async def read_permissions(self) -> KeyPermissions:
        """What the key may do; None for what the venue cannot tell, as in demo trading."""
        return await self._calls.read(
            "read the key's permissions", lambda: self._dialect.fetch_permissions(self._client)
        )

    async def read_standing(self) -> AccountStanding:
        """Equity, free margin and position mode, all fresh."""

        async def ask() -> tuple[Decimal, Decimal]:
            return self._dialect.funds((await self._client.fetch_balance())["info"])

        await self._listing.load()
        equity, available = await self._calls.read("read the balance", ask)
        self._mode = None
        return AccountStanding(
            equity=equity, available=available, position_mode=await self._position_mode()
        )

    async def prepare(self, symbol: str, leverage: int) -> None:
        """Isolated margin at a leverage; asked of the venue only when it is not known to be so."""
        if self._leverages.get(symbol) == leverage:
            return
        name = (await self._pair(symbol)).name
        await self._calls.ensure(
            f"set isolated margin for {symbol}",
            lambda: self._client.set_margin_mode("isolated", name),
        )
        await self._calls.ensure(
            f"set leverage {leverage} for {symbol}",
            lambda: self._client.set_leverage(leverage, name),
        )
        self._leverages[symbol] = leverage

    async def place(self, request: OrderRequest) -> OrderReport:
        """Send an order as it is given, once; what breaks a filter is refused before it is sent."""
        pair = await self._pair(request.symbol)
        check_request(request, pair.instrument, pair.market)
        mode = await self._position_mode()

        async def send() -> OrderReport:
            order = await self._client.create_order(
                pair.name,
                order_type(request),
                request.side.value,
                f"{request.quantity:f}",
                None if request.price is None else f"{request.price:f}",
                order_terms(request, mode, self._dialect, self._stop_trigger),
            )
            return self._report(request, order["info"])

        return await self._change(f"place {_words(request)}", send)

    async def cancel(self, request: OrderRequest) -> OrderReport:
        """Cancel an order; where the venue only says that it did, the order is asked for."""
        pair = await self._pair(request.symbol)
        words = self._dialect.words(is_conditional=request.is_conditional)

        async def send() -> tuple[OrderReport, bool]:
            asked = {self._dialect.client_id_name: request.client_id}
            book = self._dialect.book(is_conditional=request.is_conditional)
            order = await self._client.cancel_order(None, pair.name, {**asked, **book})
            row = order["info"]
            return self._report(request, row), words.status in row

        report, tells_state = await self._change(f"cancel {_words(request)}", send)
        return report if tells_state else await self._after_cancelling(request, report)

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        """An order of the pair by its client id, with what a triggered one has become."""
        pair = await self._pair(request.symbol)

        async def ask() -> OrderReport | None:
            rows = await self._dialect.find_rows(
                self._client, pair.name, request.client_id, request.is_conditional
            )
            # A venue that goes by the name alone finds it on another pair as well.
            own = [row for row in rows if row.get("symbol") == pair.market["id"]]
            return self._report(request, own[0]) if own else None

        try:
            report = await self._calls.read(f"find {_words(request)}", ask)
        except OrderRefusedError as error:
            if error.refusal is not Refusal.UNKNOWN_ORDER:
                raise
            return None
        return report and await self._as_it_became(report, pair)

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """Open orders of both books; a foreign one of an unknown kind is left out and counted."""
        return await self._books.open_orders(symbol)

    async def list_positions(self) -> list[VenuePosition]:
        """Positions that are not flat."""
        return await self._books.positions()

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        """Fills of a pair at or after an instant, oldest first, complete."""
        return await self._books.fills(symbol, since)

    async def run(self, on_hint: OnHint) -> None:
        """Give hints until cancelled; raises `AccessRefusedError` when the key is refused."""
        await self._hints.run(on_hint, self._forget_settings)

    async def close(self) -> None:
        """Give every connection back."""
        await self._client.close()

    async def _pair(self, symbol: str) -> ListedPair:
        with _refusing_the_order():
            return await self._listing.pair(symbol)

    async def _position_mode(self) -> PositionMode:
        if self._mode is None:
            with _refusing_the_order():
                self._mode = await self._calls.read(
                    "read the position mode", lambda: self._dialect.fetch_mode(self._client)
                )
        return self._mode

    def _forget_settings(self) -> None:
        self._mode = None
        self._leverages.clear()

    def _report(self, request: OrderRequest, row: Row) -> OrderReport:
        words = self._dialect.words(is_conditional=request.is_conditional)
        return report_of_request(request, row, words)

    async def _change(self, action: str, send: Callable[[], Awaitable[Answer]]) -> Answer:
        try:
            return await self._calls.change(action, send)
        except OrderRefusedError as error:
            if error.refusal is Refusal.WRONG_MODE:
                self._forget_settings()
            raise

    async def _after_cancelling(self, request: OrderRequest, report: OrderReport) -> OrderReport:
        """The venue took the cancelling; the order may have been filled or have fired before."""
        try:
            found = await self.find_order(request)
        except TemporaryVenueError as error:
            raise OutcomeUnknownError(f"cancelled, but then: {error}") from error
        return found or replace(report, state=OrderState.CANCELLED)

    async def _as_it_became(self, report: OrderReport, pair: ListedPair) -> OrderReport:
        """A conditional order that has fired lives on as a plain one, which alone tells fills."""
        if self._dialect.conditional is None or report.engine_id is None:
            return report

        async def ask() -> OrderReport:
            order = await self._client.fetch_order(report.engine_id, pair.name)
            return as_its_engine_order(report, order["info"], self._dialect.plain)

        try:
            return await self._calls.read(f"find what {report.client_id} became", ask)
        except OrderRefusedError:
            return report


def _words(request: OrderRequest) -> str:
    return f"{request.kind} order {request.client_id} on {request.symbol}"


@contextmanager
def _refusing_the_order() -> Iterator[None]:
    """What is refused of the questions before an order means that the order cannot be sent."""
    try:
        yield
    except (AccessRefusedError, OrderRefusedError):
        raise
    except VenueRefusedError as error:
        raise OrderRefusedError(str(error), Refusal.OTHER) from error
