"""One trade at round prices, long or mirrored at 100, and looks at it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.directions import Direction
from domain.instruments import Instrument
from domain.intents import EntryStyle, Intent, IntentState
from domain.orders import Fill, Order, OrderReport, OrderRole, OrderState, VenuePosition, exit_side
from domain.plans import Target, TradePlan, TradingCosts
from domain.positions import ExitPolicy, Position, PositionBooks, PositionState
from engine.execution.books.absorbing import absorb_fills, absorb_report
from engine.execution.books.moves import plan_moves
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves, Sight
from engine.ports.broker import Quote

START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TAG = "abcdef"
PARAMETERS = ExecutionParameters()
SOL = Instrument(
    symbol="SOLUSDT",
    base="SOL",
    quote="USDT",
    tick=Decimal("0.01"),
    step=Decimal("0.001"),
    minimum_quantity=Decimal("0.001"),
    minimum_notional=Decimal(5),
)


def at_price(direction: Direction, price: str | Decimal) -> Decimal:
    """A long's price; for a short its mirror at 100."""
    return Decimal(price) if direction is Direction.LONG else 200 - Decimal(price)


def make_plan(direction: Direction = Direction.LONG) -> TradePlan:
    """Entry 100, stop 98.50, targets at 102.25, 103.75 and 106, break-even 100.12, ATR 1."""
    multiples = (("102.25", "1.5", "0.4"), ("103.75", "2.5", "0.4"), ("106", "4", "0.2"))
    first, second, third = (
        Target(price=at_price(direction, p), multiple=Decimal(m), fraction=Decimal(f))
        for p, m, f in multiples
    )
    return TradePlan(
        symbol=SOL.symbol,
        direction=direction,
        entry=Decimal(100),
        stop=at_price(direction, "98.50"),
        stop_distance=Decimal("1.50"),
        targets=(first, second, third),
        break_even=at_price(direction, "100.12"),
        atr=Decimal(1),
        costs=TradingCosts(
            entry_fee=Decimal("0.0005"),
            exit_fee=Decimal("0.0005"),
            slippage=Decimal("0.0001"),
            funding=Decimal(0),
        ),
        gross_reward_to_risk=Decimal("2.5"),
        net_reward_to_risk=Decimal("2.3"),
        quantity=Decimal(1),
        notional=Decimal(100),
        margin=Decimal(10),
        leverage=Decimal(10),
        risk_amount=Decimal("1.62"),
        risk_percent=Decimal(1),
        shrinks=(),
    )


def make_books(
    direction: Direction = Direction.LONG,
    *,
    style: EntryStyle = EntryStyle.MARKET,
    quantity: str = "1",
    instrument: Instrument = SOL,
    data_loss_seconds: float | None = None,
) -> PositionBooks:
    """A confirmed intent, and its position of which nothing is ordered yet."""
    plan = make_plan(direction)
    intent = Intent(
        id=7,
        signal_id=3,
        account="paper:1",
        user_id=1,
        instrument=instrument,
        plan=plan,
        style=style,
        share=Decimal(1),
        quantity=Decimal(quantity),
        leverage=10,
        state=IntentState.CONFIRMED,
        created_at=START,
        expires_at=START + timedelta(minutes=15),
    )
    position = Position(
        id=5,
        intent_id=7,
        signal_id=3,
        account="paper:1",
        user_id=1,
        instrument=instrument,
        plan=plan,
        exits=ExitPolicy(maximum_hold=timedelta(hours=2), data_loss_seconds=data_loss_seconds),
        state=PositionState.OPENING,
        stop=plan.stop,
        watched_from=START,
    )
    return PositionBooks(intent=intent, position=position)


def make_sight(seconds: float = 0, price: str | None = "100", **changes: Any) -> Sight:
    """A look so many seconds after the start; bid and ask are both `price`."""
    at = None if price is None else Decimal(price)
    quote = None if at is None else Quote(bid=at, ask=at, age_seconds=0)
    return replace(Sight(now=START + timedelta(seconds=seconds), quote=quote), **changes)


