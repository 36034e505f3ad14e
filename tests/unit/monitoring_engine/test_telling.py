"""Who is told of what, how soon, by which way; and what happens when a way is blocked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.values import Notice, Severity
from tests.builders.health import make_notice
from tests.fakes.clock import HandClock, LoopClock, run_leaping
from tests.unit.monitoring_engine.operators import ADMINS, Room

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
QUARTER = 900.0


def in_room(
    scene: Callable[[Room], Awaitable[None]],
    *,
    parameters: NoticeParameters | None = None,
    has_notifier: bool = True,
) -> Room:
    """Play a scene on a loop whose time leaps; returns the room as it was left."""

    async def play() -> Room:
        room = Room(LoopClock(), parameters=parameters, has_notifier=has_notifier)
        await room.add_admins()
        await scene(room)
        return room

    return run_leaping(play())


def note(room: Room, *notices: Notice) -> None:
    for notice in notices:
        room.operators.note(notice)


def over(subject: str, severity: Severity = WARNING) -> Notice:
    return make_notice(subject, severity, is_resolved=True)


def test_a_critical_notice_is_told_at_once_by_every_way() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("database", CRITICAL))
        await room.run_for(1)
        assert [await room.storage.texts(admin) for admin in ADMINS] == [["database critical"]] * 2

    room = in_room(scene)
    assert room.notifier.taken == [["database critical"]]
    assert room.wakes == 1


def test_warnings_reach_admins_at_once_and_other_channels_in_one_message() -> None:
    async def scene(room: Room) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(QUARTER + 1))
            note(room, make_notice("disk"))
            await asyncio.sleep(1)
            assert await room.storage.texts() == ["disk warning"]
            await asyncio.sleep(QUARTER - 10)
            note(room, make_notice("cpu"), make_notice("database", CRITICAL))
            await asyncio.sleep(1)
            assert room.notifier.taken == [["database critical"]]

    room = in_room(scene)
    assert room.notifier.taken == [["database critical"], ["disk warning", "cpu warning"]]
    assert room.notifier.attempted_at[-1] == pytest.approx(QUARTER, abs=1)


def test_infos_wait_for_the_digest_alone() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("feeds", INFO), over("feeds", INFO), make_notice("runs", INFO))
        await room.run_for(2 * QUARTER)
        assert await room.storage.texts() == []
        infos = room.operators.infos()
        assert [one.subject for one in infos] == ["feeds", "feeds", "runs"]
        room.operators.forget_infos(infos[:2])
        assert [one.subject for one in room.operators.infos()] == ["runs"]

    assert in_room(scene).notifier.taken == []


def test_the_digest_is_handed_to_the_notifier() -> None:
    async def scene(room: Room) -> None:
        room.operators.tell_digest("a day", room.clock.now())
        await room.run_for(QUARTER + 1)
        assert await room.storage.texts() == []

    assert in_room(scene).notifier.taken == [["daily digest info"]]


def test_a_trouble_and_its_end_are_told_once_however_often_they_are_noted() -> None:
    async def scene(room: Room) -> None:
        note(room, over("disk"), *[make_notice("disk")] * 3, over("disk"), over("disk"))
        note(room, make_notice("disk"))
        await room.run_for(1)
        assert await room.storage.texts() == ["disk warning; disk over; disk warning"]

    in_room(scene)


def test_a_trouble_that_got_worse_or_was_told_long_ago_is_told_again() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"), make_notice("disk", CRITICAL), make_notice("disk"))
        await room.run_for(1)
        assert await room.storage.texts() == ["disk warning; disk critical"]
        await asyncio.sleep(3600)
        note(room, make_notice("disk"))
        await room.run_for(1)
        assert await room.storage.texts() == ["disk warning; disk critical", "disk warning"]

    in_room(scene)


def test_while_the_database_is_away_the_notifier_is_told_and_admins_are_later() -> None:
    async def scene(room: Room) -> None:
        room.storage.is_away = True
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(7200))
            note(room, make_notice("database", CRITICAL))
            await asyncio.sleep(3000)
            assert room.notifier.taken == [["database critical"]]
            note(room, over("database", CRITICAL))
            room.storage.is_away = False
            await asyncio.sleep(61)
            assert await room.storage.texts() == ["database critical; database over"]

    in_room(scene)


def test_what_could_not_be_written_is_tried_again_by_itself() -> None:
    async def scene(room: Room) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(200))
            await asyncio.sleep(1)
            room.storage.is_away = True
            note(room, make_notice("disk"))
            await asyncio.sleep(30)
            room.storage.is_away = False
            await asyncio.sleep(61)
            assert await room.storage.texts() == ["disk warning"]

    in_room(scene, has_notifier=False)


def test_a_commit_of_unknown_outcome_tells_nobody_twice() -> None:
    async def scene(room: Room) -> None:
        room.storage.forgets_to_answer = True
        note(room, make_notice("disk"))
        await room.operators.flush(1)
        note(room, make_notice("cpu"))
        await room.run_for(1)
        assert await room.storage.texts() == ["disk warning", "cpu warning"]

    in_room(scene)


def test_many_notices_at_once_are_few_messages() -> None:
    async def scene(room: Room) -> None:
        note(room, *(make_notice(f"job {number}") for number in range(8)))
        await room.run_for(1)
        assert [len(text.split("; ")) for text in await room.storage.texts()] == [6, 2]

    in_room(scene)


def test_an_end_makes_no_sound_and_keys_are_unlike() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"))
        await room.run_for(1)
        note(room, over("disk"))
        await room.run_for(1)
        rows = await room.storage.rows()
        assert [row.message.silent for row in rows] == [False, False, True, True]
        assert rows[0].message.key == "notice:1759759500000:+disk:11"
        assert len({row.message.key for row in rows}) == 4

    in_room(scene)


def test_a_failing_notifier_is_tried_again_with_growing_pauses() -> None:
    async def scene(room: Room) -> None:
        room.notifier.fail(3)
        note(room, make_notice("database", CRITICAL))
        await room.run_for(400)
        assert await room.storage.texts() == ["database critical"]

    room = in_room(scene)
    assert room.notifier.taken == [["database critical"]]
    assert [round(at) for at in room.notifier.attempted_at] == [0, 30, 90, 210]
    assert room.operators.given_up == 0


def test_a_notifier_that_fails_too_often_is_given_up_and_asked_the_next_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene(room: Room) -> None:
        room.notifier.fail(6)
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(7200))
            note(room, make_notice("database", CRITICAL))
            await asyncio.sleep(3600)
            assert room.notifier.taken == []
            note(room, over("database", CRITICAL))

    with caplog.at_level(logging.ERROR):
        room = in_room(scene)
    assert room.notifier.taken == [["database over"]]
    assert room.operators.given_up == 1
    assert "given up after 6 attempts: database" in caplog.text


def test_a_notice_that_comes_during_a_pause_has_all_its_attempts() -> None:
    async def scene(room: Room) -> None:
        room.notifier.fail(7)
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(7200))
            note(room, make_notice("database", CRITICAL))
            await asyncio.sleep(1000)
            note(room, make_notice("disk", CRITICAL))

    room = in_room(scene)
    assert room.notifier.taken == [["disk critical"]]
    assert room.operators.given_up == 1


@pytest.mark.parametrize("mishap", [RuntimeError("a mistake"), None])
def test_a_notifier_that_breaks_its_promise_or_hangs_blocks_nobody(
    mishap: Exception | None,
) -> None:
    async def scene(room: Room) -> None:
        if mishap is None:
            room.notifier.hangs = True
        else:
            room.notifier.failures = [mishap]
        async with asyncio.TaskGroup() as group:
            group.create_task(room.run_for(200))
            note(room, make_notice("database", CRITICAL))
            await asyncio.sleep(5)
            assert await room.storage.texts() == ["database critical"]
            room.notifier.hangs = False

    assert in_room(scene).notifier.taken == [["database critical"]]


def test_without_a_notifier_admins_are_told_all_the_same() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("database", CRITICAL), make_notice("disk"))
        room.operators.tell_digest("a day", room.clock.now())
        await room.run_for(1)
        assert await room.storage.texts() == ["database critical; disk warning"]

    in_room(scene, has_notifier=False)


def test_a_stop_sends_what_waits_without_its_pauses() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"), make_notice("database", CRITICAL))
        await room.operators.flush(5)
        assert await room.storage.texts() == ["disk warning; database critical"]

    room = in_room(scene)
    assert sorted(room.notifier.taken) == [["database critical"], ["disk warning"]]


def test_a_stop_waits_no_longer_than_it_may_and_says_what_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene(room: Room) -> None:
        room.notifier.hangs = room.storage.is_away = True
        note(room, make_notice("database", CRITICAL))
        began = room.clock.monotonic()
        await room.operators.flush(2)
        assert room.clock.monotonic() - began == pytest.approx(2, abs=0.1)

    in_room(scene)
    assert "2 notices were not told before the stop" in caplog.text


def test_a_stop_before_the_database_was_taken_over_tells_other_channels_alone() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("bot", CRITICAL))
        await room.operators.flush(5, to_admins=False)
        assert await room.storage.texts() == []

    assert in_room(scene).notifier.taken == [["bot critical"]]


def test_after_a_restart_what_was_told_counts_as_told_and_its_end_is_told() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"), make_notice("cpu"), over("cpu"))
        note(room, make_notice("database", CRITICAL))
        await room.run_for(1)
        told = await room.storage.texts()
        again = Room(room.clock, storage=room.storage)
        await again.run_for(1)
        assert again.operators.standing() == {"disk": WARNING, "database": CRITICAL}
        note(again, make_notice("disk"), make_notice("database", CRITICAL), over("disk"))
        await again.run_for(1)
        assert await room.storage.texts() == [*told, "disk over"]

    in_room(scene)


def test_what_was_told_long_before_a_restart_is_forgotten() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"))
        await room.run_for(1)
        room.clock.advance(49 * 3600)
        again = Room(room.clock, storage=room.storage)
        await again.run_for(1)
        assert again.operators.standing() == {}

    in_room(scene)


def test_a_restart_while_the_database_is_away_remembers_later() -> None:
    async def scene(room: Room) -> None:
        note(room, make_notice("disk"))
        await room.run_for(1)
        room.storage.is_away = True
        again = Room(room.clock, storage=room.storage)
        async with asyncio.TaskGroup() as group:
            group.create_task(again.run_for(200))
            await asyncio.sleep(10)
            assert again.operators.standing() == {}
            room.storage.is_away = False
            await asyncio.sleep(61)
            assert again.operators.standing() == {"disk": WARNING}

    in_room(scene)


async def test_noting_logs_each_news_once_by_its_severity(
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = Room(HandClock())
    with caplog.at_level(logging.INFO):
        note(room, make_notice("database", CRITICAL, text="away"), make_notice("disk", text="low"))
        note(room, make_notice("disk", text="low"), over("disk"))
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "database: away"),
        ("WARNING", "disk: low"),
        ("INFO", "disk: 1.4 GB of 40.0 GB free"),
    ]
