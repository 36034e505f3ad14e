"""Trades as their traders see them: intents, orders, fills and the cards made of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.accounts import ExecutionMode
from domain.directions import Direction
from domain.instruments import Instrument
from domain.intents import EntryStyle, Intent, IntentState
from domain.orders import (
    ClientId,
    Fill,
    Order,
    OrderKind,
    OrderRequest,
    OrderRole,
    OrderState,
    entry_side,
    exit_side,
)
from domain.plans import TradePlan
from domain.positions import CloseReason, ExitPolicy, Position, PositionBooks, PositionState
from engine.execution.values import Ledgered, OpenPosition, TradeCard
from tests.builders.market import make_instrument
from tests.builders.signals import CLOSED_AT, make_plan

PRESSED_AT = CLOSED_AT + timedelta(minutes=2)
TRADER = 2002
NOTHING = Ledgered(
    entered=Decimal(0),
    exited=Decimal(0),
    average_entry=None,
    average_exit=None,
    realised=Decimal(0),
    fees=Decimal(0),
    net_r=Decimal(0),
)
_KINDS = {
    OrderRole.ENTRY: OrderKind.MARKET,
    OrderRole.STOP: OrderKind.STOP,
    OrderRole.TARGET: OrderKind.LIMIT,
    OrderRole.CLOSE: OrderKind.MARKET,
}


def make_intent(
    state: IntentState = IntentState.OFFERED,
    *,
    intent_id: int = 3,
    direction: Direction = Direction.LONG,
    share: str = "1",
    style: EntryStyle = EntryStyle.MARKET,
    account: str = f"paper:{TRADER}",
    instrument: Instrument | None = None,
    plan: TradePlan | None = None,
    shrinks: Sequence[str] = (),
    reason: str = "",
) -> Intent:
    market = instrument or make_instrument()
    sized = plan or make_plan(direction, instrument=market, shrinks=shrinks)
    return Intent(
        id=intent_id,
        signal_id=12,
        account=account,
        user_id=TRADER,
        instrument=market,
        plan=sized,
        style=style,
        share=Decimal(share),
        quantity=market.quantity(sized.quantity * Decimal(share)),
        leverage=5,
        state=state,
        created_at=PRESSED_AT,
        expires_at=CLOSED_AT + timedelta(minutes=15),
        reason=reason,
    )


def make_order(
    intent: Intent,
    role: OrderRole,
    state: OrderState,
    quantity: str,
    *,
    rung: int = 0,
    attempt: int = 1,
    price: Decimal | None = None,
) -> Order:
    client_id = ClientId(tag="0a1b2c", intent_id=intent.id, role=role, rung=rung, attempt=attempt)
    direction, reduces = intent.plan.direction, role is not OrderRole.ENTRY
    request = OrderRequest(
        client_id=str(client_id),
        symbol=intent.instrument.symbol,
        direction=direction,
        side=exit_side(direction) if reduces else entry_side(direction),
        kind=_KINDS[role],
        quantity=Decimal(quantity),
        reduces=reduces,
        price=price if role is OrderRole.TARGET else None,
        trigger=price if role is OrderRole.STOP else None,
    )
    return Order(
        request=request,
        position_id=1,
        account=intent.account,
        role=role,
        rung=rung,
        attempt=attempt,
        state=state,
        created_at=PRESSED_AT,
        venue_id=f"v-{client_id}",
        engine_id=f"m-{client_id}" if role is OrderRole.STOP else None,
    )


def make_fill(order: Order, price: str, quantity: str, at: datetime = PRESSED_AT) -> Fill:
    return Fill(
        trade_id=f"t-{order.client_id}-{price}",
        venue_id=order.engine_id or order.venue_id or "",
        symbol=order.request.symbol,
        direction=order.request.direction,
        side=order.request.side,
        price=Decimal(price),
        quantity=Decimal(quantity),
        fee=Decimal("0.5"),
        fee_currency="USDT",
        is_maker=False,
        at=at,
    )


def make_position(
    intent: Intent,
    state: PositionState = PositionState.OPEN,
    *,
    stop: Decimal | None = None,
    reason: CloseReason | None = None,
    adjusted: str = "0",
) -> Position:
    return Position(
        id=1,
        intent_id=intent.id,
        signal_id=intent.signal_id,
        account=intent.account,
        user_id=intent.user_id,
        instrument=intent.instrument,
        plan=intent.plan,
        exits=ExitPolicy(maximum_hold=timedelta(hours=2)),
        state=state,
        stop=intent.plan.stop if stop is None else stop,
        watched_from=PRESSED_AT,
        adjusted_quantity=Decimal(adjusted),
        entered_at=PRESSED_AT if state is not PositionState.OPENING else None,
        close_reason=reason,
    )


def make_card(
    intent: Intent | None = None,
    *,
    books: PositionBooks | None = None,
    numbers: Ledgered | None = None,
    mode: ExecutionMode = ExecutionMode.PAPER,
    equity: str = "10000",
) -> TradeCard:
    asked = intent or make_intent()
    notional = asked.quantity * asked.plan.entry
    return TradeCard(
        intent=asked,
        mode=mode,
        equity=Decimal(equity),
        notional=notional,
        margin=notional / asked.leverage,
        worst_loss=asked.plan.risk_amount * asked.quantity / asked.plan.quantity,
        fees=notional * Decimal("0.001"),
        books=books,
        numbers=(numbers or NOTHING) if books is not None else None,
    )


def make_open_position(
    *,
    intent: Intent | None = None,
    mode: ExecutionMode = ExecutionMode.PAPER,
    state: PositionState = PositionState.OPEN,
    numbers: Ledgered | None = None,
    mark: str | None = "64301",
    unrealised: str | None = "9.92",
    is_protected: bool = True,
    stop: str | None = "63880.0",
) -> OpenPosition:
    held = replace(NOTHING, entered=Decimal("0.186"), average_entry=Decimal("64212.1"))
    return OpenPosition(
        position=make_position(intent or make_intent(IntentState.ENTERED), state),
        mode=mode,
        numbers=numbers or held,
        mark=None if mark is None else Decimal(mark),
        unrealised=None if unrealised is None else Decimal(unrealised),
        is_protected=is_protected,
        quantity=(numbers or held).entered - (numbers or held).exited,
        stop=None if stop is None or not is_protected else Decimal(stop),
    )
