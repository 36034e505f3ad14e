"""What the risk gate must know about the account and the day: an explicit, immutable value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile

from domain.breakers import Latch
from domain.correlations import Correlations
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState
from risk.day import DayResult, compute_day


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrade:
    """What a live signal ties up, at its current stop and over the part that is still open.

    A published signal counts in full before its entry was met: it may be met at any moment, and a
    follower's order rests in the book already. `loss_at_stop` (0 or more, costs included),
    `notional` and `margin` in quote currency.
    """

    symbol: str
    direction: Direction
    loss_at_stop: Decimal
    notional: Decimal
    margin: Decimal

    @classmethod
    def of(cls, followed: FollowedSignal) -> "OpenTrade":
        """The open part of a live signal. A stop in profit lends nothing to other trades."""
        plan, course = followed.signal.plan, followed.course
        left = 1 - course.closed_fraction
        distance = plan.direction.sign * (plan.entry - course.stop)
        loss_per_unit = distance + plan.entry * plan.costs.round_trip
        return cls(
            symbol=plan.symbol,
            direction=plan.direction,
            loss_at_stop=max(Decimal(0), left * plan.quantity * loss_per_unit),
            notional=left * plan.notional,
            margin=left * plan.margin,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTrade:
    """A trade that ended lately, `net_r` after costs."""

    symbol: str
    ended_at: datetime
    net_r: Decimal

    @property
    def is_win(self) -> bool:
        """Whether it earned something."""
        return self.net_r > 0

    @property
    def is_loss(self) -> bool:
        """Whether it lost something."""
        return self.net_r < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskState:
    """The account and the day at one instant.

    `equity` in quote currency; `published_at` of recent signals; `stopped_at` the newest stop-out
    (state STOPPED) by symbol; `ended` trades in order of their end. `macro` is how the markets
    outside crypto stand, None while nobody watches them. `day` is the result of the UTC day;
    `latches` are breakers that stay tripped until they are released.
    `clock_age_seconds` is how long ago exchange time was measured, infinite if it never was, None
    for a clock that needs no measuring.
    """

    now: datetime
    equity: Decimal
    day: DayResult
    pause: PauseState = field(default_factory=PauseState)
    trades: tuple[OpenTrade, ...] = ()
    published_at: tuple[datetime, ...] = ()
    stopped_at: Mapping[str, datetime] = field(default_factory=dict)
    ended: tuple[EndedTrade, ...] = ()
    macro: MacroReading | None = None
    latches: tuple[Latch, ...] = ()
    correlations: Correlations = field(default_factory=Correlations)
    clock_age_seconds: float | None = None

    def __post_init__(self) -> None:
        if not (self.equity.is_finite() and self.equity > 0):
            raise InvalidDataError(f"equity is {self.equity}; risk needs a number above 0")

    @classmethod
    def of(
        cls,
        *,
        now: datetime,
        equity: Decimal,
        pause: PauseState,
        live: Sequence[FollowedSignal],
        published: Sequence[FollowedSignal],
        ended: Sequence[FollowedSignal],
        macro: MacroReading | None = None,
        today: datetime | None = None,
        prices: Mapping[str, Decimal] | None = None,
        latches: Sequence[Latch] = (),
        correlations: Correlations | None = None,
        clock_age_seconds: float | None = None,
    ) -> "RiskState":
        """Build from followed signals: all live ones, those published and those ended lately.

        How late is lately is up to the breakers' windows, and all that ended on the UTC day of
        `today` (`now` unless told) must be there; older ones change nothing. `ended` is in order of
        time. `prices` by symbol: an open trade without one counts as if it were stopped.
        """
        day = (today or now).astimezone(UTC).date()
        return cls(
            now=now,
            equity=equity,
            pause=pause,
            trades=tuple(OpenTrade.of(followed) for followed in live),
            published_at=tuple(followed.signal.published_at for followed in published),
            stopped_at=_newest_stops(ended),
            ended=_ended_trades(ended),
            macro=macro,
            day=compute_day(day, equity, ended=ended, live=live, prices=prices or {}),
            latches=tuple(latches),
            correlations=correlations or Correlations(),
            clock_age_seconds=clock_age_seconds,
        )

    def with_signal(self, followed: FollowedSignal) -> "RiskState":
        """The state after one more signal was published: the next one is judged against it."""
        return replace(
            self,
            trades=(*self.trades, OpenTrade.of(followed)),
            published_at=(*self.published_at, followed.signal.published_at),
        )


def newest_run(
    trades: Sequence[EndedTrade], belongs: Callable[[EndedTrade], bool]
) -> tuple[EndedTrade, ...]:
    """The trades up to the newest one that all belong, in order of time; empty if it doesn't."""
    return tuple(takewhile(belongs, reversed(trades)))[::-1]


def _ended_trades(ended: Sequence[FollowedSignal]) -> tuple[EndedTrade, ...]:
    """A signal that was never entered is no trade."""
    return tuple(
        EndedTrade(
            symbol=followed.signal.plan.symbol,
            ended_at=followed.course.ended_at,
            net_r=followed.course.realised_r,
        )
        for followed in ended
        if followed.course.triggered_at is not None and followed.course.ended_at is not None
    )


def _newest_stops(ended: Sequence[FollowedSignal]) -> dict[str, datetime]:
    newest: dict[str, datetime] = {}
    for followed in ended:
        symbol, ended_at = followed.signal.plan.symbol, followed.course.ended_at
        if followed.course.state is SignalState.STOPPED and ended_at is not None:
            newest[symbol] = max(ended_at, newest.get(symbol, ended_at))
    return newest
