"""Whatever order the news comes in, a store tells the truth or nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import CandleSeries
from domain.timeframes import Timeframe
from exchanges.candle_store import CandleStore
from tests.unit.exchanges.fakes import rows_of, true_series, true_values

M1 = Timeframe.M1
FIRST = 5_000
HISTORY = 20
FUTURE = 200

late = st.integers(0, HISTORY + FUTURE - 1)
run_length = st.integers(1, 60)
news = st.one_of(
    st.tuples(st.just("finals"), late, run_length),
    st.tuples(st.just("forming"), late, st.just(1)),
    st.tuples(st.just("contradiction"), late, st.just(1)),
    st.tuples(st.just("rest"), late, run_length),
    st.tuples(st.just("mend"), late, st.just(1)),
)


class Told:
    """A store, and every snapshot that was taken of it, with what it said at the time."""

    def __init__(self) -> None:
        self.store = CandleStore(M1)
        self.store.confirm(true_series(M1, FIRST, FIRST + HISTORY - 1))
        self.snapshots: list[tuple[CandleSeries, list[tuple[float, ...]]]] = []

    def tell(self, kind: str, offset: int, count: int) -> None:
        start = FIRST + offset
        if kind == "finals":
            for index in range(start, start + count):
                self.store.close(index, true_values(index))
        elif kind == "forming":
            self.store.show_forming(start)
        elif kind == "contradiction" and self.store.holds(start):
            self.store.close(start, true_values(start + 1))
        elif kind == "mend":
            self.mend(start)
        elif kind == "rest" and start <= (self.store.last_index or 0):
            self.store.confirm(true_series(M1, start, start + count))
        self.take_snapshot()

    def mend(self, due: int) -> None:
        gap = self.store.missing(due)
        if gap is not None:
            self.store.confirm(true_series(M1, gap[0], gap[0] + gap[1] - 1))

    def take_snapshot(self) -> None:
        last = self.store.last_index
        series = None if last is None else self.store.until(last)
        if series is not None:
            self.snapshots.append((series, rows_of(series)))


@settings(max_examples=80)
@given(st.lists(news, max_size=25))
def test_any_mix_of_news_leaves_the_true_series_or_a_gap(
    stories: list[tuple[str, int, int]],
) -> None:
    told = Told()
    for story in stories:
        told.tell(*story)

    told.mend(FIRST + HISTORY + FUTURE)
    told.take_snapshot()

    final = told.snapshots[-1][0]
    assert final.last_index >= FIRST + HISTORY + FUTURE
    for series, rows in told.snapshots:
        assert rows == [true_values(series.first_index + i) for i in range(len(rows))]
        assert rows_of(series) == rows
