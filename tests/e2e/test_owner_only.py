"""What the bot writes is for its owner alone, whatever the shell that starts it allows others."""

from pathlib import Path

import pytest

from tests.e2e.bot_process import started
from tests.e2e.waiting import until_seen

pytestmark = pytest.mark.timeout(240)

NOWHERE = {
    "DATABASE_URL": "sqlite:///var/quorum.sqlite",
    "EXCHANGE_REST_URL": "http://127.0.0.1:1",
    "EXCHANGE_WS_URL": "ws://127.0.0.1:1",
    "LOG_FILE": "var/quorum.log",
    "MONITORING_PORT": "0",
    "BACKUPS_KEPT": "0",
}
"""Settings of a bot that makes its database and then waits for an exchange that is not there."""


async def test_nobody_else_may_read_a_new_database_or_log(tmp_path: Path) -> None:
    made = tmp_path / "bot" / "var"
    async with started(tmp_path / "bot", ["run"], NOWHERE) as bot:
        await until_seen(
            lambda: "exchange does not answer" in bot.logged,
            "the bot does not get as far as asking the exchange",
            seconds=60.0,
        )
        modes = {path.name: path.stat().st_mode & 0o077 for path in made.rglob("*")}
    assert {"quorum.sqlite", "quorum.sqlite-wal", "quorum.log"} <= modes.keys()
    assert {name: mode for name, mode in modes.items() if mode} == {}
    assert made.stat().st_mode & 0o077 == 0
