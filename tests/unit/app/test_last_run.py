"""A bot notes that it runs, as long as it does, whatever the database does meanwhile."""

import asyncio
from datetime import datetime

from app.last_run import LastRun
from tests.e2e.waiting import until
from tests.fakes.clock import HandClock
from tests.unit.monitoring_engine.operators import Room


async def last_seen(room: Room) -> datetime | None:
    async with room.storage.kept() as unit:
        return await unit.state.get_last_seen()


async def test_when_the_bot_was_seen_follows_the_clock_also_after_the_database_was_away() -> None:
    room = Room(HandClock())
    last_run = LastRun(room.storage, room.clock, room.operators, note_seconds=0.001)
    await last_run.begin()
    began_at = room.clock.now()
    assert await last_seen(room) == began_at
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(room.operators.run()), group.create_task(last_run.run())]
        await room.operators.restored.wait()
        room.storage.is_away = True
        room.clock.advance(60)
        await asyncio.sleep(0.01)
        assert await last_seen(room) == began_at
        room.storage.is_away = False

        async def is_seen_now() -> bool | None:
            return await last_seen(room) == room.clock.now() or None

        await until(is_seen_now, "the bot was not seen again")
        for task in running:
            task.cancel()
    await last_run.end()
    assert await last_seen(room) is None
    assert room.operators.standing() == {}
