"""With the times of a live run in place of the assumed ones, its ledger comes out hash by hash."""

import random
from datetime import datetime, timedelta

from engine.backtest.candidates import find_candidates
from engine.backtest.run import run_backtest
from tests.fakes.clock import HandClock
from tests.live_backtest.recorded_times import LedgerTimes
from tests.unit.backtest.engine.by_hand import LiveByHand
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories, make_strategy

START = BLOCK_BEGINS + timedelta(hours=18)
END = START + timedelta(hours=10)


class TickingClock(HandClock):
    """Every look at it takes some milliseconds."""

    def now(self) -> datetime:
        self.advance(0.007)
        return super().now()


async def test_recorded_times_reproduce_a_live_ledger_hash_by_hash() -> None:
    histories = make_histories(("AAA", "BBB", "CCC"), START, END, seed=20)
    strategy, dice = make_strategy(threshold=56.0), random.Random(9)
    # Delays so long that a close is decided on before or after the minute's outcomes are written.
    live = LiveByHand(
        histories,
        strategy,
        START,
        clock=TickingClock(START),
        delay=lambda: dice.choice([0.0, 0.412, 0.8, 2.0, 2.6]),
    )
    entries = await live.run(START, END)
    candidates = {
        symbol: find_candidates(each, strategy, START, END) for symbol, each in histories.items()
    }
    repeated = await run_backtest(
        histories, candidates, strategy, start=START, end=END, times=LedgerTimes(entries)
    )
    assumed = await run_backtest(histories, candidates, strategy, start=START, end=END)
    assert len(entries) > 20
    assert [each.hash for each in repeated.entries] == [each.hash for each in entries]
    assert [each.hash for each in assumed.entries] != [each.hash for each in entries]