def make_held(books: PositionBooks, quantity: str) -> VenuePosition:
    """The venue's word on the position."""
    return VenuePosition(
        symbol=SOL.symbol,
        direction=books.position.direction,
        quantity=Decimal(quantity),
        entry_price=Decimal(100),
    )


def plan(books: PositionBooks, sight: Sight | None = None) -> Moves:
    """The next moves."""
    return plan_moves(books, sight or make_sight(), TAG, PARAMETERS)


def make_report(
    order: Order, state: OrderState, *, filled: str = "0", engine_id: str | None = None
) -> OrderReport:
    """The venue's word on an order of ours."""
    request = order.request
    return OrderReport(
        symbol=request.symbol,
        client_id=request.client_id,
        venue_id=f"v-{request.client_id}",
        state=state,
        direction=None,
        side=request.side,
        kind=request.kind,
        quantity=request.quantity,
        reduces=request.reduces,
        price=request.price,
        trigger=request.trigger,
        filled_quantity=Decimal(filled),
        engine_id=engine_id,
    )


def report(
    books: PositionBooks,
    order: Order,
    state: OrderState,
    *,
    filled: str = "0",
    seconds: float = 0,
    engine_id: str | None = None,
) -> PositionBooks:
    """The books after a report."""
    told = make_report(order, state, filled=filled, engine_id=engine_id)
    return absorb_report(books, order.client_id, told, START + timedelta(seconds=seconds))


def make_fill(
    order: Order | None,
    quantity: str,
    price: str | Decimal,
    *,
    trade: str,
    seconds: float = 0,
    books: PositionBooks | None = None,
    venue_id: str | None = None,
) -> Fill:
    """A fill of an order of ours, or (with `books`, as an exit) of somebody else's."""
    if order is not None:
        side, owner = order.request.side, venue_id or f"v-{order.client_id}"
    else:
        assert books is not None
        side, owner = exit_side(books.position.direction), venue_id or "foreign"
    return Fill(
        trade_id=trade,
        venue_id=owner,
        symbol=SOL.symbol,
        direction=None,
        side=side,
        price=Decimal(price),
        quantity=Decimal(quantity),
        fee=Decimal("0.01"),
        fee_currency="USDT",
        is_maker=False,
        at=START + timedelta(seconds=seconds),
    )


def filled(
    books: PositionBooks,
    order: Order,
    price: str | Decimal,
    *,
    quantity: str | None = None,
    seconds: float = 0,
    state: OrderState = OrderState.FILLED,
) -> PositionBooks:
    """The books after an order was filled, in full unless told, with its fill booked."""
    amount = quantity or str(order.request.quantity)
    engine_id = f"e-{order.client_id}" if order.role is OrderRole.STOP else None
    books = report(books, order, state, filled=amount, engine_id=engine_id)
    owner = engine_id or f"v-{order.client_id}"
    fill = make_fill(order, amount, price, trade=f"t-{owner}", seconds=seconds, venue_id=owner)
    return absorb_fills(books, [fill])


def all_rest(books: PositionBooks) -> PositionBooks:
    """The books after the venue confirmed all that was sent, and cancelled what was to be."""
    for order in books.orders:
        if order.state is OrderState.SENDING:
            books = report(books, order, OrderState.RESTING)
        elif order.state is OrderState.CANCELLING:
            books = report(books, order, OrderState.CANCELLED)
    return books


def order_of(books: PositionBooks, role: OrderRole, rung: int = 0) -> Order:
    """The newest order of a role and rung."""
    return [o for o in books.orders if (o.role, o.rung) == (role, rung)][-1]


def entered_books(direction: Direction = Direction.LONG, quantity: str = "1") -> PositionBooks:
    """Entered at market at 100, nothing protected yet."""
    books = plan(make_books(direction, quantity=quantity), make_sight(price="100")).books
    return filled(books, order_of(books, OrderRole.ENTRY), "100")


def open_books(direction: Direction = Direction.LONG, quantity: str = "1") -> PositionBooks:
    """Entered at 100, the stop and all targets at rest."""
    books = all_rest(plan(entered_books(direction, quantity)).books)
    return all_rest(plan(books).books)
