"""What a soak has shown: memory, lateness, closes, messages, positions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from domain.orders import OrderRole, OrderState
from domain.positions import PositionBooks, PositionState
from domain.timeframes import Timeframe, from_ms, to_ms
from tests.e2e.line import number_of
from tests.e2e.record import Record, read_outbox, read_record
from tests.soak_run.log_reading import Close, LogReading, read_logs, was_away
from tests.soak_run.measures import LatenessFindings, MemoryFindings, read_lateness, read_memory
from tests.soak_run.messages import MessageFindings, compare_messages
from tests.soak_run.soak import Soak

_SETTLE_WALL_SECONDS = 3.0
_DAY = timedelta(days=1)
_STOPS_AT_WORK = frozenset({OrderState.SENDING, OrderState.RESTING, OrderState.TRIGGERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFindings:
    """How many candle closes there were and what became of them.

    `unexplained` are missed without the process having been stopped or away over them.
    """

    expected: int
    decided: int
    missed_while_away: int
    unexplained: tuple[str, ...]
    decisions: int
    pairs_missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything that is written down about a soak.

    `venue_answer_ms` is how long the venue took for a trifle: where it is slow the machine is
    overloaded, and lateness is not the bot's. `fault_times` are wall seconds from the begin.
    """

    plan: str
    speed: float
    pairs: int
    wall_minutes: float
    simulated_hours: float
    messages_a_second: Sequence[Mapping[str, float]]
    machine_load: float
    venue_answer_ms: LatenessFindings | None
    memory: MemoryFindings
    decisions: LatenessFindings | None
    posts: LatenessFindings | None
    closes: CloseFindings
    messages: MessageFindings
    live_positions: int
    unprotected: tuple[str, ...]
    closed_positions: int
    doubts: Mapping[str, int]
    faults: Mapping[str, int]
    fault_times: Sequence[tuple[float, str]]
    kills: int
    became_quiet: bool
    exit_code: int | None
    stop_seconds: float
    warnings: Mapping[str, int]
    errors: Mapping[str, int]
    tracebacks: int


async def judge(soak: Soak) -> Verdict:
    """Read the database, the channel and the logs of a soak that has ended."""
    plan = soak.plan
    log = read_logs(soak.log_files, plan.speed)
    record = await read_record(soak.storage)
    rows = await read_outbox(soak.storage)
    async with soak.storage() as unit:
        live = await unit.positions.list_live()
        closed = await unit.positions.list_closed_between(plan.start, from_ms(soak.ended_ms) + _DAY)
    return Verdict(
        plan=plan.name,
        speed=plan.speed,
        pairs=plan.pairs,
        wall_minutes=plan.minutes,
        simulated_hours=plan.simulated_days * 24.0,
        messages_a_second=soak.rates,
        machine_load=float(np.mean(soak.load)) if soak.load else 0.0,
        venue_answer_ms=read_lateness(soak.venue_answers, soak.began),
        memory=read_memory(soak.sampler.samples, soak.began, plan.warm_up),
        decisions=read_lateness(_decided_late(soak, log), soak.began),
        posts=read_lateness(_posted_late(soak, record), soak.began),
        closes=_closes(soak, log),
        messages=compare_messages(record, rows, soak.channel.posts),
        live_positions=len(live),
        unprotected=tuple(_name(books) for books in live if not _is_protected(books)),
        closed_positions=len(closed),
        doubts=dict(soak.operator.answers),
        faults=dict(sorted(soak.troubles.caused.items())),
        fault_times=[(round(at - soak.began, 1), name) for at, name in soak.troubles.times],
        kills=soak.kills,
        became_quiet=soak.became_quiet,
        exit_code=soak.exit_code,
        stop_seconds=soak.stop_seconds,
        warnings=dict(log.warnings.most_common()),
        errors=dict(log.errors.most_common()),
        tracebacks=log.tracebacks,
    )


def _decided_late(soak: Soak, log: LogReading) -> list[tuple[float, float]]:
    """Closes at which the process was neither stopped nor away."""
    away = _pauses_ms(soak)
    at = {close: soak.monotonic(to_ms(close.boundary)) for close in log.closes if close.decided}
    settle = _settle(soak)
    return [
        (moment, close.late_ms)
        for close, moment in at.items()
        if not was_away(close.boundary, away, settle)
    ]


def _posted_late(soak: Soak, record: Record) -> list[tuple[float, float]]:
    """Of every signal's post: from the close it was decided at until it stood in the channel."""
    published = {one.signal.id: one.signal.published_at for one in record.signals}
    found = []
    for post in soak.signal_posts():
        at = published.get(number_of(post))
        if at is not None:
            boundary = soak.monotonic(to_ms(Timeframe.M15.previous_boundary(at)))
            found.append((boundary, (post.revisions[0].at - boundary) * 1000.0))
    return sorted(found)


def _closes(soak: Soak, log: LogReading) -> CloseFindings:
    until = from_ms(soak.ended_ms) - _settle(soak)
    expected, away = log.expected(until), _pauses_ms(soak)
    done = {close.boundary: close for close in log.closes if close.decided}
    missed = [boundary for boundary in expected if boundary not in done]
    explained = [one for one in missed if was_away(one, away, _settle(soak))]
    return CloseFindings(
        expected=len(expected),
        decided=len(expected) - len(missed),
        missed_while_away=len(explained),
        unexplained=tuple(str(one) for one in missed if one not in explained),
        decisions=sum(close.decided for close in log.closes),
        pairs_missing=sum(close.missing for close in _within(log.closes, expected)),
    )


def _within(closes: Sequence[Close], expected: Sequence[datetime]) -> list[Close]:
    wanted = set(expected)
    return [close for close in closes if close.boundary in wanted]


def _settle(soak: Soak) -> timedelta:
    return timedelta(seconds=_SETTLE_WALL_SECONDS * soak.plan.speed)


def _pauses_ms(soak: Soak) -> list[tuple[int, int]]:
    return [
        (soak.exchange_ms(began), soak.exchange_ms(ended)) for began, ended in soak.troubles.pauses
    ]


def _is_protected(books: PositionBooks) -> bool:
    """Whether a stop works for it, or nothing is open yet, or what is open is being closed."""
    if books.position.state is not PositionState.OPEN:
        return True
    stops = (order for order in books.orders if order.role is OrderRole.STOP)
    return any(stop.state in _STOPS_AT_WORK for stop in stops)


def _name(books: PositionBooks) -> str:
    return f"{books.position.symbol} #{books.position.id}"
