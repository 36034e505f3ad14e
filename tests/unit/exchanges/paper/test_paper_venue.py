"""What paper adds to the venue's rules: it listens to the live market, and forgets nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.accounts import paper_account
from domain.derivatives import Funding
from domain.directions import Direction
from domain.errors import OrderRefusedError, Refusal, StorageUnavailableError
from domain.order_book import Level
from domain.orders import OrderKind, OrderState
from domain.timeframes import to_ms
from engine.ports.storage import UnitOfWork
from exchanges.paper.funding_times import FundingTimes
from exchanges.paper.parameters import PaperParameters
from exchanges.paper.venue import PaperVenue
from tests.contract.exchanges.broker_worlds import SYMBOL, Trader, until
from tests.contract.exchanges.paper_world import PaperWorld, paper_venue, paper_world
from tests.fakes.storage import InMemoryStorage


@asynccontextmanager
async def _trading() -> AsyncIterator[tuple[PaperWorld, Trader]]:
    async with paper_world() as world:
        await world.broker.prepare(SYMBOL, 5)
        yield world, Trader(world)


async def _reopened(world: PaperWorld) -> Trader:
    """The account as another process would find it, in the same market."""
    venue = paper_venue(world.storage, world.clock)
    again = PaperWorld(
        broker=await venue.open(paper_account(7)),
        venue=venue,
        clock=world.clock,
        storage=world.storage,
        mid=world.mid,
    )
    return Trader(again)


async def test_another_process_finds_position_stop_and_fills() -> None:
    async with _trading() as (world, trader):
        await trader.hold()
        stop = trader.stop(-3)
        await trader.broker.place(stop)
        since = world.now() - timedelta(minutes=1)
        before = await trader.broker.list_positions()
        fills = await trader.broker.list_fills(SYMBOL, since)

        later = await _reopened(world)

        assert await later.broker.list_positions() == before
        assert await later.broker.list_fills(SYMBOL, since) == fills
        report = await later.broker.find_order(stop)
        assert report is not None
        assert report.state is OrderState.RESTING


async def test_a_stop_that_was_passed_while_nobody_looked_fires_at_the_first_price() -> None:
    async with _trading() as (world, trader):
        await trader.hold()
        stop = trader.stop(-3)
        await trader.broker.place(stop)
        world.mid *= 0.95

        later = await _reopened(world)
        later.world.move(0.0)

        await later.until_in(stop, OrderState.FILLED)
        assert await later.broker.list_positions() == []


async def test_what_the_market_did_is_stored_before_anybody_reads_it() -> None:
    async with _trading() as (world, trader):
        request = trader.limit(-1)
        await trader.broker.place(request)

        world.move(-2)
        report = await trader.broker.find_order(request)
        later = await _reopened(world)

        assert report is not None
        assert report.state is OrderState.FILLED
        assert len(await later.broker.list_positions()) == 1


async def test_where_storing_fails_nothing_has_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    async with _trading() as (world, trader):
        request = trader.entry()

        async def away(_unit: UnitOfWork) -> None:
            raise StorageUnavailableError("the database is away")

        with monkeypatch.context() as patched:
            unit = type(world.storage())
            patched.setattr(unit, "commit", away)
            with pytest.raises(StorageUnavailableError):
                await trader.broker.place(request)

        assert await trader.broker.list_positions() == []
        assert await trader.broker.find_order(request) is None
        world.move(0.0)
        await trader.broker.place(request)
        assert len(await trader.broker.list_positions()) == 1


async def test_two_orders_at_once_are_both_kept() -> None:
    async with _trading() as (world, trader):
        first, second = trader.limit(-1), trader.limit(-2)

        await asyncio.gather(trader.broker.place(first), trader.broker.place(second))
        later = await _reopened(world)

        listed = await later.broker.list_open_orders(SYMBOL)
        assert {report.client_id for report in listed} == {first.client_id, second.client_id}


async def test_a_market_order_needs_a_live_book() -> None:
    async with _trading() as (world, trader):
        world.venue.on_gap([SYMBOL])

        with pytest.raises(OrderRefusedError) as refused:
            await trader.broker.place(trader.entry())

        assert refused.value.refusal is Refusal.THIN_BOOK


@pytest.mark.parametrize(
    ("bids", "asks"),
    [
        ([], [(3000.1, 1.0)]),
        ([(3000.0, 1.0)], []),
        ([(3000.1, 1.0)], [(3000.1, 1.0)]),
        ([(3100.0, 1.0)], [(2900.0, 1.0)]),
    ],
)
async def test_a_book_without_two_sides_or_with_crossed_ones_is_none(
    bids: Sequence[Level], asks: Sequence[Level]
) -> None:
    async with _trading() as (world, trader):
        await trader.hold()
        stop = trader.stop(-1)
        await trader.broker.place(stop)
        world.venue.on_book(SYMBOL, to_ms(world.clock.now()), bids, asks)

        with pytest.raises(OrderRefusedError) as refused:
            await trader.broker.place(trader.entry())

        assert refused.value.refusal is Refusal.THIN_BOOK
        report = await trader.broker.find_order(stop)
        assert report is not None
        assert report.state is OrderState.RESTING


async def test_what_floats_lose_is_not_lost_of_what_can_be_taken() -> None:
    async with _trading() as (world, trader):
        at_ms = to_ms(world.clock.now()) + 1
        world.venue.on_book(SYMBOL, at_ms, [(2999.99, 1.0)], [(3000.07, 0.3), (3000.29, 0.007)])

        report = await trader.broker.place(trader.entry(quantity=Decimal("0.307")))

        assert (report.state, report.filled_quantity) == (OrderState.FILLED, Decimal("0.307"))
        assert report.average_price is not None
        spent = Decimal("0.3") * Decimal("3000.07") + Decimal("0.007") * Decimal("3000.29")
        assert abs(report.average_price * Decimal("0.307") - spent) < Decimal("1e-20")


async def test_a_trade_far_beyond_the_book_shows_that_the_book_is_old() -> None:
    async with _trading() as (world, trader):
        await trader.hold()
        at_ms = to_ms(world.clock.now())
        world.venue.on_trade(SYMBOL, 99, at_ms, world.mid * 0.95, 1.0, False)

        with pytest.raises(OrderRefusedError) as refused:
            await trader.broker.place(trader.exit())

        assert refused.value.refusal is Refusal.THIN_BOOK


async def test_an_old_book_is_none() -> None:
    async with _trading() as (world, trader):
        world.clock.advance(60)

        with pytest.raises(OrderRefusedError) as refused:
            await trader.broker.place(trader.entry())

        assert refused.value.refusal is Refusal.THIN_BOOK


async def test_a_stop_can_be_placed_without_a_book() -> None:
    async with _trading() as (world, trader):
        await trader.hold()
        world.venue.on_gap([SYMBOL])

        report = await trader.broker.place(trader.stop(-3))

        assert report.state is OrderState.RESTING


async def test_a_pair_nobody_knows_is_refused() -> None:
    async with _trading() as (_, trader):
        with pytest.raises(OrderRefusedError):
            await trader.broker.place(trader.entry(symbol="NONEUSDT"))


async def test_accounts_of_two_traders_have_nothing_in_common() -> None:
    async with _trading() as (world, trader):
        other = await world.venue.open(paper_account(8))
        await other.prepare(SYMBOL, 5)
        await trader.hold()

        await other.place(trader.limit(-1))
        world.move(-2)

        async def filled() -> bool:
            return bool(await other.list_positions())

        await until(filled)
        assert len(await trader.broker.list_positions()) == 1


async def test_resting_orders_take_and_post_only_ones_pay_the_makers_fee() -> None:
    async with _trading() as (world, trader):
        since = world.now() - timedelta(minutes=1)
        await trader.hold()
        await trader.broker.place(trader.limit(-1, kind=OrderKind.POST_ONLY))
        world.move(-2)

        taken, made = await trader.broker.list_fills(SYMBOL, since)

        assert (taken.is_maker, made.is_maker) == (False, True)
        assert taken.fee == taken.price * taken.quantity * Decimal("0.0005")
        assert made.fee == made.price * made.quantity * Decimal("0.0002")


async def test_longs_pay_funding_when_its_time_has_come() -> None:
    async with paper_world() as world:
        due = world.now() + timedelta(minutes=5)
        told: dict[str, Funding] = {SYMBOL: Funding(rate=0.001, next_at=due)}
        venue = PaperVenue(
            storage=InMemoryStorage(),
            clock=world.clock,
            instrument=lambda _symbol: world.instrument,
            funding=told.get,
            parameters=PaperParameters(),
        )
        world.venue, world.broker = venue, await venue.open(paper_account(9))
        world.move(0.0)
        trader = Trader(world)
        await trader.broker.prepare(SYMBOL, 5)
        await trader.hold()
        before = (await trader.broker.read_standing()).equity
        running = asyncio.create_task(venue.run())
        await asyncio.sleep(0)
        world.clock.advance(600)
        world.move(0.0)
        running.cancel()
        again = asyncio.create_task(venue.run())

        async def paid() -> bool:
            return (await trader.broker.read_standing()).equity < before

        await until(paid)
        again.cancel()
        paid_amount = before - (await trader.broker.read_standing()).equity
        assert abs(paid_amount - trader.world.price() * Decimal("0.1") / 1000) < Decimal("0.01")


def test_funding_is_due_once_and_at_the_last_rate_told() -> None:
    now = datetime.fromisoformat("2026-01-05T07:59:00+00:00")
    due = now + timedelta(minutes=1)
    told = {"A": Funding(rate=0.1, next_at=due)}
    times = FundingTimes(told.get)

    assert times.due(["A"], now) == []
    told["A"] = Funding(rate=0.2, next_at=due)
    assert times.due(["A"], now) == []
    told["A"] = Funding(rate=0.3, next_at=due + timedelta(hours=8))
    assert times.due(["A"], due) == [("A", Funding(rate=0.2, next_at=due))]
    assert times.due(["A"], due + timedelta(seconds=1)) == []


def test_funding_before_a_pair_mattered_is_not_due() -> None:
    now = datetime.fromisoformat("2026-01-05T08:00:00+00:00")
    told = {"A": Funding(rate=0.1, next_at=now - timedelta(seconds=1))}

    assert FundingTimes(told.get).due(["A"], now) == []


async def test_short_earns_what_the_market_falls() -> None:
    async with _trading() as (world, trader):
        before = (await trader.broker.read_standing()).equity
        await trader.hold(Direction.SHORT)
        world.move(-5)

        standing = await trader.broker.read_standing()

        assert standing.equity > before
