"""A ledger that is written as a story: signals, outcomes and corrections, hours after midnight."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.decisions import Decision
from domain.directions import Direction
from domain.ledger import EntryKind, LedgerEntry
from domain.signals import Course, Exit, Signal, SignalState
from engine.ledger import correction_content, next_entry, outcome_content, signal_content
from engine.statistics import read_record, statistics_of
from engine.statistics.values import Statistics
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import make_round_signal

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MIDNIGHT = CLOSED_AT.replace(hour=0)


class Story:
    """Appends entries; whatever happens is told in time after midnight."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []

    def publish(
        self,
        signal_id: int,
        after: timedelta,
        *,
        direction: Direction = Direction.LONG,
        decision: Decision | None = None,
    ) -> Signal:
        signal = make_round_signal(direction, signal_id=signal_id)
        signal = replace(
            signal,
            published_at=MIDNIGHT + after,
            decision=signal.decision if decision is None else decision,
        )
        self.append(EntryKind.SIGNAL, signal_content(signal))
        return signal

    def end(self, signal: Signal, state: SignalState, after: timedelta, net_r: str = "0") -> None:
        course = make_end(signal, state, MIDNIGHT + after, net_r)
        self.append(EntryKind.OUTCOME, outcome_content(signal, course))

    def correct(
        self, signal: Signal, state: SignalState, after: timedelta, net_r: str, *, restates: int
    ) -> None:
        course = make_end(signal, state, MIDNIGHT + after, net_r)
        content = correction_content(signal, course, restates=restates, reason="a wrong candle")
        self.append(EntryKind.CORRECTION, content)

    def trade(
        self, signal_id: int, after: timedelta, net_r: str, state: SignalState = SignalState.TP3
    ) -> Signal:
        signal = self.publish(signal_id, after)
        self.end(signal, state, after + HOUR, net_r)
        return signal

    def figures(self, start: timedelta = timedelta(0), length: timedelta = DAY) -> Statistics:
        return self.between(MIDNIGHT + start, MIDNIGHT + start + length)

    def between(self, start: datetime, end: datetime) -> Statistics:
        return statistics_of(read_record(self.entries), start, end)

    def append(self, kind: EntryKind, content: dict[str, object]) -> None:
        head = self.entries[-1] if self.entries else None
        self.entries.append(next_entry(head, kind, MIDNIGHT, content))


def make_end(
    signal: Signal,
    state: SignalState,
    ended_at: datetime,
    net_r: str,
    reached: Sequence[SignalState] = (),
) -> Course:
    """An entered signal is held for 20 minutes; 1 R is 2 % of the notional."""
    is_trade = state not in (SignalState.EXPIRED, SignalState.CANCELLED)
    legs = (*reached, state) if is_trade else ()
    return Course(
        state=state,
        stop=signal.plan.stop,
        triggered_at=ended_at - timedelta(minutes=20) if is_trade else None,
        exits=tuple(
            Exit(state=each, price=Decimal(100), fraction=Decimal("0.2"), at=ended_at)
            for each in legs
        ),
        realised_r=Decimal(net_r),
        realised_percent=Decimal(net_r) * 2,
        ended_at=ended_at,
    )
