"""Market data, as the engine sees it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.candles import Candle, CandleSeries
from domain.derivatives import Funding
from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import Timeframe


class MarketFacts(Protocol):
    """Facts fetched on demand over REST.

    Every method raises `RateLimitedError` or another `TemporaryVenueError` when the venue cannot
    answer now, `VenueRefusedError` when it will not; for candles also `InvalidDataError` when the
    venue's own have a hole or are impossible.
    """

    async def fetch_instruments(self) -> Mapping[str, Instrument]:
        """Tradable crypto perpetuals by symbol."""

    async def fetch_tickers(self) -> Mapping[str, Ticker]:
        """Newest ticker with best bid and ask of every pair that has one."""

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        """Up to `count` closed candles from number `first_index` on; None where there are none.

        A young pair's series starts at its listing.
        """

    async def fetch_funding(self) -> Mapping[str, Funding]:
        """Funding to come, by symbol."""


class CandleFeed(Protocol):
    """Closed candles of the streamed pairs, kept complete.

    A pair is *ready* at a boundary when every timeframe's newest due candle is in, without a gap.
    """

    async def stream(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs: load history of new ones, forget the others."""

    def series(self, symbol: str, as_of: datetime) -> Mapping[Timeframe, CandleSeries]:
        """Closed candles of a streamed pair up to a 15-minute boundary.

        Raises `StaleDataError` when the pair is not ready at that boundary.
        """

    def is_ready(self, symbol: str, boundary: datetime) -> bool:
        """Whether every candle due at the boundary is in."""

    async def wait_ready(
        self, symbols: Collection[str], boundary: datetime, *, wall_seconds: float
    ) -> frozenset[str]:
        """Wait until all of the symbols are ready, at most `wall_seconds`; the ready ones."""

    async def mend(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        """Fetch what is missing at the boundary over REST; the symbols that are ready then."""

    def ready_since(self, symbol: str, boundary: datetime) -> float | None:
        """Monotonic wall second at which the pair became ready at the boundary, if known."""

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        """Closed 1-minute candles with a number above `after_index`, oldest first, without a gap.

        From the store where it reaches, else over REST (a pair that is not streamed any more, or a
        long absence). Empty when there are none yet. Raises what `MarketFacts` raises.
        """
