"""Looks at the database: whether it answers, whether its migrations are current, what it holds."""

from sqlalchemy import URL

from app.doctor.check import CheckResult, Examination, failure, ok, warning
from app.stored import is_yet_to_be_made
from db.engine import create_database_engine
from db.migrate import MigrationState, check_writable, migration_state
from domain.errors import QuorumError

_NAME = "database"


async def examine_database(url: URL) -> Examination:
    """One line. Changes nothing: a database file that is not there yet is not made."""
    place = url.render_as_string(hide_password=True)
    if is_yet_to_be_made(url):
        yield ok(_NAME, f"{url.database} is not there yet; the first run makes it")
        return
    engine = create_database_engine(url)
    try:
        state = await migration_state(engine)
        await check_writable(engine)
        yield judge_migrations(state, place)
    except QuorumError as error:
        yield failure(_NAME, str(error), "start the database, or mend DATABASE_URL")
    finally:
        await engine.dispose()


def judge_migrations(state: MigrationState, place: str) -> CheckResult:
    """Whether the tables are those that this version knows."""
    if state.is_current:
        return ok(_NAME, f"{place} answers, migrations are current ({state.head})")
    if state.is_newer:
        return failure(
            _NAME,
            f"{place} is from a newer version: migration {state.current}, this one knows only "
            f"{state.head}",
            "update Quorum, or restore a copy from before the update",
        )
    if state.current is None:
        return ok(_NAME, f"{place} answers and is empty; the first run fills it")
    return warning(
        _NAME,
        f"{place} is at migration {state.current}, this version knows {state.head}",
        "the next run brings it up to date: make a copy before",
    )
