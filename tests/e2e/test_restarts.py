"""The whole line through an orderly restart, and a start without its venue."""

from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.e2e.bot_process import forked, telegram_variables, variables_for
from tests.e2e.line import number_of, open_line
from tests.e2e.record import assert_channel_tells_the_record
from tests.e2e.test_watched import free_port
from tests.e2e.waiting import until, until_seen
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import Hang

pytestmark = pytest.mark.timeout(240)

READ_IN_TURN = 'quorum_job_last_success_timestamp_seconds{job_name="health"}'
"""Shown by the second reading of the job: the first one cannot tell of its own end."""


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


async def test_a_bot_that_starts_while_the_venue_is_away_answers_and_waits_for_it(
    tmp_path: Path,
) -> None:
    async with open_line(f"sqlite:///{tmp_path}/quorum.sqlite", pairs=4) as line:
        await line.venue.stop()
        port = free_port()
        variables = {**variables_for(line, tmp_path), **telegram_variables(line)}
        variables["MONITORING_PORT"] = str(port)
        async with forked(tmp_path / "bot", ["run"], variables) as bot:
            await line.telegram.wait_for_poll()
            await line.ask("/status", "Status")
            await line.ask("/health", "Health")
            await until(partial(is_read_in_turn, port), "nobody looks after a bot that waits")
            assert (await ask(port, "/healthz"))[0] == HTTPStatus.OK
            assert (await ask(port, "/readyz"))[0] == HTTPStatus.SERVICE_UNAVAILABLE
            await line.venue.start()
            await line.wait_for_posts(1)
            assert await bot.terminate() == 0
            assert "Traceback" not in bot.logged


async def is_read_in_turn(port: int) -> bool:
    return READ_IN_TURN in (await ask(port, "/metrics"))[1]


async def ask(port: int, path: str) -> tuple[int, str]:
    """Status and text of an answer."""
    url = f"http://127.0.0.1:{port}{path}"
    async with ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_the_first_interrupt_waits_for_what_is_under_way_and_the_second_does_not(
    tmp_path: Path,
) -> None:
    async with open_line(f"sqlite:///{tmp_path}/quorum.sqlite", pairs=2) as line:
        variables = {**variables_for(line, tmp_path), **telegram_variables(line)}
        async with forked(tmp_path / "bot", ["run"], variables) as bot:
            rule = line.telegram.fail("sendMessage", Hang(delivers=True), chat=line.channel)
            await until_seen(lambda: rule.hits, "nothing was sent to the channel")
            assert await bot.interrupt_twice("stopping;") == 130
            assert "Traceback" not in bot.logged
