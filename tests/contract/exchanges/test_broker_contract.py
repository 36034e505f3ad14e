"""What every broker owes the engine, whether its money is real or not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, getcontext
from typing import Any

import pytest
import pytest_asyncio

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.errors import OrderRefusedError, Refusal
from domain.orders import OrderKind, OrderRequest, OrderState, Side
from engine.ports.broker import AnyPair, Hint
from tests.contract.exchanges.broker_worlds import (
    LEVERAGE,
    QUANTITY,
    SYMBOL,
    WALLET,
    OpenWorld,
    Trader,
    simulated_world,
    until,
)
from tests.contract.exchanges.paper_world import paper_world

OTHER = "BTCUSDT"

WORLDS: dict[str, OpenWorld] = {"ccxt on the simulator": simulated_world, "paper": paper_world}


@pytest.fixture(params=WORLDS)
def open_world(request: pytest.FixtureRequest) -> OpenWorld:
    return WORLDS[request.param]


@pytest_asyncio.fixture
async def trader(open_world: OpenWorld) -> AsyncIterator[Trader]:
    async with open_world(PositionMode.ONE_WAY) as world:
        await world.broker.prepare(SYMBOL, LEVERAGE)
        yield Trader(world)


@pytest_asyncio.fixture
async def hedger() -> AsyncIterator[Trader]:
    """Paper holds one position per pair: hedge mode is a real venue's."""
    async with simulated_world(PositionMode.HEDGE) as world:
        await world.broker.prepare(SYMBOL, LEVERAGE)
        yield Trader(world)


async def refusal_of(trader: Trader, request: OrderRequest) -> Refusal:
    with pytest.raises(OrderRefusedError) as refused:
        await trader.broker.place(request)
    return refused.value.refusal


async def test_flat_account_holds_its_money_and_nothing_else(trader: Trader) -> None:
    standing = await trader.broker.read_standing()
    assert (standing.equity, standing.available) == (WALLET, WALLET)
    assert standing.position_mode is PositionMode.ONE_WAY
    assert await trader.broker.list_positions() == []
    assert await trader.broker.list_open_orders() == []
    assert await trader.broker.list_fills(SYMBOL, trader.world.now() - timedelta(days=1)) == []
    assert (await trader.broker.read_permissions()).can_trade


async def test_preparing_again_changes_nothing(trader: Trader) -> None:
    await trader.broker.prepare(SYMBOL, LEVERAGE)
    await trader.hold()
    await trader.broker.prepare(SYMBOL, LEVERAGE)


@pytest.mark.parametrize("direction", Direction)
async def test_market_entry_becomes_a_position_with_fills(
    trader: Trader, direction: Direction
) -> None:
    since = trader.world.now() - timedelta(seconds=1)
    request = trader.entry(direction)
    sent = await trader.broker.place(request)
    found = await trader.until_in(request, OrderState.FILLED)
    assert found.venue_id == sent.venue_id
    assert (found.filled_quantity, found.client_id) == (QUANTITY, request.client_id)
    (position,) = await trader.broker.list_positions()
    assert (position.symbol, position.direction) == (SYMBOL, direction)
    assert position.quantity == QUANTITY
    fills = await trader.broker.list_fills(SYMBOL, since)
    assert sum(fill.quantity for fill in fills) == QUANTITY
    assert {fill.venue_id for fill in fills} == {sent.venue_id}
    assert {fill.side for fill in fills} == {request.side}
    assert all(fill.fee > 0 and fill.at >= since and not fill.is_maker for fill in fills)
    assert len({fill.trade_id for fill in fills}) == len(fills)


async def test_closing_leaves_fills_in_order_and_no_position(trader: Trader) -> None:
    since = trader.world.now() - timedelta(seconds=1)
    await trader.hold()
    closing = trader.exit()
    await trader.broker.place(closing)
    await trader.until_in(closing, OrderState.FILLED)
    assert await trader.broker.list_positions() == []
    fills = await trader.broker.list_fills(SYMBOL, since)
    assert [fill.at for fill in fills] == sorted(fill.at for fill in fills)
    assert (fills[0].side, fills[-1].side) == (Side.BUY, Side.SELL)
    bought = sum(fill.quantity for fill in fills if fill.side is Side.BUY)
    assert bought == sum(fill.quantity for fill in fills if fill.side is Side.SELL)
    later = await trader.broker.list_fills(SYMBOL, fills[-1].at + timedelta(milliseconds=1))
    assert later == []


async def test_limit_rests_is_listed_and_can_be_cancelled(trader: Trader) -> None:
    request = trader.limit(-3)
    sent = await trader.broker.place(request)
    assert sent.state is OrderState.RESTING
    (listed,) = await trader.broker.list_open_orders(SYMBOL)
    assert (listed.client_id, listed.kind, listed.price) == (
        request.client_id,
        OrderKind.LIMIT,
        request.price,
    )
    assert (listed.side, listed.quantity, listed.reduces) == (Side.BUY, QUANTITY, False)
    assert (await trader.broker.cancel(request)).state is OrderState.CANCELLED
    assert await trader.broker.list_open_orders() == []
    found = await trader.broker.find_order(request)
    assert found is not None
    assert (found.state, found.filled_quantity) == (OrderState.CANCELLED, Decimal(0))


