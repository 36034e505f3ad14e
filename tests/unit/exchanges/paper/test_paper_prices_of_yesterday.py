"""Prices do not survive a restart: what the market was is no reason to refuse anything now."""

from decimal import Decimal

from domain.accounts import paper_account
from domain.orders import OrderKind, OrderState
from domain.timeframes import to_ms
from tests.contract.exchanges.broker_worlds import SYMBOL, Trader
from tests.contract.exchanges.paper_world import paper_venue, paper_world


async def test_stop_between_the_price_before_a_restart_and_that_of_now_is_taken() -> None:
    async with paper_world() as world:
        await world.broker.prepare(SYMBOL, 5)
        trader = Trader(world)
        await trader.hold()
        target = trader.exit(kind=OrderKind.LIMIT, price=trader.level(2), quantity=Decimal("0.04"))
        await trader.broker.place(target)
        break_even = trader.exit(kind=OrderKind.STOP, trigger=trader.level(1))

        venue = paper_venue(world.storage, world.clock)
        broker = await venue.open(paper_account(7))
        # A trade beyond the target is heard of before the first book is.
        world.clock.advance(60)
        price = float(world.price()) * 1.03
        venue.on_trade(SYMBOL, 1, to_ms(world.clock.now()), price, 5.0, True)

        found = await broker.find_order(target)
        assert found is not None
        assert found.state is OrderState.FILLED
        assert (await broker.place(break_even)).state is OrderState.RESTING
