"""Large trades, VPIN, divergence and exhaustion in cases that can be worked out by hand."""

import math

import pytest

from domain.tape import Trade
from layers.orderflow.tape import TapeParameters
from tests.unit.layers.orderflow.tape.tapes import MIDNIGHT_MS, SMALL, read, tape_of, trade

NOON_MS = MIDNIGHT_MS + 43_200_000
QUARTER_MS = 900_000


def quarter_of(sides: str, quantities: tuple[float, ...] = ()) -> list[Trade]:
    """A first trade, then one a second for each letter (b or s), the last 15 minutes later."""
    begin = NOON_MS + QUARTER_MS - 1000 * (len(sides) - 1)
    quantities = quantities or (1.0,) * len(sides)
    return [
        trade(0, NOON_MS),
        *(
            trade(number + 1, begin + 1000 * number, is_buy=side == "b", quantity=quantity)
            for number, (side, quantity) in enumerate(zip(sides, quantities, strict=True))
        ),
    ]


def test_a_trade_is_measured_against_the_trades_before_it() -> None:
    quantities = (1.0, 1.0, 1.0, 3.0, 2.9, 20.0)
    tape = tape_of(
        trade(number, NOON_MS + 1000 * number, is_buy=number < 5, quantity=quantity)
        for number, quantity in enumerate(quantities)
    )
    reading = read(tape, NOON_MS + 5000)
    assert (reading.large.buys, reading.large.sells) == (1, 1)
    assert (reading.large.buy_notional, reading.large.sell_notional) == (300.0, 2000.0)
    assert (reading.very_large.buys, reading.very_large.sells) == (0, 1)


def test_without_enough_trades_before_it_no_trade_is_large() -> None:
    trades = [trade(number, NOON_MS + number, quantity=1.0 + 99 * number) for number in range(3)]
    assert read(tape_of(trades), NOON_MS + 5000).large.buys == 0


def test_trades_of_five_minutes_ago_are_no_measure_any_more() -> None:
    trades = [trade(number, NOON_MS + number) for number in range(3)]
    last = trade(3, NOON_MS + 300_000, quantity=50.0)
    assert read(tape_of([*trades, last]), NOON_MS + 300_000).large.buys == 0


def test_a_large_trade_ages_out_after_five_minutes() -> None:
    trades = [trade(number, NOON_MS) for number in range(3)]
    tape = tape_of([*trades, trade(3, NOON_MS + 1, quantity=50.0)])
    assert read(tape, NOON_MS + 300_000).large.buys == 1
    assert read(tape, NOON_MS + 300_001).large.buys == 0


def test_a_trade_is_big_above_the_notional_not_at_it() -> None:
    tape = tape_of([trade(1, NOON_MS, quantity=20.0), trade(2, NOON_MS, quantity=20.001)])
    big = read(tape, NOON_MS).big
    assert (big.buys, big.sells, big.buy_notional) == (1, 0, 2000.1)


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ("bbbbbbbb", 1.0),
        ("ssssssss", 1.0),
        ("bsbsbsbs", 0.0),
        ("bbssbbss", 1.0),
        ("bbbsbsbb", 0.5),
    ],
)
def test_vpin_is_the_mean_imbalance_of_four_buckets(sides: str, expected: float) -> None:
    tape = tape_of(quarter_of(sides))
    assert read(tape, NOON_MS + QUARTER_MS).vpin == expected


