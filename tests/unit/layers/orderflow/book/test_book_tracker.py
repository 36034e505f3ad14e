"""When a book can be read, and as of when."""

import math

import pytest

from domain.order_book import Level
from tests.unit.layers.orderflow.book.books import (
    QUARTER_HOUR_MS,
    STALE_MS,
    START_MS,
    book,
    feed,
    read,
    tracker,
)

T = START_MS + 60_000
BOUNDARY = START_MS + QUARTER_HOUR_MS


def test_before_the_first_book_there_is_a_problem_and_no_reading() -> None:
    target = tracker()
    assert target.reading(T) is None
    assert target.problem_at(T) == "no book has arrived yet"


def test_a_whole_book_is_read_with_its_levels_and_time() -> None:
    target = tracker()
    bids, asks = book(999.0, 1001.0)
    target.update(T, bids, asks)
    reading = read(target, T + 50)
    assert target.problem_at(T + 50) == ""
    assert (reading.exchange_ms, reading.bids, reading.asks) == (T, tuple(bids), tuple(asks))


def test_levels_changed_by_their_sender_afterwards_do_not_change_the_reading() -> None:
    target = tracker()
    bids, asks = book()
    target.update(T, bids, asks)
    before = read(target, T)
    bids.clear()
    assert read(target, T) == before


_BIDS, _ASKS = book(levels=10)


@pytest.mark.parametrize(
    ("bids", "asks", "problem"),
    [
        (_BIDS, [(998.5, 1.0), *_ASKS], "crossed: best bid 999.0, best ask 998.5"),
        (_BIDS, [(999.0, 1.0), *_ASKS], "crossed: best bid 999.0, best ask 999.0"),
        (_BIDS[:9], _ASKS, "incomplete: 9 bid levels, 10 are needed"),
        (_BIDS, [], "incomplete: 0 ask levels, 10 are needed"),
        (_BIDS[::-1], _ASKS, "unsorted: bid prices 990.0 to 999.0"),
        (_BIDS, _ASKS[::-1], "unsorted: ask prices"),
        ([_BIDS[0], *_BIDS], _ASKS, "unsorted: bid prices"),
        ([*_BIDS, (math.nan, 1.0)], _ASKS, "unsorted: bid prices"),
        (_BIDS, [*_ASKS, (math.inf, 1.0)], "ask levels that are not positive, finite numbers"),
        ([*_BIDS, (0.0, 1.0)], _ASKS, "bid levels that are not positive"),
        ([*_BIDS, (900.0, 0.0)], _ASKS, "bid levels that are not positive"),
        ([*_BIDS, (900.0, -1.0)], _ASKS, "bid levels that are not positive"),
        (_BIDS, [*_ASKS, (1100.0, math.nan)], "ask levels that are not positive"),
        (_BIDS, [(1000.5, math.nan), *_ASKS], "ask levels that are not positive"),
        (_BIDS, [*_ASKS, (1100.0, math.inf)], "ask levels that are not positive"),
        (_BIDS, [*_ASKS, (1100.0, 1e300)], "ask levels of which one, 1e+300, swallows all"),
    ],
)
def test_a_broken_book_is_unusable_until_a_whole_one_arrives(
    bids: list[Level], asks: list[Level], problem: str
) -> None:
    target = tracker()
    target.update(T, *book())
    target.update(T + 100, bids, asks)
    assert target.reading(T + 100) is None
    assert problem in target.problem_at(T + 100)
    target.update(T + 200, *book())
    assert target.problem_at(T + 200) == ""
    assert read(target, T + 200).exchange_ms == T + 200


def test_a_broken_update_does_not_interrupt_what_is_followed() -> None:
    target = tracker()
    feed(target, T, T + 10_000, book())
    target.update(T + 10_050, *book(1002.0, 1001.0))
    target.update(T + 10_100, *book())
    assert read(target, T + 10_100).flow_imbalance == 0.0
    assert read(target, T + 10_200).watched_seconds == pytest.approx(10.2)


def test_a_book_older_than_allowed_is_stale_and_says_its_age() -> None:
    target = tracker()
    target.update(T, *book())
    assert target.reading(T + STALE_MS) is not None
    assert target.reading(T + 12_000) is None
    assert target.problem_at(T + 12_000) == "book is 12 s old"


def test_an_update_older_than_the_newest_is_ignored_and_counted() -> None:
    target = tracker()
    target.update(T, *book())
    before = read(target, T)
    target.update(T - 1, *book(899.0, 901.0))
    assert target.late_updates == 1
    assert read(target, T) == before


def test_an_update_of_the_same_millisecond_replaces_the_book() -> None:
    target = tracker()
    target.update(T, *book())
    target.update(T, *book(899.0, 901.0))
    assert target.late_updates == 0
    assert read(target, T).best_bid == 899.0


