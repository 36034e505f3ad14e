"""Big orders that are pulled, and those that only leave the known levels."""

import pytest

from domain.order_book import BookSide
from layers.orderflow.book import BookParameters
from tests.unit.layers.orderflow.book.books import START_MS, FakeTape, book, feed, read, tracker

T = START_MS + 60_000
WALL = book(sizes={1005.0: 20.0})
TOUCHED = book(999.0, 1005.0, sizes={1005.0: 20.0})
EATEN = book(999.0, 1006.0)


def test_a_wall_pulled_young_and_untouched_is_a_spoof() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 5_000, WALL)
    feed(target, T + 5_100, T + 5_500, book())
    assert read(target, T + 5_500).spoofing == 0.0
    target.update(T + 5_600, *book())
    assert read(target, T + 5_600).spoofing == pytest.approx(1.0 / 5.0)
    assert read(target, T + 5_600).walls == ()


def test_a_wall_pulled_after_five_seconds_is_no_spoof() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 5_100, WALL)
    feed(target, T + 5_200, T + 6_000, book())
    assert read(target, T + 6_000).spoofing == 0.0


def test_a_wall_that_shrinks_but_mostly_stays_is_neither_gone_nor_forgotten() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 1_000, WALL)
    feed(target, T + 1_100, T + 2_000, book(sizes={1005.0: 4.1}))
    assert read(target, T + 2_000).walls == ()
    feed(target, T + 2_100, T + 3_000, WALL)
    assert read(target, T + 3_000).spoofing == 0.0
    assert read(target, T + 3_000).walls[0].age_seconds == pytest.approx(2.9)


@pytest.mark.parametrize(("eaten", "spoofing"), [(1.9, 0.2), (2.1, 0.0)])
def test_trades_at_its_price_excuse_a_wall_that_vanishes_young(
    eaten: float, spoofing: float
) -> None:
    tape = FakeTape()
    target = tracker(tape)
    target.update(T, *book())
    feed(target, T + 100, T + 2_000, TOUCHED)
    tape.eat(BookSide.ASK, 1005.0, T + 2_050, eaten)
    feed(target, T + 2_100, T + 3_000, EATEN)
    assert read(target, T + 3_000).spoofing == pytest.approx(spoofing)


def test_spoofing_is_the_share_of_the_big_orders_of_the_last_minute() -> None:
    target = tracker()
    target.update(T, *book())
    for count in range(7):
        target.update(T + 1_000 + count * 1_000, *WALL)
        target.update(T + 1_500 + count * 1_000, *book())
    stays = book(sizes={992.0: 20.0})
    feed(target, T + 9_000, T + 60_900, stays)
    assert read(target, T + 60_999).spoofing == pytest.approx(7.0 / 8.0)
    assert read(target, T + 61_000).spoofing == pytest.approx(6.0 / 7.0)


def test_walls_of_the_first_book_were_not_seen_to_appear_and_can_not_be_spoofs() -> None:
    target = tracker()
    feed(target, T, T + 1_000, WALL)
    feed(target, T + 1_100, T + 2_000, book())
    assert read(target, T + 2_000).spoofing == 0.0


def test_a_wall_that_scrolls_out_of_the_known_levels_is_no_spoof_and_keeps_its_age() -> None:
    target = tracker()
    target.update(T, *book())
    far = book(sizes={1018.0: 20.0})
    feed(target, T + 100, T + 2_000, far)
    feed(target, T + 2_100, T + 9_000, book(990.0, 992.0))
    assert read(target, T + 9_000).spoofing == 0.0
    assert read(target, T + 9_000).walls == ()
    feed(target, T + 9_100, T + 10_000, far)
    (wall,) = read(target, T + 10_000).walls
    assert wall.age_seconds == pytest.approx(9.9)


def test_a_wall_missed_when_its_price_comes_back_is_no_spoof() -> None:
    target = tracker()
    target.update(T, *book())
    feed(target, T + 100, T + 1_000, book(sizes={1018.0: 20.0}))
    feed(target, T + 1_100, T + 2_000, book(990.0, 992.0))
    feed(target, T + 2_100, T + 4_000, book())
    assert read(target, T + 4_000).spoofing == 0.0
    feed(target, T + 4_100, T + 6_000, book(sizes={1018.0: 20.0}))
    assert read(target, T + 6_000).walls[0].age_seconds == pytest.approx(1.9)


def test_a_wall_that_scrolls_into_sight_was_not_seen_to_appear() -> None:
    target = tracker()
    target.update(T, *book())
    target.update(T + 100, *book(1010.0, 1012.0, sizes={1025.0: 20.0}))
    feed(target, T + 200, T + 1_500, book(1010.0, 1012.0))
    assert read(target, T + 1_500).spoofing == 0.0


def test_a_wall_hidden_for_too_long_is_forgotten() -> None:
    target = tracker()
    far = book(sizes={1018.0: 20.0})
    feed(target, T, T + 1_000, far)
    feed(target, T + 1_100, T + 61_300, book(990.0, 992.0))
    feed(target, T + 61_400, T + 63_400, far)
    assert read(target, T + 63_400).walls[0].age_seconds == pytest.approx(2.0)


def test_of_very_many_hidden_walls_the_newest_are_remembered() -> None:
    target = tracker(parameters=BookParameters(hidden_seconds=3_600.0))
    for step in range(100):
        ask = 2_000.0 - step
        target.update(T + step * 100, *book(ask - 1.0, ask, sizes={ask + 19.0: 20.0}))
    back = {float(price): 20.0 for price in (1_938, 2_019)}
    feed(target, T + 10_000, T + 12_000, book(1_929.0, 1_930.0, sizes=back))
    feed(target, T + 12_100, T + 14_000, book(2_008.0, 2_009.0, sizes=back))
    (wall,) = read(target, T + 14_000).walls
    assert wall.age_seconds == pytest.approx(1.9)


def test_a_wall_hidden_not_quite_so_long_is_remembered_up_to_the_last_level() -> None:
    target = tracker()
    feed(target, T, T + 1_000, book(sizes={1018.0: 20.0}))
    feed(target, T + 1_100, T + 60_900, book(990.0, 992.0))
    target.update(T + 61_000, *book(997.0, 999.0, sizes={1018.0: 20.0}))
    assert read(target, T + 61_000).walls[0].age_seconds == pytest.approx(61.0)


def test_after_a_gap_earlier_spoofs_and_hidden_walls_are_forgotten() -> None:
    target = tracker()
    far = book(sizes={1018.0: 20.0})
    target.update(T, *book())
    target.update(T + 100, *WALL)
    feed(target, T + 200, T + 1_000, far)
    feed(target, T + 1_100, T + 2_000, book(990.0, 992.0))
    assert read(target, T + 2_000).spoofing == pytest.approx(0.2)
    target.invalidate("connection lost", T + 2_050)
    target.update(T + 2_100, *book(990.0, 992.0))
    assert read(target, T + 2_100).spoofing == 0.0
    feed(target, T + 2_200, T + 4_000, far)
    assert read(target, T + 4_000).walls[0].age_seconds == pytest.approx(1.8)


def test_after_a_gap_the_walls_of_the_first_book_were_not_seen_to_appear() -> None:
    target = tracker()
    feed(target, T, T + 1_000, book())
    target.invalidate("connection lost", T + 1_050)
    target.update(T + 1_100, *WALL)
    feed(target, T + 1_200, T + 2_000, book())
    assert read(target, T + 2_000).spoofing == 0.0
