"""How much of a pair changes hands, read when a trader presses."""

from decimal import Decimal

from domain.errors import StaleDataError
from domain.instruments import Instrument
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed
from risk.liquidity import compute_turnover


class ReadTurnover:
    """Turnover per 5 minutes of a streamed pair, as of the newest 15-minute boundary."""

    def __init__(self, feed: CandleFeed, clock: Clock) -> None:
        self._feed = feed
        self._clock = clock

    def __call__(self, instrument: Instrument) -> Decimal | None:
        """In quote currency; None where the candles do not tell."""
        newest = Timeframe.M15.previous_boundary(self._clock.now())
        for boundary in (newest, newest - Timeframe.M15.length):
            # Right after a close its candles are still on their way; those before it will do.
            try:
                candles = self._feed.series(instrument.symbol, boundary)
            except StaleDataError:
                continue
            snapshot = MarketSnapshot(instrument=instrument, as_of=boundary, candles=candles)
            return compute_turnover(snapshot)
        return None
