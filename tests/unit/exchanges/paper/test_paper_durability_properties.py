"""Any market, any requests, a storage that fails and dawdles: what was read once stays true."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts import paper_account
from domain.directions import Direction
from domain.errors import OrderRefusedError, StorageUnavailableError
from domain.orders import Fill, OrderRequest, Side
from engine.ports.broker import Broker
from tests.contract.exchanges.broker_worlds import SYMBOL, Trader
from tests.contract.exchanges.paper_world import PaperWorld, paper_venue
from tests.fakes.clock import HandClock
from tests.unit.exchanges.paper.unsteady_storage import UnsteadyStorage

PERCENTS = st.integers(-20, 20).map(lambda tenths: tenths / 10)
REQUESTS = st.one_of(
    st.tuples(st.just("limit"), PERCENTS),
    st.tuples(st.just("market"), st.sampled_from(Direction)),
    st.tuples(st.just("exit"), st.sampled_from(Direction)),
    st.tuples(st.just("stop"), PERCENTS),
    st.tuples(st.just("read"), st.none()),
)
STEPS = st.tuples(REQUESTS, PERCENTS, st.sampled_from(["prompt", "slow", "fails"]))


class _Witness:
    """Trades on paper, and remembers every fill that a reader was told."""

    def __init__(self, trader: Trader, storage: UnsteadyStorage) -> None:
        self.trader, self.storage = trader, storage
        self.told: dict[str, Fill] = {}

    async def step(self, request: tuple[str, Any], percent: float, store: str) -> None:
        """A request and a reader meet a store that takes its time, while the market moves."""
        if store != "prompt":
            self.storage.gate.clear()
        broker = self.trader.broker
        acting = asyncio.gather(
            self._act(*request), self.read(broker), self.read(broker), return_exceptions=True
        )
        await asyncio.sleep(0)
        self.trader.world.move(percent)
        await asyncio.sleep(0)
        self.storage.fails = store == "fails"
        self.storage.gate.set()
        for answer in await acting:
            if not isinstance(answer, OrderRefusedError | StorageUnavailableError):
                assert not isinstance(answer, BaseException), repr(answer)
        self.storage.fails = False

    async def _act(self, kind: str, detail: Any) -> None:
        if kind != "read":
            await self.trader.broker.place(_request(self.trader, kind, detail))

    async def read(self, broker: Broker) -> None:
        """Whatever was told before is told again."""
        since = self.trader.world.now() - timedelta(hours=1)
        now = {fill.trade_id: fill for fill in await broker.list_fills(SYMBOL, since)}
        assert {number: now.get(number) for number in self.told} == self.told
        self.told = now

    async def at_rest(self, clock: HandClock) -> None:
        """Fills, position and what another process would find agree."""
        broker = self.trader.broker
        await self.read(broker)
        held = await broker.list_positions()
        signed = sum(map(_signed, self.told.values()), Decimal(0))
        assert signed == sum((each.direction.sign * each.quantity for each in held), Decimal(0))
        later = await paper_venue(self.storage, clock).open(paper_account(7))
        await self.read(later)
        assert await later.list_open_orders() == await broker.list_open_orders()


def _signed(fill: Fill) -> Decimal:
    return fill.quantity if fill.side is Side.BUY else -fill.quantity


def _request(trader: Trader, kind: str, detail: Any) -> OrderRequest:
    match kind:
        case "market":
            return trader.entry(detail)
        case "exit":
            return trader.exit(detail)
        case "stop":
            return trader.stop(detail, Direction.LONG if detail < 0 else Direction.SHORT)
        case _:
            return trader.limit(detail)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=20))
def test_fills_that_were_told_stay_whatever_the_storage_does(
    steps: list[tuple[tuple[str, Any], float, str]],
) -> None:
    async def live() -> None:
        storage, clock = UnsteadyStorage(), HandClock()
        venue = paper_venue(storage, clock)
        broker = await venue.open(paper_account(7))
        world = PaperWorld(broker=broker, venue=venue, clock=clock, storage=storage)
        await broker.prepare(SYMBOL, 5)
        witness = _Witness(Trader(world), storage)
        for step in steps:
            await witness.step(*step)
            await witness.at_rest(clock)

    asyncio.run(live())
