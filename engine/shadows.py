"""Decisions that were not sent, as trades that are followed all the same (design 4.8). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.candles import Candle
from domain.decisions import Decision
from domain.directions import Direction
from domain.market import MarketSnapshot
from domain.parameters import Parameters, parameter
from domain.plans import TradePlan
from domain.shadows import FollowedShadow, Shadow
from domain.signals import Course, FollowedSignal, Signal
from engine.issue import IssueParameters
from engine.lifecycle import catch_up, start_course
from engine.ports.storage import DecisionRecord
from risk.gate import RiskParameters, plan_without_account


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowParameters(Parameters):
    """Which decisions are worth following although nobody was told of them."""

    minimum_score: float = parameter(
        55.0,
        doc="score from which a decision that was not sent is followed as a shadow",
        unit="support",
        source="design 4.8",
        low=50,
        high=100,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Room for one live shadow: a pair, a direction, and which of two kinds of rule said no."""

    symbol: str
    direction: Direction
    is_denied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowRules:
    """All settings that a new shadow depends on."""

    shadows: ShadowParameters
    risk: RiskParameters
    issuing: IssueParameters


def choose_unsent(
    records: Iterable[DecisionRecord],
    live_shadows: Iterable[FollowedShadow],
    live_signals: Iterable[FollowedSignal],
    at: datetime,
    parameters: ShadowParameters,
) -> list[DecisionRecord]:
    """Decisions of one round that become shadows, in their order.

    They have a direction and enough score and were not sent. A setup often stands for several
    closes. To count it at each would make one piece of luck many, so that of one pair, direction
    and kind (denied or discarded) only one shadow lives at a time: the first. The two kinds have
    room apart, since they judge different rules: what is discarded now may pass the quorum and be
    denied at the next close. Where a signal on the pair lives in the same direction there is none:
    the signal's own outcome tells.
    """
    taken = {_place_of(each) for each in live_shadows if at < _longest_life(each.shadow)}
    told = {(each.signal.instrument.symbol, each.signal.plan.direction) for each in live_signals}
    chosen: list[DecisionRecord] = []
    for record in records:
        place = _place_for(record, parameters)
        if place is None or place in taken or (place.symbol, place.direction) in told:
            continue
        taken.add(place)
        chosen.append(record)
    return chosen


def begin_shadows(
    chosen: Sequence[DecisionRecord],
    snapshots: Mapping[str, MarketSnapshot],
    *,
    first_id: int,
    at: datetime,
    rules: ShadowRules,
) -> list[FollowedShadow]:
    """Shadows of chosen decisions, numbered from `first_id` on.

    `snapshots` are by symbol those that were decided on, `at` the instant from which a follower
    could have known: no candle that opens before it counts. A decision without a plan gets none.
    """
    begun: list[FollowedShadow] = []
    for record in chosen:
        snapshot = snapshots[record.decision.symbol]
        plan = plan_without_account(
            record.decision, snapshot, rules.risk, entry_window=rules.issuing.entry_window
        )
        if plan is not None:
            shadow = _shadow(first_id + len(begun), record, snapshot, plan, at, rules)
            course = start_course(as_signal(shadow))
            begun.append(FollowedShadow(shadow=shadow, course=course))
    return begun


def as_signal(shadow: Shadow) -> Signal:
    """What would have been published: a shadow lives by the very rules of a signal."""
    return Signal(
        id=shadow.id,
        instrument=shadow.instrument,
        decision=shadow.decision,
        plan=shadow.plan,
        published_at=shadow.decided_at,
        valid_until=shadow.valid_until,
        rules=shadow.lifecycle,
    )


def follow_shadow(followed: FollowedShadow, candles: Sequence[Candle], now: datetime) -> Course:
    """The course after all closed 1-minute candles there are at an instant, oldest first.

    Those followed already change nothing. Ended by now where it is overdue. Raises
    `StaleDataError` when a candle was left out.
    """
    moves = catch_up(as_signal(followed.shadow), followed.course, candles, now)
    return moves[-1].course if moves else followed.course


def _place_of(followed: FollowedShadow) -> _Place:
    shadow = followed.shadow
    return _Place(
        symbol=shadow.instrument.symbol,
        direction=shadow.plan.direction,
        is_denied=shadow.decision.is_signal,
    )


def _place_for(record: DecisionRecord, parameters: ShadowParameters) -> _Place | None:
    decision = record.decision
    if record.signal_id is not None or decision.direction is None:
        return None
    if decision.score < parameters.minimum_score:
        return None
    return _Place(
        symbol=decision.symbol, direction=decision.direction, is_denied=decision.is_signal
    )


def _longest_life(shadow: Shadow) -> datetime:
    # While candles are missing, an ended shadow looks alive; it must not keep its place for that.
    return shadow.valid_until + shadow.lifecycle.maximum_hold


def _shadow(
    shadow_id: int,
    record: DecisionRecord,
    snapshot: MarketSnapshot,
    plan: TradePlan,
    at: datetime,
    rules: ShadowRules,
) -> Shadow:
    decision = record.decision
    return Shadow(
        id=shadow_id,
        instrument=snapshot.instrument,
        decision=_without_reasons(decision),
        plan=plan,
        decided_at=at,
        valid_until=decision.as_of + rules.issuing.entry_window,
        lifecycle=rules.risk.lifecycle,
        rules=_names_of(record),
    )


def _without_reasons(decision: Decision) -> Decision:
    # They are three quarters of its text, and every decision is stored whole beside its shadow.
    return replace(decision, layers=(), shares=())


def _names_of(record: DecisionRecord) -> tuple[str, ...]:
    if record.decision.is_signal:
        return tuple(dict.fromkeys(denial.rule for denial in record.denials))
    return tuple(discard.name for discard in record.decision.discards)
