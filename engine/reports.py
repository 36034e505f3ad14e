"""What reports and answers are made of: plain values, computed elsewhere, rendered elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from domain.breakers import Standing
from domain.candles import CandleSeries
from domain.directions import Direction
from domain.feeds import FeedHealth
from domain.signals import FollowedSignal
from domain.trading_state import PauseState
from domain.transfers import Transfer
from engine.monitoring.values import Finding, HealthReading
from engine.ports.storage import BreakerEvent, DecisionCounts, OutboxDepth
from engine.statistics.values import CalibrationBand, EquityPoint, ResultBin, Statistics
from risk.day import DayResult


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """The anchor that a report publishes: how many entries there are, and the newest hash."""

    count: int
    hash: str


class Period(StrEnum):
    """How long a report looks back: a UTC day, a week from Monday on, a calendar month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """A UTC day, a week or a month that is over; `day` is the first day of it.

    `tripped` are the breakers that tripped in it, oldest first. `live_override` is the operator's
    own reason to trade with real money without a passed readiness gate, empty when there is none.
    `unfollowed` signals may have ended in it, and nobody knows yet: their candles are missing.
    """

    day: date
    statistics: Statistics
    decisions: DecisionCounts
    head: LedgerHead
    period: Period = Period.DAY
    calibration: tuple[CalibrationBand, ...] = ()
    tripped: tuple[BreakerEvent, ...] = ()
    live_override: str = ""
    unfollowed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """What is told of the last `days`, of all time when None: all from one look at the record."""

    days: int | None
    statistics: Statistics
    calibration: tuple[CalibrationBand, ...]
    curve: tuple[EquityPoint, ...]
    bins: tuple[ResultBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRisk:
    """What one live signal ties up, in percent of equity; `is_open` once its entry was met.

    `result_percent` is its result so far, closed parts and open ones, None without a price.
    """

    signal_id: int
    pair: str
    direction: Direction
    is_open: bool
    heat_percent: Decimal
    exposure_percent: Decimal
    result_percent: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatReport:
    """What all live signals would lose at their stops, against the caps, and the day's result."""

    heat_percent: Decimal
    heat_cap_percent: Decimal
    exposure_percent: Decimal
    exposure_cap_percent: Decimal
    day: DayResult
    trades: tuple[OpenRisk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakersReport:
    """Every breaker as it stands, in the order they are asked, and what tripped lately."""

    now: datetime
    day: DayResult
    standings: tuple[Standing, ...]
    recent: tuple[BreakerEvent, ...]


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
    """The status, each source of outside data, and, where it is read, the running bot itself.

    `standing` are the troubles that the reading shows, the most severe first. The status is None
    while the database is away.
    """

    status: StatusReport | None
    feeds: tuple[FeedHealth, ...]
    reading: HealthReading | None = None
    standing: tuple[Finding, ...] = ()


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
