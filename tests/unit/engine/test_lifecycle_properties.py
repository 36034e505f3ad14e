"""Whatever the market does: the sums are right, downtime changes nothing, shorts mirror longs."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import Candle
from domain.directions import Direction
from domain.plans import TradingCosts
from domain.signals import Course, Signal, SignalState, Step
from engine.lifecycle import advance, catch_up, start_course
from engine.lifecycle.quiet import is_quiet
from engine.lifecycle.rules import through_candle
from tests.unit.engine.minutes import Gains, exit_gains, follow, make_minutes
from tests.unit.risk.trade_builders import make_round_signal

_NO_EXIT = (SignalState.TRIGGERED, SignalState.EXPIRED)


@st.composite
def paths(draw: st.DrawFn) -> list[Gains]:
    """A calm or a wild walk in binary fractions, which floats hold exactly, with gaps and halts."""
    scale = draw(st.sampled_from([8, 32, 128]))
    length, close, path = draw(st.integers(1, 150)), draw(st.sampled_from([0.0, 1.0])), []
    moves = draw(st.lists(st.integers(-9, 9), min_size=4, max_size=40))
    for number in range(length):
        body, up, down, gap = (moves[(number * 4 + k) % len(moves)] / scale for k in range(4))
        start = close + (gap if number % 7 == 6 else 0)
        close = max(-40.0, min(40.0, start + body))
        best, worst = max(start, close) + abs(up) / 2, min(start, close) - abs(down) / 2
        path.append((start, best, worst, close))
    return halted(
        path, draw(st.lists(st.tuples(st.integers(0, 150), st.integers(1, 30)), max_size=2))
    )


def halted(path: list[Gains], halts: list[tuple[int, int]]) -> list[Gains]:
    """The path with minutes without trades from some numbers on, for so long."""
    changed = list(path)
    for first, count in halts:
        for number in range(first, min(first + count, len(path))):
            last = changed[number - 1][3] if number else 0.0
            changed[number] = (last, last, last, last)
    return changed


@given(paths())
@settings(max_examples=100)
def test_parts_add_up(path: list[Gains]) -> None:
    course, steps = follow(make_round_signal(), make_minutes(path))
    assert 0 <= course.closed_fraction <= 1
    if course.state.is_final and course.state is not SignalState.EXPIRED:
        assert course.closed_fraction == 1
        assert course.ended_at is not None
    assert len(course.exits) == sum(step.state not in _NO_EXIT for step in steps)


@given(paths())
@settings(max_examples=100)
def test_loss_is_at_most_the_risk_unless_the_market_gapped(path: list[Gains]) -> None:
    signal = make_round_signal()
    candles = make_minutes(path)
    course, _ = follow(signal, candles)
    worst_open = min((Decimal(str(candle.open)) for candle in candles), default=Decimal(100))
    worst_exit = min(signal.plan.stop, worst_open)
    floor = (worst_exit - 100 - 100 * signal.plan.costs.round_trip) / signal.plan.stop_distance
    assert course.realised_r >= floor


def make_costly(direction: Direction, cost_r: Decimal) -> Signal:
    """A signal whose round trip costs so many R, and its break-even lies as far away."""
    signal = make_round_signal(direction)
    plan = signal.plan
    cost = cost_r * plan.stop_distance
    nothing = Decimal(0)
    costs = TradingCosts(
        entry_fee=nothing, exit_fee=nothing, slippage=nothing, funding=cost / plan.entry
    )
    break_even = plan.entry + direction.sign * cost
    return replace(signal, plan=replace(plan, costs=costs, break_even=break_even))


@given(path=paths(), direction=st.sampled_from(Direction), cost_hundredths_r=st.integers(0, 300))
@settings(max_examples=300)
def test_no_exit_is_at_a_better_price_than_the_market_had_reached(
    path: list[Gains], direction: Direction, cost_hundredths_r: int
) -> None:
    signal = make_costly(direction, Decimal(cost_hundredths_r) / 100)
    course, best = start_course(signal), 0.0
    for gains, candle in zip(path, make_minutes(path, direction), strict=True):
        was_open = course.state.is_open
        known = len(course.exits)
        course, _ = advance(signal, course, candle)
        # Of the candle of the entry only the close is known to have come after it.
        best = max(best, gains[1] if was_open else gains[3]) if course.triggered_at else best
        for leg in course.exits[known:]:
            assert direction.sign * (leg.price - 100) <= Decimal(best)


@pytest.mark.parametrize("direction", list(Direction))
def test_rest_of_a_trade_that_costs_more_than_its_first_target_is_stopped_at_that_target(
    direction: Direction,
) -> None:
    path: list[Gains] = [
        (0.0, 0.5, -0.5, 0.4),
        (0.4, 3.2, 0.4, 3.1),
        (3.1, 3.4, -1.0, -1.0),
    ]
    course, _ = follow(make_costly(direction, Decimal("1.7")), make_minutes(path, direction))
    assert course.state is SignalState.BREAKEVEN
    assert exit_gains(course, direction) == [("tp1", Decimal(3)), ("breakeven", Decimal(3))]


@given(paths())
@settings(max_examples=100)
def test_cursor_and_stop_only_move_on(path: list[Gains]) -> None:
    signal = make_round_signal()
    course = start_course(signal)
    for candle in make_minutes(path):
        following, _ = advance(signal, course, candle)
        assert following.stop >= course.stop
        if not course.state.is_final:
            assert following.cursor == candle.index
        course = following


@given(path=paths(), data=st.data())
@settings(max_examples=100)
def test_downtime_and_repeated_candles_change_nothing(
    path: list[Gains], data: st.DataObject
) -> None:
    signal = make_round_signal()
    candles = make_minutes(path)
    expected = follow(signal, candles)
    kills = data.draw(st.lists(st.integers(0, len(candles)), max_size=5).map(sorted))
    course = start_course(signal)
    steps: list[Step] = []
    for kill in [*kills, len(candles)]:
        # After each kill everything is sent again from the start.
        course, taken = follow(signal, candles[:kill], course)
        steps += taken
    assert (course, steps) == expected


@given(paths())
@settings(max_examples=100)
def test_what_comes_later_does_not_change_what_was(path: list[Gains]) -> None:
    signal = make_round_signal()
    candles = make_minutes(path)
    half = len(candles) // 2
    _, early = follow(signal, candles[:half])
    _, whole = follow(signal, candles)
    assert whole[: len(early)] == early


@given(paths())
@settings(max_examples=100)
def test_short_is_the_mirror_of_a_long(path: list[Gains]) -> None:
    long, _ = follow(make_round_signal(), make_minutes(path))
    short, _ = follow(make_round_signal(Direction.SHORT), make_minutes(path, Direction.SHORT))
    assert short == reflected(long)


@given(path=paths(), direction=st.sampled_from(Direction))
@settings(max_examples=200)
def test_quick_look_at_quiet_candles_changes_nothing(
    path: list[Gains], direction: Direction
) -> None:
    signal = make_round_signal(direction)
    course = start_course(signal)
    for candle in make_minutes(path, direction):
        if course.state.is_final:
            return
        exact = through_candle(signal, course, candle)
        following, steps = advance(signal, course, candle)
        assert (following, steps) == (exact.course, exact.steps)
        course = following


@given(path=paths(), direction=st.sampled_from(Direction))
@settings(max_examples=100)
def test_candles_at_once_bring_what_they_bring_one_by_one(
    path: list[Gains], direction: Direction
) -> None:
    signal, candles = make_round_signal(direction), make_minutes(path, direction)
    course = start_course(signal)
    steps: list[Step] = []
    for candle in candles:
        course, taken = advance(signal, course, candle)
        steps += taken
    moves = catch_up(signal, start_course(signal), candles, signal.published_at)
    assert moves[-1].course == course
    assert [step for move in moves for step in move.steps] == steps
    assert all(move.steps for move in moves[:-1])


@pytest.mark.parametrize("direction", list(Direction))
def test_most_candles_of_a_calm_trade_are_quiet(direction: Direction) -> None:
    signal = make_round_signal(direction)
    calm: list[Gains] = [(0.5, 0.6, -0.1, 0.5), *[(0.5, 2.9, -1.9, 0.5)] * 120]
    course, quiet = start_course(signal), 0
    for candle in make_minutes(calm, direction):
        quiet += is_quiet(signal, course, candle)
        course, _ = advance(signal, course, candle)
    assert quiet == 119  # all but the entry and the end of the longest hold


def reflected(course: Course) -> Course:
    def mirror(price: Decimal) -> Decimal:
        return 200 - price

    return replace(
        course,
        stop=mirror(course.stop),
        extreme=None if course.extreme is None else mirror(course.extreme),
        exits=tuple(replace(leg, price=mirror(leg.price)) for leg in course.exits),
    )


def test_paths_reach_every_state() -> None:
    """The properties above would say little if the walks all ended alike."""
    seen: set[SignalState] = set()

    @given(paths())
    @settings(max_examples=600, database=None, derandomize=True)
    def collect(path: list[Gains]) -> None:
        candles: list[Candle] = make_minutes(path)
        seen.update(step.state for step in follow(make_round_signal(), candles)[1])

    collect()
    assert seen >= {
        SignalState.TRIGGERED,
        SignalState.STOPPED,
        SignalState.BREAKEVEN,
        SignalState.TRAILED,
        SignalState.TP3,
        SignalState.MAX_HOLD,
        SignalState.EXPIRED,
    }
