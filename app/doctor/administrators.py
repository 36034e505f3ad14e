"""Looks for somebody who may give orders: named in the settings, or paired with a code."""

from collections.abc import Collection

from sqlalchemy import URL

from app.doctor.check import CheckResult, Examination, ok, warning
from app.stored import read_kept
from domain.access import Role
from domain.errors import StorageUnavailableError
from engine.ports.storage import UnitOfWork

_NAME = "administrators"


async def examine_administrators(url: URL, named: Collection[int]) -> Examination:
    """One line. A database that is away counts as one that knows nobody: it has its own line."""
    nobody: list[int] = []
    try:
        paired = await read_kept(url, _list_paired, nobody)
    except StorageUnavailableError:
        paired = nobody
    yield judge_administrators(set(named), set(paired) - set(named))


def judge_administrators(named: set[int], paired: set[int]) -> CheckResult:
    """Whether anybody may pause and resume the bot."""
    if named or paired:
        return ok(_NAME, f"{len(named)} from TELEGRAM_ADMIN_IDS, {len(paired)} paired with a code")
    mend = "set TELEGRAM_ADMIN_IDS, or send the bot the code that `python -m app run` prints"
    return warning(_NAME, "nobody may give orders yet", mend)


async def _list_paired(unit: UnitOfWork) -> list[int]:
    return await unit.users.list_with(Role.ADMIN)
