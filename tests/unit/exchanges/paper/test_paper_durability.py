"""What a reader of a paper account was told once stays so, whatever the storage does."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.accounts import paper_account
from domain.errors import OrderRefusedError, StorageUnavailableError
from domain.orders import OrderState
from exchanges.paper.parameters import PaperParameters
from exchanges.paper.venue import PaperVenue
from tests.contract.exchanges.broker_worlds import SYMBOL, Trader
from tests.contract.exchanges.paper_world import PaperWorld, paper_venue
from tests.fakes.clock import HandClock
from tests.unit.exchanges.paper.unsteady_storage import UnsteadyStorage


class _Life:
    """One process: a paper venue on a storage, with the account of one trader."""

    def __init__(self, storage: UnsteadyStorage, clock: HandClock) -> None:
        self.storage, self.clock = storage, clock
        self.venue = paper_venue(storage, clock)

    async def trader(self, user_id: int = 7) -> Trader:
        broker = await self.venue.open(paper_account(user_id))
        world = PaperWorld(broker=broker, venue=self.venue, clock=self.clock, storage=self.storage)
        await broker.prepare(SYMBOL, 5)
        return Trader(world)

    async def one_round(self) -> None:
        """What `run` does once."""
        running = asyncio.create_task(self.venue.run())
        for _ in range(20):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def storage() -> UnsteadyStorage:
    return UnsteadyStorage()


@pytest.fixture
def life(storage: UnsteadyStorage) -> _Life:
    return _Life(storage, HandClock())


async def test_reader_waits_for_a_store_under_way_and_hears_nothing_of_one_that_fails(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader = await life.trader()
    request = trader.limit(-1)
    await trader.broker.place(request)
    storage.gate.clear()
    trader.world.move(-2)
    running = asyncio.create_task(life.venue.run())
    await storage.until_waiting()

    reading = asyncio.create_task(trader.broker.find_order(request))
    await asyncio.sleep(0.01)
    assert not reading.done()
    storage.fails = True
    storage.gate.set()
    report = await reading
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert report is not None
    assert report.state is OrderState.RESTING


async def test_what_the_market_does_during_a_store_is_stored_before_it_is_read(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader = await life.trader()
    near, far = trader.limit(-1), trader.limit(-3)
    await trader.broker.place(near)
    await trader.broker.place(far)
    trader.world.move(-2)
    storage.gate.clear()
    reading = asyncio.create_task(trader.broker.find_order(far))
    await storage.until_waiting()
    trader.world.move(-2)
    storage.gate.set()

    report = await reading
    later = await _Life(storage, life.clock).trader()

    assert report is not None
    assert report == await later.broker.find_order(far)


async def test_stop_that_a_failed_store_brought_back_still_hears_of_the_market(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader, other = await life.trader(), await life.trader(8)
    await trader.hold()
    stop = trader.stop(-3)
    await trader.broker.place(stop)
    trader.world.move(-4)  # it fires, which nobody has stored yet
    await other.broker.place(other.limit(-9))  # stakes are counted now
    storage.fails = True
    with pytest.raises(StorageUnavailableError):
        await trader.broker.list_positions()
    storage.fails = False

    await life.one_round()
    trader.world.move(0.0)

    await trader.until_in(stop, OrderState.FILLED)


async def test_market_order_right_after_a_failed_store_finds_the_book_again(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader = await life.trader()
    storage.fails = True
    with pytest.raises(StorageUnavailableError):
        await trader.broker.place(trader.entry())
    storage.fails = False

    report = await trader.broker.place(trader.entry())

    assert report.state is OrderState.FILLED


async def test_limit_takes_nothing_from_a_book_that_was_forgotten_while_nothing_was_held(
    life: _Life,
) -> None:
    trader = await life.trader()
    await trader.hold()
    await trader.broker.place(trader.exit())
    await life.one_round()
    life.venue.on_gap([SYMBOL])

    report = await trader.broker.place(trader.limit(1))

    assert report.state is OrderState.RESTING
    assert report.filled_quantity == 0


async def test_what_was_taken_from_a_book_is_not_there_for_the_next_order(life: _Life) -> None:
    trader = await life.trader()
    await trader.broker.prepare(SYMBOL, 20)
    most = Decimal("30.000")  # of the 50 at the best price
    first = await trader.broker.place(trader.entry(quantity=most))
    await trader.broker.place(trader.exit(quantity=most))
    await life.one_round()

    second = await trader.broker.place(trader.entry(quantity=most))

    assert first.average_price is not None
    assert second.average_price is not None
    assert second.average_price > first.average_price


async def test_fill_of_a_process_that_is_long_gone_can_still_be_read_and_is_dropped_later(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader = await life.trader()
    since = life.clock.now()
    request = await trader.hold()
    life.clock.advance(timedelta(days=5).total_seconds())
    later = _Life(storage, life.clock)
    after = await later.trader()

    await later.one_round()
    assert len(await after.broker.list_fills(SYMBOL, since)) == 1
    assert await after.broker.find_order(request) is not None

    life.clock.advance(timedelta(hours=2).total_seconds())
    await later.one_round()
    assert await after.broker.list_fills(SYMBOL, since) == []


async def test_position_on_a_pair_that_is_not_listed_can_be_protected_and_closed_but_not_entered(
    life: _Life, storage: UnsteadyStorage
) -> None:
    trader = await life.trader()
    await trader.hold()
    venue = PaperVenue(
        storage=storage,
        clock=life.clock,
        instrument=lambda _symbol: None,
        funding=lambda _symbol: None,
        parameters=PaperParameters(),
    )
    broker = await venue.open(paper_account(7))
    PaperWorld(broker=broker, venue=venue, clock=life.clock, storage=storage)

    assert (await broker.place(trader.stop(-3))).state is OrderState.RESTING
    assert (await broker.place(trader.exit())).state is OrderState.FILLED
    with pytest.raises(OrderRefusedError, match="not tradable"):
        await broker.place(trader.entry())
