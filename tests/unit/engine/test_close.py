"""Deciding at a close: all together when all are there, the stragglers when REST has helped."""

import asyncio
from datetime import timedelta

import pytest

from domain.trading_state import PauseState
from domain.watchlist import WatchedPair
from engine.decide import decide
from tests.unit.engine.closing import BOUNDARY, EAGER, PATIENCE, Desk
from tests.unit.engine.kept import look_into


async def test_all_that_are_ready_are_decided_in_one_batch_as_soon_as_the_last_is() -> None:
    desk = Desk()
    desk.feed.delays["P3USDT"] = 3.5
    result = await desk.close()
    assert desk.batches == [desk.symbols]
    assert (result.decided, result.missing, result.is_late) == (6, {}, False)
    assert desk.clock.now() == BOUNDARY + timedelta(seconds=3.5)
    assert desk.feed.mends == []


async def test_decisions_are_those_of_the_decision_function_on_the_closed_candles() -> None:
    desk = Desk()
    await desk.close()
    snapshots, _ = desk.market.snapshots(desk.symbols, BOUNDARY, desk.feed)
    expected = [decide(snapshot, EAGER) for snapshot in snapshots]
    assert desk.issue.batches == [expected]
    assert any(decision.is_signal for decision in expected)


async def test_round_counts_what_was_issued_and_denied() -> None:
    desk = Desk()
    result = await desk.close()
    signals = [decision for batch in desk.issue.batches for decision in batch if decision.is_signal]
    assert len(signals) > 1
    assert len(result.issued) + result.denied == len(signals)
    assert len(result.issued) > 0
    kept = await look_into(desk.storage)
    assert kept.signals == list(result.issued)
    assert kept.decisions.decided == 6


async def test_stragglers_are_mended_and_decided_in_a_second_batch() -> None:
    desk = Desk()
    desk.feed.delays["P1USDT"] = 60.0
    del desk.feed.delays["P4USDT"]
    desk.feed.mendable = {"P1USDT", "P4USDT"}
    result = await desk.close()
    assert desk.feed.mends == [{"P1USDT", "P4USDT"}]
    on_time = ["P0USDT", "P2USDT", "P3USDT", "P5USDT"]
    assert desk.batches == [on_time, ["P1USDT", "P4USDT"]]
    assert (result.decided, result.missing) == (6, {})


async def test_patience_is_bounded() -> None:
    desk = Desk()
    desk.feed.delays["P1USDT"] = 3600.0
    desk.feed.mend_seconds = 0.0
    await desk.close()
    assert desk.feed.waits == [PATIENCE]
    assert desk.clock.now() == BOUNDARY + timedelta(seconds=PATIENCE)


async def test_pair_that_cannot_be_mended_is_reported_and_the_others_are_decided() -> None:
    desk = Desk()
    del desk.feed.delays["P1USDT"]
    result = await desk.close()
    assert result.decided == 5
    assert result.missing == {"P1USDT": "candles missing"}
    assert (await look_into(desk.storage)).decisions.decided == 5


async def test_a_rest_that_does_not_answer_holds_up_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(mend_seconds=0.05)
    del desk.feed.delays["P1USDT"]

    async def never(*_asked: object) -> frozenset[str]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(desk.feed, "mend", never)
    async with asyncio.timeout(30):
        result = await desk.close()
    assert (result.decided, result.missing) == (5, {"P1USDT": "candles missing"})


async def test_pair_that_is_not_listed_any_more_is_reported() -> None:
    desk = Desk()
    desk.watch(*desk.symbols[1:])
    desk.market.watch([WatchedPair(symbol=symbol, score=60.0) for symbol in desk.symbols])
    result = await desk.close()
    assert result.decided == 5
    assert result.missing == {"P0USDT": "P0USDT is not tradable any more"}


async def test_nobody_ready_and_nobody_mended_decides_nothing() -> None:
    desk = Desk()
    desk.feed.delays.clear()
    result = await desk.close()
    assert (result.decided, result.issued, result.is_late) == (0, (), False)
    assert set(result.missing) == set(desk.symbols)
    assert desk.batches == []


async def test_empty_watchlist_decides_nothing() -> None:
    desk = Desk()
    desk.watch()
    result = await desk.close()
    assert (result.decided, result.missing, desk.batches) == (0, {}, [])


@pytest.mark.parametrize(("seconds", "is_late"), [(450.0, False), (450.1, True)])
async def test_close_that_is_too_far_back_gives_no_signal(seconds: float, is_late: bool) -> None:
    desk = Desk()
    desk.clock.advance(seconds)
    result = await desk.close()
    assert result.is_late is is_late
    assert result.decided == (0 if is_late else 6)
    if is_late:
        assert result.missing == dict.fromkeys(desk.symbols, "too late to decide")
        assert desk.feed.waits == []
    assert bool((await look_into(desk.storage)).signals) is not is_late


async def test_straggler_that_is_mended_too_late_gives_no_signal_and_is_reported() -> None:
    desk = Desk()
    del desk.feed.delays["P1USDT"]
    desk.feed.mendable, desk.feed.mend_seconds = {"P1USDT"}, 600.0
    result = await desk.close()
    assert (result.decided, result.is_late) == (5, True)
    assert result.missing == {"P1USDT": "too late to decide"}


async def test_paused_signals_are_decided_denied_and_not_posted() -> None:
    desk = Desk()
    async with desk.storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True, by="terminal"))
        await unit.commit()
    result = await desk.close()
    assert (result.decided, result.issued) == (6, ())
    assert result.denied > 0
    assert (await look_into(desk.storage)).messages == []


async def test_time_it_took_is_that_of_deciding_and_not_of_waiting() -> None:
    desk = Desk()
    desk.feed.delays["P1USDT"] = 5.0
    assert (await desk.close()).seconds == 0.0