def test_vpin_splits_a_trade_over_its_buckets() -> None:
    quantities = (1.0, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    # Buckets of 3: sbb, bbb, ssb, bss (in units).
    tape = tape_of(quarter_of("sbssbbss", quantities))
    expected = (1 + 3 + 1 + 1) / 12
    assert read(tape, NOON_MS + QUARTER_MS).vpin == pytest.approx(expected)


def test_vpin_waits_for_a_whole_window_and_enough_trades() -> None:
    assert read(tape_of(quarter_of("bbbbbbbb")), NOON_MS + QUARTER_MS - 1).vpin is None
    assert read(tape_of(quarter_of("bbbbbbb")), NOON_MS + QUARTER_MS).vpin is None


def moving(price: float, *, buys: int, sells: int) -> list[Trade]:
    """Takers of both sides, one unit each, and a price that ends after five minutes at `price`."""
    trades = [trade(0, NOON_MS)]
    trades += [trade(1 + number, NOON_MS + 1000) for number in range(buys - 1)]
    trades += [trade(buys + number, NOON_MS + 2000, is_buy=False) for number in range(sells)]
    return [*trades, trade(buys + sells, NOON_MS + 300_000, price=price)]


def divergence(trades: list[Trade]) -> float:
    return read(tape_of(trades), NOON_MS + 300_000).divergence


def test_buying_into_a_falling_price_diverges_upwards() -> None:
    price = 100.0 * math.exp(-0.002)
    assert divergence(moving(price, buys=80, sells=20)) == pytest.approx(0.5)


def test_selling_into_a_rising_price_diverges_downwards() -> None:
    price = 100.0 * math.exp(0.004)
    assert divergence(moving(price, buys=40, sells=60)) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("price", "buys", "sells"),
    [(99.0, 20, 80), (101.0, 80, 20), (99.95, 80, 20), (99.0, 53, 47), (100.0, 80, 20)],
)
def test_one_way_or_too_small_moves_do_not_diverge(price: float, buys: int, sells: int) -> None:
    assert divergence(moving(price, buys=buys, sells=sells)) == 0.0


def test_divergence_waits_for_five_covered_minutes() -> None:
    tape = tape_of(moving(99.0, buys=80, sells=20))
    assert read(tape, NOON_MS + 300_000).divergence > 0
    tape.note_gap(NOON_MS + 1)
    assert read(tape, NOON_MS + 300_000).divergence == 0.0


def five_minutes(*, fresh: int, is_buy: bool, others: int = 0) -> list[Trade]:
    """Ten takers of a side in each 30 s, but `fresh` in the last; `others` traded against them."""
    counts = [10] * 10 + [fresh]
    times = [NOON_MS + 30_000 * part + 1 for part, count in enumerate(counts) for _ in range(count)]
    trades = [trade(number, each, is_buy=is_buy) for number, each in enumerate(times)]
    begin, last_ms = len(trades), NOON_MS + 300_001
    trades += [trade(begin + number, last_ms, is_buy=not is_buy) for number in range(others)]
    return trades


def exhaustion(trades: list[Trade]) -> float:
    return read(tape_of(trades), NOON_MS + 330_000).exhaustion


def test_sellers_who_stop_are_exhausted_which_is_positive() -> None:
    assert exhaustion(five_minutes(fresh=0, is_buy=False, others=1)) == 1.0


def test_buyers_who_stop_are_exhausted_which_is_negative() -> None:
    assert exhaustion(five_minutes(fresh=0, is_buy=True, others=1)) == -1.0


def test_when_nobody_trades_nobody_is_exhausted() -> None:
    assert exhaustion(five_minutes(fresh=0, is_buy=True)) == 0.0


def test_exhaustion_grows_from_half_the_own_rate_down() -> None:
    # Of 92 in five minutes two in 30 s are 10 x 2 / 92 of the rate.
    expected = 1.0 - 10 * 2 / 92 / 0.5
    assert exhaustion(five_minutes(fresh=2, is_buy=False)) == pytest.approx(expected)
    assert exhaustion(five_minutes(fresh=5, is_buy=False)) == 0.0


def test_without_a_dominant_side_nobody_is_exhausted() -> None:
    assert exhaustion(five_minutes(fresh=0, is_buy=False, others=80)) == 0.0


def test_exhaustion_waits_for_five_covered_minutes() -> None:
    tape = tape_of(five_minutes(fresh=0, is_buy=False, others=1))
    tape.note_gap(NOON_MS + 30_001)
    assert read(tape, NOON_MS + 330_000).exhaustion == 0.0


def test_the_classes_of_size_must_rise() -> None:
    with pytest.raises(ValueError, match="large_multiple is 10"):
        TapeParameters(large_multiple=10, very_large_multiple=10)
    assert SMALL.large_multiple < SMALL.very_large_multiple
