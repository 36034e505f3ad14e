"""Backtests that are written down trade by trade, so that every figure can be checked in the head.

Entry 100, stop 2 away; 5,000 of 10,000 USDT are traded, so that 1 R is 1 % of equity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from domain.decisions import Tier
from domain.directions import Direction
from domain.ledger import EntryKind, LedgerEntry
from domain.lifecycle import LifecycleParameters
from domain.market_regime import Regime
from domain.plans import TradingCosts
from domain.signals import Course, Exit, FollowedSignal, Signal, SignalState
from engine.backtest.metrics import ReportParameters, measure
from engine.backtest.metrics.values import BacktestReport
from engine.backtest.values import BacktestResult, Excursion, TestedStrategy
from engine.ledger import next_entry, outcome_content, signal_content
from engine.lifecycle.results import compute_net_percent, compute_net_r
from engine.statistics import StatisticsParameters, read_record, statistics_of
from tests.builders.market import make_instrument
from tests.builders.signals import LEDGER_HASH, make_decision
from tests.unit.risk.trade_builders import NO_COSTS, make_round_plan

START = datetime(2026, 1, 30, tzinfo=UTC)
"""Two days before a month ends."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def make_trade(
    signal_id: int,
    r: str,
    after: timedelta,
    *,
    hold: timedelta = HOUR,
    base: str = "SOL",
    direction: Direction = Direction.LONG,
    state: SignalState | None = None,
    score: float = 84.0,
    tier: Tier = Tier.HIGH,
    regime: Regime = Regime.RISK_ON,
    notional: str = "5000",
    costs: TradingCosts = NO_COSTS,
) -> FollowedSignal:
    """A trade that is entered `after` the start, held, and closed at once `r` away from entry."""
    entered_at = START + after
    signal = _signal(signal_id, entered_at, base, direction, notional, costs)
    decision = replace(signal.decision, score=score, tier=tier, regime=regime)
    price = Decimal(100) + 2 * Decimal(r) * direction.sign
    end = state or (SignalState.STOPPED if r.startswith("-") else SignalState.TP3)
    leg = Exit(state=end, price=price, fraction=Decimal(1), at=entered_at + hold)
    return _followed(replace(signal, decision=decision), (leg,), entered_at)


def make_partial_trade(
    signal_id: int,
    after: timedelta,
    legs: Sequence[tuple[SignalState, str, str, timedelta]],
    *,
    costs: TradingCosts = NO_COSTS,
) -> FollowedSignal:
    """A trade closed in parts: state, price, fraction, and how long after its entry."""
    entered_at = START + after
    exits = tuple(
        Exit(state=state, price=Decimal(price), fraction=Decimal(part), at=entered_at + held)
        for state, price, part, held in legs
    )
    signal = _signal(signal_id, entered_at, "SOL", Direction.LONG, "5000", costs)
    return _followed(signal, exits, entered_at)


def make_expired(signal_id: int, after: timedelta) -> FollowedSignal:
    signal = _signal(signal_id, START + after, "SOL", Direction.LONG, "5000", NO_COSTS)
    course = Course(
        state=SignalState.EXPIRED, stop=signal.plan.stop, ended_at=START + after + HOUR / 4
    )
    return FollowedSignal(signal=signal, course=course, ledger_hash=LEDGER_HASH)


def make_open(signal_id: int, after: timedelta) -> FollowedSignal:
    """Entered and not ended."""
    trade = make_trade(signal_id, "1", after)
    course = replace(trade.course, state=SignalState.TRIGGERED, exits=(), ended_at=None)
    return replace(trade, course=course)


def _signal(
    signal_id: int,
    entered_at: datetime,
    base: str,
    direction: Direction,
    notional: str,
    costs: TradingCosts,
) -> Signal:
    market = make_instrument(base, tick="0.01", step="0.01")
    plan = make_round_plan(direction, costs=costs)
    closed_at = entered_at - timedelta(minutes=5)
    return Signal(
        id=signal_id,
        instrument=market,
        decision=make_decision(direction, symbol=market.symbol, as_of=closed_at),
        plan=replace(
            plan,
            symbol=market.symbol,
            notional=Decimal(notional),
            risk_amount=Decimal(150),
            risk_percent=Decimal("1.5"),
        ),
        published_at=closed_at + timedelta(seconds=3),
        valid_until=closed_at + timedelta(minutes=15),
        rules=LifecycleParameters(),
    )


def _followed(signal: Signal, exits: tuple[Exit, ...], entered_at: datetime) -> FollowedSignal:
    course = Course(
        state=exits[-1].state,
        stop=signal.plan.stop,
        triggered_at=entered_at,
        exits=exits,
        realised_r=compute_net_r(signal.plan, exits),
        realised_percent=compute_net_percent(signal.plan, exits),
        ended_at=exits[-1].at,
    )
    return FollowedSignal(signal=signal, course=course, ledger_hash=LEDGER_HASH)


def make_backtest(
    signals: Sequence[FollowedSignal],
    *,
    days: float = 4,
    excursions: Mapping[int, Excursion] | None = None,
    **changes: Any,
) -> BacktestResult:
    """The backtest of some days from the start on that published these signals."""
    end = START + days * DAY
    entries = _entries(signals)
    result = BacktestResult(
        start=START,
        end=end,
        strategy=TestedStrategy(),
        pairs=(),
        signals=tuple(signals),
        entries=entries,
        statistics=statistics_of(read_record(entries), START, end),
        excursions=excursions or {},
        decided=400,
        candidates=len(signals) + 2,
        discards={"score below the threshold": 380},
        denials={"heat": 2},
        layers_missing=(),
        warnings=(),
        equity=Decimal(10_000),
    )
    return replace(result, **changes)


def _entries(signals: Sequence[FollowedSignal]) -> tuple[LedgerEntry, ...]:
    entries: list[LedgerEntry] = []

    def append(kind: EntryKind, at: datetime, content: dict[str, object]) -> None:
        entries.append(next_entry(entries[-1] if entries else None, kind, at, content))

    for followed in signals:
        signal, course = followed.signal, followed.course
        append(EntryKind.SIGNAL, signal.published_at, signal_content(signal))
        if course.ended_at is not None:
            append(EntryKind.OUTCOME, course.ended_at, outcome_content(signal, course))
    return tuple(entries)


def report_of(result: BacktestResult, *, seed: int = 1, draws: int = 200) -> BacktestReport:
    return measure(
        result,
        generator=np.random.default_rng(seed),
        data={"SOLUSDT": "0f"},
        parameters=ReportParameters(bootstrap_draws=draws),
        tables=StatisticsParameters(),
    )


def report_on(*signals: FollowedSignal, days: float = 4, **changes: Any) -> BacktestReport:
    return report_of(make_backtest(signals, days=days, **changes))


FIVE_TRADES = (
    make_trade(1, "2", 1 * HOUR),
    make_trade(2, "-1", 5 * HOUR, hold=HOUR / 2),
    make_trade(3, "1", 26 * HOUR, hold=2 * HOUR),
    make_trade(4, "-1", 50 * HOUR),
    make_trade(5, "-0.5", 55 * HOUR, hold=HOUR / 2, state=SignalState.MAX_HOLD),
)
"""+2 and -1 R on the first day, +1 R on the second, -1 and -0.5 R on the third, none after."""
