"""What the venue does to a confirmed trade: it is filled, moved, closed."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from domain.intents import IntentEvent
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
from domain.positions import CloseReason, PositionBooks, PositionEvent
from engine.execution.requests import Pressed
from tests.unit.execution.offers.trading_floor import ANN, Floor


async def open_trade(
    floor: Floor, signal_id: int = 1, user_id: int = ANN, price: str = "100"
) -> int:
    """Pressed, confirmed and filled in full at a price without fees; the position's id."""
    pressed = await floor.press(signal_id, user_id, confirm=False)
    assert isinstance(pressed, Pressed), pressed
    (books,) = [each for each in await floor.positions() if each.intent == pressed.intent]
    now = floor.clock.now()
    await _fill(floor, books, OrderRole.ENTRY, books.intent.quantity, price)
    async with floor.storage() as unit:
        await unit.intents.save(books.intent.after(IntentEvent.ENTER), was=books.intent.state)
        opened = replace(books.position.after(PositionEvent.ENTER), entered_at=now)
        await unit.positions.save(opened, was=books.position.state)
        await unit.commit()
    return books.position.id


async def close_part(floor: Floor, position_id: int, quantity: str, price: str) -> None:
    books = await find(floor, position_id)
    await _fill(floor, books, OrderRole.TARGET, Decimal(quantity), price)


async def begin_closing(floor: Floor, position_id: int) -> None:
    books = await find(floor, position_id)
    closing = books.position.after(PositionEvent.CLOSE)
    async with floor.storage() as unit:
        await unit.positions.save(
            replace(closing, close_reason=CloseReason.DRAWDOWN), was=books.position.state
        )
        await unit.commit()


async def close_trade(
    floor: Floor, position_id: int, price: str, *, at: datetime | None = None
) -> None:
    books = await find(floor, position_id)
    await _fill(floor, books, OrderRole.CLOSE, books.intent.quantity, price)
    ended = replace(
        books.position.after(PositionEvent.END),
        closed_at=at or floor.clock.now(),
        close_reason=books.position.close_reason or CloseReason.STOPPED,
    )
    async with floor.storage() as unit:
        await unit.positions.save(ended, was=books.position.state)
        await unit.commit()


async def move_stop(floor: Floor, position_id: int, stop: str) -> None:
    books = await find(floor, position_id)
    async with floor.storage() as unit:
        moved = replace(books.position, stop=Decimal(stop))
        await unit.positions.save(moved, was=books.position.state)
        await unit.commit()


async def rest_stop(floor: Floor, position_id: int) -> str:
    """A stop over all that was entered rests, by the books; its client id."""
    books = await find(floor, position_id)
    position = books.position
    name = ClientId(
        tag="abcdef", intent_id=position.intent_id, role=OrderRole.STOP, rung=0, attempt=1
    )
    stop = Order(
        request=OrderRequest(
            client_id=str(name),
            symbol=position.symbol,
            direction=position.direction,
            side=exit_side(position.direction),
            kind=OrderKind.STOP,
            quantity=books.intent.quantity,
            reduces=True,
            trigger=position.stop,
        ),
        position_id=position.id,
        account=position.account,
        role=OrderRole.STOP,
        rung=0,
        attempt=1,
        state=OrderState.RESTING,
        created_at=floor.clock.now(),
        venue_id="venue-stop",
    )
    async with floor.storage() as unit:
        await unit.positions.add_orders([stop])
        await unit.commit()
    return str(name)


async def find(floor: Floor, position_id: int) -> PositionBooks:
    async with floor.storage() as unit:
        books = await unit.positions.find_books(position_id)
    assert books is not None
    return books


async def _fill(
    floor: Floor, books: PositionBooks, role: OrderRole, quantity: Decimal, price: str
) -> None:
    position, now = books.position, floor.clock.now()
    is_entry = role is OrderRole.ENTRY
    side = entry_side(position.direction) if is_entry else exit_side(position.direction)
    client_id = ClientId(tag="abcdef", intent_id=position.intent_id, role=role, rung=0, attempt=1)
    venue_id = f"venue-{client_id}"
    order = Order(
        request=OrderRequest(
            client_id=str(client_id),
            symbol=position.symbol,
            direction=position.direction,
            side=side,
            kind=OrderKind.MARKET,
            quantity=quantity,
            reduces=not is_entry,
        ),
        position_id=position.id,
        account=position.account,
        role=role,
        rung=0,
        attempt=1,
        state=OrderState.FILLED,
        created_at=now,
        venue_id=venue_id,
        filled_quantity=quantity,
    )
    fill = Fill(
        trade_id=venue_id,
        venue_id=venue_id,
        symbol=position.symbol,
        direction=position.direction,
        side=side,
        price=Decimal(price),
        quantity=quantity,
        fee=Decimal(0),
        fee_currency="USDT",
        is_maker=False,
        at=now,
    )
    async with floor.storage() as unit:
        await unit.positions.add_orders([order])
        await unit.positions.add_fills(position.id, [fill])
        await unit.commit()
