"""Hand-made pairs and markets for the simulator's tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pytest

from exchanges.simulator import Market, SimulatorClock, SimulatorSettings, synthetic_market
from exchanges.simulator.floor import TradingFloor
from exchanges.simulator.market.bars import MinuteBars
from exchanges.simulator.market.contracts import LISTED_LONG_AGO_MS, Contract
from exchanges.simulator.market.pairs import Pair

DAY_MINUTES = 1440


@dataclass
class HandClock:
    """Wall time that a test moves by hand."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def contract(symbol: str = "ABCUSDT", **changes: object) -> Contract:
    values: dict[str, object] = {
        "symbol": symbol,
        "base": symbol.removesuffix("USDT"),
        "tick": Decimal("0.01"),
        "step": Decimal("0.1"),
        "minimum_notional": Decimal(5),
        "listed_ms": LISTED_LONG_AGO_MS,
    }
    return Contract(**(values | changes))  # type: ignore[arg-type] # a test's free choice of fields


def random_bars(generator: np.random.Generator, count: int, first_minute: int) -> MinuteBars:
    """Possible bars of every kind: flat, empty, wild."""
    close = np.maximum(2, 1000 + np.cumsum(generator.integers(-20, 21, count)))
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(opened, close) + generator.integers(0, 10, count)
    low = np.maximum(1, np.minimum(opened, close) - generator.integers(0, 10, count))
    volume = generator.integers(0, 500, count) * generator.integers(0, 2, count)
    taker_buy = (volume * generator.uniform(0, 1, count)).astype(np.int64)
    return MinuteBars(first_minute, np.vstack((opened, high, low, close, volume, taker_buy)))


def random_pair(seed: int, count: int = 400, first_minute: int = 29_000_003) -> Pair:
    return Pair(contract(), random_bars(np.random.default_rng(seed), count, first_minute))


@pytest.fixture(scope="session")
def market() -> Market:
    return synthetic_market(
        pairs=12, seed=3, history_minutes=6 * DAY_MINUTES, forward_minutes=DAY_MINUTES
    )


@dataclass
class Standing:
    """A trading floor whose clock a test sets."""

    floor: TradingFloor
    wall: HandClock = field(default_factory=HandClock)

    def at(self, at_ms: int) -> TradingFloor:
        self.wall.seconds += (at_ms - self.floor.now_ms()) / 1000.0
        return self.floor


@pytest.fixture
def standing() -> Callable[[Market], Standing]:
    def make(market: Market) -> Standing:
        wall = HandClock()
        clock = SimulatorClock(market.begin_ms, 1.0, wall)
        clock.start()
        return Standing(TradingFloor(market, clock, SimulatorSettings()), wall)

    return make
