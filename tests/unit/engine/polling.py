"""A venue that tells of open positions by hand, and polls over it."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from domain.derivatives import Funding, OpenInterestObservation, Positioning
from domain.errors import QuorumError
from domain.timeframes import to_ms
from engine.poll_derivatives import DerivativesListener, PollDerivatives, PollingParameters
from engine.ports.order_flow import DerivativeFacts
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts

PERIOD_MS = 300_000
PARAMETERS = PollingParameters()
ONE_BY_ONE = PollingParameters(requests_at_once=1)


@dataclass
class Halt:
    """An answer that is held back until the test says."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        self.reached.set()
        await self.released.wait()


class HandDerivatives(DerivativeFacts):
    """Tells something of every pair that is not `silent`; fails with what is put in."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.silent: set[str] = set()
        self.failures: dict[str, Exception] = {}
        self.lag_ms = 0
        """How long after its end a period is told."""
        self.asked: list[str] = []
        self.running = 0
        self.most_running = 0
        self.halts: dict[str, Halt] = {}

    async def fetch_open_interest(self, symbol: str) -> OpenInterestObservation | None:
        if not await self._is_told(symbol):
            return None
        return OpenInterestObservation(exchange_ms=to_ms(self._clock.now()), quantity=100.0)

    async def fetch_positioning(self, symbol: str) -> Positioning | None:
        if not await self._is_told(symbol):
            return None
        newest = (to_ms(self._clock.now()) - self.lag_ms) // PERIOD_MS * PERIOD_MS
        return Positioning(
            exchange_ms=newest,
            crowd_long_share=0.6,
            top_accounts_long_share=0.5,
            top_positions_long_share=None,
        )

    async def _is_told(self, symbol: str) -> bool:
        self.asked.append(symbol)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0)
            if symbol in self.halts:
                await self.halts[symbol].wait()
            if symbol in self.failures:
                raise self.failures[symbol]
        finally:
            self.running -= 1
        return symbol not in self.silent

    def told_anew(self) -> list[str]:
        """What was asked since the last look."""
        asked, self.asked = self.asked, []
        return asked


@dataclass
class Heard(DerivativesListener):
    """Everything that a listener was told."""

    open_interest: dict[str, OpenInterestObservation] = field(default_factory=dict)
    positioning: dict[str, Positioning] = field(default_factory=dict)
    funding: list[tuple[Mapping[str, Funding], int]] = field(default_factory=list)

    def observe_open_interest(self, symbol: str, observation: OpenInterestObservation) -> None:
        self.open_interest[symbol] = observation

    def observe_positioning(self, symbol: str, positioning: Positioning) -> None:
        self.positioning[symbol] = positioning

    def observe_funding(self, funding: Mapping[str, Funding], exchange_ms: int) -> None:
        self.funding.append((funding, exchange_ms))


class PollBench:
    """Polls of `symbols`; `free` is the free share of weight, `room` that of the venue's pool."""

    def __init__(
        self, symbols: Collection[str], parameters: PollingParameters = PARAMETERS
    ) -> None:
        self.symbols = list(symbols)
        self.clock = HandClock()
        self.facts = HandDerivatives(self.clock)
        self.market_facts = HandFacts(self.clock)
        self.heard = Heard()
        self.free = 1.0
        self.room = 1_000
        self.poll = PollDerivatives(
            facts=self.facts,
            market_facts=self.market_facts,
            listener=self.heard,
            clock=self.clock,
            symbols=lambda: self.symbols,
            free_weight_share=lambda: self.free,
            positioning_room=lambda wanted: min(wanted, self.room),
            parameters=parameters,
        )

    def fail(self, symbol: str, failure: QuorumError) -> None:
        self.facts.failures[symbol] = failure
