"""Worlds in which the contract of a broker is put to the test: a market, an account, a hand."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any, Protocol

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.instruments import Instrument
from domain.orders import OrderKind, OrderReport, OrderRequest, OrderState, entry_side, exit_side
from domain.timeframes import from_ms
from engine.execution.parameters import StopTrigger
from engine.ports.broker import Broker
from engine.ports.clock import Clock
from exchanges.ccxt_broker.broker import CcxtBroker
from exchanges.ccxt_broker.opening import open_ccxt_broker
from exchanges.ccxt_broker.pair_list import PairList
from exchanges.rejected_rows import RejectedRows
from exchanges.simulator import (
    SimulatedAccount,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    synthetic_market,
)
from exchanges.venues import BINANCE_USDM
from exchanges.weight import WeightBudget

SYMBOL = "ETHUSDT"
LEVERAGE = 5
WALLET = Decimal(10_000)
QUANTITY = Decimal("0.100")


class World(Protocol):
    """A broker with an account of `WALLET` USDT, flat, prepared on no pair; and its market."""

    @property
    def broker(self) -> Broker:
        """What is tested."""

    @property
    def instrument(self) -> Instrument:
        """The pair that is traded, with its filters."""

    def now(self) -> datetime:
        """The venue's time."""

    def price(self) -> Decimal:
        """The last price."""

    def move(self, percent: float) -> None:
        """Let the price jump."""


OpenWorld = Callable[[PositionMode], AbstractAsyncContextManager[World]]


@dataclass
class Trader:
    """One who trades in a world: writes requests, and waits for what he expects."""

    world: World
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def broker(self) -> Broker:
        return self.world.broker

    def entry(self, direction: Direction = Direction.LONG, **changes: Any) -> OrderRequest:
        return self._request(
            {
                "direction": direction,
                "side": entry_side(direction),
                "kind": OrderKind.MARKET,
                "reduces": False,
            }
            | changes
        )

    def exit(self, direction: Direction = Direction.LONG, **changes: Any) -> OrderRequest:
        closing = {"direction": direction, "side": exit_side(direction), "reduces": True}
        return self._request(closing | {"kind": OrderKind.MARKET} | changes)

    def limit(self, percent: float, **changes: Any) -> OrderRequest:
        """An entry so many percent above the price (below it for negative ones)."""
        resting: dict[str, Any] = {"kind": OrderKind.LIMIT, "price": self.level(percent)}
        return self.entry(**resting | changes)

    def stop(
        self, percent: float, direction: Direction = Direction.LONG, **changes: Any
    ) -> OrderRequest:
        return self.exit(
            direction, **{"kind": OrderKind.STOP, "trigger": self.level(percent)} | changes
        )

    def level(self, percent: float) -> Decimal:
        price = self.world.price() * (1 + Decimal(str(percent)) / 100)
        return self.world.instrument.price(price)

    async def hold(self, direction: Direction = Direction.LONG) -> OrderRequest:
        """A filled market entry."""
        request = self.entry(direction)
        await self.broker.place(request)
        await self.until_in(request, OrderState.FILLED)
        return request

    async def until_in(self, request: OrderRequest, state: OrderState) -> OrderReport:
        async def look() -> OrderReport | None:
            report = await self.broker.find_order(request)
            return report if report is not None and report.state is state else None

        report: OrderReport = await until(look)
        return report

    def _request(self, values: dict[str, Any]) -> OrderRequest:
        usual: dict[str, Any] = {
            "client_id": f"qabc123-{next(self._numbers)}-e0-1",
            "symbol": SYMBOL,
            "quantity": QUANTITY,
        }
        return OrderRequest(**usual | values)


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 5.0) -> Any:
    """What `look` tells as soon as it tells something."""
    end = time.monotonic() + seconds
    while not (seen := await look()):
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.02)
    return seen


class VenueClock(Clock):
    """The simulated venue's own time, or `ahead_seconds` beside it."""

    def __init__(self, clock: SimulatorClock, ahead_seconds: float = 0.0) -> None:
        self._clock = clock
        self._ahead_ms = round(ahead_seconds * 1000)

    def now(self) -> datetime:
        return from_ms(self._clock.now_ms() + self._ahead_ms)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, exchange_seconds: float) -> None:
        await asyncio.sleep(exchange_seconds)


@dataclass
class SimulatedWorld:
    """Our broker over real ccxt, at the simulated venue."""

    broker: CcxtBroker
    venue: SimulatedVenue
    account: SimulatedAccount
    budget: WeightBudget
    instrument: Instrument

    def now(self) -> datetime:
        return from_ms(self.venue.clock.now_ms())

    def price(self) -> Decimal:
        floor = self.venue._floor
        pair = floor.find(SYMBOL)
        assert pair is not None
        ticks = floor.tape.last_price(pair, floor.now_ms())
        return self.instrument.price(ticks * pair.contract.prices.size)

    def move(self, percent: float) -> None:
        self.venue.move(SYMBOL, 1.0 + percent / 100.0)


_MARKET = synthetic_market(pairs=2, seed=11, history_minutes=1440, forward_minutes=1440)


@asynccontextmanager
async def simulated_world(
    mode: PositionMode = PositionMode.ONE_WAY, *, ahead_seconds: float = 0.0
) -> AsyncIterator[SimulatedWorld]:
    """A venue of one's own, with one account."""
    account = SimulatedAccount(
        name="usual", api_key="key-1", secret="secret-1", wallet=WALLET, position_mode=mode
    )
    clock = SimulatorClock(_MARKET.start_ms, 1.0, time.monotonic)
    settings = SimulatorSettings(accounts=(account,))
    venue = SimulatedVenue(
        _MARKET, clock, spawn=lambda name, work: asyncio.create_task(work), settings=settings
    )
    async with venue:
        ours = VenueClock(clock, ahead_seconds)
        budget = WeightBudget(ours)
        broker = open_ccxt_broker(
            BINANCE_USDM,
            account.api_key,
            account.secret,
            clock=ours,
            budget=budget,
            rejected=RejectedRows(),
            pairs=PairList(),
            jitter=lambda: 0.0,
            stop_trigger=StopTrigger.MARK,
            rest_url=venue.rest_url,
            ws_url=venue.ws_url,
        )
        broker._client.timeout_on_exit = 0
        try:
            listed = await broker._listing.pair(SYMBOL)
            yield SimulatedWorld(broker, venue, account, budget, listed.instrument)
        finally:
            await broker.close()
