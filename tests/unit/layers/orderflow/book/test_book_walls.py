"""Walls: told, eaten and broken."""

import pytest

from domain.order_book import BookSide
from tests.unit.layers.orderflow.book.books import (
    START_MS,
    FakeTape,
    book,
    feed,
    read,
    tracker,
)

T = START_MS + 60_000
WALL = book(sizes={1005.0: 20.0})
TOUCHED = book(999.0, 1005.0, sizes={1005.0: 20.0})
EATEN = book(999.0, 1006.0)
PASSED = book(1006.0, 1007.0)


def test_a_wall_is_told_with_its_size_distance_and_age() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 3_100, WALL)
    (wall,) = read(target, T + 3_300).walls
    assert (wall.side, wall.price, wall.quantity) == (BookSide.ASK, 1005.0, 20.0)
    assert wall.size_ratio == pytest.approx(20.0)
    assert wall.distance_percent == pytest.approx(0.5)
    assert wall.age_seconds == pytest.approx(3.2)
    assert wall.absorbed_share == 0.0


def test_walls_come_bids_first_and_the_nearest_first() -> None:
    target = tracker()
    sizes = {990.0: 40.0, 1009.0: 40.0}
    feed(target, T, T + 2_000, book(sizes=sizes))
    feed(target, T + 2_100, T + 4_000, book(sizes={**sizes, 998.0: 40.0, 1003.0: 40.0}))
    prices = [wall.price for wall in read(target, T + 4_000).walls]
    assert prices == [998.0, 990.0, 1003.0, 1009.0]


@pytest.mark.parametrize(("size", "count"), [(5.0, 0), (5.001, 1)])
def test_a_wall_must_exceed_five_times_the_mean_of_the_other_levels(
    size: float, count: int
) -> None:
    target = tracker()
    feed(target, T, T + 2_000, book(sizes={995.0: size}))
    assert len(read(target, T + 2_000).walls) == count


def test_a_young_wall_is_not_told_yet() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 1_000, WALL)
    assert read(target, T + 1_000).walls == ()
    assert len(read(target, T + 1_100).walls) == 1


def test_a_wall_in_the_last_known_level_is_told() -> None:
    target = tracker()
    feed(target, T, T + 2_000, book(sizes={980.0: 20.0}))
    assert [wall.price for wall in read(target, T + 2_000).walls] == [980.0]


def test_a_wall_that_has_grown_is_measured_by_its_greatest_size() -> None:
    tape = FakeTape()
    target = tracker(tape)
    target.update(T, *book())
    feed(target, T + 100, T + 1_000, WALL)
    feed(target, T + 1_100, T + 2_000, book(sizes={1005.0: 60.0}))
    tape.eat(BookSide.ASK, 1005.0, T + 2_000, 3.0)
    (wall,) = read(target, T + 2_000).walls
    assert wall.absorbed_share == pytest.approx(3.0 / 60.0)
    feed(target, T + 2_100, T + 3_000, book(sizes={1005.0: 11.9}))
    assert read(target, T + 3_000).spoofing == pytest.approx(0.2)


def test_trades_at_its_price_since_it_appeared_are_its_absorbed_share() -> None:
    tape = FakeTape()
    target = tracker(tape)
    target.update(T, *book())
    tape.eat(BookSide.ASK, 1005.0, T + 100, 50.0)
    feed(target, T + 100, T + 2_000, WALL)
    tape.eat(BookSide.ASK, 1005.0, T + 1_500, 4.0)
    tape.eat(BookSide.BID, 1005.0, T + 1_500, 50.0)
    tape.eat(BookSide.ASK, 1004.0, T + 1_500, 50.0)
    tape.eat(BookSide.ASK, 1005.0, T + 2_001, 50.0)
    (wall,) = read(target, T + 2_000).walls
    assert wall.absorbed_share == pytest.approx(4.0 / 20.0)


def test_trades_of_a_long_life_add_up_even_when_they_come_after_the_book() -> None:
    tape = FakeTape()
    target = tracker(tape)
    for second_ms in range(T, T + 40_000, 1_000):
        feed(target, second_ms, second_ms + 200, WALL)
        tape.eat(BookSide.ASK, 1005.0, second_ms - 50, 0.25)
        feed(target, second_ms + 300, second_ms + 900, WALL)
    (wall,) = read(target, T + 40_000).walls
    assert wall.absorbed_share == pytest.approx(39 * 0.25 / 20.0)


def test_the_tape_is_asked_about_the_last_seconds_only() -> None:
    tape = FakeTape()
    target = tracker(tape)
    hidden_too = book(sizes={1005.0: 20.0, 1019.0: 20.0})
    feed(target, T, T + 30_000, hidden_too)
    feed(target, T + 30_100, T + 55_000, book(998.0, 999.0, sizes={1005.0: 20.0}))
    feed(target, T + 55_100, T + 90_000, hidden_too)
    assert len(read(target, T + 90_000).walls) == 2
    assert tape.longest_ms <= 11_000


