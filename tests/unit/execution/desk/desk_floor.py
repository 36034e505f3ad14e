"""A desk with everything around it in memory: storage, venues, prices, a clock moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from domain.access import Role
from domain.directions import Direction
from domain.errors import NotFoundError
from domain.instruments import Instrument
from domain.intents import EntryStyle, Intent, IntentState
from domain.orders import OrderKind, OrderReport
from domain.plans import TradePlan
from domain.positions import ExitPolicy, Position, PositionBooks, PositionState
from engine.execution.desk.desk import Desk
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import News, TradeCard
from engine.ports.storage import Storage
from tests.builders.market import make_instrument
from tests.builders.signals import make_plan
from tests.fakes.broker import FakeBroker
from tests.fakes.clock import HandClock
from tests.fakes.quotes import FakeQuotes
from tests.fakes.storage import InMemoryStorage
from tests.fakes.venues import FakeVenues
from tests.unit.engine.plain_presenter import PlainPresenter

TRADER: Final = 7
ADMIN: Final = 1
PAPER: Final = "paper:7"
TAG: Final = "0a1b2c"
BTC: Final = make_instrument()
QUANTITY: Final = Decimal("0.100")


class TradePresenter(PlainPresenter):
    """Adds words for trades."""

    def trade_card(self, card: TradeCard) -> str:
        state = card.intent.state if card.books is None else card.books.position.state
        return f"card of {card.intent.id}: {state}"

    def trade_news(self, card: TradeCard, news: News) -> str:
        return f"{card.intent.id}: {news.kind} {news.text}".strip()

    def trading_alert(self, text: str) -> str:
        return f"trading: {text}"


class StandingClock(HandClock):
    """Whoever sleeps waits until the test has moved the clock far enough."""

    def __init__(self) -> None:
        super().__init__()
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    async def sleep(self, exchange_seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.monotonic() + exchange_seconds, woken))
        await woken.wait()

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        due = [each for each in self._sleepers if each[0] <= self.monotonic()]
        self._sleepers = [each for each in self._sleepers if each not in due]
        for _, woken in due:
            woken.set()


class Floor:
    """`floor.broker` is that of the trader's paper account."""

    def __init__(
        self,
        *,
        parameters: ExecutionParameters | None = None,
        storage: Storage | None = None,
        is_live_allowed: bool = False,
        live_refusal: str | None = None,
    ) -> None:
        self.clock = StandingClock()
        self.quotes = FakeQuotes()
        self.quotes.set(BTC.symbol, "64210.0", "64211.0")
        self.venues = FakeVenues(self.clock, self.quotes)
        self.kept = InMemoryStorage()
        self.storage: Storage = storage or self.kept
        self.woken = 0
        self.plans: dict[int, TradePlan] = {}
        self._parameters = parameters or ExecutionParameters()
        self._is_live_allowed = is_live_allowed
        self.live_refusal = live_refusal
        self.desk = self.open_desk()

    def open_desk(self) -> Desk:
        """A desk of a process that has just been started."""
        self.desk = Desk(
            storage=lambda: self.storage(),
            open_broker=self.venues.open,
            quotes=self.quotes,
            presenter=TradePresenter(),
            clock=self.clock,
            parameters=self._parameters,
            wake=self._note_wake,
            new_tag=lambda: TAG,
            data_age=lambda symbol: 0.0,
            is_live_allowed=self._is_live_allowed,
            live_refusal=lambda: self.live_refusal,
        )
        return self.desk

    @property
    def broker(self) -> FakeBroker:
        return self.venues.of(PAPER)

    def _note_wake(self) -> None:
        self.woken += 1

    async def add_admin(self) -> None:
        async with self.kept() as unit:
            await unit.users.grant(ADMIN, Role.ADMIN, at=self.clock.now(), how="test")
            await unit.commit()

    async def confirm(
        self,
        position_id: int = 1,
        *,
        account: str = PAPER,
        instrument: Instrument = BTC,
        direction: Direction = Direction.LONG,
        style: EntryStyle = EntryStyle.MARKET,
        user_id: int = TRADER,
    ) -> int:
        """Store what a trader has confirmed: the intent and its position, still without orders."""
        now = self.clock.now()
        plan = make_plan(direction, instrument=instrument)
        self.plans[position_id] = plan
        intent = self._intent(position_id, account, instrument, style, user_id)
        position = Position(
            id=position_id,
            intent_id=position_id,
            signal_id=position_id,
            account=account,
            user_id=user_id,
            instrument=instrument,
            plan=plan,
            exits=ExitPolicy(maximum_hold=timedelta(hours=2)),
            state=PositionState.OPENING,
            stop=plan.stop,
            watched_from=now - timedelta(seconds=2),
        )
        async with self.kept() as unit:
            await unit.intents.add(replace(intent, state=IntentState.CONFIRMED))
            await unit.positions.add(position)
            await unit.commit()
        return position_id

    async def offer(self, intent_id: int) -> None:
        """Store an offer that nobody has confirmed."""
        self.plans[intent_id] = make_plan(instrument=BTC)
        async with self.kept() as unit:
            await unit.intents.add(self._intent(intent_id, PAPER, BTC, EntryStyle.MARKET, TRADER))
            await unit.commit()

    def _intent(
        self, intent_id: int, account: str, instrument: Instrument, style: EntryStyle, user_id: int
    ) -> Intent:
        now = self.clock.now()
        return Intent(
            id=intent_id,
            signal_id=intent_id,
            account=account,
            user_id=user_id,
            instrument=instrument,
            plan=self.plans[intent_id],
            style=style,
            share=Decimal(1),
            quantity=QUANTITY,
            leverage=5,
            state=IntentState.OFFERED,
            created_at=now,
            expires_at=now + timedelta(minutes=15),
        )

    async def until_closed(self, position_id: int = 1) -> None:
        """Wait until the books of a position are closed."""
        async with asyncio.timeout(10):
            while await self.state(position_id) is not PositionState.CLOSED:  # noqa: ASYNC110 - as in until
                await asyncio.sleep(0.002)

    async def books(self, position_id: int = 1) -> PositionBooks:
        async with self.kept() as unit:
            books = await unit.positions.find_books(position_id)
        if books is None:
            raise NotFoundError(f"there is no position {position_id}")
        return books

    async def state(self, position_id: int = 1) -> PositionState:
        return (await self.books(position_id)).position.state

    async def messages(self, recipient: int = TRADER) -> list[str]:
        """Texts of everything queued for somebody, oldest first."""
        async with self.kept() as unit:
            rows = await unit.outbox.list_put_since(self.clock.now() - timedelta(days=1), prefix="")
        return [row.message.text for row in rows if row.message.recipient == str(recipient)]

    def resting(self, kind: OrderKind) -> list[OrderReport]:
        return self.broker.open_orders(kind)

    def reach_target(self, rung: int) -> None:
        """The market goes to a target, which is filled, and the venue says so."""
        order = next(o for o in self.resting(OrderKind.LIMIT) if f"-t{rung}-" in o.client_id)
        assert order.price is not None
        self.quotes.set(order.symbol, str(order.price), str(order.price + Decimal("0.1")))
        self.broker.fill(order.client_id)
        self.broker.hint(order.symbol)

    def is_protected(self) -> bool:
        """Whether the venue itself holds stops for all that is open."""
        stops = sum((stop.quantity for stop in self.resting(OrderKind.STOP)), Decimal(0))
        held = sum((each.quantity for each in self.broker.positions.values()), Decimal(0))
        return held > 0 and stops >= held

    def is_set_up(self) -> bool:
        """Whether a position rests at the venue with its stop and its three targets."""
        return self.is_protected() and len(self.resting(OrderKind.LIMIT)) == 3

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The desk is started up and runs."""
        await self.desk.start_up()
        task = asyncio.create_task(self.desk.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def trade(self) -> None:
        """A trade is confirmed, entered, protected, given its targets, and all of it is noted."""
        self.desk.wake(await self.confirm())
        await until(self.is_set_up)
        await settled()

    async def tick(self, times: int = 1) -> None:
        """Let the watchdog look so many times."""
        for _ in range(times):
            readings = self.broker.calls.count("list_positions")
            self.clock.advance(3.1)
            await self._until_read_again(readings)
            await settled()

    async def _until_read_again(self, readings: int) -> None:
        await until(lambda: self.broker.calls.count("list_positions") > readings)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test's time limit ends it otherwise."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what it waits for says nothing when it comes
            await asyncio.sleep(0.002)


async def settled() -> None:
    """Give everything that can go on without a timer the time to do so."""
    for _ in range(300):
        await asyncio.sleep(0)
