"""Reports and answers for tests."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.ports.storage import DecisionCounts, OutboxDepth
from engine.reports import LedgerHead, PeriodReport, StatusReport
from engine.statistics import performance_of
from engine.statistics.values import Statistics, TradeResult
from tests.builders.signals import CLOSED_AT, LEDGER_HASH

DAY_START = CLOSED_AT.replace(hour=0)
"""Midnight before the results."""


def make_result(
    net_r: str,
    *,
    signal_id: int = 12,
    state: SignalState = SignalState.STOPPED,
    direction: Direction = Direction.LONG,
    pair: str = "BTC/USDT",
    ended_at: datetime | None = None,
    hold: timedelta = timedelta(minutes=42),
    score: str = "84",
    tier: Tier = Tier.HIGH,
    regime: Regime = Regime.RISK_ON,
    supporting: Sequence[LayerName] = (LayerName.TECHNICAL, LayerName.ORDERFLOW),
    has_reached_target: bool | None = None,
) -> TradeResult:
    """A trade of 1.5 % risk; one that won has reached its first target unless told otherwise."""
    ended_at = ended_at or CLOSED_AT + timedelta(minutes=signal_id)
    earned = Decimal(net_r)
    return TradeResult(
        signal_id=signal_id,
        pair=pair,
        direction=direction,
        state=state,
        net_r=earned,
        net_percent=earned / 2,
        equity_percent=earned * Decimal("1.5"),
        published_at=ended_at - hold - timedelta(minutes=3),
        triggered_at=ended_at - hold,
        ended_at=ended_at,
        score=Decimal(score),
        tier=tier,
        regime=regime,
        supporting=tuple(supporting),
        has_reached_target=earned > 0 if has_reached_target is None else has_reached_target,
    )


SOME_RESULTS = (
    make_result("-1.20", signal_id=8),
    make_result("2.11", signal_id=9, state=SignalState.TP3, direction=Direction.SHORT),
    make_result("0.48", signal_id=10, state=SignalState.BREAKEVEN, pair="SOL/USDT"),
    make_result("-1.07", signal_id=11),
)


def make_statistics(
    results: Sequence[TradeResult] = SOME_RESULTS,
    *,
    published: int = 7,
    live: int = 1,
    expired: int = 2,
    cancelled: int = 0,
    invalidated: int = 0,
    corrections: int = 0,
    start: datetime = DAY_START,
    end: datetime = DAY_START + timedelta(days=1),
) -> Statistics:
    return Statistics(
        start=start,
        end=end,
        published=published,
        live=live,
        expired=expired,
        cancelled=cancelled,
        invalidated=invalidated,
        corrections=corrections,
        results=tuple(results),
        performance=performance_of(results, start, end),
    )


def no_statistics() -> Statistics:
    return make_statistics((), published=0, live=0, expired=0)


def make_daily_report(statistics: Statistics) -> PeriodReport:
    return PeriodReport(
        day=date(2025, 10, 6),
        statistics=statistics,
        decisions=DecisionCounts(decided=3840, sent=statistics.published, denied=12),
        head=LedgerHead(count=1234, hash=LEDGER_HASH),
    )


def make_status(pause: PauseState | None = None, *, notes: Sequence[str] = ()) -> StatusReport:
    return StatusReport(
        now=CLOSED_AT,
        pause=pause or PauseState(),
        watched_pairs=40,
        ready_pairs=39,
        live_signals=3,
        open_signals=2,
        last_decision_at=CLOSED_AT - timedelta(minutes=15),
        last_signal_at=None,
        outbox=OutboxDepth(
            pending=2, oldest_at=CLOSED_AT - timedelta(seconds=30), unknown=1, failed=0
        ),
        notes=tuple(notes),
    )
