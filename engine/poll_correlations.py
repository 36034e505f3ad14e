"""Use case: keep the hourly candles of all pairs that correlations may be asked about."""

from collections.abc import Callable, Collection

from domain.candles import CandleSeries
from domain.errors import InvalidDataError, TemporaryVenueError
from domain.timeframes import Timeframe
from engine.correlations import CorrelationState
from engine.pair_round import PairRound, PollRound
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from engine.ports.storage import Storage
from risk.watch import MARKET_LEADER


class PollCorrelations:
    """Fetches what is missing, one pair after the other, and forgets pairs nobody asks about.

    `watched` tells the watched pairs; those of live signals and the market leader come in addition.
    A pair with nothing missing costs no request, so this may run as often as pairs join.
    `is_room` says whether the venue's request weight allows one more request now.
    """

    def __init__(
        self,
        *,
        facts: MarketFacts,
        storage: Storage,
        state: CorrelationState,
        clock: Clock,
        watched: Callable[[], Collection[str]],
        is_room: Callable[[], bool],
    ) -> None:
        self._facts = facts
        self._storage = storage
        self._state = state
        self._clock = clock
        self._watched = watched
        self._is_room = is_room

    async def __call__(self) -> PollRound:
        """Ask about each pair that misses closed candles: pairs of live signals come first."""
        now = self._clock.now()
        symbols = await self._symbols()
        self._state.keep_only(symbols, now)
        due = [symbol for symbol in symbols if self._state.missing(symbol, now) is not None]
        pair_round = PairRound(due, self._ask, is_wanted=lambda _: True, is_room=self._is_room)
        return await pair_round.run(at_once=1)

    async def _symbols(self) -> list[str]:
        async with self._storage() as unit:
            live = await unit.signals.list_live()
        of_signals = (followed.signal.instrument.symbol for followed in live)
        return list(dict.fromkeys((*of_signals, MARKET_LEADER, *self._watched())))

    async def _ask(self, symbol: str) -> bool:
        missing = self._state.missing(symbol, self._clock.now())
        if missing is None:
            return False
        series = await self._fetch(symbol, *missing)
        if series is None:
            return False
        self._state.observe(symbol, series)
        return True

    async def _fetch(self, symbol: str, first_index: int, count: int) -> CandleSeries | None:
        try:
            return await self._facts.fetch_candles(
                symbol, Timeframe.H1, first_index=first_index, count=count
            )
        except InvalidDataError as error:
            # Candles without sense are one pair's failure; the round goes on to the next pair.
            raise TemporaryVenueError(f"{symbol} 1h candles make no sense: {error}") from error
