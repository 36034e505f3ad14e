"""Reports and answers for tests."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.directions import Direction
from domain.signals import SignalState
from domain.trading_state import PauseState
from engine.ports.storage import DecisionCounts, OutboxDepth
from engine.reports import DailyReport, LedgerHead, Statistics, StatusReport, TradeResult
from tests.builders.signals import CLOSED_AT, LEDGER_HASH


def make_result(
    net_r: str,
    *,
    signal_id: int = 12,
    state: SignalState = SignalState.STOPPED,
    direction: Direction = Direction.LONG,
    pair: str = "BTC/USDT",
) -> TradeResult:
    return TradeResult(
        signal_id=signal_id,
        pair=pair,
        direction=direction,
        state=state,
        net_r=Decimal(net_r),
        net_percent=Decimal(net_r) / 2,
        ended_at=CLOSED_AT + timedelta(minutes=signal_id),
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
) -> Statistics:
    return Statistics(
        published=published, live=live, expired=expired, cancelled=cancelled, results=tuple(results)
    )


def no_statistics() -> Statistics:
    return make_statistics((), published=0, live=0, expired=0)


def make_daily_report(statistics: Statistics) -> DailyReport:
    return DailyReport(
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
