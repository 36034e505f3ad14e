"""The heart of the backtest: its record is the one that the live use cases leave, hash by hash."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.evidence import LayerName
from domain.ledger import LedgerEntry
from domain.lifecycle import LifecycleParameters
from domain.signals import SignalState
from domain.timeframes import Timeframe
from engine.backtest.candidates import find_candidates
from engine.backtest.run import run_backtest
from engine.backtest.values import (
    BacktestParameters,
    BacktestResult,
    PairHistory,
    TestedStrategy,
)
from layers.memory import MemoryParameters
from risk.breakers import BreakerParameters
from risk.breakers.drawdown import DrawdownParameters
from tests.unit.backtest.engine.by_hand import LiveByHand
from tests.unit.backtest.engine.walks import (
    BLOCK_BEGINS,
    COARSE,
    EVERY,
    cut_off,
    make_histories,
    make_strategy,
)

START = BLOCK_BEGINS + timedelta(hours=18)
END = START + timedelta(hours=9)
MIDNIGHT = BLOCK_BEGINS + timedelta(days=1)
PAIRS = ("AAA", "BBB", "CCC")


async def backtested(
    histories: Mapping[str, PairHistory], strategy: TestedStrategy
) -> BacktestResult:
    candidates = {
        symbol: find_candidates(history, strategy, START, END)
        for symbol, history in histories.items()
    }
    return await run_backtest(histories, candidates, strategy, start=START, end=END)


async def by_hand(
    histories: Mapping[str, PairHistory], strategy: TestedStrategy
) -> list[LedgerEntry]:
    return await LiveByHand(histories, strategy, START).run(START, END)


async def assert_same_record(
    histories: Mapping[str, PairHistory], strategy: TestedStrategy, *, at_least: int
) -> BacktestResult:
    result = await backtested(histories, strategy)
    entries = await by_hand(histories, strategy)
    assert [each.body for each in result.entries] == [each.body for each in entries]
    assert [each.hash for each in result.entries] == [each.hash for each in entries]
    assert len(entries) >= at_least
    return result


@pytest.mark.parametrize(
    ("seed", "timeframes"),
    [(1, EVERY), (2, EVERY), (3, COARSE), (4, (Timeframe.M5, Timeframe.M15, Timeframe.H1))],
)
async def test_candles_alone_leave_the_record_of_the_live_use_cases(
    seed: int, timeframes: tuple[Timeframe, ...]
) -> None:
    histories = make_histories(PAIRS, START, END, seed=10 * seed, timeframes=timeframes)
    await assert_same_record(histories, make_strategy(threshold=58.0), at_least=6)


async def test_a_day_that_is_lost_stops_the_same_trades_and_goes_on_after_midnight() -> None:
    histories = make_histories(PAIRS, START, END, seed=50, scale=0.002)
    ladder = DrawdownParameters(steps_percent=(0.2, 0.6, 0.9, 1.2))
    strategy = make_strategy(threshold=56.0)
    breakers = BreakerParameters(drawdown=ladder)
    strategy = replace(strategy, risk=replace(strategy.risk, breakers=breakers))
    result = await assert_same_record(histories, strategy, at_least=6)
    published = [each.signal.published_at for each in result.signals]
    assert result.denials["drawdown"] > 0
    assert any(at >= MIDNIGHT for at in published)


async def test_memory_knows_an_outcome_from_when_it_was_written_down() -> None:
    histories = make_histories(PAIRS, START, END, seed=60, scale=0.002)
    strategy = make_strategy(LayerName.TECHNICAL, LayerName.MEMORY, threshold=50.0)
    decision = replace(
        strategy.decision,
        memory=MemoryParameters(minimum_trades=1, prior_trades=1.0),
        confluence=replace(
            strategy.decision.confluence, minimum_supporting_layers=1, coverage_penalty=0.0
        ),
    )
    result = await assert_same_record(histories, replace(strategy, decision=decision), at_least=6)
    memories = [each.signal.decision.layers[-1] for each in result.signals]
    assert any(layer.coverage for layer in memories)
    assert any(not layer.coverage for layer in memories)
    assert result.layers_missing == ()


async def test_outcomes_that_are_written_before_the_next_close_is_decided_on_count_there() -> None:
    histories = make_histories(PAIRS, START, END, seed=10)
    assumed = BacktestParameters(publication_seconds=9.0, outcome_seconds=2.0)
    strategy = make_strategy(threshold=58.0, assumed=assumed)
    await assert_same_record(histories, strategy, at_least=6)


async def test_a_pair_whose_candles_end_is_given_up_as_live_would() -> None:
    histories = make_histories(PAIRS, START, END, seed=70, scale=0.002)
    short = cut_off(histories["AAAUSDT"], START + timedelta(hours=2))
    strategy = make_strategy(threshold=56.0)
    lifecycle = LifecycleParameters(give_up_hours=1.0)
    strategy = replace(strategy, risk=replace(strategy.risk, lifecycle=lifecycle))
    result = await assert_same_record(histories | {"AAAUSDT": short}, strategy, at_least=6)
    ends = {each.course.state for each in result.signals if each.signal.plan.symbol == "AAAUSDT"}
    assert ends & {SignalState.CANCELLED, SignalState.INVALIDATED}
