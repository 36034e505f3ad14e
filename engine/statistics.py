"""Figures of a period, computed from the ledger and from nowhere else (design 4.8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.directions import Direction
from domain.ledger import EntryKind, LedgerEntry
from domain.signals import SignalState
from engine.ledger import parse_content
from engine.reports import Statistics, TradeResult

_NO_TRADE = (SignalState.EXPIRED, SignalState.CANCELLED)


def compute_statistics(
    entries: Sequence[LedgerEntry], start: datetime, end: datetime
) -> Statistics:
    """Figures of `start <= t < end` from the whole record.

    A signal belongs to the period of its publication, an outcome to that of its end: a trade over
    midnight is published on one day and won or lost on the next. Raises `InvalidDataError` for an
    entry that cannot be read.
    """
    signals = _contents(entries, EntryKind.SIGNAL)
    outcomes = _contents(entries, EntryKind.OUTCOME)
    ended = {outcome["signal"] for outcome in outcomes}
    published = [each for each in signals if start <= _instant(each["published_at"]) < end]
    finished = [each for each in outcomes if start <= _instant(each["ended_at"]) < end]
    return Statistics(
        published=len(published),
        live=sum(signal["signal"] not in ended for signal in published),
        expired=_count(finished, SignalState.EXPIRED),
        cancelled=_count(finished, SignalState.CANCELLED),
        results=_results(finished),
    )


def _contents(entries: Sequence[LedgerEntry], kind: EntryKind) -> list[Mapping[str, Any]]:
    return [parse_content(entry) for entry in entries if entry.kind is kind]


def _count(outcomes: Sequence[Mapping[str, Any]], state: SignalState) -> int:
    return sum(SignalState(outcome["state"]) is state for outcome in outcomes)


def _results(outcomes: Sequence[Mapping[str, Any]]) -> tuple[TradeResult, ...]:
    trades = (
        _result(outcome) for outcome in outcomes if SignalState(outcome["state"]) not in _NO_TRADE
    )
    return tuple(sorted(trades, key=lambda result: (result.ended_at, result.signal_id)))


def _result(outcome: Mapping[str, Any]) -> TradeResult:
    return TradeResult(
        signal_id=outcome["signal"],
        pair=outcome["pair"],
        direction=Direction(outcome["direction"]),
        state=SignalState(outcome["state"]),
        net_r=Decimal(outcome["net_r"]),
        net_percent=Decimal(outcome["net_percent"]),
        ended_at=_instant(outcome["ended_at"]),
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
