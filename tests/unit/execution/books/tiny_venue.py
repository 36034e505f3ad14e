"""A venue for one pair and one account, as small and as unreliable as a test wants it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.directions import Direction
from domain.errors import OrderRefusedError, OutcomeUnknownError, Refusal
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

_OPEN = (OrderState.RESTING, OrderState.TRIGGERED)
NOTHING = Decimal(0)


@dataclass
class Late:
    """A request that is still under way."""

    request: OrderRequest
    arrives_at: datetime
    expires_at: datetime


class TinyVenue:
    """Prices are a long's; a short's venue is asked in mirrored ones by the trade itself."""

    def __init__(self, direction: Direction, now: datetime) -> None:
        self.direction, self.now, self.price = direction, now, Decimal(100)
        self.orders: dict[str, OrderReport] = {}
        self.fills: list[Fill] = []
        self.held = NOTHING
        self.depth = Decimal(100)
        self.faults: list[str] = []
        self.shows_fills_until: datetime | None = None
        self._late: list[Late] = []
        self._old: dict[str, OrderReport] = {}

    def place(self, request: OrderRequest) -> OrderReport:
        fault = self.faults.pop() if self.faults else ""
        if fault == "never arrives":
            raise OutcomeUnknownError(fault)
        if fault == "arrives late":
            end = self.now + timedelta(seconds=5)
            self._late.append(Late(request, self.now + timedelta(seconds=4), end))
            raise OutcomeUnknownError(fault)
        if fault == "refused":
            raise OrderRefusedError("no reason given", Refusal.OTHER)
        report = self._accept(request)
        if fault == "answer is lost":
            raise OutcomeUnknownError(fault)
        return report

    def cancel(self, request: OrderRequest) -> OrderReport:
        fault = self.faults.pop() if self.faults else ""
        if fault in ("never arrives", "arrives late", "refused"):
            raise OutcomeUnknownError(fault)
        report = self.orders.get(request.client_id)
        if report is None or report.state not in _OPEN:
            raise OrderRefusedError("unknown", Refusal.UNKNOWN_ORDER)
        if report.state is OrderState.RESTING:
            report = self._put(replace(report, state=OrderState.CANCELLED))
        if fault == "answer is lost":
            raise OutcomeUnknownError(fault)
        return report

    def find_order(self, request: OrderRequest) -> OrderReport | None:
        fault = self.faults.pop() if self.faults else ""
        if fault == "answer is old" and request.client_id in self._old:
            return self._old[request.client_id]
        if fault:
            raise OutcomeUnknownError(fault)
        return self.orders.get(request.client_id)

    def list_fills(self) -> list[Fill]:
        until = self.shows_fills_until
        return [fill for fill in self.fills if until is None or fill.at <= until]

    def position(self) -> VenuePosition | None:
        if self.held == 0:
            return None
        return VenuePosition(
            symbol="SOLUSDT",
            direction=self.direction,
            quantity=self.held,
            entry_price=Decimal(100),
        )

    def resting(self) -> list[OrderReport]:
        return [report for report in self.orders.values() if report.state in _OPEN]

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        due = [late for late in self._late if late.arrives_at <= self.now]
        self._late = [late for late in self._late if late not in due]
        for late in due:
            if self.now <= late.expires_at:
                self._arrive(late.request)

    def tick(self, price: Decimal) -> None:
        self.price = price
        for name in list(self.orders):
            report = self.orders[name]
            if report.state in _OPEN and self._is_due(report):
                self._carry_out(report)

    def trade_by_hand(self, side: Side, quantity: Decimal) -> None:
        quantity = quantity if side is entry_side(self.direction) else min(quantity, self.held)
        if quantity > 0:
            self._book("by hand", side, quantity)

    def cancel_by_hand(self, report: OrderReport) -> None:
        self._put(replace(report, state=OrderState.CANCELLED))

    def _arrive(self, request: OrderRequest) -> None:
        try:
            self._accept(request)
        except OrderRefusedError:
            return

    def _accept(self, request: OrderRequest) -> OrderReport:
        known = self.orders.get(request.client_id)
        if known is not None and known.state in _OPEN:
            raise OrderRefusedError("duplicate", Refusal.DUPLICATE_ID)
        if request.reduces and self.held == 0:
            raise OrderRefusedError("flat", Refusal.NOTHING_TO_REDUCE)
        report = OrderReport(
            symbol=request.symbol,
            client_id=request.client_id,
            venue_id=f"v{len(self.orders)}-{request.client_id}",
            state=OrderState.RESTING,
            direction=None,
            side=request.side,
            kind=request.kind,
            quantity=request.quantity,
            reduces=request.reduces,
            price=request.price,
            trigger=request.trigger,
        )
        if request.kind is OrderKind.STOP and self._is_due(report):
            raise OrderRefusedError("at once", Refusal.WOULD_TRIGGER)
        if request.kind is OrderKind.POST_ONLY and self._is_beyond(report):
            raise OrderRefusedError("would take", Refusal.WOULD_TAKE)
        self._put(report)
        return self._carry_out(report) if self._is_due(report) else report

    def _is_due(self, report: OrderReport) -> bool:
        if report.state is OrderState.TRIGGERED or report.kind is OrderKind.MARKET:
            return True
        if report.trigger is not None:
            sign = 1 if report.side is Side.BUY else -1
            return (self.price - report.trigger) * sign >= 0
        return self._is_beyond(report) or self.price == report.price

    def _is_beyond(self, report: OrderReport) -> bool:
        sign = 1 if report.side is Side.BUY else -1
        return report.price is not None and (report.price - self.price) * sign > 0

    def _carry_out(self, report: OrderReport) -> OrderReport:
        if report.kind is OrderKind.STOP and report.engine_id is None:
            engine_id = f"engine-{report.client_id}"
            report = self._put(replace(report, state=OrderState.TRIGGERED, engine_id=engine_id))
        wanted = report.quantity - report.filled_quantity
        quantity = min(wanted, self.depth, self.held) if report.reduces else min(wanted, self.depth)
        if quantity > 0:
            self._book(report.engine_id or report.venue_id, report.side, quantity)
        report = replace(report, filled_quantity=report.filled_quantity + quantity)
        return self._put(replace(report, state=self._state_after(report)))

    def _state_after(self, report: OrderReport) -> OrderState:
        if report.filled_quantity == report.quantity:
            return OrderState.FILLED
        is_over = report.kind is OrderKind.MARKET or (report.reduces and self.held == 0)
        return OrderState.EXPIRED if is_over else report.state

    def _book(self, venue_id: str, side: Side, quantity: Decimal) -> None:
        self.held += quantity if side is entry_side(self.direction) else -quantity
        fill = Fill(
            trade_id=str(len(self.fills)),
            venue_id=venue_id,
            symbol="SOLUSDT",
            direction=None,
            side=side,
            price=self.price,
            quantity=quantity,
            fee=Decimal("0.01"),
            fee_currency="USDT",
            is_maker=False,
            at=self.now,
        )
        self.fills.append(fill)

    def _put(self, report: OrderReport) -> OrderReport:
        if report.client_id in self.orders:
            self._old[report.client_id] = self.orders[report.client_id]
        self.orders[report.client_id] = report
        return report
