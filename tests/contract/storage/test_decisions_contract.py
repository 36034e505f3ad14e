"""Decisions, on every storage."""

from dataclasses import replace
from datetime import timedelta

from domain.decisions import Discard
from domain.plans import Denial
from engine.ports.storage import DecisionCounts, DecisionRecord, Storage
from tests.builders.signals import CLOSED_AT, make_decision

QUARTER = timedelta(minutes=15)


async def keep(storage: Storage, *records: DecisionRecord) -> None:
    async with storage() as unit:
        await unit.decisions.add(records)
        await unit.commit()


async def test_a_pair_never_decided_on_has_no_latest_decision(storage: Storage) -> None:
    await keep(storage, DecisionRecord(decision=make_decision(symbol="ETHUSDT")))
    async with storage() as unit:
        assert await unit.decisions.find_latest("BTCUSDT") is None


async def test_a_stored_decision_comes_back_equal_in_every_field(storage: Storage) -> None:
    sent = DecisionRecord(decision=make_decision(), signal_id=7)
    await keep(storage, sent)
    async with storage() as unit:
        assert await unit.decisions.find_latest("BTCUSDT") == sent


async def test_a_denied_decision_comes_back_with_all_its_reasons(storage: Storage) -> None:
    denials = (Denial(rule="paused", text="paused by 7"), Denial(rule="heat", text="6 % <b>used"))
    await keep(storage, DecisionRecord(decision=make_decision(), denials=denials))
    async with storage() as unit:
        latest = await unit.decisions.find_latest("BTCUSDT")
    assert latest is not None
    assert latest.denials == denials


async def test_the_latest_decision_is_that_of_the_newest_candle(storage: Storage) -> None:
    newer, older = (make_decision(as_of=CLOSED_AT - k * QUARTER) for k in range(2))
    await keep(storage, DecisionRecord(decision=newer), DecisionRecord(decision=older))
    async with storage() as unit:
        latest = await unit.decisions.find_latest("BTCUSDT")
    assert latest is not None
    assert latest.decision == newer


async def test_of_two_decisions_on_one_candle_the_later_one_is_the_latest(storage: Storage) -> None:
    first, second = make_decision(score=70), make_decision(score=71)
    await keep(storage, DecisionRecord(decision=first), DecisionRecord(decision=second))
    async with storage() as unit:
        latest = await unit.decisions.find_latest("BTCUSDT")
    assert latest is not None
    assert latest.decision == second


async def test_decisions_are_counted_by_what_became_of_them(storage: Storage) -> None:
    decision = make_decision()
    discarded = make_decision(None, discards=[Discard.NO_DIRECTION])
    denial = Denial(rule="paused", text="paused")
    await keep(
        storage,
        DecisionRecord(decision=decision, signal_id=1),
        DecisionRecord(decision=decision, denials=(denial,)),
        DecisionRecord(decision=decision, denials=(denial,)),
        DecisionRecord(decision=discarded),
    )
    async with storage() as unit:
        counts = await unit.decisions.count_between(CLOSED_AT, CLOSED_AT + QUARTER)
    assert counts == DecisionCounts(decided=4, sent=1, denied=2)


async def test_a_period_includes_its_start_and_excludes_its_end(storage: Storage) -> None:
    times = [CLOSED_AT - QUARTER, CLOSED_AT, CLOSED_AT + QUARTER]
    await keep(storage, *(DecisionRecord(decision=make_decision(as_of=at)) for at in times))
    async with storage() as unit:
        counts = await unit.decisions.count_between(CLOSED_AT, CLOSED_AT + QUARTER)
    assert counts == DecisionCounts(decided=1, sent=0, denied=0)


async def test_nothing_was_decided_in_an_empty_period(storage: Storage) -> None:
    async with storage() as unit:
        counts = await unit.decisions.count_between(CLOSED_AT, CLOSED_AT + QUARTER)
    assert counts == DecisionCounts(decided=0, sent=0, denied=0)


async def test_an_empty_batch_is_nothing_to_keep(storage: Storage) -> None:
    await keep(storage)


async def test_a_batch_of_400_pairs_is_kept_whole(storage: Storage) -> None:
    decision = make_decision()
    records = [
        DecisionRecord(decision=replace(decision, symbol=f"C{number}USDT")) for number in range(400)
    ]
    await keep(storage, *records)
    async with storage() as unit:
        counts = await unit.decisions.count_between(CLOSED_AT, CLOSED_AT + QUARTER)
        assert counts.decided == 400
        assert await unit.decisions.find_latest("C399USDT") == records[-1]
