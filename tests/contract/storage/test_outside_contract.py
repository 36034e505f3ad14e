"""Transfers, sentiment and outcomes, on every storage."""

import asyncio
from dataclasses import replace

from domain.memory import Origin, PastOutcome
from domain.sentiment import SentimentSnapshot
from domain.transfers import Transfer
from engine.ports.storage import Storage
from tests.builders.outside import (
    CLOSED_MS,
    MINUTE_MS,
    make_outcome,
    make_sentiment_snapshot,
    make_transfer,
)


async def learn(storage: Storage, *transfers: Transfer, known_ms: int = CLOSED_MS) -> list[str]:
    """Transactions that were new."""
    async with storage() as unit:
        added = await unit.transfers.add(transfers, known_ms=known_ms)
        await unit.commit()
    return [each.transaction for each in added]


async def keep_snapshots(storage: Storage, *snapshots: SentimentSnapshot) -> None:
    async with storage() as unit:
        for snapshot in snapshots:
            await unit.sentiment.add(snapshot)
        await unit.commit()


async def keep_outcomes(storage: Storage, *outcomes: PastOutcome) -> list[PastOutcome]:
    """All outcomes after these were added."""
    async with storage() as unit:
        await unit.outcomes.add(outcomes)
        await unit.commit()
    async with storage() as unit:
        return await unit.outcomes.list_all()


async def test_transfers_that_are_new_are_told_in_their_order(storage: Storage) -> None:
    names = [f"tx{number}" for number in (3, 1, 2)]
    assert await learn(storage, *(make_transfer(name) for name in names)) == names


async def test_a_movement_is_new_once_whoever_tells_it(storage: Storage) -> None:
    first = make_transfer("tx1", provider="whale_alert")
    again = replace(first, provider="etherscan", transaction="TX1", usd=1.0)
    assert await learn(storage, first, again) == ["tx1"]
    assert await learn(storage, again, make_transfer("tx2"), known_ms=CLOSED_MS + 5) == ["tx2"]
    async with storage() as unit:
        known = await unit.transfers.list_known_since(0)
    assert known == [(first, CLOSED_MS), (make_transfer("tx2"), CLOSED_MS + 5)]


async def test_nothing_new_is_nothing_to_keep(storage: Storage) -> None:
    assert await learn(storage) == []
    await learn(storage, make_transfer())
    assert await learn(storage, make_transfer()) == []


async def test_thousands_of_transfers_are_kept_at_once(storage: Storage) -> None:
    names = [f"tx{number}" for number in range(5000)]
    assert await learn(storage, *(make_transfer(name) for name in names)) == names
    assert await learn(storage, *(make_transfer(name) for name in (*names, "new"))) == ["new"]


async def test_two_units_at_once_learn_each_movement_once(storage: Storage) -> None:
    transfers = [make_transfer(f"tx{number}") for number in range(20)]
    told = await asyncio.gather(*(learn(storage, *transfers) for _ in range(4)))
    assert sorted(len(names) for names in told) == [0, 0, 0, 20]


async def test_transfers_are_listed_from_an_instant_on_as_they_became_known(
    storage: Storage,
) -> None:
    for minutes in (2, 0, 1):
        known_ms = CLOSED_MS + minutes * MINUTE_MS
        await learn(storage, make_transfer(f"tx{minutes}"), known_ms=known_ms)
    async with storage() as unit:
        known = await unit.transfers.list_known_since(CLOSED_MS + MINUTE_MS)
    assert [(each.transaction, at) for each, at in known] == [
        ("tx1", CLOSED_MS + MINUTE_MS),
        ("tx2", CLOSED_MS + 2 * MINUTE_MS),
    ]


async def test_snapshots_come_back_whole_and_oldest_first(storage: Storage) -> None:
    early, late = (make_sentiment_snapshot(CLOSED_MS + k * MINUTE_MS) for k in (0, 15))
    unknown = replace(
        make_sentiment_snapshot(CLOSED_MS - MINUTE_MS),
        fear_greed=None,
        btc_dominance_percent=None,
        total_cap_usd=None,
        macro=None,
        macro_since_ms=None,
        talk={},
        heard=(),
    )
    await keep_snapshots(storage, late, early, unknown)
    async with storage() as unit:
        assert await unit.sentiment.list_since(0) == [unknown, early, late]
        assert await unit.sentiment.list_since(CLOSED_MS) == [early, late]
        assert await unit.sentiment.list_since(CLOSED_MS + 1) == [late]


async def test_second_snapshot_of_an_instant_is_ignored(storage: Storage) -> None:
    await keep_snapshots(storage, make_sentiment_snapshot(fear_greed=22))
    await keep_snapshots(storage, make_sentiment_snapshot(fear_greed=80))
    async with storage() as unit:
        assert await unit.sentiment.list_since(0) == [make_sentiment_snapshot(fear_greed=22)]


async def test_outcomes_come_back_in_the_order_in_which_they_were_known(storage: Storage) -> None:
    late = make_outcome("ETHUSDT", known_ms=CLOSED_MS + 2, realised_r=-1.07)
    early = make_outcome("SOLUSDT", known_ms=CLOSED_MS + 1)
    assert await keep_outcomes(storage, late, early) == [early, late]


async def test_an_outcome_is_kept_once_for_each_origin(storage: Storage) -> None:
    live = make_outcome()
    tested = make_outcome(origin=Origin.BACKTEST, realised_r=-1.0, known_ms=CLOSED_MS)
    await keep_outcomes(storage, live, live)
    again = replace(live, realised_r=99.0, known_ms=live.known_ms + 1)
    assert await keep_outcomes(storage, again, tested) == [tested, live]


async def test_backtested_outcomes_of_pairs_and_a_period_are_dropped_and_nothing_else(
    storage: Storage,
) -> None:
    def tested(symbol: str, decided_ms: int) -> PastOutcome:
        outcome = make_outcome(symbol, origin=Origin.BACKTEST)
        return replace(outcome, decided_ms=decided_ms, known_ms=decided_ms + 1)

    live = replace(make_outcome(), decided_ms=CLOSED_MS, known_ms=CLOSED_MS + 9)
    gone = [tested("SOLUSDT", CLOSED_MS), tested("ETHUSDT", CLOSED_MS + 4)]
    before, after = tested("SOLUSDT", CLOSED_MS - 1), tested("SOLUSDT", CLOSED_MS + 5)
    other = tested("XRPUSDT", CLOSED_MS + 1)
    await keep_outcomes(storage, live, *gone, before, after, other)

    async with storage() as unit:
        pairs = {"SOLUSDT", "ETHUSDT", live.symbol}
        await unit.outcomes.drop_backtested(pairs, CLOSED_MS, CLOSED_MS + 5)
        await unit.commit()

    assert await keep_outcomes(storage) == [before, other, after, live]


async def test_dropped_outcomes_are_replaced_in_the_same_transaction(storage: Storage) -> None:
    old = make_outcome(origin=Origin.BACKTEST)
    new = replace(old, realised_r=-1.0)
    await keep_outcomes(storage, old)

    async with storage() as unit:
        await unit.outcomes.drop_backtested([old.symbol], old.decided_ms, old.decided_ms + 1)
        await unit.outcomes.add([new])
        await unit.commit()

    assert await keep_outcomes(storage) == [new]


async def test_no_outcome_is_nothing_to_keep(storage: Storage) -> None:
    assert await keep_outcomes(storage) == []
