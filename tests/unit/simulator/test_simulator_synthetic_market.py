"""The synthetic market: the same for a seed, sound, and like a market."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from exchanges.simulator import Market, synthetic_market
from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, OPEN, TAKER_BUY, VOLUME
from exchanges.simulator.market.klines import closed_klines
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.market.randomness import seeded_generator
from exchanges.simulator.market.synthetic.regimes import Regime, factor_path, stretches
from tests.unit.simulator.conftest import DAY_MINUTES

Real = npt.NDArray[np.float64]


def tradable(market: Market) -> list[Pair]:
    return list(market.pairs[:12])


def _mean_range(pair: Pair) -> float:
    columns = pair.bars.columns
    return float(np.mean((columns[HIGH] - columns[LOW]) / columns[CLOSE]))


def quarter_returns(pair: Pair) -> Real:
    close = pair.bars.columns[CLOSE, 14::15].astype(np.float64)
    return np.diff(np.log(close))


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    settings: dict[str, Any] = {"pairs": 4, "history_minutes": 2000, "forward_minutes": 100}
    first, again, other = (synthetic_market(seed=seed, **settings) for seed in (1, 1, 2))

    for one, two in zip(first.pairs, again.pairs, strict=True):
        assert one.contract == two.contract
        assert (one.bars.columns == two.bars.columns).all()
    assert (first.pairs[0].bars.columns != other.pairs[0].bars.columns).any()


def test_bars_reach_over_the_time_asked_for(market: Market) -> None:
    pair = market.pairs[0]
    assert pair.bars.start_ms == market.start_ms - 6 * DAY_MINUTES * 60_000
    assert pair.bars.end_ms == market.start_ms + DAY_MINUTES * 60_000
    assert market.interpolated_below is None


def test_every_bar_opens_at_the_last_close(market: Market) -> None:
    for pair in tradable(market):
        columns = pair.bars.columns
        assert (columns[OPEN, 1:] == columns[CLOSE, :-1]).all()


def test_prices_keep_fine_ticks_and_volumes_pass_the_scanner(market: Market) -> None:
    for pair in tradable(market):
        assert pair.bars.columns[LOW].min() > 1_000
        turnover = (pair.bars.columns[VOLUME] * pair.average_prices).sum() / 7
        assert turnover > 500_000


def test_daily_volatility_is_that_of_crypto(market: Market) -> None:
    daily = [quarter_returns(pair).std() * np.sqrt(96) for pair in tradable(market)]
    assert min(daily) > 0.01
    assert max(daily) < 0.15
    ranges = [_mean_range(pair) for pair in tradable(market)]
    assert all(0.0002 < one < 0.004 for one in ranges)


def test_pairs_move_together_but_not_as_one(market: Market) -> None:
    returns = np.vstack([quarter_returns(pair) for pair in tradable(market)])
    correlations = np.asarray(np.corrcoef(returns))[np.triu_indices(len(returns), 1)]
    assert 0.2 < correlations.mean() < 0.9
    assert correlations.max() < 0.995


def test_volume_rises_with_movement(market: Market) -> None:
    for pair in tradable(market):
        columns = pair.bars.columns
        moves = np.abs(columns[CLOSE] - columns[OPEN])
        calm = moves <= np.quantile(moves, 0.25)
        wild = moves >= np.quantile(moves, 0.95)
        assert columns[VOLUME, wild].mean() > 1.5 * columns[VOLUME, calm].mean()


def test_takers_buy_more_while_the_price_rises(market: Market) -> None:
    for pair in tradable(market):
        columns = pair.bars.columns
        share = columns[TAKER_BUY] / columns[VOLUME]
        rises = columns[CLOSE] > columns[OPEN]
        assert share[rises].mean() > 0.53 > 0.47 > share[~rises].mean()


def test_afternoons_are_busier_than_nights(market: Market) -> None:
    pair = market.pairs[0]
    hours = (pair.bars.first_minute + np.arange(len(pair.bars))) // 60 % 24
    volume = pair.bars.columns[VOLUME]
    assert (
        volume[np.isin(hours, (13, 14, 15))].mean() > 1.5 * volume[np.isin(hours, (1, 2, 3))].mean()
    )


def test_extremes_are_fatter_than_normal(market: Market) -> None:
    returns = np.concatenate([quarter_returns(pair) for pair in tradable(market)])
    scaled = (returns - returns.mean()) / returns.std()
    assert (scaled**4).mean() > 3.5


def test_regimes_of_all_kinds_follow_each_other() -> None:
    sequence = stretches(400 * DAY_MINUTES, seeded_generator(5), crashes=True)
    kinds = [stretch.regime for stretch in sequence]

    assert set(kinds) == set(Regime)
    for sooner, later in pairwise(kinds):
        if sooner is Regime.CRASH:
            assert later is Regime.RECOVERY
        if sooner is Regime.SQUEEZE:
            assert later in (Regime.BREAKOUT, Regime.CRASH)


def test_breakouts_are_louder_than_squeezes() -> None:
    path = factor_path(60 * DAY_MINUTES, 0.02, seeded_generator(9))
    quiet, loud = path.noise < 0.5, path.noise > 1.4
    assert path.returns[loud].std() > 2 * path.returns[quiet].std()
    assert path.activity[loud].mean() > 4 * path.activity[quiet].mean()


def test_the_fresh_listing_has_a_short_history(market: Market) -> None:
    fresh = market.by_symbol["FRESHUSDT"]
    assert fresh.contract.listed_ms == fresh.bars.start_ms
    assert fresh.bars.start_ms == market.start_ms - 36 * 60 * 60_000
    assert closed_klines(fresh, 15, 0, market.start_ms // 900_000 - 1)[0].open_ms >= (
        fresh.bars.start_ms - 900_000
    )


@pytest.mark.parametrize("count", [1, 45, 60])
def test_any_number_of_pairs_has_names_of_their_own(count: int) -> None:
    made = synthetic_market(pairs=count, history_minutes=60, forward_minutes=5)
    symbols = [pair.symbol for pair in made.pairs]
    assert len(set(symbols)) == len(symbols) == count + 5
