"""What the book of outcomes counts, and when."""

import pytest

from domain.errors import InvalidDataError
from domain.memory import FEATURES, Memory, Origin, OutcomeCount
from tests.unit.layers.memory.past import AS_OF_MS, MINUTE, book, outcome, setup, trades

EVERYTHING = setup().likeness(len(FEATURES))


def counted(memory: Memory, origin: Origin = Origin.LIVE) -> OutcomeCount:
    return memory.counts.get(EVERYTHING, {}).get(origin, OutcomeCount())


def test_origins_are_kept_apart() -> None:
    kept = book(*trades(3, 1), *trades(1, 2, origin=Origin.BACKTEST))
    memory = kept.as_of(AS_OF_MS)
    assert counted(memory) == OutcomeCount(trades=4, wins=3, total_r=3.5)
    assert counted(memory, Origin.BACKTEST) == OutcomeCount(trades=3, wins=1, total_r=-0.5)


def test_trade_that_made_nothing_is_not_won() -> None:
    assert counted(book(outcome(0, 0.0)).as_of(AS_OF_MS)).wins == 0


def test_outcome_counts_from_the_instant_it_is_known() -> None:
    kept = book(outcome(0, decided_ms=AS_OF_MS - 60 * MINUTE, known_ms=AS_OF_MS))
    assert counted(kept.as_of(AS_OF_MS - 1)).trades == 0
    assert counted(kept.as_of(AS_OF_MS)).trades == 1


def test_decision_of_the_same_instant_is_not_a_past_one() -> None:
    kept = book(outcome(0, decided_ms=AS_OF_MS, known_ms=AS_OF_MS))
    assert counted(kept.as_of(AS_OF_MS)).trades == 0
    assert counted(kept.as_of(AS_OF_MS + 1)).trades == 1


def test_earlier_instant_is_counted_anew() -> None:
    kept = book(*trades(2, 0))
    assert counted(kept.as_of(AS_OF_MS)).trades == 2
    assert counted(kept.as_of(0)).trades == 0
    assert counted(kept.as_of(AS_OF_MS)).trades == 2


def test_outcome_that_is_told_late_is_counted_after_all() -> None:
    kept = book(outcome(0))
    assert counted(kept.as_of(AS_OF_MS)).trades == 1
    kept.add(outcome(1))
    assert counted(kept.as_of(AS_OF_MS)).trades == 2


def test_same_outcome_twice_counts_once() -> None:
    kept = book(outcome(0), outcome(0))
    assert counted(kept.as_of(AS_OF_MS)).trades == 1
    kept.add(outcome(0))
    assert counted(kept.as_of(AS_OF_MS)).trades == 1


@pytest.mark.parametrize("is_turned", [False, True])
def test_of_two_outcomes_of_one_trade_the_worse_holds(is_turned: bool) -> None:
    told = [outcome(0, 1.0), outcome(0, -1.0)]
    kept = book(told[is_turned])
    kept.as_of(AS_OF_MS)
    kept.add(told[not is_turned])
    assert counted(kept.as_of(AS_OF_MS)) == OutcomeCount(trades=1, wins=0, total_r=-1.0)


def test_memory_that_was_given_out_does_not_change() -> None:
    kept = book(outcome(0))
    before = kept.as_of(AS_OF_MS)
    kept.add(outcome(1))
    kept.as_of(AS_OF_MS)
    assert counted(before).trades == 1


@pytest.mark.parametrize("result", [float("nan"), float("inf")])
def test_result_that_is_not_a_number_is_refused(result: float) -> None:
    with pytest.raises(InvalidDataError, match="finite"):
        outcome(0, result)
