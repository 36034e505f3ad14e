"""Use cases that answer questions: each reads, computes nothing twice, and changes nothing."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from domain.access import Role
from domain.errors import NotFoundError
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe, to_ms
from engine.activity import Activity
from engine.market_state import MarketState
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed, MarketFacts
from engine.ports.storage import DecisionRecord, Storage
from engine.record_reading import head_of
from engine.reports import ChartData, LedgerHead, StatusReport, TrackRecord
from engine.statistics import (
    LedgerReader,
    Record,
    StatisticsParameters,
    calibrate,
    equity_curve,
    histogram,
    statistics_of,
)

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_AN_INSTANT = timedelta.resolution
_QUOTE = "USDT"
_CHART_CANDLES = 120
_CHART_LEAD = 80
"""Candles drawn in all, and how many of them lie before the signal where its end is recent."""


class FindSignal:
    """A published signal with its course."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, signal_id: int) -> FollowedSignal:
        """Raises `NotFoundError` for an id that was never published."""
        async with self._storage() as unit:
            followed = await unit.signals.find(signal_id)
        if followed is None:
            raise NotFoundError(f"there is no signal #{signal_id}")
        return followed


class FindDecision:
    """The newest decision on a pair, sent or not."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, name: str) -> DecisionRecord:
        """`name` is "BTC", "BTCUSDT" or "BTC/USDT". Raises `NotFoundError`."""
        symbol = name.strip().upper().replace("/", "").replace("-", "")
        if not symbol.endswith(_QUOTE):
            symbol += _QUOTE
        async with self._storage() as unit:
            record = await unit.decisions.find_latest(symbol)
        if record is None:
            raise NotFoundError(f"there is no decision on {symbol} yet")
        return record


class ListOpenSignals:
    """Signals that wait for their entry or are open."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self) -> list[FollowedSignal]:
        """Oldest first."""
        async with self._storage() as unit:
            return await unit.signals.list_live()


class ReadTrackRecord:
    """Figures of the last days, or of all time, from the ledger alone."""

    def __init__(
        self,
        *,
        storage: Storage,
        reader: LedgerReader,
        clock: Clock,
        parameters: StatisticsParameters,
    ) -> None:
        self._storage = storage
        self._reader = reader
        self._clock = clock
        self._parameters = parameters

    async def __call__(self, days: int | None) -> TrackRecord:
        """`days` back from now; None for all time."""
        now = self._clock.now()
        start = _BEGINNING if days is None else now - timedelta(days=days)
        async with self._storage() as unit:
            record = await self._reader(unit.ledger)
        # A long record takes a while to add up, and the next close must not wait for it.
        return await asyncio.to_thread(self._add_up, record, days, start, now + _AN_INSTANT)

    def _add_up(
        self, record: Record, days: int | None, start: datetime, end: datetime
    ) -> TrackRecord:
        statistics = statistics_of(record, start, end)
        results = statistics.results
        return TrackRecord(
            days=days,
            statistics=statistics,
            calibration=calibrate(results, self._parameters),
            curve=equity_curve(results),
            bins=histogram(results, self._parameters),
        )


class ReadHead:
    """How long the record is, and its newest hash."""

    def __init__(self, storage: Storage, reader: LedgerReader) -> None:
        self._storage = storage
        self._reader = reader

    async def __call__(self) -> LedgerHead:
        """The anchor by which later cuts are seen.

        The ledger itself is not asked for its head, which would hold back whoever appends to it.
        """
        async with self._storage() as unit:
            return head_of(await self._reader(unit.ledger))


class ReadStatus:
    """What an operator asks first."""

    def __init__(
        self,
        *,
        storage: Storage,
        market: MarketState,
        feed: CandleFeed,
        clock: Clock,
        activity: Activity,
        notes: Callable[[], Sequence[str]],
    ) -> None:
        self._storage = storage
        self._market = market
        self._feed = feed
        self._clock = clock
        self._activity = activity
        self._notes = notes

    async def __call__(self) -> StatusReport:
        """The state of things now."""
        now = self._clock.now()
        boundary = Timeframe.M15.previous_boundary(now)
        watched = [pair.symbol for pair in self._market.watchlist]
        async with self._storage() as unit:
            live = await unit.signals.list_live()
            pause = await unit.state.get_pause()
            outbox = await unit.outbox.depth()
        return StatusReport(
            now=now,
            pause=pause,
            watched_pairs=len(watched),
            ready_pairs=sum(self._feed.is_ready(symbol, boundary) for symbol in watched),
            live_signals=len(live),
            open_signals=sum(followed.course.state.is_open for followed in live),
            last_decision_at=self._activity.last_decision_at,
            last_signal_at=self._activity.last_signal_at,
            outbox=outbox,
            notes=tuple(self._notes()),
        )


class ReadChartData:
    """What a picture of a signal is drawn from."""

    def __init__(self, *, find_signal: FindSignal, facts: MarketFacts, clock: Clock) -> None:
        self._find_signal = find_signal
        self._facts = facts
        self._clock = clock

    async def __call__(self, signal_id: int) -> ChartData:
        """Raises `NotFoundError` for an unknown signal or when the venue has no candles of it."""
        followed = await self._find_signal(signal_id)
        decided = Timeframe.M15.index_of(to_ms(followed.signal.decision.as_of))
        newest = Timeframe.M15.last_closed_index(to_ms(self._clock.now()))
        first = max(decided - _CHART_LEAD, newest - _CHART_CANDLES + 1)
        first = min(first, decided - _CHART_CANDLES // 4)
        candles = await self._facts.fetch_candles(
            followed.signal.instrument.symbol,
            Timeframe.M15,
            first_index=first,
            count=min(_CHART_CANDLES, newest - first + 1),
        )
        if candles is None:
            raise NotFoundError(f"the venue has no candles of signal #{signal_id}")
        return ChartData(followed=followed, candles=candles)


class ReadRole:
    """The role of a user."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, user_id: int) -> Role:
        """GUEST for a stranger."""
        async with self._storage() as unit:
            return await unit.users.role_of(user_id)


class ListUsers:
    """Who has a role."""

    def __init__(self, storage: Storage, role: Role) -> None:
        self._storage = storage
        self._role = role

    async def __call__(self) -> list[int]:
        """User ids in order of their grant."""
        async with self._storage() as unit:
            return await unit.users.list_with(self._role)
