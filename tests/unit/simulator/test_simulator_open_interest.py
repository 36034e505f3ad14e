"""Open interest moves with the market: opened by moves with volume, closed by reversals."""

from itertools import pairwise

import numpy as np
import pytest

from exchanges.simulator import Market
from exchanges.simulator.market.bars import MINUTE_MS, MinuteBars, Whole
from exchanges.simulator.market.derivatives import open_interest
from exchanges.simulator.market.open_interest import built_up
from exchanges.simulator.market.pairs import Pair
from tests.unit.simulator.conftest import contract, random_pair

PRICE = 100_000
FIRST = 29_000_000


def pair_with(returns: list[float], volume: list[int]) -> Pair:
    """A day of small moves up and down, then moves in ticks with volumes."""
    calm = [20.0, -20.0] * 720
    close = PRICE + np.cumsum(calm + returns).astype(np.int64)
    opened = np.concatenate(([PRICE], close[:-1]))
    volumes = np.array([1000] * 1440 + volume)
    rows = (opened, np.maximum(opened, close), np.minimum(opened, close), close)
    return Pair(contract(), MinuteBars(FIRST, np.vstack((*rows, volumes, volumes // 2))))


def change(pair: Pair, minutes: int) -> float:
    """Open interest after the calm day and `minutes` more, over that after the day."""
    begin_ms = (FIRST + 1440) * MINUTE_MS
    before = open_interest(pair, begin_ms)
    return open_interest(pair, begin_ms + minutes * MINUTE_MS) / before - 1.0


@pytest.mark.parametrize("way", [1, -1])
def test_a_move_with_volume_opens_positions(way: int) -> None:
    loud = pair_with([way * 50.0] * 10, [4000] * 10)
    quiet = pair_with([way * 50.0] * 10, [200] * 10)
    assert change(loud, 5) > 0.005
    assert change(loud, 5) > 3 * abs(change(quiet, 5))


@pytest.mark.parametrize("way", [1, -1])
def test_a_move_back_closes_positions(way: int) -> None:
    pair = pair_with([way * 50.0] * 10 + [-way * 60.0] * 6, [3000] * 16)
    assert change(pair, 14) < change(pair, 10) - 0.003


@pytest.mark.parametrize("way", [1, -1])
def test_a_violent_minute_closes_positions(way: int) -> None:
    assert change(pair_with([way * 2_000.0] * 3, [3000] * 3), 2) < -0.01


def test_open_interest_moves_within_the_minute() -> None:
    pair = pair_with([0.0, -3_000.0], [3000, 3000])
    begin_ms = (FIRST + 1441) * MINUTE_MS
    seen = [open_interest(pair, begin_ms + second * 1000) for second in (0, 20, 40, 60)]
    assert seen == sorted(seen, reverse=True)
    assert seen[2] < 0.996 * seen[0]


def test_in_a_minute_without_a_move_open_interest_goes_up_and_down() -> None:
    pair = pair_with([0.0, 0.0], [1000, 1000])
    begin_ms = (FIRST + 1441) * MINUTE_MS
    changes = np.diff([open_interest(pair, begin_ms + second * 1000) for second in range(0, 60, 3)])
    assert changes.min() < 0 < changes.max()
    assert (changes != 0).all()


def _mirrored(columns: Whole) -> Whole:
    scale = 10**9
    prices = np.rint(scale / columns[[0, 2, 1, 3]]).astype(np.int64)
    return np.vstack((prices, columns[4], columns[4] - columns[5]))


def test_a_mirrored_market_has_the_same_open_interest() -> None:
    pair = pair_with([50.0] * 10 + [-80.0] * 8 + [900.0, -950.0, 30.0], [3000] * 21)
    other = MinuteBars(FIRST, _mirrored(pair.bars.columns))
    ours, theirs = built_up(pair.bars, 1000, {}), built_up(other, 1000, {})
    assert np.allclose(ours, theirs, atol=0.02)
    assert np.ptp(ours) > 0.05


def test_open_interest_of_the_past_does_not_hang_on_the_future() -> None:
    pair = random_pair(4, count=3000)
    columns = pair.bars.columns.copy()
    columns[:, 2000:] = np.array([[70], [90], [60], [80], [9_999], [11]])
    other = MinuteBars(pair.bars.first_minute, columns)
    ours, theirs = (built_up(bars, pair.usual_volume, {}) for bars in (pair.bars, other))
    assert ours[:2000] == theirs[:2000]
    assert ours != theirs


def test_in_a_market_every_meaning_of_open_interest_occurs_within_a_day(market: Market) -> None:
    for pair in market.pairs[:12]:
        times = range(market.start_ms, market.start_ms + 1200 * MINUTE_MS, 5 * MINUTE_MS)
        interest = np.array([open_interest(pair, at_ms) for at_ms in times])
        close = pair.bars.columns[3, [pair.bars.position(at // MINUTE_MS - 1) for at in times]]
        price_up, more = np.diff(close) > 0, np.diff(interest) / interest[:-1]
        for way in (price_up, ~price_up):
            assert (more[way] > 0.001).sum() >= 5
            assert (more[way] < -0.0005).sum() >= 5


def test_open_interest_changes_every_few_seconds(market: Market) -> None:
    for pair in market.pairs[:3]:
        times = range(market.start_ms, market.start_ms + 10 * MINUTE_MS, 15_000)
        seen = [open_interest(pair, at_ms) for at_ms in times]
        assert all(sooner != later for sooner, later in pairwise(seen))
        assert max(abs(np.diff(np.log(seen)))) < 0.02
