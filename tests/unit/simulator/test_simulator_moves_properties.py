"""A move by hand leaves the past alone, and tape, candles and mark agree on what comes after."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ConfigurationError
from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, MINUTE_MS, OPEN, TAKER_BUY, VOLUME
from exchanges.simulator.market.derivatives import mark_at
from exchanges.simulator.market.moves import moved
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.tape import Tape
from tests.unit.simulator.conftest import random_pair

DETAIL = 30
FACTORS = st.floats(0.5, 2.0)


def after_move(pair: Pair, at_ms: int, factor: float) -> Pair:
    return moved(pair, Tape(DETAIL).columns(pair, at_ms // MINUTE_MS), at_ms, factor)


def instants(pair: Pair) -> tuple[int, int]:
    """From its second minute on: a mark looks back by one."""
    return pair.bars.start_ms + MINUTE_MS, pair.bars.end_ms - 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20), st.data(), FACTORS)
def test_nothing_that_was_told_before_a_move_changes(
    seed: int, data: st.DataObject, factor: float
) -> None:
    pair = random_pair(seed, count=40)
    at_ms = data.draw(st.integers(*instants(pair)))
    after = after_move(pair, at_ms, factor)
    before_tape, after_tape = Tape(DETAIL), Tape(DETAIL)

    begin_ms = at_ms - 3 * MINUTE_MS
    told = before_tape.between(pair, begin_ms, at_ms - 1)
    retold = after_tape.between(after, begin_ms, at_ms - 1)

    def essence(trades: list[object]) -> list[tuple[object, ...]]:
        return [(t.id, t.price, t.quantity, t.at_ms, t.buyer_is_maker) for t in trades]  # type: ignore[attr-defined] # trades of the tape

    assert essence(list(told)) == essence(list(retold))
    assert mark_at(pair, at_ms - 1) == mark_at(after, at_ms - 1)
    place = pair.bars.position(at_ms // MINUTE_MS)
    assert np.array_equal(pair.bars.columns[:, :place], after.bars.columns[:, :place])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20), st.data(), FACTORS, FACTORS)
def test_after_moves_every_candle_is_the_sum_of_its_trades(
    seed: int, data: st.DataObject, first: float, second: float
) -> None:
    pair = random_pair(seed, count=12)
    times = data.draw(
        st.lists(st.integers(*instants(pair)), min_size=2, max_size=2, unique=True).map(sorted)
    )
    for at_ms, factor in zip(times, (first, second), strict=True):
        pair = after_move(pair, at_ms, factor)

    tape, columns = Tape(DETAIL), pair.bars.columns
    minutes = range(pair.bars.first_minute, pair.bars.end_minute)
    trades = [tape.minute(pair, minute) for minute in minutes]
    for place, minute in enumerate(trades):
        prices = [trade.price for trade in minute]
        bought = sum(trade.quantity for trade in minute if not trade.buyer_is_maker)
        assert sum(trade.quantity for trade in minute) == columns[VOLUME, place]
        assert bought == columns[TAKER_BUY, place]
        if prices:
            assert columns[LOW, place] <= min(prices) <= max(prices) <= columns[HIGH, place]
        if minutes[place] in {each // MINUTE_MS for each in times}:
            assert prices[-1] == columns[CLOSE, place]
    ids = [trade.id for minute in trades for trade in minute]
    assert all(later == sooner + 1 for sooner, later in pairwise(ids))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20), st.data(), FACTORS)
def test_the_new_price_is_known_at_once_and_stays(
    seed: int, data: st.DataObject, factor: float
) -> None:
    pair = random_pair(seed, count=12)
    at_ms = data.draw(st.integers(*instants(pair)))
    before, told = Tape(DETAIL), Tape(DETAIL)
    mark = mark_at(pair, at_ms).price
    after = after_move(pair, at_ms, factor)

    within = at_ms % MINUTE_MS
    if within:
        known = told.between(after, at_ms - 1, at_ms)[0].price
        assert known == pytest.approx(before.last_price(pair, at_ms - 1) * factor, abs=1)
        # Trades of the very same millisecond follow the one that tells the new price.
        last = told.last_price(after, at_ms)
        assert last == pytest.approx(before.last_price(pair, at_ms) * factor, abs=1)
    assert mark_at(after, at_ms).price == pytest.approx(mark * factor, abs=0.02)
    place = pair.bars.position(at_ms // MINUTE_MS) + 1
    assert after.bars.columns[VOLUME, place - 1] == pair.bars.columns[VOLUME, place - 1] + 1
    later = after.bars.columns[[OPEN, CLOSE], place:]
    assert np.allclose(later, pair.bars.columns[[OPEN, CLOSE], place:] * factor, atol=1)


@pytest.mark.parametrize("factor", [0.0, -1.0, 1e6, float("nan")])
def test_a_factor_that_makes_no_price_is_refused(factor: float) -> None:
    pair = random_pair(1)
    with pytest.raises(ConfigurationError, match="cannot be moved"):
        after_move(pair, pair.bars.start_ms + 5 * MINUTE_MS, factor)
