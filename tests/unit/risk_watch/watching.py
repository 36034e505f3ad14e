"""Open trades at a round price, and the minutes of their pairs as gains from 100."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.candles import Candle
from domain.directions import Direction
from domain.order_flow import OrderFlow
from domain.signals import Course, FollowedSignal, SignalState
from domain.timeframes import Timeframe, to_ms
from risk.watch import WatchedTrade
from tests.builders.market import make_instrument
from tests.builders.signals import LEDGER_HASH
from tests.unit.risk.trade_builders import make_round_signal

LONG, SHORT = Direction.LONG, Direction.SHORT
AT = datetime(2025, 10, 6, 15, 0, tzinfo=UTC)
LAST_INDEX = Timeframe.M1.last_closed_index(to_ms(AT))


@dataclass(frozen=True)
class Gains:
    """A minute in gains from 100, of a short the other way; takers `against` of its volume."""

    open: float
    close: float
    best: float | None = None
    worst: float | None = None
    volume: float = 100.0
    against: float | None = None


CALM = Gains(0.0, 0.0, best=0.05, worst=-0.05)
QUIET = [CALM] * 80

DUMP = [
    Gains(0.0, -0.4, volume=150, against=120),
    Gains(-0.4, -0.8, volume=150, against=120),
    Gains(-0.8, -1.2, volume=150, against=120),
]
"""Takers against the trade for three minutes, lower at both ends, with volume: two signs."""


def make_minute(gains: Gains, index: int, direction: Direction = LONG) -> Candle:
    best = max(gains.open, gains.close) if gains.best is None else gains.best
    worst = min(gains.open, gains.close) if gains.worst is None else gains.worst
    against = gains.volume / 2 if gains.against is None else gains.against
    open_, high, low, close = (
        round(100 + direction.sign * gain, 2) for gain in (gains.open, best, worst, gains.close)
    )
    return Candle(
        timeframe=Timeframe.M1,
        index=index,
        open=open_,
        high=max(high, low),
        low=min(high, low),
        close=close,
        volume=gains.volume,
        taker_buy_volume=gains.volume - against if direction is LONG else against,
    )


def make_minutes(path: Sequence[Gains], direction: Direction = LONG) -> tuple[Candle, ...]:
    """Candles of which the newest has closed at `AT`."""
    first = LAST_INDEX - len(path) + 1
    return tuple(make_minute(gains, first + n, direction) for n, gains in enumerate(path))


def make_open(
    direction: Direction = LONG,
    *,
    signal_id: int = 1,
    base: str = "SOL",
    held_minutes: float = 30,
    stop: str | None = None,
) -> FollowedSignal:
    """Entry 100, stop 2 away, an ATR of 1, entered `held_minutes` before `AT`."""
    instrument = make_instrument(base, tick="0.01", step="0.01")
    signal = make_round_signal(direction, signal_id=signal_id)
    plan = replace(signal.plan, symbol=instrument.symbol)
    course = Course(
        state=SignalState.TRIGGERED,
        stop=plan.stop if stop is None else Decimal(stop),
        triggered_at=AT - timedelta(minutes=held_minutes),
    )
    signal = replace(signal, instrument=instrument, plan=plan)
    return FollowedSignal(signal=signal, course=course, ledger_hash=LEDGER_HASH)


def make_trade(
    path: Sequence[Gains] = QUIET,
    direction: Direction = LONG,
    *,
    followed: FollowedSignal | None = None,
    order_flow: OrderFlow | None = None,
    leader_correlation: float | None = None,
) -> WatchedTrade:
    minutes = make_minutes(path, direction)
    one = followed or make_open(direction)
    return WatchedTrade(
        followed=one,
        minutes=minutes,
        price=Decimal(str(minutes[-1].close)) if minutes else one.course.stop,
        order_flow=order_flow,
        leader_correlation=leader_correlation,
    )
