"""Looks for somebody who may give orders: named in the settings, or paired with a code."""

from collections.abc import Collection

from sqlalchemy import URL

from app.doctor.check import CheckResult, Examination, ok, warning
from app.doctor.database import is_yet_to_be_made
from db.engine import create_database_engine
from db.migrate import migration_state
from db.unit_of_work import SqlStorage
from domain.access import Role
from domain.errors import StorageUnavailableError

_NAME = "administrators"


async def examine_administrators(url: URL, named: Collection[int]) -> Examination:
    """One line. A database that is away counts as one that knows nobody: it has its own line."""
    try:
        paired = await _list_paired(url)
    except StorageUnavailableError:
        paired = []
    yield judge_administrators(set(named), set(paired) - set(named))


def judge_administrators(named: set[int], paired: set[int]) -> CheckResult:
    """Whether anybody may pause and resume the bot."""
    if named or paired:
        return ok(_NAME, f"{len(named)} from TELEGRAM_ADMIN_IDS, {len(paired)} paired with a code")
    mend = "set TELEGRAM_ADMIN_IDS, or send the bot the code that `python -m app run` prints"
    return warning(_NAME, "nobody may give orders yet", mend)


async def _list_paired(url: URL) -> list[int]:
    if is_yet_to_be_made(url):
        return []
    engine = create_database_engine(url)
    try:
        if not (await migration_state(engine)).is_current:
            return []
        async with SqlStorage(engine)() as unit:
            return await unit.users.list_with(Role.ADMIN)
    finally:
        await engine.dispose()
