"""Use case: ask a provider of outside data, and pass on what it tells."""

from datetime import timedelta
from typing import Final

from domain.errors import FeedError, StorageUnavailableError
from domain.sentiment import MacroQuote
from domain.timeframes import Timeframe, to_ms
from domain.transfers import Transfer
from engine.macro_warnings import WarnOfMacro
from engine.outside import OutsideState
from engine.ports.clock import Clock
from engine.ports.feeds import Feed
from engine.ports.market import MarketFacts
from engine.ports.storage import Storage
from engine.whale_alerts import AnnounceWhales

_BITCOIN: Final = "BTCUSDT"
_BITCOIN_CANDLES: Final = 96
_REMEMBERED: Final = timedelta(days=8)
"""A week of usual hours and a day to spare."""


class PollFeeds:
    """One question to one provider at a time; each is a job of its own."""

    def __init__(
        self,
        *,
        outside: OutsideState,
        facts: MarketFacts,
        storage: Storage,
        clock: Clock,
        announce_whales: AnnounceWhales,
        warn_of_macro: WarnOfMacro,
    ) -> None:
        self._outside = outside
        self._facts = facts
        self._storage = storage
        self._clock = clock
        self._announce_whales = announce_whales
        self._warn_of_macro = warn_of_macro
        self._unstored: list[Transfer] = []

    async def __call__(self, feed: Feed) -> bool:
        """Ask and take in; whether there may be a message to send now. Raises `FeedError`."""
        try:
            answer = await feed.fetch()
        except FeedError as error:
            # What nobody tells any more may have been a danger, and its end is news.
            await self._look_at_macro_despite(error)
            raise
        self._unstored += self._outside.observe(answer)
        has_transfers = await self._store()
        has_quotes = any(isinstance(each, MacroQuote) for each in answer.observations)
        if has_quotes:
            await self._look_at_macro()
        return has_transfers or has_quotes

    async def _look_at_macro(self) -> None:
        await self._warn_of_macro(self._outside.macro(self._clock.now()))

    async def _look_at_macro_despite(self, failure: FeedError) -> None:
        """A database that is away as well must not hide that a provider fails."""
        try:
            await self._look_at_macro()
        except StorageUnavailableError:
            raise failure from None

    async def _store(self) -> bool:
        """Transfers wait here while the database is away: the tracker tells each only once."""
        waiting, self._unstored = self._unstored, []
        if not waiting:
            return False
        is_stored = False
        try:
            await self._announce_whales(waiting)
            is_stored = True
        finally:
            if not is_stored:
                self._unstored = waiting + self._unstored
        return True

    async def bitcoin(self) -> None:
        """Fetch a day of bitcoin's 15-minute candles. Raises what `MarketFacts` raises."""
        newest = Timeframe.M15.last_closed_index(to_ms(self._clock.now()))
        candles = await self._facts.fetch_candles(
            _BITCOIN,
            Timeframe.M15,
            first_index=newest - _BITCOIN_CANDLES + 1,
            count=_BITCOIN_CANDLES,
        )
        if candles is not None:
            self._outside.observe_bitcoin(candles)

    async def keep_sentiment(self) -> None:
        """Write down the quarter of an hour that has just passed."""
        boundary = Timeframe.M15.previous_boundary(self._clock.now())
        async with self._storage() as unit:
            await unit.sentiment.add(self._outside.sentiment_snapshot(boundary))
            await unit.commit()

    async def restore(self) -> None:
        """Bring back what an earlier process knew."""
        since_ms = to_ms(self._clock.now() - _REMEMBERED)
        async with self._storage() as unit:
            transfers = await unit.transfers.list_known_since(since_ms)
            snapshots = await unit.sentiment.list_since(since_ms)
        self._outside.restore(transfers, snapshots)
        await self.remember()

    async def remember(self) -> None:
        """Take in the outcomes that are written down."""
        async with self._storage() as unit:
            outcomes = await unit.outcomes.list_all()
        self._outside.remember(outcomes)
