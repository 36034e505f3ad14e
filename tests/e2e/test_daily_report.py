"""The daily report: once for each day, whatever the bot did at midnight."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.line import Line, open_line
from tests.e2e.record import read_outbox
from tests.e2e.waiting import until
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import Message

pytestmark = pytest.mark.timeout(240)

EVENING = datetime(2026, 1, 6, 20, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 7, tzinfo=UTC)


async def test_each_day_is_reported_once_whether_the_bot_was_up_at_midnight_or_not(
    databases: MigratedDatabases,
) -> None:
    async with open_line(await databases.blank("sqlite"), start=EVENING) as line:
        async with line.bot():
            await _wait_for_decisions(line, EVENING)
        line.skip_to(MIDNIGHT - timedelta(minutes=20))
        async with line.bot():
            await line.channel.wait(lambda posts: len(_reports(posts)) == 1)
            await _wait_for_decisions(line, MIDNIGHT)
        line.skip_to(MIDNIGHT + timedelta(days=1, minutes=5))
        async with line.bot():
            await line.channel.wait(lambda posts: len(_reports(posts)) == 2)
        async with line.bot():
            pass
        rows = await read_outbox(line.storage)
        keys = [row.message.key for row in rows if row.message.key.startswith("report:")]
        assert keys == ["report:2026-01-06", "report:2026-01-07"]
        assert [report.text.splitlines()[0] for report in _reports(line.channel.posts)] == [
            "📊 Daily report · Tue 06 Jan 2026 (UTC)",
            "📊 Daily report · Wed 07 Jan 2026 (UTC)",
        ]


async def _wait_for_decisions(line: Line, since: datetime) -> None:
    async def look() -> bool:
        async with line.storage() as unit:
            found = await unit.decisions.count_between(since, since + timedelta(days=1))
        return found.decided > 0

    await until(look, f"nothing was decided since {since}")


def _reports(posts: Sequence[Message]) -> list[Message]:
    return [post for post in posts if "Daily report" in post.text]
