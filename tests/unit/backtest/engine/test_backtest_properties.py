"""What must hold of every backtest: no future, no order of pairs, one record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import CandleSeries
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe
from engine.backtest.candidates import find_candidates
from engine.backtest.run import run_backtest
from engine.backtest.values import BacktestResult, PairHistory
from engine.ledger import verify_chain
from tests.unit.backtest.engine.walks import (
    BLOCK_BEGINS,
    COARSE,
    EVERY,
    cut_off,
    make_histories,
    make_strategy,
)
from tests.unit.layers.technical.markets import columns_of, series_of

START = BLOCK_BEGINS + timedelta(hours=6)
END = START + timedelta(hours=8)
PAIRS = ("AAA", "BBB", "CCC")
STRATEGY = make_strategy(threshold=56.0)

seeds = st.integers(0, 10_000)
timeframes = st.sampled_from([EVERY, COARSE])


async def backtested(histories: Mapping[str, PairHistory], end: datetime = END) -> BacktestResult:
    candidates = {
        symbol: find_candidates(history, STRATEGY, START, end)
        for symbol, history in histories.items()
    }
    return await run_backtest(histories, candidates, STRATEGY, start=START, end=end)


@settings(max_examples=4, deadline=None)
@given(seed=seeds, candles=timeframes, hours=st.integers(1, 7), shift=st.integers(1, 30))
async def test_record_up_to_an_instant_does_not_know_how_the_candles_go_on(
    seed: int, candles: tuple[Timeframe, ...], hours: int, shift: int
) -> None:
    histories = make_histories(PAIRS, START, END, seed=seed, timeframes=candles)
    cut = START + timedelta(hours=hours)
    shifted = {symbol: _shifted(each, cut, shift) for symbol, each in histories.items()}
    shorter = {symbol: cut_off(each, cut) for symbol, each in histories.items()}
    full = await backtested(histories)
    known = [each.hash for each in full.entries if each.at < cut]
    for other in (shifted, shorter):
        assert [each.hash for each in (await backtested(other, cut)).entries] == known
    assert [each.hash for each in (await backtested(shifted)).entries][: len(known)] == known


def _shifted(history: PairHistory, cut: datetime, shift: int) -> PairHistory:
    """Other prices from an instant on."""
    candles = {key: _moved(series, cut, shift) for key, series in history.candles.items()}
    return replace(history, candles=candles)


def _moved(series: CandleSeries, cut: datetime, shift: int) -> CandleSeries:
    columns = columns_of(series)
    begin = series.timeframe.index_of(int(cut.timestamp() * 1000)) - series.first_index
    columns[:4, begin:] += shift
    return series_of(series.timeframe, series.first_index, columns)


@settings(max_examples=4, deadline=None)
@given(seed=seeds, candles=timeframes)
async def test_pairs_in_another_order_leave_the_same_record(
    seed: int, candles: tuple[Timeframe, ...]
) -> None:
    histories = make_histories(PAIRS, START, END, seed=seed, timeframes=candles)
    turned = dict(reversed(histories.items()))
    assert repr(await backtested(histories)) == repr(await backtested(turned))


@settings(max_examples=4, deadline=None)
@given(seed=seeds, candles=timeframes)
async def test_record_is_whole_and_statistics_and_excursions_agree_with_it(
    seed: int, candles: tuple[Timeframe, ...]
) -> None:
    result = await backtested(make_histories(PAIRS, START, END, seed=seed, timeframes=candles))
    assert verify_chain(result.entries) is None
    ended = [each for each in result.signals if each.course.state.is_final]
    assert len(result.entries) == len(result.signals) + len(ended)
    trades = [each for each in ended if each.course.triggered_at is not None]
    assert len(result.statistics.results) == len(trades)
    assert set(result.excursions) == {each.signal.id for each in trades}
    assert all(_is_within_its_excursion(each, result) for each in trades)
    assert all(each.at < END for each in result.entries)


def _is_within_its_excursion(followed: FollowedSignal, result: BacktestResult) -> bool:
    """The best and the worst exit, before costs, lie within how far it went."""
    plan, excursion = followed.signal.plan, result.excursions[followed.signal.id]
    gains = [
        float(plan.direction.sign * (leg.price - plan.entry) / plan.stop_distance)
        for leg in followed.course.exits
    ]
    is_within = -excursion.adverse_r - 1e-9 <= min(gains)
    return is_within and max(gains) <= excursion.favourable_r + 1e-9
