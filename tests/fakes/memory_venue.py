"""How a venue in memory matches: markets fill at a quote, limits rest, stops rest until fired."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.directions import Direction
from domain.errors import OrderRefusedError, Refusal
from domain.orders import (
    Fill,
    OrderKind,
    OrderReport,
    OrderRequest,
    OrderState,
    Side,
    VenuePosition,
    entry_side,
)
from engine.ports.clock import Clock
from tests.fakes.quotes import FakeQuotes

OPEN: Final = (OrderState.RESTING,)
_FEE_RATE: Final = Decimal("0.0005")


class MemoryVenue:
    """One account: its orders, positions and fills; `placed` are the client ids that arrived.

    With `is_empty` nobody is there to trade with.
    """

    def __init__(self, clock: Clock, quotes: FakeQuotes) -> None:
        self._clock = clock
        self._quotes = quotes
        self.orders: dict[str, OrderReport] = {}
        self.positions: dict[tuple[str, Direction], VenuePosition] = {}
        self.fills: list[Fill] = []
        self.placed: list[str] = []
        self.market_share = Decimal(1)
        self.is_empty = False
        self._number = 0

    def _place(self, request: OrderRequest) -> OrderReport:
        self.placed.append(request.client_id)
        known = self.orders.get(request.client_id)
        if known is not None and known.state in OPEN:
            raise OrderRefusedError("an order with this id is open", Refusal.DUPLICATE_ID)
        self._check(request)
        report = _resting(request, venue_id=str(self._next()))
        self.orders[request.client_id] = report
        bid, ask = self._touch(request.symbol)
        price = ask if request.side is Side.BUY else bid
        if request.kind is OrderKind.MARKET:
            return self._take(report, price)
        if request.kind is OrderKind.LIMIT and self._crosses(request):
            return self._take(report, price)
        return report

    def _take(self, order: OrderReport, price: Decimal) -> OrderReport:
        quantity = self._reducible(order) if order.reduces else order.quantity * self.market_share
        if not self.is_empty:
            self._execute(order, quantity, price)
        report = self.orders[order.client_id]
        if order.kind is OrderKind.MARKET and report.state is OrderState.RESTING:
            report = replace(report, state=OrderState.EXPIRED)
            self.orders[order.client_id] = report
        return replace(report, average_price=None)

    def _check(self, request: OrderRequest) -> None:
        held = self.positions.get((request.symbol, request.direction))
        if request.reduces and held is None:
            raise OrderRefusedError("there is nothing to reduce", Refusal.NOTHING_TO_REDUCE)
        if request.kind is OrderKind.POST_ONLY and self._crosses(request):
            raise OrderRefusedError("it would take", Refusal.WOULD_TAKE)
        if request.kind is OrderKind.STOP and self._is_past(request):
            raise OrderRefusedError("it would trigger at once", Refusal.WOULD_TRIGGER)

    def _crosses(self, request: OrderRequest) -> bool:
        bid, ask = self._touch(request.symbol)
        assert request.price is not None
        return request.price >= ask if request.side is Side.BUY else request.price <= bid

    def _is_past(self, request: OrderRequest) -> bool:
        bid, ask = self._touch(request.symbol)
        mark = (bid + ask) / 2
        assert request.trigger is not None
        return mark <= request.trigger if request.side is Side.SELL else mark >= request.trigger

    def _cancel(self, request: OrderRequest) -> OrderReport:
        known = self.orders.get(request.client_id)
        if known is None or known.state not in OPEN:
            raise OrderRefusedError("it is not open", Refusal.UNKNOWN_ORDER)
        self.orders[request.client_id] = replace(known, state=OrderState.CANCELLED)
        return self.orders[request.client_id]

    def _execute(self, order: OrderReport, quantity: Decimal, price: Decimal) -> None:
        filled = order.filled_quantity + quantity
        is_done = filled >= order.quantity or order.state is OrderState.TRIGGERED
        self.orders[order.client_id] = replace(
            order,
            state=OrderState.FILLED if is_done else order.state,
            filled_quantity=filled,
            average_price=price,
        )
        assert order.direction is not None
        venue_id = order.engine_id or order.venue_id
        self._book(order.symbol, order.direction, order.side, quantity, price, venue_id=venue_id)

    def _book(
        self,
        symbol: str,
        direction: Direction,
        side: Side,
        quantity: Decimal,
        price: Decimal,
        *,
        venue_id: str,
    ) -> None:
        name = (symbol, direction)
        held = self.positions.get(name)
        before = Decimal(0) if held is None else held.quantity
        after = before + (quantity if side is entry_side(direction) else -quantity)
        if after > 0:
            entry = price if held is None else held.entry_price
            self.positions[name] = VenuePosition(
                symbol=symbol, direction=direction, quantity=after, entry_price=entry
            )
        else:
            self.positions.pop(name, None)
        self.fills.append(
            Fill(
                trade_id=f"trade-{self._next()}",
                venue_id=venue_id,
                symbol=symbol,
                direction=direction,
                side=side,
                price=price,
                quantity=quantity,
                fee=price * quantity * _FEE_RATE,
                fee_currency="USDT",
                is_maker=False,
                at=self._clock.now(),
            )
        )

    def _reducible(self, order: OrderReport) -> Decimal:
        assert order.direction is not None
        held = self.positions.get((order.symbol, order.direction))
        return min(order.quantity, Decimal(0) if held is None else held.quantity)

    def _touch(self, symbol: str) -> tuple[Decimal, Decimal]:
        return self._quotes.prices[symbol]

    def _next(self) -> int:
        self._number += 1
        return self._number


def _resting(request: OrderRequest, *, venue_id: str) -> OrderReport:
    return OrderReport(
        symbol=request.symbol,
        client_id=request.client_id,
        venue_id=venue_id,
        state=OrderState.RESTING,
        direction=request.direction,
        side=request.side,
        kind=request.kind,
        quantity=request.quantity,
        reduces=request.reduces,
        price=request.price,
        trigger=request.trigger,
    )
