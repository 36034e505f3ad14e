"""Positions reckoned at once from all rows equal those kept one step after another."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.orderflow.derivatives.periods import PeriodHistory, PeriodRows
from layers.orderflow.derivatives.positions import opened_positions

GAP_MS = 900_000
PERIOD_MS = 300_000

seen = st.tuples(
    st.integers(1, 5),
    st.one_of(st.just(0.0), st.floats(0.5, 1000)),
    st.floats(50, 150),
    st.floats(0, 5),
)


@dataclass(frozen=True)
class Kept:
    entry: float
    quantity: float
    lowest: float
    highest: float


def rows_of(points: list[tuple[int, float, float, float]]) -> PeriodRows:
    ends = np.cumsum([periods for periods, _, _, _ in points]) * float(PERIOD_MS)
    quantity = np.array([each[1] for each in points])
    low = np.array([each[2] for each in points])
    return PeriodRows(ends, quantity, low, low + np.array([each[3] for each in points]))


def kept_step_by_step(rows: PeriodRows) -> list[Kept]:
    kept: list[Kept] = []
    for number in range(1, len(rows.end_ms)):
        former, quantity = rows.quantity[number - 1 : number + 1]
        low, high = rows.low[number], rows.high[number]
        left = min(1.0, quantity / former) if former else 1.0
        kept = [
            Kept(each.entry, each.quantity * left, min(each.lowest, low), max(each.highest, high))
            for each in kept
        ]
        is_bridged = rows.end_ms[number] - rows.end_ms[number - 1] <= GAP_MS
        if quantity > former and is_bridged:
            kept.append(Kept((low * high) ** 0.5, quantity - former, np.inf, -np.inf))
    return [each for each in kept if each.quantity > 0]


@settings(max_examples=80)
@given(st.lists(seen, max_size=30))
def test_all_at_once_equals_one_step_after_another(
    points: list[tuple[int, float, float, float]],
) -> None:
    rows = rows_of(points) if points else PeriodRows(*np.empty((4, 0)))
    expected = kept_step_by_step(rows)
    found = opened_positions(rows, GAP_MS)
    for name in ("entry", "quantity", "lowest", "highest"):
        assert list(getattr(found, name)) == pytest.approx(
            [getattr(each, name) for each in expected]
        )


def test_rise_after_a_fall_does_not_bring_back_what_was_closed() -> None:
    rows = rows_of([(1, 10.0, 100, 0), (1, 14.0, 100, 0), (1, 7.0, 100, 0), (1, 14.0, 120, 0)])
    found = opened_positions(rows, GAP_MS)
    assert list(found.entry) == pytest.approx([100, 120])
    assert list(found.quantity) == pytest.approx([2, 7])
    assert list(found.lowest) == pytest.approx([100, np.inf])
    assert list(found.highest) == pytest.approx([120, -np.inf])


def test_position_opens_in_the_middle_of_the_prices_of_its_period() -> None:
    found = opened_positions(rows_of([(1, 10.0, 100, 0), (1, 14.0, 90, 10)]), GAP_MS)
    assert list(found.entry) == pytest.approx([(90 * 100) ** 0.5])


def test_rows_hold_the_last_quantity_and_the_extremes_of_price() -> None:
    history = PeriodHistory(10 * PERIOD_MS)
    for at_ms, quantity, price in (
        (1, 5, 100),
        (2, 7, 90),
        (PERIOD_MS, 6, 110),
        (PERIOD_MS + 1, 9, 95),
    ):
        history.add(at_ms, quantity, price)
    first = history.ended_between(0, PERIOD_MS)
    assert [list(column) for column in first] == [[PERIOD_MS], [6], [90], [110]]
    both = history.ended_between(0, 2 * PERIOD_MS)
    assert list(both.quantity) == [6, 9]


def test_period_that_has_not_ended_is_not_told() -> None:
    history = PeriodHistory(10 * PERIOD_MS)
    history.add(PERIOD_MS + 1, 5, 100)
    assert not len(history.ended_between(0, 2 * PERIOD_MS - 1).end_ms)


@given(st.integers(1, 20), st.integers(0, 100))
def test_history_is_bounded_and_keeps_what_it_promises(kept: int, added: int) -> None:
    history = PeriodHistory(kept * PERIOD_MS)
    for number in range(1, added + 1):
        history.add(number * PERIOD_MS, number, 100)
    found = history.ended_between(0, added * PERIOD_MS).quantity
    assert min(added, kept) <= len(found) <= 2 * (kept + 1)
    assert list(found) == list(range(added - len(found) + 1, added + 1))
