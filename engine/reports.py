"""What reports and answers are made of: plain values, computed elsewhere, rendered elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.candles import CandleSeries
from domain.directions import Direction
from domain.feeds import FeedHealth
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from domain.transfers import Transfer
from engine.ports.storage import DecisionCounts, OutboxDepth


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeResult:
    """The end of one signal that was entered, net of costs."""

    signal_id: int
    pair: str
    direction: Direction
    state: SignalState
    net_r: Decimal
    net_percent: Decimal
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures of a period, from the ledger alone.

    `published` signals of the period; of these `live` have no outcome yet. `expired` and
    `cancelled` ended without an entry and count as no trade. `results` are the trades that ended
    in the period, in order of time; the rest is derived from them.
    """

    published: int
    live: int
    expired: int
    cancelled: int
    results: tuple[TradeResult, ...]

    @property
    def wins(self) -> int:
        """Trades that earned something after costs."""
        return sum(result.net_r > 0 for result in self.results)

    @property
    def losses(self) -> int:
        """Trades that earned nothing or lost after costs."""
        return len(self.results) - self.wins

    @property
    def win_rate_percent(self) -> float | None:
        """Share of wins; None without trades."""
        return self.wins / len(self.results) * 100 if self.results else None

    @property
    def total_r(self) -> Decimal:
        """Sum of net R."""
        return sum((result.net_r for result in self.results), Decimal(0))

    @property
    def mean_r(self) -> Decimal | None:
        """Expectancy: mean net R; None without trades."""
        return self.total_r / len(self.results) if self.results else None

    @property
    def best(self) -> TradeResult | None:
        """The trade with the highest net R."""
        return max(self.results, key=lambda result: result.net_r, default=None)

    @property
    def worst(self) -> TradeResult | None:
        """The trade with the lowest net R."""
        return min(self.results, key=lambda result: result.net_r, default=None)

    @property
    def max_drawdown_r(self) -> Decimal:
        """Deepest fall of cumulated net R from an earlier high (0 or more)."""
        peak = total = drawdown = Decimal(0)
        for result in self.results:
            total += result.net_r
            peak = max(peak, total)
            drawdown = max(drawdown, peak - total)
        return drawdown


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """The anchor that a report publishes: how many entries there are, and the newest hash."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReport:
    """One UTC day."""

    day: date
    statistics: Statistics
    decisions: DecisionCounts
    head: LedgerHead


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """What an operator asks first; instants are exchange time, None when it never happened."""

    now: datetime
    pause: PauseState
    watched_pairs: int
    ready_pairs: int
    live_signals: int
    open_signals: int
    last_decision_at: datetime | None
    last_signal_at: datetime | None
    outbox: OutboxDepth
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """The status, and each source of outside data."""

    status: StatusReport
    feeds: tuple[FeedHealth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhaleAlert:
    """A transfer worth telling, and earlier ones of the hour that got no alert of their own."""

    transfer: Transfer
    held_back: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """What a picture of a signal is drawn from: closed 15-minute candles around it."""

    followed: FollowedSignal
    candles: CandleSeries
