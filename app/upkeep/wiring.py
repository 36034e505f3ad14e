"""Wires the jobs that keep disk and memory in order: deleting what is old, a backup a day."""

import asyncio
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.allocator import return_free_memory
from app.clock import wall_now
from app.ground import Ground
from app.jobs import JobSchedule
from app.upkeep.commands import BACKUPS
from app.upkeep.daily_backup import DailyBackup
from app.upkeep.tidying import TidyDatabase
from db.unit_of_work import SqlStorage
from engine.retention import PruneHistory

_TIDY_SECONDS: Final = 6 * 3600.0
_LEAST_TIDY_WALL_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.1
"""Between two batches: four times as long as one takes, so that others have the database."""

_BACKUP_LOOK_SECONDS: Final = 3600.0
_RETURN_SECONDS: Final = 600.0
_LEAST_RETURN_WALL_SECONDS: Final = 30.0
_SOON_AFTER_THE_START: Final = 0.05
"""Of an interval: a process that is restarted now and again gets there all the same."""


def schedule_upkeep(
    jobs: JobSchedule, ground: Ground, *, storage: SqlStorage, database: AsyncEngine
) -> None:
    """Deletes a little every few hours, and looks every hour whether a backup is due.

    What was freed of the memory goes back to the system every ten minutes.
    """
    kept = ground.settings.storage.backups_kept
    parameters = ground.settings.strategy.retention

    async def pause() -> None:
        await asyncio.sleep(_PAUSE_SECONDS)

    prune = PruneHistory(storage=storage, clock=ground.clock, parameters=parameters, pause=pause)
    jobs.every(
        "tidy database",
        TidyDatabase(prune, database, writers=storage.writers, pause=pause),
        exchange_seconds=_TIDY_SECONDS,
        shortest_wall_seconds=_LEAST_TIDY_WALL_SECONDS,
        phase=_SOON_AFTER_THE_START,
    )
    jobs.every(
        "return memory",
        return_free_memory,
        exchange_seconds=_RETURN_SECONDS,
        shortest_wall_seconds=_LEAST_RETURN_WALL_SECONDS,
    )
    if kept:
        jobs.every(
            "backup",
            DailyBackup(Path(BACKUPS), keep=kept, now=wall_now),
            exchange_seconds=_BACKUP_LOOK_SECONDS,
            shortest_wall_seconds=_BACKUP_LOOK_SECONDS,
            phase=_SOON_AFTER_THE_START,
        )
