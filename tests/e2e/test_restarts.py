"""The whole line through an orderly restart."""

import pytest

from tests.e2e.line import number_of, open_line
from tests.e2e.record import assert_channel_tells_the_record
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(120)


async def test_a_restart_in_the_middle_posts_nothing_twice_and_loses_nothing(
    databases: MigratedDatabases,
) -> None:
    async with open_line(await databases.blank("sqlite")) as line:
        async with line.bot():
            before = [number_of(post) for post in await line.wait_for_posts(2)]
        async with line.bot():
            await line.wait_for_posts(len(before) + 2)
            await line.wait_for_end()
            await assert_channel_tells_the_record(line)
        numbers = [number_of(post) for post in line.posts()]
        assert numbers[: len(before)] == before
        assert numbers == sorted(set(numbers))
