"""Pause, mode, tag, breaker log and users, on every storage."""

from datetime import datetime, timedelta, timezone

import pytest

from domain.access import Role
from domain.accounts import ExecutionMode
from domain.errors import ConflictError
from domain.trading_state import PauseState
from engine.ports.storage import BreakerEvent, Storage
from tests.builders.signals import CLOSED_AT

MINUTE = timedelta(minutes=1)
ALICE, BOB, CAROL = 7, 5_000_000_001, 9
"""Telegram's ids no longer fit into 32 bits."""


def make_event(name: str, at: datetime, symbol: str | None = None) -> BreakerEvent:
    return BreakerEvent(breaker=name, at=at, symbol=symbol, text=f"{name} tripped")


async def test_nothing_is_paused_when_nobody_ever_said_so(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.state.get_pause() == PauseState()


async def test_a_pause_is_remembered_until_somebody_resumes(storage: Storage) -> None:
    paused = PauseState(is_paused=True, since=CLOSED_AT, by=str(ALICE), reason="holiday")
    resumed = PauseState(is_paused=False, since=CLOSED_AT + MINUTE, by="terminal")
    for state in (paused, resumed):
        async with storage() as unit:
            await unit.state.set_pause(state)
            await unit.commit()
        async with storage() as unit:
            assert await unit.state.get_pause() == state


async def test_the_check_of_writing_leaves_everything_as_it_was(storage: Storage) -> None:
    for _ in range(2):
        async with storage() as unit:
            await unit.state.check_writing()
            await unit.commit()
    async with storage() as unit:
        assert await unit.state.get_pause() == PauseState()
        assert await unit.state.get_mode() is None
        assert await unit.state.get_tag() is None


async def test_nobody_has_said_a_mode_or_chosen_a_tag(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.state.get_mode() is None
        assert await unit.state.get_tag() is None


async def test_the_mode_is_what_was_said_last(storage: Storage) -> None:
    for mode in (ExecutionMode.PAPER, ExecutionMode.LIVE, ExecutionMode.OFF):
        async with storage() as unit:
            await unit.state.set_mode(mode)
            await unit.commit()
        async with storage() as unit:
            assert await unit.state.get_mode() is mode
            assert await unit.state.get_tag() is None


async def test_the_tag_is_chosen_once(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.set_tag("a1b2c3")
        await unit.commit()
    async with storage() as unit:
        with pytest.raises(ConflictError):
            await unit.state.set_tag("d4e5f6")
    async with storage() as unit:
        assert await unit.state.get_tag() == "a1b2c3"
        assert await unit.state.get_mode() is None


async def test_when_a_bot_was_last_seen_stays_until_it_is_taken_away(storage: Storage) -> None:
    elsewhere = CLOSED_AT.astimezone(timezone(timedelta(hours=9)))
    found = []
    for seen_at in (CLOSED_AT, elsewhere + MINUTE, None):
        async with storage() as unit:
            found.append(await unit.state.get_last_seen())
            await unit.state.set_last_seen(seen_at)
            await unit.commit()
    async with storage() as unit:
        found.append(await unit.state.get_last_seen())
        assert await unit.state.get_mode() is None
    assert found == [None, CLOSED_AT, CLOSED_AT + MINUTE, None]


async def test_breaker_events_of_a_period_come_oldest_first(storage: Storage) -> None:
    early = make_event("revenge", CLOSED_AT, "BTCUSDT")
    late = make_event("extreme volatility", CLOSED_AT + MINUTE)
    outside = [make_event("paused", CLOSED_AT + k * MINUTE) for k in (-1, 2)]
    async with storage() as unit:
        await unit.state.add_breaker_events([late, early, *outside])
        await unit.commit()
    async with storage() as unit:
        found = await unit.state.list_breaker_events(CLOSED_AT, CLOSED_AT + 2 * MINUTE)
    assert found == [early, late]


async def test_an_empty_batch_of_breaker_events_is_nothing_to_keep(storage: Storage) -> None:
    async with storage() as unit:
        await unit.state.add_breaker_events([])
        await unit.commit()


async def test_a_stranger_is_a_guest(storage: Storage) -> None:
    async with storage() as unit:
        assert await unit.users.role_of(ALICE) is Role.GUEST


async def test_admins_are_listed_in_order_of_their_grant(storage: Storage) -> None:
    async with storage() as unit:
        await unit.users.grant(BOB, Role.ADMIN, at=CLOSED_AT + MINUTE, how="pairing code")
        await unit.users.grant(ALICE, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.users.grant(CAROL, Role.GUEST, at=CLOSED_AT, how="settings")
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.list_with(Role.ADMIN) == [ALICE, BOB]
        assert await unit.users.role_of(BOB) is Role.ADMIN


async def test_traders_and_admins_are_told_apart(storage: Storage) -> None:
    async with storage() as unit:
        await unit.users.grant(ALICE, Role.TRADER, at=CLOSED_AT, how="settings")
        await unit.users.grant(BOB, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.role_of(ALICE) is Role.TRADER
        assert await unit.users.list_with(Role.TRADER) == [ALICE]


async def test_a_role_given_anew_replaces_the_earlier_one(storage: Storage) -> None:
    async with storage() as unit:
        await unit.users.grant(ALICE, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.users.grant(ALICE, Role.GUEST, at=CLOSED_AT + MINUTE, how="settings")
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.role_of(ALICE) is Role.GUEST
        assert await unit.users.list_with(Role.ADMIN) == []


async def test_who_is_not_kept_loses_a_role_granted_in_this_way(storage: Storage) -> None:
    async with storage() as unit:
        await unit.users.grant(ALICE, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.users.grant(BOB, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.users.grant(CAROL, Role.ADMIN, at=CLOSED_AT, how="pairing code")
        await unit.commit()
    async with storage() as unit:
        await unit.users.keep_only("settings", (ALICE,))
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.list_with(Role.ADMIN) == [ALICE, CAROL]
        assert await unit.users.role_of(BOB) is Role.GUEST


async def test_keeping_nobody_takes_every_role_granted_in_this_way(storage: Storage) -> None:
    async with storage() as unit:
        await unit.users.grant(ALICE, Role.ADMIN, at=CLOSED_AT, how="settings")
        await unit.users.grant(CAROL, Role.ADMIN, at=CLOSED_AT, how="pairing code")
        await unit.users.keep_only("settings", ())
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.list_with(Role.ADMIN) == [CAROL]


async def test_instants_of_other_zones_mean_the_same_instant(storage: Storage) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    async with storage() as unit:
        await unit.users.grant(ALICE, Role.ADMIN, at=CLOSED_AT.astimezone(india), how="settings")
        await unit.users.grant(BOB, Role.ADMIN, at=CLOSED_AT - MINUTE, how="settings")
        await unit.commit()
    async with storage() as unit:
        assert await unit.users.list_with(Role.ADMIN) == [BOB, ALICE]
