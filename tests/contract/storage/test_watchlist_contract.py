"""The watchlist, on every storage."""

from datetime import timedelta

from domain.watchlist import WatchChange, WatchChangeKind, WatchedPair
from engine.ports.storage import Storage
from tests.builders.signals import CLOSED_AT


def make_change(symbol: str, minutes: int, kind: WatchChangeKind) -> WatchChange:
    return WatchChange(
        symbol=symbol,
        kind=kind,
        at=CLOSED_AT + timedelta(minutes=minutes),
        score=None if kind is WatchChangeKind.LEAVE else 63.25,
        reason="score 63.25 >= 50",
    )


BTC = WatchedPair(symbol="BTCUSDT", score=71.5, failed_scans=2)
ETH = WatchedPair(symbol="ETHUSDT", score=88.0)
SOL = WatchedPair(symbol="SOLUSDT", score=71.5)
JOINED = make_change("BTCUSDT", 0, WatchChangeKind.JOIN)
JOINED_TOO = make_change("ETHUSDT", 0, WatchChangeKind.JOIN)
LEFT = make_change("BTCUSDT", 1, WatchChangeKind.LEAVE)


async def test_nothing_is_watched_at_first(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.watchlist.list_pairs() == []
        assert await unit.watchlist.list_changes(limit=10) == []


async def test_pairs_are_listed_best_score_first_and_then_by_name(storage: Storage) -> None:
    async with storage() as unit:
        await unit.watchlist.replace([SOL, BTC, ETH], [])
        await unit.commit()
    async with storage() as unit:
        assert await unit.watchlist.list_pairs() == [ETH, BTC, SOL]


async def test_a_new_watchlist_replaces_the_old_one(storage: Storage) -> None:
    async with storage() as unit:
        await unit.watchlist.replace([BTC, ETH], [])
        await unit.watchlist.replace([SOL], [])
        await unit.commit()
    async with storage() as unit:
        assert await unit.watchlist.list_pairs() == [SOL]


async def test_a_watchlist_can_become_empty(storage: Storage) -> None:
    async with storage() as unit:
        await unit.watchlist.replace([BTC], [JOINED])
        await unit.watchlist.replace([], [LEFT])
        await unit.commit()
    async with storage() as unit:
        assert await unit.watchlist.list_pairs() == []
        assert await unit.watchlist.list_changes(limit=10) == [LEFT, JOINED]


async def test_changes_add_up_and_the_newest_come_first(storage: Storage) -> None:
    async with storage() as unit:
        await unit.watchlist.replace([BTC, ETH], [JOINED, JOINED_TOO])
        await unit.commit()
    async with storage() as unit:
        await unit.watchlist.replace([ETH], [LEFT])
        await unit.commit()
    async with storage() as unit:
        assert await unit.watchlist.list_changes(limit=10) == [LEFT, JOINED_TOO, JOINED]
        assert await unit.watchlist.list_changes(limit=1) == [LEFT]
