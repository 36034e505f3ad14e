"""How much was at work, and for how long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from domain.signals import FollowedSignal
from engine.backtest.metrics.period import Period
from engine.backtest.metrics.values import Exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A trade is opened or a part of it closed: what that adds to what is open."""

    at: datetime
    trades: int
    notional: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A time in which nothing changes: its share of the period, and what is open in it."""

    share: float
    trades: int
    notional: Decimal


def exposure_of(signals: Iterable[FollowedSignal], period: Period, equity: Decimal) -> Exposure:
    """Exposure of all signals that were entered, those included that have not ended yet."""
    entered = [followed for followed in signals if followed.course.triggered_at is not None]
    spans = tuple(_spans(entered, period))
    percent = 100.0 / float(equity)
    return Exposure(
        time_percent=100.0 * sum(span.share for span in spans if span.trades),
        mean_open=sum(span.share * span.trades for span in spans),
        highest_open=max(span.trades for span in spans),
        mean_notional_percent=percent * sum(span.share * float(span.notional) for span in spans),
        highest_notional_percent=percent * float(max(span.notional for span in spans)),
        turnover_percent=percent * float(_traded(entered)) / period.length_days,
    )


def _spans(entered: Iterable[FollowedSignal], period: Period) -> Iterator[_Span]:
    changes = sorted(_changes(entered), key=lambda change: change.at)
    since, trades, notional = period.start, 0, Decimal(0)
    for at, together in groupby(changes, key=lambda change: change.at):
        yield _Span(share=_share(since, at, period), trades=trades, notional=notional)
        for change in together:
            trades += change.trades
            notional += change.notional
        since = at
    yield _Span(share=_share(since, period.end, period), trades=trades, notional=notional)


def _share(since: datetime, until: datetime, period: Period) -> float:
    return (until - since) / (period.end - period.start)


def _changes(entered: Iterable[FollowedSignal]) -> Iterator[_Change]:
    for followed in entered:
        course, notional = followed.course, followed.signal.plan.notional
        if course.triggered_at is not None:
            yield _Change(at=course.triggered_at, trades=1, notional=notional)
        for leg in course.exits:
            yield _Change(at=leg.at, trades=0, notional=-notional * leg.fraction)
        if course.ended_at is not None:
            yield _Change(at=course.ended_at, trades=-1, notional=Decimal(0))


def _traded(entered: Iterable[FollowedSignal]) -> Decimal:
    """Bought and sold notional, each at its own price."""
    total = Decimal(0)
    for followed in entered:
        plan = followed.signal.plan
        closed = sum((leg.fraction * leg.price for leg in followed.course.exits), Decimal(0))
        total += plan.notional * (1 + closed / plan.entry)
    return total
