"""A market by hand, and a paper account in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count

from domain.accounts import PositionMode, paper_account
from domain.instruments import Instrument
from domain.timeframes import to_ms
from engine.ports.broker import Broker
from exchanges.paper.parameters import PaperParameters
from exchanges.paper.venue import PaperVenue
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryStorage

_ETHER = Instrument(
    symbol="ETHUSDT",
    base="ETH",
    quote="USDT",
    tick=Decimal("0.01"),
    step=Decimal("0.001"),
    minimum_quantity=Decimal("0.001"),
    minimum_notional=Decimal(20),
    maximum_quantity=Decimal(10_000),
)

_LEVELS = 20
_ONE_LEVEL = 50.0


@dataclass
class PaperWorld:
    """A book of twenty levels around a price, shown anew whenever the price moves."""

    broker: Broker
    venue: PaperVenue
    clock: HandClock
    storage: InMemoryStorage
    instrument: Instrument = _ETHER
    mid: float = 3000.0

    def __post_init__(self) -> None:
        self._trades = count(1)
        self.move(0.0)

    def now(self) -> datetime:
        return self.clock.now()

    def price(self) -> Decimal:
        return self.instrument.price(self.mid)

    def move(self, percent: float) -> None:
        """The book jumps, and somebody trades there."""
        self.clock.advance(0.1)
        self.mid = float(self.instrument.price(self.mid * (1 + percent / 100)))
        tick = float(self.instrument.tick)
        at_ms = to_ms(self.clock.now())
        bids = [(round(self.mid - tick * step, 2), _ONE_LEVEL) for step in range(1, _LEVELS)]
        asks = [(round(self.mid + tick * step, 2), _ONE_LEVEL) for step in range(1, _LEVELS)]
        self.venue.on_book("ETHUSDT", at_ms, bids, asks)
        self.venue.on_trade("ETHUSDT", next(self._trades), at_ms, self.mid, 1.0, percent > 0)


def paper_venue(storage: InMemoryStorage, clock: HandClock) -> PaperVenue:
    return PaperVenue(
        storage=storage,
        clock=clock,
        instrument=lambda symbol: _ETHER if symbol == "ETHUSDT" else None,
        funding=lambda _symbol: None,
        parameters=PaperParameters(),
    )


@asynccontextmanager
async def paper_world(mode: PositionMode = PositionMode.ONE_WAY) -> AsyncIterator[PaperWorld]:
    assert mode is PositionMode.ONE_WAY, "paper accounts hold one position per pair"
    storage, clock = InMemoryStorage(), HandClock()
    venue = paper_venue(storage, clock)
    running = asyncio.create_task(venue.run())
    try:
        broker = await venue.open(paper_account(7))
        yield PaperWorld(broker=broker, venue=venue, clock=clock, storage=storage)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
