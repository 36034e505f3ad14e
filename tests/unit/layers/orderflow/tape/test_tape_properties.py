"""Promises that hold for any sequence of trades."""

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.tape import LargeTrades, TapeReading, TapeWindow, Trade
from tests.unit.layers.orderflow.tape.oracle import Oracle, accepted
from tests.unit.layers.orderflow.tape.tapes import (
    MIDNIGHT_MS,
    SMALL,
    STEP,
    arrivals,
    feed,
    instants_around,
    markets,
    mirrored,
    read,
    tape_of,
)

seeds = st.integers(0, 2**32)


@settings(max_examples=100)
@given(coming=arrivals(), seed=seeds)
def test_read_at_any_time_it_equals_a_computation_from_scratch(
    coming: list[Trade], seed: int
) -> None:
    chance = random.Random(seed)
    tape = tape_of(())
    for count, each in enumerate(coming, 1):
        feed(tape, [each])
        if chance.random() < 0.1 or count == len(coming):
            trades = accepted(coming[:count])
            for at_ms in instants_around(chance, coming[:count], 3):
                expected = Oracle(trades, at_ms, SMALL, STEP).reading()
                assert read(tape, at_ms) == expected


@settings(max_examples=50)
@given(coming=arrivals(), seed=seeds)
def test_nothing_is_lost_uncounted(coming: list[Trade], seed: int) -> None:
    tape = tape_of(coming)
    trades = accepted(coming)
    assert tape.duplicates + tape.late == len(coming) - len(trades)
    ids = [each.id for each in trades]
    assert tape.missing == (ids[-1] - ids[0] + 1 - len(ids) if ids else 0)
    assert tape.refused == 0


@settings(max_examples=50)
@given(coming=arrivals(), seed=seeds)
def test_the_order_of_arrival_makes_no_difference(coming: list[Trade], seed: int) -> None:
    chance = random.Random(seed)
    shuffled = chance.sample(coming, len(coming))
    one, other = tape_of(coming), tape_of(shuffled)
    assume(one.late == other.late == 0)
    for at_ms in instants_around(chance, coming, 3):
        assert read(one, at_ms) == read(other, at_ms)


@settings(max_examples=50)
@given(coming=arrivals(), seed=seeds)
def test_later_trades_change_nothing_in_a_reading(coming: list[Trade], seed: int) -> None:
    tape = tape_of(coming)
    assume(tape.late == 0)
    for at_ms in instants_around(random.Random(seed), coming, 3):
        then = tape_of(each for each in coming if each.exchange_ms <= at_ms)
        assert read(tape, at_ms) == read(then, at_ms)


@settings(max_examples=50)
@given(trades=markets(is_whole=True, pauses=(0, 40, 1000, 5000, 29_000)), seed=seeds)
def test_a_mirrored_market_reads_as_the_mirror(trades: list[Trade], seed: int) -> None:
    tape, mirror = tape_of(trades), tape_of(mirrored(trades))
    for at_ms in instants_around(random.Random(seed), trades, 3):
        seen, reflected = read(tape, at_ms), read(mirror, at_ms)
        assert without_prices(reflected) == mirror_of(without_prices(seen))
        assert reflected.divergence == pytest.approx(-seen.divergence, abs=1e-9)


@settings(max_examples=50)
@given(coming=arrivals(), seed=seeds)
def test_told_gaps_are_seen_from_then_on(coming: list[Trade], seed: int) -> None:
    chance = random.Random(seed)
    instants = instants_around(chance, coming, 6)
    gaps, asked = instants[:3], instants[3:]
    tape = tape_of(coming)
    for gap in gaps:
        tape.note_gap(gap)
    for at_ms in asked:
        expected = Oracle(accepted(coming), at_ms, SMALL, STEP, gaps).reading()
        assert read(tape, at_ms) == expected


@settings(max_examples=50)
@given(coming=arrivals(), seed=seeds)
def test_quantity_at_a_price_and_last_price_equal_a_search(coming: list[Trade], seed: int) -> None:
    chance = random.Random(seed)
    tape, trades = tape_of(coming), accepted(coming)
    for to_ms in instants_around(chance, coming, 5):
        from_ms = to_ms - chance.choice((0, 1, 500, 5000, 60_000))
        price, is_buy = chance.choice([each.price for each in coming] or [1.0]), seed % 2 == 0
        traded = [
            each
            for each in trades
            if from_ms < each.exchange_ms <= to_ms and each.price == price and each.is_buy == is_buy
        ]
        expected = Oracle(traded, to_ms, SMALL, STEP).steps(traded) * STEP
        assert tape.traded_between(is_buy, price, from_ms, to_ms) == expected
        before = [each.price for each in trades if each.exchange_ms <= to_ms]
        assert tape.price_at(to_ms) == (before[-1] if before else None)


def test_a_busy_day_with_late_trades_equals_a_computation_from_scratch() -> None:
    chance = random.Random(7)
    now, trades = MIDNIGHT_MS - 3_000_000, []
    for number in range(4000):
        now += int(chance.expovariate(1 / 1000))
        steps = 1 + int(chance.paretovariate(1.1))
        trades.append(
            Trade(number, now, round(chance.gauss(100, 1), 2), steps * STEP, chance.random() < 0.5)
        )
    coming = sorted(trades, key=lambda each: each.exchange_ms + chance.choice((0, 0, 0, 3000)))
    tape = tape_of(())
    for begin in range(0, len(coming), 400):
        feed(tape, coming[begin : begin + 400])
        known = accepted(coming[: begin + 400])
        for at_ms in instants_around(chance, known, 4):
            assert read(tape, at_ms) == Oracle(known, at_ms, SMALL, STEP).reading()


def without_prices(reading: TapeReading) -> TapeReading:
    """Only what a mirror of prices keeps: notionals are of another size then."""
    nothing = LargeTrades(buys=0, sells=0, buy_notional=0.0, sell_notional=0.0)
    return replace(
        reading,
        last_price=None,
        divergence=0.0,
        windows=tuple(
            replace(window, buy_notional=0.0, sell_notional=0.0) for window in reading.windows
        ),
        large=replace(reading.large, buy_notional=0.0, sell_notional=0.0),
        very_large=replace(reading.very_large, buy_notional=0.0, sell_notional=0.0),
        big=nothing,
    )


def mirror_of(reading: TapeReading) -> TapeReading:
    return replace(
        reading,
        windows=tuple(swapped_window(window) for window in reading.windows),
        cvd_4h=-reading.cvd_4h,
        cvd_day=-reading.cvd_day,
        cvd_slope=-reading.cvd_slope,
        streak=-reading.streak,
        large=swapped_trades(reading.large),
        very_large=swapped_trades(reading.very_large),
        exhaustion=-reading.exhaustion,
    )


def swapped_window(window: TapeWindow) -> TapeWindow:
    return replace(window, buy_volume=window.sell_volume, sell_volume=window.buy_volume)


def swapped_trades(trades: LargeTrades) -> LargeTrades:
    return replace(trades, buys=trades.sells, sells=trades.buys)
