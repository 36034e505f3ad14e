"""Which decisions that were not sent become shadows, and what a shadow is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.decisions import Discard
from domain.directions import Direction
from domain.signals import SignalState
from engine.lifecycle import next_candle_index, start_course
from engine.ports.storage import DecisionRecord
from engine.shadows import (
    ShadowParameters,
    as_signal,
    begin_shadows,
    choose_unsent,
    follow_shadow,
)
from risk.gate import plan_without_account
from tests.builders.five_layers import make_combined_decision
from tests.builders.signals import CLOSED_AT, PUBLISHED_AT
from tests.unit.engine.minutes import FIRST_INDEX, make_minutes
from tests.unit.engine.shadowing import RULES, candidate, denied, discarded, round_shadow
from tests.unit.risk.trade_builders import SOL, make_live, make_snapshot

LONG, SHORT = Direction.LONG, Direction.SHORT
LOW = ShadowParameters()
QUARTER = timedelta(minutes=15)


def chosen_of(*records: DecisionRecord, **others: object) -> list[DecisionRecord]:
    live = {"live_shadows": (), "live_signals": (), "at": PUBLISHED_AT, "parameters": LOW}
    return choose_unsent(records, **(live | others))  # type: ignore[arg-type]  # told by name


def test_denied_and_discarded_decisions_are_chosen() -> None:
    records = [denied(candidate("SOL")), discarded(candidate("ETH"))]
    assert chosen_of(*records) == records


def test_what_was_sent_is_no_shadow() -> None:
    assert chosen_of(DecisionRecord(decision=candidate(), signal_id=1)) == []


def test_decision_without_a_direction_is_no_shadow() -> None:
    assert chosen_of(discarded(candidate(direction=None), Discard.NO_DIRECTION)) == []


@pytest.mark.parametrize(("score", "count"), [(54.999, 0), (55.0, 1), (64.9, 1)])
def test_score_decides_from_55_on(score: float, count: int) -> None:
    record = discarded(replace(candidate(), score=score))
    assert len(chosen_of(record)) == count


def test_setup_that_stands_for_several_closes_is_counted_once() -> None:
    live = round_shadow(1)
    assert live.shadow.decision.is_signal
    assert chosen_of(denied(candidate()), live_shadows=[live]) == []


def test_discarded_and_denied_shadows_of_one_pair_have_room_side_by_side() -> None:
    record = discarded(candidate())
    assert chosen_of(record, live_shadows=[round_shadow(1)]) == [record]


def test_discarded_setup_is_counted_once_too() -> None:
    live = round_shadow(1)
    decision = replace(live.shadow.decision, discards=(Discard.LOW_SCORE,))
    live = replace(live, shadow=replace(live.shadow, decision=decision))
    same, other = discarded(candidate(), Discard.LOW_COVERAGE), denied(candidate())
    assert chosen_of(same, other, live_shadows=[live]) == [other]


@pytest.mark.parametrize(("base", "direction"), [("ETH", LONG), ("SOL", SHORT)])
def test_other_pair_or_direction_has_its_own_room(base: str, direction: Direction) -> None:
    record = denied(candidate(base, direction))
    assert chosen_of(record, live_shadows=[round_shadow(1)]) == [record]


def test_shadow_that_must_have_ended_keeps_no_room_though_its_candles_are_missing() -> None:
    live = round_shadow(1)
    end = live.shadow.valid_until + live.shadow.lifecycle.maximum_hold
    record = denied(candidate())
    before = end - timedelta(microseconds=1)
    assert chosen_of(record, live_shadows=[live], at=before) == []
    assert chosen_of(record, live_shadows=[live], at=end) == [record]


def test_where_a_signal_lives_its_own_outcome_tells() -> None:
    same, other = denied(candidate("SOL", LONG)), denied(candidate("SOL", SHORT))
    signal = make_live(LONG)
    assert signal.signal.instrument == SOL
    assert chosen_of(same, discarded(candidate()), other, live_signals=[signal]) == [other]


def test_two_records_of_one_kind_in_one_round_share_their_room() -> None:
    first, second = denied(candidate(), "paused"), denied(candidate(), "revenge")
    assert chosen_of(first, second) == [first]


def test_shadow_has_the_levels_and_the_clock_of_a_signal() -> None:
    record, snapshot = denied(candidate(), "overtrading", "paused", "paused"), make_snapshot()
    (begun,) = begin_shadows(
        [record], {"SOLUSDT": snapshot}, first_id=7, at=PUBLISHED_AT, rules=RULES
    )
    shadow = begun.shadow
    assert shadow.id == 7
    assert shadow.instrument == SOL
    assert shadow.plan == plan_without_account(
        record.decision, snapshot, RULES.risk, entry_window=QUARTER
    )
    assert (shadow.decided_at, shadow.valid_until) == (PUBLISHED_AT, CLOSED_AT + QUARTER)
    assert shadow.lifecycle == RULES.risk.lifecycle
    assert shadow.rules == ("overtrading", "paused")
    assert begun.course == start_course(as_signal(shadow))


def test_rules_of_a_discarded_decision_are_the_names_of_its_discards() -> None:
    record = discarded(candidate(), Discard.LOW_SCORE, Discard.TOO_FEW_LAYERS)
    (begun,) = begin_shadows(
        [record], {"SOLUSDT": make_snapshot()}, first_id=1, at=PUBLISHED_AT, rules=RULES
    )
    assert begun.shadow.rules == ("LOW_SCORE", "TOO_FEW_LAYERS")


def test_decision_without_a_plan_takes_no_number() -> None:
    blind = replace(candidate("ETH"), atr=None)
    snapshots = {"ETHUSDT": make_snapshot(), "SOLUSDT": make_snapshot()}
    begun = begin_shadows(
        [denied(blind, "no_atr"), denied(candidate())],
        snapshots,
        first_id=1,
        at=PUBLISHED_AT,
        rules=RULES,
    )
    assert [(each.shadow.id, each.shadow.decision.symbol) for each in begun] == [(1, "SOLUSDT")]


def test_shadow_keeps_its_decision_without_the_reasons() -> None:
    decision = replace(make_combined_decision(), symbol="SOLUSDT", close=100.0, atr=1.0)
    (begun,) = begin_shadows(
        [denied(decision)], {"SOLUSDT": make_snapshot()}, first_id=1, at=PUBLISHED_AT, rules=RULES
    )
    assert decision.layers
    assert decision.shares
    assert begun.shadow.decision == replace(decision, layers=(), shares=())


def test_first_candle_is_the_first_that_opens_after_the_decision() -> None:
    followed = round_shadow(1)
    assert next_candle_index(as_signal(followed.shadow), followed.course) == FIRST_INDEX


def test_no_candles_change_nothing() -> None:
    followed = round_shadow(1)
    assert follow_shadow(followed, (), PUBLISHED_AT) == followed.course


def test_candles_followed_already_change_nothing() -> None:
    followed = round_shadow(1)
    candles = make_minutes([(0.5, 0.6, -0.1, 0.5), (0.5, 0.6, 0.4, 0.5)])
    course = follow_shadow(followed, candles, PUBLISHED_AT)
    assert course.state is SignalState.TRIGGERED
    assert follow_shadow(replace(followed, course=course), candles, PUBLISHED_AT) == course
