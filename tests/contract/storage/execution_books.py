"""Intents, positions, orders and fills to store, and the steps that store them."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.directions import Direction
from domain.intents import EntryStyle, Intent, IntentState
from domain.orders import (
    ClientId,
    Fill,
    Order,
    OrderKind,
    OrderRequest,
    OrderRole,
    OrderState,
    Side,
)
from domain.positions import CloseReason, ExitPolicy, Position, PositionBooks, PositionState
from engine.ports.storage import Storage
from tests.builders.market import make_instrument
from tests.builders.signals import PUBLISHED_AT, make_plan

ACCOUNT = "trader:5000000001"
TRADER = 5_000_000_001
TAG = "a1b2c3"
SECOND = timedelta(seconds=1)
CREATED_AT = PUBLISHED_AT + 7 * SECOND


def make_intent(
    intent_id: int = 1,
    *,
    signal_id: int = 12,
    account: str = ACCOUNT,
    user_id: int = TRADER,
    base: str = "BTC",
    state: IntentState = IntentState.OFFERED,
    created_at: datetime = CREATED_AT,
) -> Intent:
    instrument = make_instrument(base)
    plan = make_plan(instrument=instrument)
    return Intent(
        id=intent_id,
        signal_id=signal_id,
        account=account,
        user_id=user_id,
        instrument=instrument,
        plan=plan,
        style=EntryStyle.POST_ONLY,
        share=Decimal("0.50"),
        quantity=Decimal("0.093"),
        leverage=5,
        state=state,
        created_at=created_at,
        expires_at=created_at + timedelta(minutes=15),
    )


def make_position(
    intent: Intent, position_id: int = 1, *, state: PositionState = PositionState.OPENING
) -> Position:
    return Position(
        id=position_id,
        intent_id=intent.id,
        signal_id=intent.signal_id,
        account=intent.account,
        user_id=intent.user_id,
        instrument=intent.instrument,
        plan=intent.plan,
        exits=ExitPolicy(maximum_hold=timedelta(hours=4), data_loss_seconds=5.0),
        state=state,
        stop=intent.plan.stop,
        watched_from=intent.created_at + SECOND,
    )


def closed(position: Position, at: datetime) -> Position:
    return replace(
        position,
        state=PositionState.CLOSED,
        closed_at=at,
        close_reason=CloseReason.TRAILED,
    )


def make_order(
    position: Position,
    role: OrderRole = OrderRole.ENTRY,
    *,
    rung: int = 0,
    attempt: int = 1,
    state: OrderState = OrderState.SENDING,
    created_at: datetime = CREATED_AT + SECOND,
) -> Order:
    client_id = ClientId(
        tag=TAG, intent_id=position.intent_id, role=role, rung=rung, attempt=attempt
    )
    is_entry = role is OrderRole.ENTRY
    request = OrderRequest(
        client_id=str(client_id),
        symbol=position.symbol,
        direction=position.direction,
        side=Side.BUY if is_entry else Side.SELL,
        kind=OrderKind.STOP if role is OrderRole.STOP else OrderKind.LIMIT,
        quantity=Decimal("0.093"),
        reduces=not is_entry,
        price=Decimal("64210.50"),
    )
    return Order(
        request=request,
        position_id=position.id,
        account=position.account,
        role=role,
        rung=rung,
        attempt=attempt,
        state=state,
        created_at=created_at,
    )


def make_fill(
    trade_id: str = "901", *, symbol: str = "BTCUSDT", at: datetime = CREATED_AT + 2 * SECOND
) -> Fill:
    return Fill(
        trade_id=trade_id,
        venue_id="8389765",
        symbol=symbol,
        direction=Direction.LONG,
        side=Side.BUY,
        price=Decimal("64210.50"),
        quantity=Decimal("0.040"),
        fee=Decimal("1.284210000"),
        fee_currency="USDT",
        is_maker=False,
        at=at,
    )


def make_books(number: int = 1, *, base: str = "BTC", account: str = ACCOUNT) -> PositionBooks:
    """A confirmed intent and its position, with nothing sent."""
    intent = make_intent(
        number, signal_id=number, account=account, base=base, state=IntentState.CONFIRMED
    )
    return PositionBooks(intent=intent, position=make_position(intent, number))


async def keep_intents(storage: Storage, *intents: Intent) -> None:
    async with storage() as unit:
        for intent in intents:
            await unit.intents.add(intent)
        await unit.commit()


async def keep_books(storage: Storage, *all_books: PositionBooks) -> None:
    """Everything of each."""
    async with storage() as unit:
        for books in all_books:
            await unit.intents.add(books.intent)
            await unit.positions.add(books.position)
            await unit.positions.add_orders(books.orders)
            await unit.positions.add_fills(books.position.id, books.fills)
        await unit.commit()


async def books_of(storage: Storage, position_id: int) -> PositionBooks | None:
    async with storage() as unit:
        return await unit.positions.find_books(position_id)
