"""Closing by hand of the trader or an admin, with storage and without."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.accounts import OPERATOR
from domain.directions import Direction
from domain.errors import (
    ConflictError,
    OutcomeUnknownError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.intents import EntryStyle, IntentState
from domain.orders import OrderKind, Side
from domain.positions import CloseReason, PositionState
from engine.execution.desk.closing import CallOffOffers, CancelEntries, ClosePositions
from engine.execution.desk.desk import Desk
from engine.execution.desk.direct_closing import DirectClosing
from engine.execution.values import CloseRequest
from engine.ports.storage import UnitOfWork
from tests.builders.market import make_instrument
from tests.fakes.broker import hand_stop
from tests.unit.execution.desk.desk_floor import (
    ADMIN,
    BTC,
    QUANTITY,
    TAG,
    TRADER,
    Floor,
    TradePresenter,
    settled,
    until,
)

ETH = make_instrument("ETH")
LONG = (BTC.symbol, Direction.LONG)


class Room:
    """The use cases around a floor; `is_away` takes storage away."""

    def __init__(self) -> None:
        self.floor = Floor(is_live_allowed=True)
        self.is_away = False
        self.numbers = 900_000_000
        self.floor.storage = self._open
        self._offers = CallOffOffers(
            storage=self._open, presenter=TradePresenter(), clock=self.floor.clock
        )
        self.close = self.close_with(self.floor.desk)
        self.cancel = CancelEntries(storage=self._open, desk=self.floor.desk, offers=self._offers)

    def close_with(self, desk: Any) -> ClosePositions:
        return ClosePositions(
            storage=self._open,
            desk=desk,
            offers=self._offers,
            direct=DirectClosing(tag=lambda: TAG, new_number=self._new_number),
        )

    def _open(self) -> UnitOfWork:
        if self.is_away:
            raise StorageUnavailableError("the database is down")
        return self.floor.kept()

    def _new_number(self) -> int:
        self.numbers += 1
        return self.numbers


async def test_a_trader_closes_what_is_his_on_a_pair_and_nothing_else() -> None:
    room = Room()
    floor = room.floor
    floor.quotes.set(ETH.symbol, "64210.0", "64211.0")
    async with floor.working():
        await floor.trade()
        floor.desk.wake(await floor.confirm(2, instrument=ETH))
        await until(lambda: len(floor.broker.open_orders()) == 8)
        await settled()
        assert (await room.close(99)).closing == ()
        assert (await room.close(TRADER, BTC.symbol)).closing == (BTC.symbol,)
        await until(lambda: len(floor.broker.open_orders()) == 4)
        await settled()
        closed = await floor.books(1)
        assert await floor.state(2) is PositionState.OPEN
    assert closed.position.close_reason is CloseReason.BY_TRADER


class _StubbornDesk:
    """Cannot close one of its positions."""

    def __init__(self, desk: Desk, position_id: int) -> None:
        self._desk = desk
        self._position_id = position_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    async def close(self, requests: Sequence[CloseRequest]) -> None:
        if any(request.position_id == self._position_id for request in requests):
            raise ConflictError("somebody else has changed it")
        await self._desk.close(requests)


async def test_one_position_that_cannot_be_closed_keeps_no_other_open() -> None:
    room = Room()
    floor = room.floor
    floor.quotes.set(ETH.symbol, "64210.0", "64211.0")
    async with floor.working():
        await floor.trade()
        floor.desk.wake(await floor.confirm(2, instrument=ETH))
        await until(lambda: len(floor.broker.open_orders()) == 8)
        await settled()
        result = await room.close_with(_StubbornDesk(floor.desk, 1))(ADMIN, everybody=True)
        await until(lambda: len(floor.broker.open_orders()) == 4)
    assert result.closing == (ETH.symbol,)
    assert [BTC.symbol in text for text in result.failures] == [True]


async def test_an_admin_closes_everything_of_everybody() -> None:
    room = Room()
    floor = room.floor
    async with floor.working():
        await floor.trade()
        assert (await room.close(ADMIN, everybody=True)).closing == (BTC.symbol,)
        await until(lambda: not floor.broker.positions and not floor.broker.open_orders())
        await settled()
        assert (await floor.books()).position.close_reason is CloseReason.CLOSE_ALL


async def test_closing_calls_off_offers_and_entries_that_are_not_filled() -> None:
    room = Room()
    floor = room.floor
    floor.quotes.set(BTC.symbol, "64215.0", "64216.0")
    await floor.offer(5)
    async with floor.working():
        floor.desk.wake(await floor.confirm(style=EntryStyle.LIMIT))
        await until(lambda: bool(floor.broker.open_orders()))
        await settled()
        result = await room.close(TRADER)
        await until(lambda: not floor.broker.open_orders())
        await settled()
        books = await floor.books()
    assert result.cancelled == (BTC.symbol, BTC.symbol)
    assert result.closing == ()
    assert books.intent.state is IntentState.MISSED
    async with floor.kept() as unit:
        offer = await unit.intents.find(5)
    assert offer is not None
    assert offer.state is IntentState.DECLINED


async def test_entries_are_called_off_and_what_is_filled_of_them_stays_protected() -> None:
    room = Room()
    floor = room.floor
    floor.quotes.set(BTC.symbol, "64215.0", "64216.0")
    async with floor.working():
        floor.desk.wake(await floor.confirm(style=EntryStyle.LIMIT))
        await until(lambda: bool(floor.broker.open_orders()))
        floor.broker.fill(floor.broker.open_orders()[0].client_id, Decimal("0.030"))
        floor.broker.hint(BTC.symbol)
        await until(floor.is_protected)
        floor.clock.advance(1)
        assert (await room.cancel(99)).cancelled == ()
        assert (await room.cancel(TRADER)).cancelled == (BTC.symbol,)
        await until(floor.is_set_up)
        await settled()
        assert await floor.state() is PositionState.OPEN
    assert floor.broker.positions[LONG].quantity == Decimal("0.030")


async def test_with_storage_down_everything_is_closed_straight_at_the_venue() -> None:
    room = Room()
    floor = room.floor
    async with floor.working():
        await floor.trade()
        room.is_away = True
        result = await room.close(ADMIN, everybody=True)
        assert [held.symbol for held in result.direct] == [BTC.symbol]
        assert "record" in result.failures[0]
        assert not floor.broker.positions
        assert not floor.broker.open_orders()
        room.is_away = False
        floor.desk.wake(1)
        floor.clock.advance(60)
        await floor.until_closed()


async def test_an_entry_that_waits_while_storage_is_down_is_never_sent_after_closing() -> None:
    room = Room()
    floor = room.floor
    floor.quotes.set(BTC.symbol, "65500.0", "65501.0")  # not near: the entry waits
    async with floor.working():
        floor.desk.wake(await floor.confirm())
        await settled()
        room.is_away = True
        result = await room.close(ADMIN, everybody=True)
        assert result.cancelled == (BTC.symbol,)
        room.is_away = False
        floor.quotes.set(BTC.symbol, "64210.0", "64211.0")
        floor.desk.wake(1)
        await floor.until_closed()
        assert (await floor.books()).intent.state is IntentState.MISSED
    assert floor.broker.attempted == []


async def test_what_was_closed_without_storage_ends_for_the_reason_it_was_closed_for() -> None:
    room = Room()
    floor = room.floor
    async with floor.working():
        await floor.trade()
        room.is_away = True
        await room.close(TRADER)
        room.is_away = False
        floor.desk.wake(1)
        await floor.until_closed()
        books = await floor.books()
    assert books.position.close_reason is CloseReason.BY_TRADER
    assert not floor.broker.positions


async def test_a_close_of_unknown_fate_is_asked_about_and_not_doubled() -> None:
    floor, direct = _venue()
    floor.broker.trade_by_hand(BTC.symbol, Side.BUY, QUANTITY, Decimal(64_000))
    floor.broker.fail("place", OutcomeUnknownError("connection lost"), is_late=True)
    result = await direct("paper:7", floor.broker)
    assert len(result.closed) == 1
    assert len(floor.broker.placed) == 1


async def test_a_close_that_did_not_arrive_is_sent_again_under_its_id() -> None:
    floor, direct = _venue()
    floor.broker.trade_by_hand(BTC.symbol, Side.SELL, QUANTITY, Decimal(64_000))
    floor.broker.fail("place", TemporaryVenueError("overloaded"), times=2)
    result = await direct("paper:7", floor.broker)
    assert [held.direction for held in result.closed] == [Direction.SHORT]
    assert len(set(floor.broker.attempted)) == 1


async def test_what_is_not_flat_keeps_its_stops_and_is_told() -> None:
    floor = Floor()
    async with floor.working():
        await floor.trade()
    direct = DirectClosing(tag=lambda: TAG, new_number=lambda: 1)
    floor.broker.fail("place", VenueRefusedError("not now"), times=9)
    result = await direct("paper:7", floor.broker)
    assert result.closed == []
    assert any("not flat" in text for text in result.failures)
    assert floor.is_protected()


async def test_orders_of_people_and_other_pairs_are_left_alone() -> None:
    floor, direct = _venue()
    floor.broker.trade_by_hand(BTC.symbol, Side.BUY, QUANTITY, Decimal(64_000))
    floor.broker.trade_by_hand(ETH.symbol, Side.BUY, QUANTITY, Decimal(3_000))
    floor.broker.add_order(hand_stop(BTC.symbol, Direction.LONG, QUANTITY, Decimal(60_000)))
    result = await direct("paper:7", floor.broker, BTC.symbol)
    assert [held.symbol for held in result.closed] == [BTC.symbol]
    assert len(floor.resting(OrderKind.STOP)) == 1
    assert (ETH.symbol, Direction.LONG) in floor.broker.positions


async def test_a_venue_that_does_not_answer_is_told_as_a_failure() -> None:
    floor, direct = _venue()
    floor.broker.fail("list_open_orders", TemporaryVenueError("no route"))
    assert "no route" in (await direct("paper:7", floor.broker)).failures[0]


async def test_without_storage_a_trader_closes_only_what_is_his_on_a_shared_account() -> None:
    room = Room()
    floor = room.floor
    broker = floor.venues.of(OPERATOR)
    async with floor.working():
        floor.desk.wake(await floor.confirm(account=OPERATOR))
        await until(lambda: len(broker.open_orders()) == 4)
        await settled()
        broker.trade_by_hand(ETH.symbol, Side.BUY, QUANTITY, Decimal(3_000))
        room.is_away = True
        result = await room.close(TRADER)
    assert [held.symbol for held in result.direct] == [BTC.symbol]
    assert (ETH.symbol, Direction.LONG) in broker.positions


def _venue() -> tuple[Floor, DirectClosing]:
    floor = Floor()
    floor.quotes.set(ETH.symbol, "3000.0", "3001.0")
    return floor, DirectClosing(tag=lambda: TAG, new_number=lambda: 123_456_789)
