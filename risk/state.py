"""What the risk gate must know about the account and the day: an explicit, immutable value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import takewhile

from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, SignalState
from domain.trading_state import PauseState


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
class RiskState:
    """The account and the day at one instant.

    `equity` in quote currency; `published_at` of recent signals; `stopped_at` the newest stop-out
    (state STOPPED) by symbol; `wins_in_a_row` counts back from the newest trade that ended. `macro`
    is how the markets outside crypto stand, None while nobody watches them.
    """

    now: datetime
    equity: Decimal
    pause: PauseState = field(default_factory=PauseState)
    trades: tuple[OpenTrade, ...] = ()
    published_at: tuple[datetime, ...] = ()
    stopped_at: Mapping[str, datetime] = field(default_factory=dict)
    wins_in_a_row: int = 0
    macro: MacroReading | None = None

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
    ) -> "RiskState":
        """Build from followed signals: all live ones, those published and those ended lately.

        How late is lately is up to the breakers' windows; older ones change nothing. `ended` is in
        order of time.
        """
        return cls(
            now=now,
            equity=equity,
            pause=pause,
            trades=tuple(OpenTrade.of(followed) for followed in live),
            published_at=tuple(followed.signal.published_at for followed in published),
            stopped_at=_newest_stops(ended),
            wins_in_a_row=_wins_in_a_row(ended),
            macro=macro,
        )

    def with_signal(self, followed: FollowedSignal) -> "RiskState":
        """The state after one more signal was published: the next one is judged against it."""
        return replace(
            self,
            trades=(*self.trades, OpenTrade.of(followed)),
            published_at=(*self.published_at, followed.signal.published_at),
        )


def _wins_in_a_row(ended: Sequence[FollowedSignal]) -> int:
    """Newest trades that each earned something; a signal that was never entered is no trade."""
    trades = (one.course for one in reversed(ended) if one.course.triggered_at is not None)
    return sum(1 for _ in takewhile(lambda course: course.realised_r > 0, trades))


def _newest_stops(ended: Sequence[FollowedSignal]) -> dict[str, datetime]:
    newest: dict[str, datetime] = {}
    for followed in ended:
        symbol, ended_at = followed.signal.plan.symbol, followed.course.ended_at
        if followed.course.state is SignalState.STOPPED and ended_at is not None:
            newest[symbol] = max(ended_at, newest.get(symbol, ended_at))
    return newest
