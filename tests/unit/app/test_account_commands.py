"""`accounts new-key` and `accounts rotate`: the master keys of traders' exchange keys."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from app.command_line import commands
from db.engine import create_database_engine
from db.key_sealer import FernetKeySealer
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.accounts import Account, ExecutionMode
from domain.errors import ConfigurationError
from engine.ports.execution_storage import SealedKey

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
ACCOUNT = Account(
    name="trader:7",
    mode=ExecutionMode.LIVE,
    user_id=7,
    connected_at=datetime(2026, 1, 5, tzinfo=UTC),
)


def run(command: str, folder: Path, *master_keys: str) -> tuple[int, str]:
    environ = {
        "DATABASE_URL": database_of(folder),
        "ACCOUNT_MASTER_KEYS": ",".join(master_keys),
        "COLUMNS": "200",
    }
    result = CliRunner().invoke(commands, ["accounts", command], env=environ)
    return result.exit_code, result.output + result.stderr


def database_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/quorum.sqlite"


async def connect(folder: Path, master_key: str) -> None:
    engine = create_database_engine(database_of(folder))
    await upgrade(engine)
    sealed = FernetKeySealer([master_key]).seal("his-key", "his-secret")
    async with SqlStorage(engine)() as unit:
        await unit.accounts.connect(ACCOUNT, SealedKey(user_id=7, sealed=sealed))
        await unit.commit()
    await engine.dispose()


async def stored(folder: Path) -> bytes:
    engine = create_database_engine(database_of(folder))
    async with SqlStorage(engine)() as unit:
        key = await unit.accounts.find_key(7)
    await engine.dispose()
    assert key is not None
    return key.sealed


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_new_key_is_one_that_seals(tmp_path: Path) -> None:
    code, output = run("new-key", tmp_path)
    assert code == 0
    FernetKeySealer([output.strip()]).seal("key", "secret")
    assert run("new-key", tmp_path)[1] != output


def test_rotation_seals_anew_with_the_first_key(tmp_path: Path) -> None:
    asyncio.run(connect(tmp_path, OLD))
    assert run("rotate", tmp_path, NEW, OLD) == (0, "rotated 1 keys\n")
    sealed = asyncio.run(stored(tmp_path))
    assert FernetKeySealer([NEW]).open(sealed).key == "his-key"
    with pytest.raises(ConfigurationError):
        FernetKeySealer([OLD]).open(sealed)


def test_rotation_without_the_old_key_changes_nothing(tmp_path: Path) -> None:
    asyncio.run(connect(tmp_path, OLD))
    before = asyncio.run(stored(tmp_path))
    code, output = run("rotate", tmp_path, NEW)
    assert code == 2
    assert "Add the old master key behind the newest one" in output
    assert NEW not in output
    assert asyncio.run(stored(tmp_path)) == before


def test_rotation_without_keys_says_what_to_set(tmp_path: Path) -> None:
    code, output = run("rotate", tmp_path)
    assert code == 2
    assert "ACCOUNT_MASTER_KEYS is not set: put the new key first" in output
