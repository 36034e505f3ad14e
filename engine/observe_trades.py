"""Gathers what the portfolio watch looks at: minutes, order flow, and how alike the leader is."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.candles import Candle, CandleSeries
from domain.errors import (
    InvalidDataError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.instruments import to_decimal
from domain.order_flow import OrderFlow
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe, to_ms
from engine.correlations import correlate
from engine.ports.market import CandleFeed, MarketFacts
from risk.watch import (
    MARKET_LEADER,
    LeaderMove,
    WatchedTrade,
    WatchParameters,
    find_leader_move,
)

ReadOrderFlow = Callable[[str, datetime], OrderFlow | None]
"""The order flow of a pair as of an instant; None for a pair that is not listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Open trades as they stand; `problems` says by symbol what could not be had this time."""

    trades: tuple[WatchedTrade, ...]
    leader: LeaderMove | None
    problems: dict[str, str] = field(default_factory=dict)


class ObserveTrades:
    """Asks for candles of the open trades' pairs and of the market leader.

    Nothing that fails stops the others. 5-minute candles are only asked for while the leader makes
    a strong move: nothing else needs them, and they cost a request for each pair.
    """

    def __init__(
        self,
        *,
        feed: CandleFeed,
        facts: MarketFacts,
        order_flow: ReadOrderFlow,
        parameters: WatchParameters,
    ) -> None:
        self._feed = feed
        self._facts = facts
        self._order_flow = order_flow
        self._parameters = parameters

    async def __call__(self, open_signals: Sequence[FollowedSignal], now: datetime) -> Observed:
        """Everything as of now."""
        problems: dict[str, str] = {}
        symbols = dict.fromkeys(each.signal.plan.symbol for each in open_signals)
        minutes = {symbol: await self._minutes(symbol, now, problems) for symbol in symbols}
        if MARKET_LEADER not in minutes:
            minutes[MARKET_LEADER] = await self._minutes(MARKET_LEADER, now, problems)
        move = find_leader_move(minutes[MARKET_LEADER], self._parameters.leader)
        alike = {} if move is None else await self._leader_correlations(symbols, now, problems)
        trades = tuple(self._watched(each, minutes, alike, now) for each in open_signals)
        return Observed(trades=trades, leader=move, problems=problems)

    def _watched(
        self,
        followed: FollowedSignal,
        minutes: Mapping[str, Sequence[Candle]],
        alike: Mapping[str, float | None],
        now: datetime,
    ) -> WatchedTrade:
        symbol = followed.signal.plan.symbol
        candles = minutes[symbol]
        return WatchedTrade(
            followed=followed,
            minutes=tuple(candles),
            price=to_decimal(candles[-1].close) if candles else followed.course.stop,
            order_flow=self._order_flow(symbol, now),
            leader_correlation=alike.get(symbol),
        )

    async def _minutes(
        self, symbol: str, now: datetime, problems: dict[str, str]
    ) -> Sequence[Candle]:
        """The newest closed minutes; empty, and a problem, where they fail or are too old."""
        newest = Timeframe.M1.last_closed_index(to_ms(now))
        after_index = newest - self._parameters.history_minutes
        try:
            candles = await self._feed.minute_candles(symbol, after_index=after_index)
        except (InvalidDataError, StaleDataError, TemporaryVenueError, VenueRefusedError) as error:
            problems[symbol] = str(error)
            return ()
        if not candles or now - candles[-1].closed_at > self._parameters.stale_after:
            limit = f"{self._parameters.stale_minutes:g} minutes"
            problems[symbol] = f"{symbol} has no 1m candle that closed within {limit}"
            return ()
        return candles

    async def _leader_correlations(
        self, symbols: Collection[str], now: datetime, problems: dict[str, str]
    ) -> dict[str, float | None]:
        leader = await self._five_minutes(MARKET_LEADER, now, problems)
        if leader is None:
            return {}
        found: dict[str, float | None] = {}
        for symbol in symbols:
            series = await self._five_minutes(symbol, now, problems)
            found[symbol] = None if series is None else self._correlate(series, leader)
        return found

    def _correlate(self, series: CandleSeries, leader: CandleSeries) -> float | None:
        parameters = self._parameters.leader
        return correlate(
            series,
            leader,
            returns=parameters.correlation_returns,
            least=parameters.least_common_returns,
        )

    async def _five_minutes(
        self, symbol: str, now: datetime, problems: dict[str, str]
    ) -> CandleSeries | None:
        count = self._parameters.leader.correlation_returns + 1
        last = Timeframe.M5.last_closed_index(to_ms(now))
        try:
            return await self._facts.fetch_candles(
                symbol, Timeframe.M5, first_index=last - count + 1, count=count
            )
        except (InvalidDataError, TemporaryVenueError, VenueRefusedError) as error:
            problems.setdefault(symbol, f"correlation with {MARKET_LEADER} is unknown: {error}")
            return None
