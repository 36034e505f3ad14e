"""What is known of the market right now: written by scans, streams and polls, read at each close.

Holds only what can be fetched again; nothing here is lost by a restart.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from domain.assets import canonical_asset, units_of
from domain.derivatives import Funding, OpenInterestObservation, Positioning
from domain.errors import StaleDataError
from domain.instruments import Instrument
from domain.market import MarketSnapshot, Ticker
from domain.watchlist import WatchedPair
from engine.order_flow import OrderFlowState
from engine.outside import OutsideState
from engine.ports.market import CandleFeed


class MarketState:
    """Instruments, newest tickers and funding, the watchlist, and what is known of its pairs."""

    def __init__(self, order_flow: OrderFlowState, outside: OutsideState) -> None:
        self.order_flow = order_flow
        self.outside = outside
        self._instruments: Mapping[str, Instrument] = {}
        self._tickers: Mapping[str, Ticker] = {}
        self._funding: Mapping[str, Funding] = {}
        self._funding_ms = 0
        self._observed_at = 0.0
        self._watchlist: tuple[WatchedPair, ...] = ()

    @property
    def watchlist(self) -> tuple[WatchedPair, ...]:
        """Watched pairs, best score first."""
        return self._watchlist

    def assets(self) -> frozenset[str]:
        """The coins of the watched pairs, each by its one name."""
        known = (self._instruments.get(pair.symbol) for pair in self._watchlist)
        return frozenset(canonical_asset(one.base) for one in known if one is not None)

    def price_of(self, asset: str) -> float | None:
        """Newest price of one coin in quote currency, None for one that no pair trades."""
        for symbol, instrument in self._instruments.items():
            ticker = self._tickers.get(symbol)
            if ticker is not None and canonical_asset(instrument.base) == asset:
                return ticker.last / units_of(instrument.base)
        return None

    def symbols(self) -> frozenset[str]:
        """Symbols of the watched pairs."""
        return frozenset(pair.symbol for pair in self._watchlist)

    def instrument(self, symbol: str) -> Instrument | None:
        """A tradable pair; None for one that is not."""
        return self._instruments.get(symbol)

    def funding(self, symbol: str) -> Funding | None:
        """Funding to come of a pair, as last told."""
        return self._funding.get(symbol)

    def price(self, symbol: str, *, since: float) -> Decimal | None:
        """Newest price of a pair, None where it was asked for before a monotonic second."""
        instrument, ticker = self._instruments.get(symbol), self._tickers.get(symbol)
        if instrument is None or ticker is None or self._observed_at < since:
            return None
        return instrument.price(ticker.last)

    def observe(
        self,
        *,
        instruments: Mapping[str, Instrument],
        tickers: Mapping[str, Ticker],
        at: float = 0.0,
    ) -> None:
        """Take over what a scan fetched at a monotonic second."""
        self._instruments = instruments
        self._tickers = tickers
        self._observed_at = at

    def observe_open_interest(self, symbol: str, observation: OpenInterestObservation) -> None:
        """Take over the open interest of a pair."""
        self.order_flow.observe_open_interest(symbol, observation)

    def observe_positioning(self, symbol: str, positioning: Positioning) -> None:
        """Take over who is long in a pair."""
        self.order_flow.observe_positioning(symbol, positioning)

    def observe_funding(self, funding: Mapping[str, Funding], exchange_ms: int) -> None:
        """Take over funding to come, as asked for at an instant."""
        self._funding, self._funding_ms = funding, exchange_ms
        self.order_flow.observe_funding(funding, exchange_ms)

    def watch(self, pairs: Sequence[WatchedPair]) -> None:
        """Take over the watchlist; the order flow of its pairs is listened to from now on."""
        self._watchlist = tuple(pairs)
        known = (self._instruments.get(pair.symbol) for pair in pairs)
        self.order_flow.watch([instrument for instrument in known if instrument is not None])
        # It is polled once a minute for all pairs: those that have just joined need not wait.
        self.order_flow.observe_funding(self._funding, self._funding_ms)

    def snapshot(self, symbol: str, as_of: datetime, feed: CandleFeed) -> MarketSnapshot:
        """Everything a decision on one pair may look at, at a 15-minute boundary.

        Funding is that of the order flow, so that one too old is unknown to the costs as well.
        Raises `StaleDataError` when the pair is unknown or its candles are not ready.
        """
        instrument = self._instruments.get(symbol)
        if instrument is None:
            raise StaleDataError(f"{symbol} is not tradable any more")
        ticker = self._tickers.get(symbol)
        flow = self.order_flow.order_flow(symbol, as_of)
        derivatives = None if flow is None else flow.derivatives
        return MarketSnapshot(
            instrument=instrument,
            as_of=as_of,
            candles=feed.series(symbol, as_of),
            spread_percent=None if ticker is None else ticker.spread_percent,
            funding=None if derivatives is None else derivatives.funding,
            order_flow=flow,
            onchain=self.outside.onchain(instrument, as_of),
            sentiment=self.outside.sentiment(instrument, as_of),
            memory=self.outside.memory(as_of),
        )

    def snapshots(
        self, symbols: Collection[str], as_of: datetime, feed: CandleFeed
    ) -> tuple[list[MarketSnapshot], dict[str, str]]:
        """Snapshots of those that are ready, and for the others why not."""
        found: list[MarketSnapshot] = []
        missing: dict[str, str] = {}
        for symbol in symbols:
            try:
                found.append(self.snapshot(symbol, as_of, feed))
            except StaleDataError as error:
                missing[symbol] = str(error)
        return found, missing
