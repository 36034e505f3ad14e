"""The running bot as those see it who watch it: over HTTP, in the private chat, in its digest."""

import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

import pytest
from aiohttp import ClientSession

from app.application import Application
from tests.e2e.line import Line, open_line
from tests.e2e.waiting import until
from tests.servers.databases import MigratedDatabases
from tests.telegram_server import Message

pytestmark = pytest.mark.timeout(240)

NEXT_DAY = datetime(2026, 1, 7, 0, 5, tzinfo=UTC)
"""What was decided on the day before makes its digest due soon after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A line, the bot on it, and where it serves its health."""

    line: Line
    bot: Application
    url: str

    async def ask(self, path: str) -> tuple[int, str]:
        """Status and text of an answer."""
        async with ClientSession() as session, session.get(f"{self.url}{path}") as answer:
            return answer.status, await answer.text()

    async def shows(self, metric: str) -> bool:
        """Whether a metric is above zero."""
        _, text = await self.ask("/metrics")
        found = [line for line in text.splitlines() if line.startswith(metric)]
        return any(float(line.rpartition(" ")[2]) > 0 for line in found)


@pytest.fixture(scope="module")
async def watched(databases: MigratedDatabases) -> AsyncIterator[Watched]:
    port = free_port()
    database = await databases.blank("sqlite")
    sections = {"monitoring": {"port": port}}
    async with open_line(database, pairs=3, sections=sections) as line:
        async with line.bot():
            await line.wait_for_posts(1)
        line.skip_to(max(NEXT_DAY, line.now()))
        async with line.bot() as bot:
            yield Watched(line=line, bot=bot, url=f"http://127.0.0.1:{port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_bot_that_is_at_work_is_alive_and_ready(watched: Watched) -> None:
    assert (await watched.ask("/healthz"))[0] == HTTPStatus.OK
    assert (await watched.ask("/readyz"))[0] == HTTPStatus.OK


async def test_what_happens_is_counted_and_timed_from_the_final_candle(watched: Watched) -> None:
    await watched.line.wait_for_posts(len(watched.line.posts()) + 1)
    for metric in (
        "quorum_closes_total",
        "quorum_decisions_total",
        "quorum_signals_total",
        "quorum_messages_delivered_total",
        'quorum_close_latency_seconds_count{stage="stored"}',
        'quorum_close_latency_seconds_count{stage="accepted"}',
        "quorum_pairs_watched",
        "quorum_process_resident_memory_bytes",
    ):
        await until(partial(watched.shows, metric), f"{metric} stays zero")


async def test_the_health_command_tells_of_every_part(watched: Watched) -> None:
    answer = await watched.line.ask("/health", "Health")
    for part in (
        "SQLite",
        "Telegram answered",
        "messages wait",
        "Request weight",
        "candles: ",
        "book: ",
        "trades: ",
        "on time",
    ):
        assert part in answer.text


async def test_a_task_that_crashes_is_told_to_the_operator(watched: Watched) -> None:
    crashes = iter([ValueError("a <b>bug</b>")])

    async def shaky() -> None:
        for crash in crashes:
            raise crash

    watched.bot.supervise("shaky", shaky)
    told = await watched.line.operator.chat.wait(
        lambda posts: next((post for post in posts if "task shaky" in post.text), None)
    )
    assert "a <b>bug</b>" in told.text


async def test_the_digest_of_the_day_before_reaches_the_operator_once(watched: Watched) -> None:
    def digests(posts: Sequence[Message]) -> list[Message]:
        return [post for post in posts if "Operations" in post.text]

    [digest] = await watched.line.operator.chat.wait(digests)
    assert "Tue 06 Jan 2026" in digest.text