@pytest.mark.parametrize("is_stop", [False, True])
async def test_an_order_is_not_found_on_another_pair(trader: Trader, is_stop: bool) -> None:
    if is_stop:
        await trader.hold()
    request = trader.stop(-3) if is_stop else trader.limit(-3)
    await trader.broker.place(request)
    assert await trader.broker.find_order(replace(request, symbol=OTHER)) is None
    assert await trader.broker.find_order(request) is not None


@pytest.mark.parametrize("is_stop", [False, True])
async def test_cancelling_what_is_not_open_is_refused(trader: Trader, is_stop: bool) -> None:
    request = trader.stop(-3) if is_stop else trader.limit(-3)
    with pytest.raises(OrderRefusedError) as refused:
        await trader.broker.cancel(request)
    assert refused.value.refusal is Refusal.UNKNOWN_ORDER
    if is_stop:
        await trader.hold()
    await trader.broker.place(request)
    await trader.broker.cancel(request)
    with pytest.raises(OrderRefusedError) as refused:
        await trader.broker.cancel(request)
    assert refused.value.refusal is Refusal.UNKNOWN_ORDER


async def test_order_that_was_never_sent_is_not_found(trader: Trader) -> None:
    assert await trader.broker.find_order(trader.entry()) is None
    assert await trader.broker.find_order(trader.stop(-3)) is None


async def test_limit_that_the_price_passes_is_filled(trader: Trader) -> None:
    request = trader.limit(-1)
    await trader.broker.place(request)
    trader.world.move(-3)
    found = await trader.until_in(request, OrderState.FILLED)
    assert found.filled_quantity == QUANTITY


async def test_post_only_rests_where_it_does_not_take(trader: Trader) -> None:
    request = trader.limit(-1, kind=OrderKind.POST_ONLY)
    assert (await trader.broker.place(request)).state is OrderState.RESTING
    (listed,) = await trader.broker.list_open_orders(SYMBOL)
    assert listed.kind is OrderKind.POST_ONLY


async def test_post_only_that_would_take_is_refused(trader: Trader) -> None:
    crossing = trader.limit(1, kind=OrderKind.POST_ONLY)
    assert await refusal_of(trader, crossing) is Refusal.WOULD_TAKE
    assert await trader.broker.list_open_orders() == []


@pytest.mark.parametrize("is_stop", [False, True])
async def test_same_id_while_the_first_is_open_is_refused(trader: Trader, is_stop: bool) -> None:
    await trader.hold()
    request = trader.stop(-3) if is_stop else trader.limit(-3)
    await trader.broker.place(request)
    assert await refusal_of(trader, request) is Refusal.DUPLICATE_ID
    assert len(await trader.broker.list_open_orders(SYMBOL)) == 1


async def test_reducing_nothing_is_refused(trader: Trader) -> None:
    assert await refusal_of(trader, trader.exit()) is Refusal.NOTHING_TO_REDUCE


async def test_more_than_the_margin_allows_is_refused(trader: Trader) -> None:
    quantity = trader.world.instrument.quantity(WALLET * LEVERAGE * 2 / trader.world.price())
    assert await refusal_of(trader, trader.limit(-1, quantity=quantity)) is Refusal.MARGIN


async def test_less_than_the_smallest_notional_is_refused_unless_it_reduces(
    trader: Trader,
) -> None:
    least = trader.world.instrument.minimum_quantity
    assert least * trader.world.price() < trader.world.instrument.minimum_notional
    assert await refusal_of(trader, trader.limit(-1, quantity=least)) is Refusal.TOO_SMALL
    assert await refusal_of(trader, trader.entry(quantity=least)) is Refusal.TOO_SMALL
    await trader.hold()
    target = trader.exit(kind=OrderKind.LIMIT, price=trader.level(2), quantity=least)
    assert (await trader.broker.place(target)).state is OrderState.RESTING


@pytest.mark.parametrize(
    "off_grid",
    [
        {"quantity": QUANTITY + Decimal("0.0001")},
        {"kind": OrderKind.LIMIT, "price": Decimal("20000.123456")},
    ],
)
async def test_what_is_off_the_grid_is_refused_and_not_rounded(
    trader: Trader, off_grid: dict[str, Any]
) -> None:
    assert await refusal_of(trader, trader.entry(**off_grid)) is Refusal.MALFORMED


