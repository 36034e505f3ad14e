"""The verifier's second implementation of a signal's life agrees with the engine's, always."""

import json
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import Candle
from domain.directions import Direction
from domain.ledger import EntryKind
from domain.signals import Course, Signal, SignalState
from engine.ledger import next_entry, outcome_content, signal_content
from engine.ledger.candles import dump_files
from tests.builders.signals import COSTS
from tests.unit.engine.minutes import Gains, follow
from tests.unit.verifier.made_record import CALM, ENTER, HALT, make_candle_path, make_published
from verifier import verify

MINUTES = 230
"""To the end of the longest hold, and an hour of patience more."""


def walk(seed: int, pace: float) -> list[Gains]:
    """A random walk with gaps, stretches without a trade, and now and then a halt to the end."""
    generator, path = random.Random(seed), list[Gains]()
    close = generator.choice([0.0, 0.0, 1.0])
    halted_from = generator.choice([MINUTES, MINUTES, generator.randrange(MINUTES)])
    for minute in range(MINUTES):
        if minute >= halted_from or generator.random() < 0.05:
            path.append(HALT)
            continue
        start = close + (generator.gauss(0, 3 * pace) if generator.random() < 0.05 else 0)
        close = max(-40.0, min(40.0, start + generator.gauss(0, pace)))
        up, down = (abs(generator.gauss(0, pace / 2)) for _ in range(2))
        path.append((start, max(start, close) + up, min(start, close) - down, close))
    return path


def as_published(signal: Signal) -> verify.Signal:
    """What the verifier reads of a signal."""
    made = next_entry(None, EntryKind.SIGNAL, signal.published_at, signal_content(signal))
    line = {"sequence": 1, "kind": made.kind, "body": made.body, "hash": made.hash}
    line |= {"at": json.loads(made.body)["at"], "previous_hash": made.previous_hash}
    entry = verify.read_entry(1, verify.canonical(line).encode(), verify.GENESIS)
    return verify.read_signal(entry, 0)


def recompute(signal: Signal, candles: list[Candle]) -> verify.Life:
    """Through the candles as a file tells them."""
    published = as_published(signal)
    rows = {
        minute: verify.candle_of(minute, cells)
        for _, text in dump_files("X", candles)
        for cells in (line.split(",") for line in text.splitlines()[1:])
        for minute in [verify.minute_of(cells[0])]
    }
    return verify.follow(published, rows, until=published.longest_life + verify.HOUR)[0]


def run(
    seed: int, pace: float, direction: Direction, funding_hundredths_r: int = 0
) -> tuple[Signal, Course, verify.Life]:
    """A signal on a walk; what it pays in funding makes its break-even lie further away."""
    funding = COSTS.funding + Decimal("0.00015") * funding_hundredths_r
    signal = make_published(1, direction, replace(COSTS, funding=funding))
    candles = make_candle_path(walk(seed, pace), signal.published_at, direction)
    course, _ = follow(signal, candles)
    return signal, course, recompute(signal, candles)


@given(
    seed=st.integers(0, 2**32),
    pace=st.sampled_from([0.05, 0.2, 0.5, 1.5]),
    direction=st.sampled_from(Direction),
    funding_hundredths_r=st.just(0) | st.integers(0, 290),
)
@settings(max_examples=200)
def test_both_tell_the_same_outcome(
    seed: int, pace: float, direction: Direction, funding_hundredths_r: int
) -> None:
    signal, course, life = run(seed, pace, direction, funding_hundredths_r)
    assert (life.end is not None) == course.state.is_final
    if life.end is not None:
        entry = next_entry(None, EntryKind.OUTCOME, signal.published_at, {"x": None})
        told = next_entry(entry, EntryKind.OUTCOME, entry.at, outcome_content(signal, course))
        assert life.outcome() == json.loads(told.body)["content"]


@pytest.mark.parametrize(
    ("halted", "state"), [(179, SignalState.MAX_HOLD), (180, SignalState.INVALIDATED)]
)
def test_both_give_up_at_the_same_minute(halted: int, state: SignalState) -> None:
    signal = make_published(1, Direction.LONG)
    path = [ENTER, *[HALT] * halted, *[CALM] * 5]
    candles = make_candle_path(path, signal.published_at, Direction.LONG)
    course, _ = follow(signal, candles)
    life = recompute(signal, candles)
    assert life.end is not None
    assert course.state == life.end[0] == state


def test_walks_reach_every_end_that_candles_bring() -> None:
    """The property above would say little if the walks all ended alike."""
    seen = {
        run(seed, pace, direction)[1].state
        for seed in range(16)
        for pace in (0.05, 0.2, 0.5, 1.5)
        for direction in Direction
    }
    assert seen >= {
        SignalState.STOPPED,
        SignalState.BREAKEVEN,
        SignalState.TRAILED,
        SignalState.TP3,
        SignalState.MAX_HOLD,
        SignalState.EXPIRED,
        SignalState.INVALIDATED,
    }


def test_walks_end_at_the_first_target_where_costs_are_beyond_it() -> None:
    stopped = set[Decimal]()
    for seed in range(24):
        signal, course, _ = run(seed, 0.5, Direction.LONG, 200)
        assert signal.plan.break_even > signal.plan.targets[0].price
        stopped |= {leg.price for leg in course.exits if leg.state is SignalState.BREAKEVEN}
    assert stopped == {signal.plan.targets[0].price}
