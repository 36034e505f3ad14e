"""The tape forgets what nobody can ask for, and never grows or runs over."""

import random
from itertools import pairwise

from domain.tape import Trade
from layers.orderflow.tape import Tape
from layers.orderflow.tape.columns import Columns
from tests.unit.layers.orderflow.tape.tapes import (
    MIDNIGHT_MS,
    SMALL,
    STEP,
    feed,
    read,
    tape_of,
    trade,
)

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def every_second(begin: int, end: int) -> list[Trade]:
    return [
        trade(number, MIDNIGHT_MS + 1000 * number, is_buy=number % 3 > 0)
        for number in range(begin, end)
    ]


def kept(tape: Tape) -> int:
    return len(tape._rows.times) - 1


def test_at_most_35_minutes_of_trades_are_kept() -> None:
    tape = tape_of([])
    for begin in range(0, 4 * 3600, 600):
        feed(tape, every_second(begin, begin + 600))
        assert kept(tape) <= 35 * 60
    assert kept(tape) >= 30 * 60


def test_large_trades_and_breaks_are_forgotten_too() -> None:
    tape = tape_of([])
    for number in range(0, 40_000, 2):
        feed(tape, [trade(number, MIDNIGHT_MS + 1000 * number, quantity=1000.0)])
        if number % 1000 == 0:
            tape.note_gap(MIDNIGHT_MS + 1000 * number)
    assert len(tape._large.big._times) <= 35 * 30 + 1
    assert len(tape._coverage._holes) <= 35 * 30 + 1
    assert len(tape._coverage._gaps) <= 4
    assert read(tape, MIDNIGHT_MS + 40_000_000).covered_seconds == 2.0


def test_forgetting_changes_no_reading() -> None:
    tape = tape_of(every_second(0, 2400))
    at_ms = MIDNIGHT_MS + 2_000_000
    before, rows = read(tape, at_ms), kept(tape)
    feed(tape, every_second(2400, 2800))
    assert kept(tape) < rows + 400
    assert read(tape, at_ms) == before


def test_coverage_reaches_further_back_than_the_trades() -> None:
    tape = tape_of(every_second(0, 3 * 3600))
    assert read(tape, MIDNIGHT_MS + 3 * HOUR_MS).covered_seconds == 3 * 3600


def test_a_streak_reaches_further_back_than_the_trades() -> None:
    tape = tape_of(trade(number, MIDNIGHT_MS + 1000 * number) for number in range(10_000))
    assert read(tape, MIDNIGHT_MS + 10_000_000).streak == 10_000


def test_an_instant_whose_window_is_forgotten_is_not_read() -> None:
    tape = tape_of(every_second(0, 7200))
    newest_ms = MIDNIGHT_MS + 7_199_000
    assert read(tape, newest_ms - 15 * MINUTE_MS).window(900).trades == 900
    assert tape.reading(newest_ms - 15 * MINUTE_MS - 1) is None


def test_after_a_long_silence_the_last_price_is_still_known() -> None:
    tape = tape_of([trade(1, MIDNIGHT_MS, price=99.0), trade(2, MIDNIGHT_MS + 9 * HOUR_MS)])
    assert kept(tape) == 1
    assert tape.price_at(MIDNIGHT_MS + 8 * HOUR_MS) == 99.0
    assert tape.price_at(MIDNIGHT_MS - 1) is None


def test_sums_do_not_run_over_however_much_was_traded() -> None:
    rows = Columns()
    for number in range(10_000):
        rows.append(number, number, 1.0, 2**54, 2**54, number % 2 == 0)
        if number % 50 == 49:
            rows.forget(len(rows.times) - 100 if number > 100 else 0)
    assert 10_000 * 2**54 > 2**63
    assert rows.between(0, 90) == (90, 90 * 2**54, 45 * 2**54, 90 * 2**54, 45 * 2**54)


def test_the_sums_of_kept_trades_stay_small_whatever_was_traded_before() -> None:
    chance = random.Random(3)
    tape = tape_of([])
    peaks = []
    for begin in range(0, 36_000, 3600):
        for number in range(begin, begin + 3600):
            quantity = chance.randrange(1, 100) * STEP
            feed(tape, [trade(number, MIDNIGHT_MS + 1000 * number, quantity=quantity)])
        peaks.append(tape._rows.volume[-1])
    assert all(after < 1.3 * before for before, after in pairwise(peaks))


def test_a_trade_can_come_late_right_after_forgetting() -> None:
    numbers = [number for number in range(4000) if number != 2300]
    trades = [trade(number, MIDNIGHT_MS + 1000 * number) for number in numbers]
    whole = [trade(number, MIDNIGHT_MS + 1000 * number) for number in range(4000)]
    tape = tape_of(trades, SMALL)
    feed(tape, [trade(2300, MIDNIGHT_MS + 2_300_000)])
    at_ms = MIDNIGHT_MS + 4_000_000
    assert read(tape, at_ms) == read(tape_of(whole, SMALL), at_ms)
