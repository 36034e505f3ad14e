"""The memory of quarters: as long as a week, as wide as allowed."""

from layers.sentiment.tracking.quarters import WEEK, QuarterRows, last_whole_quarter, quarter_of
from tests.unit.layers.sentiment.felt import AT_MS

FIRST = quarter_of(AT_MS)


def numbers_of(rows: QuarterRows, name: str, first: int, last: int) -> list[float]:
    row = rows.row_of(name)
    assert row is not None
    return [float(number) for number in rows.between(first, last)[row]]


def test_an_instant_on_a_boundary_belongs_to_the_quarter_that_ends() -> None:
    assert quarter_of(AT_MS) == last_whole_quarter(AT_MS) == quarter_of(AT_MS + 1) - 1


def test_a_week_is_remembered_and_what_is_before_it_forgotten() -> None:
    rows = QuarterRows(10)
    rows.add("SOL", FIRST, 2)
    rows.add("SOL", FIRST, 1)
    rows.add("SOL", FIRST + WEEK - 1, 5)
    assert numbers_of(rows, "SOL", FIRST, FIRST + WEEK - 1) == [3.0, *[0.0] * (WEEK - 2), 5.0]
    rows.put("SOL", FIRST + 3 * WEEK, 7)
    assert sum(numbers_of(rows, "SOL", FIRST + 2 * WEEK + 1, FIRST + 3 * WEEK)) == 7.0
    assert sum(numbers_of(rows, "SOL", FIRST, FIRST + WEEK - 1)) == 0.0
    rows.add("SOL", FIRST, 9)
    assert sum(numbers_of(rows, "SOL", FIRST, FIRST + 3 * WEEK)) == 7.0


def test_more_coins_than_there_is_room_for_push_out_the_least_mentioned() -> None:
    rows = QuarterRows(40)
    for place in range(40):
        rows.add(f"C{place}", FIRST, place + 1)
    assert numbers_of(rows, "C39", FIRST, FIRST) == [40.0]
    rows.add("NEW", FIRST, 3)
    assert rows.row_of("C0") is None
    assert numbers_of(rows, "NEW", FIRST, FIRST) == [3.0]
    assert numbers_of(rows, "C1", FIRST, FIRST) == [2.0]
