"""Candles of every interval, finished and forming, against a plain recount of the minutes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidDataError
from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars
from exchanges.simulator.market.klines import closed_klines, forming_kline
from exchanges.simulator.market.minute_path import minute_shape, price_at
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.tape import Tape
from tests.unit.simulator.conftest import random_pair

intervals = st.sampled_from([1, 3, 5, 15, 60, 240])
seeds = st.integers(0, 10_000)


@given(seed=seeds, interval=intervals)
@settings(max_examples=60)
def test_closed_candles_equal_a_recount_of_their_minutes(seed: int, interval: int) -> None:
    pair = random_pair(seed)
    first = pair.bars.first_minute // interval
    last = (pair.bars.end_minute - 1) // interval
    klines = closed_klines(pair, interval, first - 3, last + 3)

    assert [kline.open_ms // MINUTE_MS // interval for kline in klines] == list(
        range(first, last + 1)
    )
    for kline in klines:
        begin = max(0, kline.open_ms // MINUTE_MS - pair.bars.first_minute)
        end = kline.open_ms // MINUTE_MS + interval - pair.bars.first_minute
        minutes = pair.bars.columns[:, begin:end]
        assert (kline.open, kline.close) == (minutes[0, 0], minutes[3, -1])
        assert (kline.high, kline.low) == (minutes[1].max(), minutes[2].min())
        assert (kline.volume, kline.taker_buy) == (minutes[4].sum(), minutes[5].sum())


@given(seed=seeds, interval=intervals)
@settings(max_examples=30)
def test_trade_ids_of_candles_follow_each_other(seed: int, interval: int) -> None:
    pair = random_pair(seed)
    last = (pair.bars.end_minute - 1) // interval
    next_id = 1
    for kline in closed_klines(pair, interval, 0, last):
        if kline.trades:
            assert kline.first_trade == next_id
            next_id = kline.last_trade + 1
        else:
            assert (kline.first_trade, kline.last_trade, kline.volume) == (-1, -1, 0)


@given(seed=seeds, interval=intervals, minute=st.integers(0, 399))
@settings(max_examples=80)
def test_a_forming_candle_grows_into_its_closed_one(seed: int, interval: int, minute: int) -> None:
    pair = random_pair(seed)
    opened = (pair.bars.first_minute + minute) // interval * interval
    number = opened // interval
    begin = max(opened, pair.bars.first_minute) * MINUTE_MS
    end = min((opened + interval), pair.bars.end_minute) * MINUTE_MS
    closed, tape = closed_klines(pair, interval, number, number)[0], Tape(60)

    forming = [
        forming_kline(tape, pair, interval, int(at)) for at in np.linspace(begin, end - 1, 25)
    ]
    seen = [kline for kline in forming if kline is not None]
    assert len(seen) == 25
    assert all(kline.open_ms == closed.open_ms for kline in seen)
    for sooner, later in zip(seen, [*seen[1:], closed], strict=True):
        assert sooner.open == closed.open
        assert sooner.low <= sooner.close <= sooner.high
        assert later.high >= sooner.high
        assert later.low <= sooner.low
        assert later.volume >= sooner.volume
        assert later.taker_buy >= sooner.taker_buy
        assert later.trades >= sooner.trades
        assert 0 <= sooner.taker_buy <= sooner.volume


@given(seed=seeds, minute=st.integers(0, 399))
@settings(max_examples=80)
def test_a_minute_goes_from_open_over_both_extremes_to_close(seed: int, minute: int) -> None:
    pair = random_pair(seed)
    opened, high, low, close = pair.bars.columns[:4, minute].tolist()
    shape = minute_shape(pair, pair.bars.first_minute + minute)
    path = [shape.price(fraction) for fraction in np.linspace(0.0, 1.0, 101)]

    assert (path[0], path[-1]) == (opened, close)
    assert {shape.price(shape.first_at), shape.price(shape.second_at)} == {low, high}
    assert low <= min(path)
    assert max(path) <= high


def test_outside_a_pairs_life_there_is_no_forming_candle_and_the_price_stands() -> None:
    pair = random_pair(1)
    assert forming_kline(Tape(15), pair, 5, pair.bars.start_ms - 1) is None
    assert forming_kline(Tape(15), pair, 5, pair.bars.end_ms) is None
    assert price_at(pair, pair.bars.start_ms - 10**7) == pair.bars.columns[0, 0]
    assert price_at(pair, pair.bars.end_ms + 10**7) == pair.bars.columns[3, -1]
    assert closed_klines(pair, 5, 0, 10) == []


@pytest.mark.parametrize(
    ("row", "value"),
    [(0, 2000), (1, 5), (2, 0), (3, 2), (5, 600)],
    ids=["open above high", "high below body", "low at zero", "close below low", "buys > volume"],
)
def test_impossible_bars_cannot_be_built(row: int, value: int) -> None:
    columns = np.array([[10], [12], [8], [11], [500], [200]])
    MinuteBars(0, columns.copy())
    columns[row, 0] = value
    with pytest.raises(InvalidDataError):
        MinuteBars(0, columns)


def test_bars_need_columns() -> None:
    with pytest.raises(InvalidDataError):
        MinuteBars(0, np.zeros((6, 0), dtype=np.int64))


def test_a_pair_without_any_trade_has_no_trade_ids() -> None:
    columns = np.array([[10] * 5, [10] * 5, [10] * 5, [10] * 5, [0] * 5, [0] * 5])
    pair = Pair(random_pair(1).contract, MinuteBars(0, columns))
    assert closed_klines(pair, 5, 0, 0)[0].trades == 0
    assert pair.usual_volume == 1