def test_a_wall_eaten_and_passed_by_the_price_is_broken_for_a_short_time() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 10_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 10_050, 20.0)
    feed(target, T + 10_100, T + 11_900, EATEN)
    assert read(target, T + 11_900).walls == ()
    assert read(target, T + 11_900).broken_walls == ()
    feed(target, T + 12_000, T + 13_000, PASSED)
    (broken,) = read(target, T + 13_500).broken_walls
    assert (broken.side, broken.price) == (BookSide.ASK, 1005.0)
    assert broken.size_ratio == pytest.approx(20.0)
    assert broken.age_seconds == pytest.approx(1.5)
    feed(target, T + 13_100, T + 42_000, PASSED)
    assert len(read(target, T + 42_000).broken_walls) == 1
    target.update(T + 42_100, *PASSED)
    assert read(target, T + 42_100).broken_walls == ()
    assert read(target, T + 42_100).spoofing == 0.0


def test_a_broken_wall_is_told_with_its_greatest_ratio() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 2_000, TOUCHED)
    feed(target, T + 2_100, T + 3_000, book(999.0, 1005.0, size=2.0, sizes={1005.0: 24.0}))
    tape.eat(BookSide.ASK, 1005.0, T + 3_050, 24.0)
    feed(target, T + 3_100, T + 4_000, PASSED)
    (broken,) = read(target, T + 4_000).broken_walls
    assert broken.size_ratio == pytest.approx(20.0)


def test_trades_that_arrive_after_the_book_they_changed_still_count() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 2_000, TOUCHED)
    feed(target, T + 2_100, T + 2_500, PASSED)
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, 20.0)
    feed(target, T + 2_600, T + 3_000, PASSED)
    assert len(read(target, T + 3_000).broken_walls) == 1


def test_an_eaten_wall_that_the_price_does_not_pass_in_time_is_not_broken() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 2_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, 20.0)
    feed(target, T + 2_100, T + 12_200, book(998.0, 1006.0))
    feed(target, T + 12_300, T + 13_000, PASSED)
    assert read(target, T + 13_000).broken_walls == ()


def test_a_wall_of_which_trades_have_eaten_less_than_half_is_not_broken() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 2_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, 9.9)
    feed(target, T + 2_100, T + 4_000, PASSED)
    assert read(target, T + 4_000).broken_walls == ()


def test_broken_walls_come_in_the_order_of_their_newest_break() -> None:
    tape = FakeTape()
    target = tracker(tape)
    for number, price in enumerate((1005.0, 1006.0, 1005.0)):
        begin_ms = T + number * 5_000
        feed(target, begin_ms, begin_ms + 2_000, book(999.0, price, sizes={price: 20.0}))
        tape.eat(BookSide.ASK, price, begin_ms + 2_050, 20.0)
        feed(target, begin_ms + 2_100, begin_ms + 4_900, book(1007.0, 1008.0))
    broken = read(target, T + 14_900).broken_walls
    assert [wall.price for wall in broken] == [1006.0, 1005.0]


def test_a_break_ages_out_by_the_clock_while_no_book_arrives() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 10_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 10_050, 20.0)
    feed(target, T + 10_100, T + 38_000, PASSED)
    assert len(read(target, T + 40_600).broken_walls) == 1
    assert read(target, T + 40_601).broken_walls == ()


def test_a_break_that_the_price_has_taken_back_is_not_told() -> None:
    tape = FakeTape()
    target = tracker(tape)
    feed(target, T, T + 2_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, 20.0)
    feed(target, T + 2_100, T + 4_000, PASSED)
    assert len(read(target, T + 4_000).broken_walls) == 1
    target.update(T + 4_100, *book(1003.0, 1004.0))
    assert read(target, T + 4_100).broken_walls == ()


def test_a_wall_pulled_before_the_price_passed_it_is_not_broken() -> None:
    target = tracker()
    feed(target, T, T + 10_000, TOUCHED)
    feed(target, T + 10_100, T + 12_000, PASSED)
    assert read(target, T + 12_000).broken_walls == ()


def test_a_wall_too_young_to_be_told_is_not_told_as_broken() -> None:
    tape = FakeTape()
    target = tracker(tape)
    target.update(T, *book(999.0, 1005.0))
    feed(target, T + 100, T + 900, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 950, 20.0)
    feed(target, T + 1_000, T + 3_000, PASSED)
    assert read(target, T + 3_000).broken_walls == ()


@pytest.mark.parametrize("gap_ms", [T + 4_300, T + 4_800])
def test_after_a_gap_no_wall_of_before_is_told_as_broken(gap_ms: int) -> None:
    tape = FakeTape()
    target = tracker(tape)
    both = {1005.0: 20.0, 1008.0: 20.0}
    feed(target, T, T + 2_000, book(999.0, 1005.0, sizes=both))
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, 20.0)
    feed(target, T + 2_100, T + 4_000, book(1006.0, 1007.0, sizes={1008.0: 20.0}))
    assert len(read(target, T + 4_000).broken_walls) == 1
    tape.eat(BookSide.ASK, 1008.0, T + 4_050, 20.0)
    feed(target, T + 4_100, gap_ms, book(1006.0, 1009.0))
    target.invalidate("connection lost", gap_ms)
    feed(target, gap_ms + 100, T + 6_000, book(1010.0, 1011.0))
    assert read(target, T + 6_000).broken_walls == ()
