"""Storage goes away: what is open is protected all the same, and written down when it is back."""

from domain.errors import StorageUnavailableError
from domain.orders import OrderKind
from domain.positions import PositionState
from engine.ports.storage import UnitOfWork
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, Floor, settled, until


class AbsentStorage:
    """Nothing can be opened while it is away."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.is_away = False
        self.waits_seconds = 0.0
        self.refused = 0

    def __call__(self) -> UnitOfWork:
        if self.is_away:
            self.refused += 1
            self._floor.clock.advance(self.waits_seconds)
            raise StorageUnavailableError("the disc is full")
        return self._floor.kept()


def _floor() -> tuple[Floor, AbsentStorage]:
    floor = Floor()
    storage = AbsentStorage(floor)
    floor.storage = storage
    return floor, storage


async def test_what_is_filled_while_storage_is_away_gets_its_stop_and_later_its_record() -> None:
    floor, storage = _floor()
    async with floor.working():
        gate = floor.broker.hold("place")
        floor.desk.wake(await floor.confirm())
        await until(lambda: "place" in floor.broker.calls)
        storage.is_away = True
        gate.set()
        await until(floor.is_protected)
        await settled()
        assert floor.resting(OrderKind.LIMIT) == []
        storage.is_away = False
        floor.desk.wake(1)
        await until(floor.is_set_up)
        await settled()
        books = await floor.books()
    assert books.position.state is PositionState.OPEN
    assert sum(fill.quantity for fill in books.fills) == QUANTITY
    assert len(set(floor.broker.placed)) == len(floor.broker.placed)


async def test_nothing_new_is_entered_while_storage_is_away() -> None:
    floor, storage = _floor()
    async with floor.working():
        await floor.confirm()
        storage.is_away = True
        floor.desk.wake(1)
        await settled()
        assert floor.broker.attempted == []
        storage.is_away = False
        await until(floor.is_set_up)


async def test_a_stop_that_was_removed_while_storage_is_away_is_put_back() -> None:
    floor, storage = _floor()
    async with floor.working():
        await floor.trade()
        storage.is_away = True
        floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
        floor.broker.hint(BTC.symbol)
        await until(floor.is_protected)


async def test_a_stop_is_put_back_after_one_wait_for_storage_that_is_slow_to_refuse() -> None:
    floor, storage = _floor()
    async with floor.working():
        await floor.trade()
        storage.is_away, storage.waits_seconds = True, 40.0
        floor.broker.cancel_by_hand(floor.resting(OrderKind.STOP)[0].client_id)
        floor.broker.hint(BTC.symbol)
        await until(floor.is_protected)
        assert storage.refused == 1
        storage.is_away = False
        floor.clock.advance(40.0)
        floor.desk.wake(1)
        await until(floor.is_set_up)


async def test_what_happened_while_storage_was_away_is_told_when_it_is_back() -> None:
    floor, storage = _floor()
    async with floor.working():
        await floor.trade()
        storage.is_away = True
        floor.broker.trigger(floor.resting(OrderKind.STOP)[0].client_id)
        floor.broker.hint(BTC.symbol)
        await until(lambda: not floor.broker.open_orders())
        await settled()
        assert await floor.state() is PositionState.OPEN
        storage.is_away = False
        await floor.until_closed()
    assert any(text.startswith("1: closed") for text in await floor.messages())


async def test_a_long_time_without_storage_makes_up_no_orders_that_were_never_sent() -> None:
    floor, storage = _floor()
    async with floor.working():
        gate = floor.broker.hold("place")
        floor.desk.wake(await floor.confirm())
        await until(lambda: "place" in floor.broker.calls)
        storage.is_away = True
        gate.set()
        await until(floor.is_protected)
        for _ in range(5):
            await floor.tick()
            await floor.tick()
        assert len(floor.desk.known()[0].orders) == 2
        storage.is_away = False
        floor.desk.wake(1)
        await until(floor.is_set_up)
        await settled()
        assert len((await floor.books()).orders) == 5
