"""The whole bot starts on the database of the release before, and goes on with it."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db.migrate import migration_state
from db.unit_of_work import SqlStorage
from engine.ledger import verify_chain
from tests.e2e.line import open_line

pytestmark = pytest.mark.timeout(120)


async def test_a_bot_starts_on_the_database_of_the_release_before(
    sqlite_release: AsyncEngine,
) -> None:
    url = sqlite_release.url.render_as_string(hide_password=False)
    assert not (await migration_state(sqlite_release)).is_current
    async with open_line(url, pairs=2) as line, line.bot():
        await line.ask("/status", "Status")
        await line.ask("/signal 12", "BTC")
    assert (await migration_state(sqlite_release)).is_current
    async with SqlStorage(sqlite_release)() as unit:
        entries = await unit.ledger.list_from(1, limit=999)
    assert len(entries) >= 3
    assert verify_chain(entries) is None