@pytest.mark.parametrize("direction", Direction)
async def test_stop_rests_beside_the_other_orders(trader: Trader, direction: Direction) -> None:
    await trader.hold(direction)
    far = -3 * direction.sign
    request, target = trader.stop(far, direction), trader.exit(direction)
    target = trader.exit(direction, kind=OrderKind.LIMIT, price=trader.level(-far))
    assert (await trader.broker.place(request)).state is OrderState.RESTING
    await trader.broker.place(target)
    listed = {report.client_id: report for report in await trader.broker.list_open_orders(SYMBOL)}
    assert set(listed) == {request.client_id, target.client_id}
    protection = listed[request.client_id]
    assert (protection.kind, protection.trigger) == (OrderKind.STOP, request.trigger)
    assert (protection.reduces, protection.quantity) == (True, QUANTITY)
    assert (protection.side, protection.direction) == (request.side, direction)
    found = await trader.broker.find_order(request)
    assert found is not None
    assert found.state is OrderState.RESTING
    assert (await trader.broker.cancel(request)).state is OrderState.CANCELLED
    (left,) = await trader.broker.list_open_orders(SYMBOL)
    assert left.client_id == target.client_id


@pytest.mark.parametrize("direction", Direction)
async def test_stop_on_the_wrong_side_is_refused(trader: Trader, direction: Direction) -> None:
    await trader.hold(direction)
    would_fire = trader.stop(3 * direction.sign, direction)
    assert await refusal_of(trader, would_fire) is Refusal.WOULD_TRIGGER


@pytest.mark.parametrize("direction", Direction)
async def test_stop_that_fires_closes_and_its_fills_are_found(
    trader: Trader, direction: Direction
) -> None:
    await trader.hold(direction)
    entered = trader.world.now()
    request = trader.stop(-2 * direction.sign, direction)
    await trader.broker.place(request)
    trader.world.move(-4 * direction.sign)
    found = await trader.until_in(request, OrderState.FILLED)
    assert (found.filled_quantity, found.client_id) == (QUANTITY, request.client_id)
    assert found.engine_id is not None
    assert await trader.broker.list_positions() == []
    fills = await trader.broker.list_fills(SYMBOL, entered)
    of_stop = [fill for fill in fills if fill.venue_id == found.engine_id]
    assert sum(fill.quantity for fill in of_stop) == QUANTITY
    assert await trader.broker.list_open_orders(SYMBOL) == []


async def test_target_makes_the_position_smaller(trader: Trader) -> None:
    await trader.hold()
    half = trader.exit(kind=OrderKind.LIMIT, price=trader.level(1), quantity=QUANTITY / 2)
    await trader.broker.place(half)
    trader.world.move(2)
    await trader.until_in(half, OrderState.FILLED)
    (position,) = await trader.broker.list_positions()
    assert position.quantity == QUANTITY / 2


async def test_order_that_was_filled_cannot_be_cancelled(trader: Trader) -> None:
    request = await trader.hold()
    with pytest.raises(OrderRefusedError) as refused:
        await trader.broker.cancel(request)
    assert refused.value.refusal is Refusal.UNKNOWN_ORDER


async def test_listening_hints_at_once_and_at_every_fill(trader: Trader) -> None:
    hints: list[Hint] = []

    async def hinted() -> bool:
        return hints != []

    async def hinted_at_symbol() -> bool:
        return SYMBOL in hints

    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(trader.broker.run(hints.append))
        await until(hinted)
        assert hints[0] is AnyPair.STREAM_BEGAN
        await trader.broker.place(trader.entry())
        await until(hinted_at_symbol)
        listening.cancel()


async def test_hedge_mode_holds_a_long_beside_a_short(hedger: Trader) -> None:
    assert (await hedger.broker.read_standing()).position_mode is PositionMode.HEDGE
    await hedger.hold(Direction.LONG)
    await hedger.hold(Direction.SHORT)
    held = await hedger.broker.list_positions()
    assert {position.direction for position in held} == set(Direction)
    assert {position.quantity for position in held} == {QUANTITY}


async def test_hedge_mode_stop_closes_its_own_side_alone(hedger: Trader) -> None:
    await hedger.hold(Direction.LONG)
    await hedger.hold(Direction.SHORT)
    request = hedger.stop(-2, Direction.LONG)
    await hedger.broker.place(request)
    (listed,) = await hedger.broker.list_open_orders(SYMBOL)
    assert (listed.direction, listed.reduces) == (Direction.LONG, True)
    hedger.world.move(-4)
    await hedger.until_in(request, OrderState.FILLED)
    (position,) = await hedger.broker.list_positions()
    assert position.direction is Direction.SHORT


async def test_whatever_is_asked_of_it_our_own_arithmetic_stays_as_it_is(trader: Trader) -> None:
    """ccxt sets the rounding of the decimal context that it is called in."""
    before = getcontext().copy()
    await trader.hold()
    await trader.broker.place(trader.limit(-1))
    await trader.broker.list_open_orders(SYMBOL)
    await trader.broker.list_fills(SYMBOL, trader.world.now() - timedelta(minutes=1))

    after = getcontext()
    assert (after.rounding, after.prec, after.traps) == (
        before.rounding,
        before.prec,
        before.traps,
    )
    assert round(Decimal("2.5")) == 2
