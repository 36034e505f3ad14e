"""Figures of a period, computed from the ledger and from nowhere else (design 4.8)."""

from collections.abc import Sequence
from datetime import datetime

from domain.signals import SignalState
from engine.statistics.performance import performance_of
from engine.statistics.record import Ending, Record
from engine.statistics.values import Statistics


def statistics_of(record: Record, start: datetime, end: datetime) -> Statistics:
    """Figures of `start <= t < end`.

    A signal belongs to the period of its publication, an outcome to that of its end as last stated:
    a trade over midnight is published on one day and won or lost on the next. Days before the first
    signal of the record say nothing, so the period begins there at the earliest.
    """
    start = _not_before_the_record(record, start, end)
    ended = [each for each in record.endings.values() if start <= each.ended_at < end]
    results = tuple(
        sorted(
            (each.result for each in ended if each.result is not None),
            key=lambda result: (result.ended_at, result.signal_id),
        )
    )
    published = [
        signal_id
        for signal_id, publication in record.publications.items()
        if start <= publication.published_at < end
    ]
    return Statistics(
        start=start,
        end=end,
        published=len(published),
        live=sum(signal_id not in record.endings for signal_id in published),
        expired=_count(ended, SignalState.EXPIRED),
        cancelled=_count(ended, SignalState.CANCELLED),
        invalidated=_count(ended, SignalState.INVALIDATED),
        corrections=sum(each.corrections for each in ended),
        results=results,
        performance=performance_of(results, start, end),
    )


def _not_before_the_record(record: Record, start: datetime, end: datetime) -> datetime:
    first = min((each.published_at for each in record.publications.values()), default=end)
    return max(start, first) if first < end else start


def _count(ended: Sequence[Ending], state: SignalState) -> int:
    return sum(each.state is state for each in ended)
