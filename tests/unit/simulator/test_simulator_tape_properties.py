"""Trades add up to their bar; books are sorted, never crossed, and rebuilt from their changes."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.book import book_at, changes
from exchanges.simulator.market.minute_trades import split
from exchanges.simulator.market.tape import Tape
from tests.unit.simulator.conftest import random_pair

seeds = st.integers(0, 10_000)


@given(seed=seeds, minute=st.integers(0, 399), detail=st.sampled_from([4, 6, 15, 60]))
@settings(max_examples=100)
def test_the_trades_of_a_minute_add_up_to_its_bar(seed: int, minute: int, detail: int) -> None:
    pair = random_pair(seed)
    trades = Tape(detail).minute(pair, pair.bars.first_minute + minute)
    opened, high, low, close, volume, taker_buy = pair.bars.columns[:, minute].tolist()

    assert sum(trade.quantity for trade in trades) == volume
    assert sum(t.quantity for t in trades if not t.buyer_is_maker) == taker_buy
    assert all(trade.quantity >= 1 for trade in trades)
    assert all(low <= trade.price <= high for trade in trades)
    times = [trade.at_ms for trade in trades]
    assert times == sorted(times)
    if trades:
        begin = (pair.bars.first_minute + minute) * MINUTE_MS
        assert begin <= times[0]
        assert times[-1] < begin + MINUTE_MS
    if len(trades) >= 4:
        assert {high, low} <= {trade.price for trade in trades}
        assert (trades[0].price, trades[-1].price) == (opened, close)


@given(seed=seeds, begin=st.integers(0, 300), length=st.integers(1, 90_000))
@settings(max_examples=40)
def test_slices_of_the_tape_join_without_loss(seed: int, begin: int, length: int) -> None:
    pair = random_pair(seed)
    start = pair.bars.start_ms + begin * MINUTE_MS
    cuts = [*range(start, start + 5 * length, length), start + 5 * length]
    tape = Tape(15)
    parts = [trade for a, b in pairwise(cuts) for trade in tape.between(pair, a, b)]
    whole = Tape(15).between(pair, start, cuts[-1])

    assert parts == whole
    assert [trade.id for trade in whole] == list(
        range(whole[0].id, whole[0].id + len(whole)) if whole else []
    )
    for trade in whole:
        assert tape.minute_of(pair, trade.id) == trade.at_ms // MINUTE_MS


@given(
    total=st.integers(1, 10**12),
    weights=st.lists(st.floats(0.1, 10.0), min_size=1, max_size=50),
)
def test_split_parts_are_positive_and_add_up(total: int, weights: list[float]) -> None:
    if total < len(weights):
        weights = weights[:total]
    parts = split(total, np.array(weights))
    assert parts.sum() == total
    assert parts.min() >= 1


@given(seed=seeds, offset=st.integers(0, 400 * MINUTE_MS), levels=st.integers(1, 100))
@settings(max_examples=100)
def test_a_book_is_sorted_positive_and_not_crossed(seed: int, offset: int, levels: int) -> None:
    pair = random_pair(seed)
    book = book_at(Tape(60), pair, pair.bars.start_ms + offset, levels)

    bids, asks = list(book.bids), list(book.asks)
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    assert 0 < bids[-1] <= bids[0] < asks[0]
    assert all(quantity >= 1 for quantity in (*book.bids.values(), *book.asks.values()))


@given(seed=seeds, offset=st.integers(0, 399 * MINUTE_MS), later=st.integers(1, 60_000))
@settings(max_examples=60)
def test_changes_turn_one_book_into_the_next(seed: int, offset: int, later: int) -> None:
    pair = random_pair(seed)
    before = book_at(Tape(60), pair, pair.bars.start_ms + offset, 50)
    after = book_at(Tape(60), pair, pair.bars.start_ms + offset + later, 50)
    rebuilt = before.bids | changes(before.bids, after.bids)

    assert {price: quantity for price, quantity in rebuilt.items() if quantity} == after.bids


def test_a_book_changes_little_within_a_tenth_of_a_second() -> None:
    pair = random_pair(5)
    at_ms = pair.bars.start_ms + 10 * MINUTE_MS + 30_000
    before, after = book_at(Tape(60), pair, at_ms, 100), book_at(Tape(60), pair, at_ms + 100, 100)
    assert len(changes(before.bids, after.bids)) < 30


def test_fewer_levels_are_the_top_of_more() -> None:
    pair = random_pair(6)
    few, many = (
        book_at(Tape(60), pair, pair.bars.start_ms + 12_345, levels) for levels in (5, 100)
    )
    assert list(few.bids.items()) == list(many.bids.items())[:5]
    assert list(few.asks.items()) == list(many.asks.items())[:5]
