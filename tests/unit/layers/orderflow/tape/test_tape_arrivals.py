"""Trades that come late, twice, never, or with odd numbers."""

import math

import pytest

from layers.orderflow.tape import Tape, TapeParameters
from tests.unit.layers.orderflow.tape.tapes import MIDNIGHT_MS, SMALL, feed, read, tape_of, trade

NOON_MS = MIDNIGHT_MS + 43_200_000
HALF_HOUR_MS = 1_800_000


@pytest.mark.parametrize(
    ("price", "quantity"),
    [
        (math.nan, 1.0),
        (math.inf, 1.0),
        (0.0, 1.0),
        (-1.0, 1.0),
        (1e300, 1e9),
        (100.0, math.nan),
        (100.0, math.inf),
        (100.0, 0.0),
        (100.0, -1.0),
        (100.0, 0.0004),
        (1e-6, 1e13),
    ],
)
def test_odd_numbers_are_refused_and_counted(price: float, quantity: float) -> None:
    tape = tape_of([trade(1, NOON_MS)])
    tape.push(2, NOON_MS + 1, price, quantity, True)
    assert tape.refused == 1
    assert read(tape, NOON_MS + 1).window(900).trades == 1


@pytest.mark.parametrize(
    ("number", "exchange_ms"),
    [(-1, NOON_MS), (2**70, NOON_MS), (2, 0), (2, -5), (2, NOON_MS * 1000), (2, 2**70)],
)
def test_odd_ids_and_times_are_refused_and_counted(number: int, exchange_ms: int) -> None:
    tape = tape_of([trade(1, NOON_MS)])
    tape.push(number, exchange_ms, 100.0, 1.0, True)
    assert tape.refused == 1
    assert read(tape, NOON_MS).window(900).trades == 1


def test_what_was_refused_leaves_a_hole() -> None:
    tape = tape_of([trade(1, NOON_MS)])
    tape.push(2, NOON_MS + 1000, math.nan, 1.0, True)
    feed(tape, [trade(3, NOON_MS + 2000)])
    assert tape.missing == 1
    assert read(tape, NOON_MS + 3000).covered_seconds == 1.0


@pytest.mark.parametrize("step", [0.0, -1.0, math.nan, math.inf])
def test_a_step_that_is_none_is_named(step: float) -> None:
    with pytest.raises(ValueError, match="quantity_step is"):
        Tape(TapeParameters(), quantity_step=step)


def test_a_trade_that_comes_twice_counts_once_and_as_it_first_came() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS + 1), trade(2, NOON_MS + 1, quantity=9.0)])
    feed(tape, [trade(1, NOON_MS, quantity=9.0)])
    assert tape.duplicates == 2
    assert read(tape, NOON_MS + 1).window(5).buy_volume == 2.0


def test_late_trades_of_one_millisecond_line_up_by_id() -> None:
    tape = tape_of([trade(3, NOON_MS, price=103.0), trade(1, NOON_MS), trade(2, NOON_MS)])
    assert tape.price_at(NOON_MS) == 103.0
    assert read(tape, NOON_MS).streak == 3


def test_a_trade_older_than_half_an_hour_is_left_out_and_counted() -> None:
    tape = tape_of([trade(9, NOON_MS), trade(1, NOON_MS - HALF_HOUR_MS)])
    feed(tape, [trade(2, NOON_MS - HALF_HOUR_MS + 1)])
    assert tape.late == 1
    assert tape.missing == 6
    assert tape.price_at(NOON_MS - HALF_HOUR_MS) is None
    assert tape.price_at(NOON_MS - HALF_HOUR_MS + 1) == 100.0


def test_a_hole_in_the_ids_begins_coverage_anew_until_it_is_filled() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS + 1000), trade(5, NOON_MS + 4000)])
    at_ms = NOON_MS + 10_000
    assert (tape.missing, read(tape, at_ms).covered_seconds) == (2, 6.0)
    feed(tape, [trade(3, NOON_MS + 2000)])
    assert (tape.missing, read(tape, at_ms).covered_seconds) == (1, 6.0)
    feed(tape, [trade(4, NOON_MS + 3000)])
    assert (tape.missing, read(tape, at_ms).covered_seconds) == (0, 10.0)
    assert read(tape, at_ms).streak == 5


def test_a_streak_does_not_reach_over_missing_trades() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS), trade(4, NOON_MS), trade(5, NOON_MS)])
    assert read(tape, NOON_MS).streak == 2


def test_a_told_gap_counts_from_its_instant_on() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS + 9000)])
    tape.note_gap(NOON_MS + 5000)
    tape.note_gap(NOON_MS + 3000)
    assert read(tape, NOON_MS + 2999).covered_seconds == 2.999
    assert read(tape, NOON_MS + 4000).covered_seconds == 1.0
    assert read(tape, NOON_MS + 9000).covered_seconds == 4.0


def test_a_gap_before_the_first_trade_covers_nothing() -> None:
    tape = tape_of([])
    tape.note_gap(NOON_MS)
    assert read(tape, NOON_MS + 5000).covered_seconds == 0.0


def test_thousands_of_late_trades_are_all_put_in_their_place() -> None:
    count = 10_000
    tape = tape_of([trade(0, NOON_MS), trade(count, NOON_MS + count)])
    feed(tape, [trade(number, NOON_MS + number) for number in range(count - 1, 0, -1)])
    assert read(tape, NOON_MS + count).streak == count + 1
    assert tape.missing == 0


def test_quantity_at_a_price_counts_one_side_at_exactly_that_price() -> None:
    tape = tape_of(
        [
            trade(1, NOON_MS, price=100.1),
            trade(2, NOON_MS + 1, price=100.1, quantity=0.5),
            trade(3, NOON_MS + 2, price=100.1, quantity=4.0, is_buy=False),
            trade(4, NOON_MS + 3, price=100.2),
            trade(5, NOON_MS + 4, price=100.1, quantity=0.25),
        ],
        SMALL,
    )
    assert tape.traded_between(True, 100.1, NOON_MS, NOON_MS + 4) == 0.75
    assert tape.traded_between(False, 100.1, NOON_MS, NOON_MS + 4) == 4.0
    assert tape.traded_between(True, 100.1, NOON_MS - 1, NOON_MS) == 1.0
    assert tape.traded_between(True, 99.9, NOON_MS - 1, NOON_MS + 4) == 0.0


def test_price_is_unknown_from_a_told_gap_until_the_next_trade() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(7, NOON_MS + 10, price=101.0)])
    tape.note_gap(NOON_MS + 1000)
    assert tape.price_at(NOON_MS + 999) == 101.0
    assert tape.price_at(NOON_MS + 1000) is None
    feed(tape, [trade(9, NOON_MS + 3000, price=102.0)])
    assert tape.price_at(NOON_MS + 2999) is None
    assert tape.price_at(NOON_MS + 3000) == 102.0
