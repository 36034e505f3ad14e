"""Time, not the next trade, moves the windows; boundaries of the clock reset CVD."""

from tests.unit.layers.orderflow.tape.tapes import MIDNIGHT_MS, feed, read, tape_of, trade

HOUR_MS = 3_600_000
NOON_MS = MIDNIGHT_MS + 12 * HOUR_MS


def test_an_empty_minute_ages_out_without_a_trade() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS + 1000, is_buy=False)])
    counts = {
        seconds: [window.trades for window in read(tape, NOON_MS + 1000 * seconds).windows]
        for seconds in (1, 6, 61, 301, 901)
    }
    assert counts == {
        1: [2, 2, 2, 2, 2],
        6: [0, 2, 2, 2, 2],
        61: [0, 0, 0, 2, 2],
        301: [0, 0, 0, 0, 2],
        901: [0, 0, 0, 0, 0],
    }


def test_a_window_leaves_out_its_begin_and_holds_its_end() -> None:
    tape = tape_of([trade(1, NOON_MS), trade(2, NOON_MS + 5000, is_buy=False)])
    window = read(tape, NOON_MS + 5000).window(5)
    assert (window.trades, window.buy_volume, window.sell_volume) == (1, 0.0, 1.0)
    assert read(tape, NOON_MS + 4999).window(5).buy_volume == 1.0


def test_an_empty_tape_reads_as_nothing() -> None:
    reading = read(tape_of([]), NOON_MS)
    assert reading.last_trade_ms is reading.last_price is reading.vpin is None
    assert reading.velocity_ratio is reading.volume_spike_ratio is None
    assert reading.covered_seconds == reading.cvd_day == reading.exhaustion == 0.0
    assert reading.window(900).aggressor_ratio is None


def test_cvd_restarts_at_the_boundary_without_a_trade() -> None:
    tape = tape_of([trade(1, MIDNIGHT_MS + 3 * HOUR_MS, quantity=2.0)])
    before = read(tape, MIDNIGHT_MS + 4 * HOUR_MS - 1)
    after = read(tape, MIDNIGHT_MS + 4 * HOUR_MS)
    next_day = read(tape, MIDNIGHT_MS + 24 * HOUR_MS)
    assert (before.cvd_4h, before.cvd_day) == (2.0, 2.0)
    assert (after.cvd_4h, after.cvd_day) == (0.0, 2.0)
    assert (next_day.cvd_4h, next_day.cvd_day) == (0.0, 0.0)


def test_a_trade_on_the_boundary_belongs_to_what_begins() -> None:
    tape = tape_of([trade(1, MIDNIGHT_MS - 1, quantity=5.0), trade(2, MIDNIGHT_MS, quantity=2.0)])
    assert read(tape, MIDNIGHT_MS).cvd_day == 2.0
    assert read(tape, MIDNIGHT_MS - 1).cvd_day == 5.0


def test_cvd_of_the_day_outlives_the_trades_it_was_made_of() -> None:
    every_minute = [trade(minute, MIDNIGHT_MS + 60_000 * minute) for minute in range(23 * 60)]
    tape = tape_of(every_minute)
    reading = read(tape, MIDNIGHT_MS + 23 * HOUR_MS - 1)
    assert reading.cvd_day == 23 * 60
    assert reading.cvd_4h == 3 * 60


def test_a_late_trade_is_counted_on_its_own_side_of_midnight() -> None:
    tape = tape_of([trade(1, MIDNIGHT_MS - 1000), trade(4, MIDNIGHT_MS + 1000)])
    feed(tape, [trade(3, MIDNIGHT_MS + 500), trade(2, MIDNIGHT_MS - 500, quantity=3.0)])
    assert read(tape, MIDNIGHT_MS - 1).cvd_day == 4.0
    assert read(tape, MIDNIGHT_MS + 1000).cvd_day == 2.0


def test_cvd_slope_is_the_change_of_30_seconds_by_the_second() -> None:
    tape = tape_of([trade(1, NOON_MS, quantity=9.0), trade(2, NOON_MS + 20_000, quantity=3.0)])
    assert read(tape, NOON_MS + 30_000).cvd_slope == 0.1


def test_speed_and_volume_are_told_against_their_own_30_seconds() -> None:
    steady = [trade(number, NOON_MS + 1000 * number) for number in range(60)]
    burst = [trade(60 + number, NOON_MS + 59_500 + number) for number in range(30)]
    calm, busy = tape_of(steady), tape_of(steady + burst)
    at_ms = NOON_MS + 60_000 - 1
    assert read(calm, at_ms).velocity_ratio == read(calm, at_ms).volume_spike_ratio == 1.0
    assert read(busy, at_ms).velocity_ratio == 31 * 30 / 60
    assert read(busy, at_ms).volume_spike_ratio == 33 * 10 / 60


def test_ratios_to_30_seconds_wait_until_these_are_covered() -> None:
    tape = tape_of([trade(number, NOON_MS + 1000 * number) for number in range(40)])
    assert read(tape, NOON_MS + 29_999).velocity_ratio is None
    assert read(tape, NOON_MS + 29_999).volume_spike_ratio is None
    assert read(tape, NOON_MS + 30_000).velocity_ratio == 1.0


def test_a_streak_counts_one_side_and_turns_with_it() -> None:
    sides = (True, True, True, False, False)
    tape = tape_of(
        trade(number, NOON_MS + number, is_buy=is_buy) for number, is_buy in enumerate(sides)
    )
    assert [read(tape, NOON_MS + number).streak for number in range(5)] == [1, 2, 3, -1, -2]
