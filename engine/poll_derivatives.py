"""Use case: poll open interest, positioning and funding, and pass on what the venue tells."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.derivatives import Funding, OpenInterestObservation, Positioning
from domain.errors import TemporaryVenueError, VenueRefusedError
from domain.parameters import Parameters, parameter
from domain.timeframes import to_ms
from engine.pair_round import Ask, PairRound, PollRound
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from engine.ports.order_flow import DerivativeFacts
from engine.positioning_agenda import PositioningAgenda


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingParameters(Parameters):
    """How often is polled, in exchange time, and what the polls leave to others."""

    open_interest_seconds: float = parameter(
        15.0,
        doc="between two polls of the open interest of every streamed pair",
        unit="seconds of exchange time",
        source="40 pairs then take 160 of 1,920 weight a minute",
        low=5,
        high=3600,
    )
    positioning_seconds: float = parameter(
        30.0,
        doc="between two looks for newer long shares",
        unit="seconds of exchange time",
        source="the venue publishes a row some time after its period ended",
        low=5,
        high=3600,
    )
    funding_seconds: float = parameter(
        60.0,
        doc="between two polls of the funding of all pairs",
        unit="seconds of exchange time",
        source="one request of weight 10 at Binance",
        low=5,
        high=3600,
    )
    shortest_wall_seconds: float = parameter(
        3.0,
        doc="shortest time between two runs of a poll: requests do not get cheaper because a "
        "simulated venue's time runs faster",
        unit="wall seconds",
        source="own choice",
        low=0.1,
        high=60,
    )
    positioning_period_seconds: float = parameter(
        300.0,
        doc="between two rows of long shares; a pair with a younger row is not asked",
        unit="seconds of exchange time",
        source="Binance documentation, long/short ratio: shortest period",
        low=5,
        high=86_400,
    )
    pool_share: float = parameter(
        0.8,
        doc="part of the requests for long shares in 5 minutes that this process allows itself",
        unit="share",
        source="leaves a fifth to other programs at the same address",
        low=0.05,
        high=1,
    )
    free_weight_share: float = parameter(
        0.5,
        doc="part of the allowed request weight that polls leave free in each minute",
        unit="share",
        source="mending 40 pairs at a full hour takes 160 requests of weight 1 or more",
        low=0,
        high=0.95,
    )
    requests_at_once: int = parameter(
        8,
        doc="pairs that one poll asks about at a time",
        unit="pairs",
        source="enough to hide latency, few enough to stay polite",
        low=1,
        high=50,
    )


class DerivativesListener(Protocol):
    """Is called with every answer, directly: it must be quick."""

    def observe_open_interest(self, symbol: str, observation: OpenInterestObservation) -> None:
        """Open interest of a streamed pair."""

    def observe_positioning(self, symbol: str, positioning: Positioning) -> None:
        """Newest long shares of a streamed pair; the same row may come again."""

    def observe_funding(self, funding: Mapping[str, Funding], exchange_ms: int) -> None:
        """Funding to come of all pairs that the venue tells, as asked for at an instant."""


class PollDerivatives:
    """Three polls, each run as a job of its own.

    `symbols` tells the streamed pairs; nothing is asked for, or told about, a pair that left.
    `free_weight_share` is the part in [0, 1] of the request weight that is left in this minute:
    polls make way when it runs short, so that candle closes never wait for them.
    `positioning_room` tells how many of so many pairs the venue can be asked about now.
    """

    def __init__(
        self,
        *,
        facts: DerivativeFacts,
        market_facts: MarketFacts,
        listener: DerivativesListener,
        clock: Clock,
        symbols: Callable[[], Collection[str]],
        free_weight_share: Callable[[], float],
        positioning_room: Callable[[int], int],
        parameters: PollingParameters,
    ) -> None:
        self._facts = facts
        self._market_facts = market_facts
        self._listener = listener
        self._clock = clock
        self._symbols = symbols
        self._free_weight_share = free_weight_share
        self._positioning_room = positioning_room
        self._parameters = parameters
        self._agenda = PositioningAgenda(round(parameters.positioning_period_seconds * 1000))

    async def open_interest(self) -> PollRound:
        """Ask for the open interest of every streamed pair."""
        return await self._poll(list(self._symbols()), self._ask_open_interest)

    async def positioning(self) -> PollRound:
        """Ask for long shares where newer ones can be, as far as the venue's pool allows."""
        due = self._agenda.due(self._symbols(), self._now_ms())
        room = self._positioning_room(len(due))
        result = await self._poll(due[:room], self._ask_positioning)
        return replace(result, left_out=result.left_out + len(due) - room)

    async def funding(self) -> PollRound:
        """Ask for the funding of all pairs at once; the streamed ones are counted."""
        symbols = list(self._symbols())
        if not symbols or not self._is_room():
            return PollRound(left_out=len(symbols))
        asked_ms = self._now_ms()
        try:
            funding = await self._market_facts.fetch_funding()
        except (TemporaryVenueError, VenueRefusedError) as error:
            return PollRound(asked=len(symbols), failed=len(symbols), reason=str(error))
        self._listener.observe_funding(funding, asked_ms)
        answered = sum(symbol in funding for symbol in symbols)
        return PollRound(asked=len(symbols), answered=answered)

    async def _poll(self, symbols: Sequence[str], ask: Ask) -> PollRound:
        pair_round = PairRound(symbols, ask, is_wanted=self._is_streamed, is_room=self._is_room)
        return await pair_round.run(at_once=self._parameters.requests_at_once)

    async def _ask_open_interest(self, symbol: str) -> bool:
        observation = await self._facts.fetch_open_interest(symbol)
        if observation is None:
            return False
        if self._is_streamed(symbol):
            self._listener.observe_open_interest(symbol, observation)
        return True

    async def _ask_positioning(self, symbol: str) -> bool:
        self._agenda.note_asked(symbol, self._now_ms())
        positioning = await self._facts.fetch_positioning(symbol)
        row_ms = None if positioning is None else positioning.exchange_ms
        self._agenda.note_told(symbol, row_ms, self._now_ms())
        if positioning is None:
            return False
        if self._is_streamed(symbol):
            self._listener.observe_positioning(symbol, positioning)
        return True

    def _is_streamed(self, symbol: str) -> bool:
        return symbol in self._symbols()

    def _is_room(self) -> bool:
        return self._free_weight_share() > self._parameters.free_weight_share

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())
