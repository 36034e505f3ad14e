"""What the bot does not start with: one clear text, exit code 2, no traceback, no secret."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from app.clock import ExchangeClock
from db.instance_lock import PostgresInstanceLock, RedisInstanceLock, lock_scope
from tests.e2e.bot_process import forked, telegram_variables, variables_for
from tests.e2e.line import Line, open_line
from tests.servers.databases import POSTGRESQL, MigratedDatabases

pytestmark = pytest.mark.timeout(240)

SECRET = "AAF-secret-part-of-a-token-that-is-refused"
TAKEN = "another Quorum works on this database already"


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    """A line with a bot at work."""
    database = tmp_path_factory.mktemp("first") / "quorum.sqlite"
    async with open_line(f"sqlite:///{database}", pairs=2) as opened, opened.bot():
        yield opened


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        pytest.param({"TELEGRAM_BOT_TOKEN": SECRET}, "TELEGRAM_BOT_TOKEN", id="no token at all"),
        pytest.param(
            {"TELEGRAM_BOT_TOKEN": f"123456789:{SECRET}"},
            "TELEGRAM_BOT_TOKEN was refused by Telegram",
            id="a token that Telegram refuses",
        ),
        pytest.param({"TELEGRAM_CHANNEL_ID": ""}, "TELEGRAM_CHANNEL_ID", id="no channel"),
        pytest.param(
            {"TELEGRAM_ADMIN_IDS": "71234567896987654321"},
            "is a comma missing?",
            id="two operators without a comma",
        ),
        pytest.param({"TELEGRAM_API_URL": "http://h:99999"}, "the port", id="a port that is none"),
        pytest.param({"CLOCK_SPEED": "fast"}, "CLOCK_SPEED", id="a speed that is no number"),
        pytest.param({"EXCHANGE_URL": SECRET}, "EXCHANGE_URL", id="a variable nobody reads"),
        pytest.param({"QUORUM_CONFIG": "absent.toml"}, "absent.toml", id="no strategy file"),
    ],
)
async def test_a_wrong_setting_is_one_clear_text(
    line: Line, tmp_path: Path, wrong: Mapping[str, str], complaint: str
) -> None:
    variables = {**variables_for(line, tmp_path), **telegram_variables(line), **wrong}
    await _assert_refused(tmp_path, variables, complaint)


async def test_a_second_bot_on_the_same_database_is_refused(line: Line, tmp_path: Path) -> None:
    url = line.settings.storage.database_url.get_secret_value()
    variables = {**variables_for(line, tmp_path), "DATABASE_URL": url}
    await _assert_refused(tmp_path, variables, TAKEN)


async def test_a_second_bot_on_the_same_postgresql_is_refused(
    line: Line, tmp_path: Path, databases: MigratedDatabases
) -> None:
    url = await databases.blank(POSTGRESQL)
    first = PostgresInstanceLock(url)
    assert await first.acquire()
    try:
        await _assert_refused(
            tmp_path, {**variables_for(line, tmp_path), "DATABASE_URL": url}, TAKEN
        )
    finally:
        await first.release()


async def test_a_second_bot_on_another_machine_is_refused(
    line: Line, tmp_path: Path, redis_url: str
) -> None:
    url = f"sqlite:///{tmp_path}/quorum.sqlite"
    first = RedisInstanceLock(
        redis_url,
        scope=lock_scope(url),
        owner="elsewhere:1",
        clock=ExchangeClock(),
        lease_seconds=3.0,
    )
    assert await first.acquire()
    keeping = asyncio.create_task(first.keep())
    try:
        variables = {**variables_for(line, tmp_path), "DATABASE_URL": url, "REDIS_URL": redis_url}
        await _assert_refused(tmp_path, variables, TAKEN)
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        await first.release()
        await first.close()


async def _assert_refused(folder: Path, variables: Mapping[str, str], complaint: str) -> None:
    async with forked(folder / "bot", ["run"], variables) as bot:
        assert await bot.wait() == 2
    last_words = bot.logged.rpartition("error: ")[2]
    assert complaint in last_words
    assert bot.logged.count("error: ") == 1
    assert "Traceback" not in bot.logged
    assert SECRET not in bot.logged + bot.printed
