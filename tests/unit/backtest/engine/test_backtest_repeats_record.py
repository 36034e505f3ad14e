"""With the times of a live run in place of the assumed ones, its ledger comes out hash by hash."""

import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.ledger import EntryKind, LedgerEntry
from engine.backtest.candidates import find_candidates
from engine.backtest.observations import RecordedTimes
from engine.backtest.run import run_backtest
from tests.fakes.clock import HandClock
from tests.unit.backtest.engine.by_hand import LiveByHand
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories, make_strategy

START = BLOCK_BEGINS + timedelta(hours=18)
END = START + timedelta(hours=10)


class TickingClock(HandClock):
    """Every look at it takes some milliseconds."""

    def now(self) -> datetime:
        self.advance(0.007)
        return super().now()


class TimesOfLedger(RecordedTimes):
    """What a ledger itself tells of when it was written."""

    def __init__(self, entries: Sequence[LedgerEntry]) -> None:
        self._written = {
            each.sequence: each.at for each in entries if each.kind is EntryKind.OUTCOME
        }
        signals = [
            json.loads(each.body)["content"] for each in entries if each.kind is EntryKind.SIGNAL
        ]
        self._published = {
            datetime.fromisoformat(each["decision"]["as_of"]): datetime.fromisoformat(
                each["published_at"]
            )
            for each in signals
        }

    def published_at(self, as_of: datetime) -> datetime | None:
        return self._published.get(as_of)

    def written_at(self, sequence: int) -> datetime | None:
        return self._written.get(sequence)


async def test_recorded_times_reproduce_a_live_ledger_hash_by_hash() -> None:
    histories = make_histories(("AAA", "BBB", "CCC"), START, END, seed=20)
    strategy, dice = make_strategy(threshold=56.0), random.Random(4)
    live = LiveByHand(
        histories,
        strategy,
        START,
        clock=TickingClock(START),
        delay=lambda: dice.choice([0.0, 0.412, 0.8]),
    )
    entries = await live.run(START, END)
    candidates = {
        symbol: find_candidates(each, strategy, START, END) for symbol, each in histories.items()
    }
    repeated = await run_backtest(
        histories, candidates, strategy, start=START, end=END, times=TimesOfLedger(entries)
    )
    assumed = await run_backtest(histories, candidates, strategy, start=START, end=END)
    assert len(entries) > 20
    assert [each.hash for each in repeated.entries] == [each.hash for each in entries]
    assert [each.hash for each in assumed.entries] != [each.hash for each in entries]