def test_after_a_gap_the_next_whole_book_is_used_but_history_begins_anew() -> None:
    target = tracker()
    feed(target, T, T + 19_900, book(sizes={1005.0: 20.0}))
    target.update(T + 20_000, *book(size=2.0, sizes={1005.0: 20.0, 999.0: 3.0}))
    assert read(target, T + 20_000).last_flow_imbalance != 0.0
    target.invalidate("connection lost", T + 20_000)
    assert target.reading(T + 20_000) is None
    assert target.problem_at(T + 20_000) == "connection lost"
    target.update(T + 20_100, *book(sizes={1005.0: 20.0}))
    reading = read(target, T + 20_100)
    assert reading.watched_seconds == 0.0
    assert reading.imbalance_velocity is None
    assert reading.flow_imbalance is None
    assert reading.last_flow_imbalance == 0.0
    assert reading.walls == ()


def test_books_too_far_apart_count_as_a_gap() -> None:
    target = tracker()
    feed(target, T, T + 20_000, book())
    target.update(T + 20_000 + STALE_MS + 1, *book())
    reading = read(target, T + 20_000 + STALE_MS + 1)
    assert reading.imbalance_velocity is None
    assert reading.flow_imbalance is None


def test_a_boundary_that_updates_have_passed_is_read_as_it_was() -> None:
    target = tracker()
    feed(target, BOUNDARY - 20_000, BOUNDARY, book(sizes={1005.0: 20.0}))
    before = read(target, BOUNDARY)
    feed(target, BOUNDARY + 100, BOUNDARY + 120_000, book(899.0, 901.0))
    assert read(target, BOUNDARY) == before
    assert before.exchange_ms == BOUNDARY
    assert target.problem_at(BOUNDARY) == ""
    assert read(target, BOUNDARY + 120_000).best_bid == 899.0


def test_a_boundary_before_which_the_book_was_stale_stays_stale() -> None:
    target = tracker()
    target.update(BOUNDARY - 30_000, *book())
    target.update(BOUNDARY + 100, *book())
    assert target.reading(BOUNDARY) is None
    assert target.problem_at(BOUNDARY) == "book is 30 s old"


def test_a_boundary_before_the_first_book_has_no_reading() -> None:
    target = tracker()
    target.update(BOUNDARY + 100, *book())
    assert target.reading(BOUNDARY) is None
    assert target.problem_at(BOUNDARY) == "no book has arrived yet"


def test_a_broken_update_after_the_boundary_leaves_the_boundary_readable() -> None:
    target = tracker()
    target.update(BOUNDARY - 100, *book())
    target.update(BOUNDARY + 100, *book(1002.0, 1001.0))
    target.invalidate("connection lost", BOUNDARY + 200)
    assert read(target, BOUNDARY).exchange_ms == BOUNDARY - 100


def test_an_interruption_after_the_boundary_does_not_show_in_it() -> None:
    target = tracker()
    target.update(BOUNDARY - 100, *book())
    before = read(target, BOUNDARY)
    target.invalidate("connection lost", BOUNDARY + 50)
    assert read(target, BOUNDARY) == before
    assert target.problem_at(BOUNDARY) == ""
    assert target.problem_at(BOUNDARY + 50) == "connection lost"
    target.update(BOUNDARY + 2_000, *book(899.0, 901.0))
    assert read(target, BOUNDARY) == before


def test_an_interruption_before_the_boundary_shows_in_it() -> None:
    target = tracker()
    target.update(BOUNDARY - 200, *book())
    target.invalidate("connection lost", BOUNDARY - 100)
    target.update(BOUNDARY + 100, *book())
    assert target.reading(BOUNDARY) is None
    assert target.problem_at(BOUNDARY) == "connection lost"


def test_an_instant_before_the_newest_update_that_is_no_boundary_is_not_kept() -> None:
    target = tracker()
    target.update(T, *book())
    target.update(T + 2_000, *book())
    assert target.reading(T) is None
    assert target.problem_at(T) == "book of 2 s before the newest update is not kept"


def test_a_book_of_the_very_boundary_belongs_to_it() -> None:
    target = tracker()
    target.update(BOUNDARY, *book())
    target.update(BOUNDARY + 100, *book(899.0, 901.0))
    assert read(target, BOUNDARY).best_bid == 999.0


def test_a_boundary_is_kept_as_it_was_until_the_next_one_is_passed() -> None:
    target = tracker()
    target.update(BOUNDARY, *book())
    last_ms = BOUNDARY + QUARTER_HOUR_MS
    feed(target, BOUNDARY + 3_000, last_ms, book(899.0, 901.0), every_ms=3_000)
    assert read(target, BOUNDARY).best_bid == 999.0
    target.update(last_ms + 1, *book(899.0, 901.0))
    assert target.reading(BOUNDARY) is None
    assert read(target, last_ms).best_bid == 899.0
