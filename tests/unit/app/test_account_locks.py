"""Locks of accounts: another process is kept out, this one is not, a killed one leaves no trace."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.account_locks import AccountLocks
from domain.errors import AccessRefusedError

PLACE = "binanceusdm "
KEY = "a-key-of-the-exchange"
SECOND_PROCESS = """
import asyncio, sys, time
from pathlib import Path
from app.account_locks import AccountLocks
taken = asyncio.run(AccountLocks(Path(sys.argv[1])).take("operator", sys.argv[2], sys.argv[3]))
print("taken", flush=True)
time.sleep(60)
"""


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def second_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another Quorum that holds the lock, until it is killed."""
    command = [sys.executable, "-c", SECOND_PROCESS, str(folder), PLACE, KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        try:
            yield process
        finally:
            process.kill()


async def test_a_second_process_is_refused_in_words_until_the_first_is_killed(
    tmp_path: Path,
) -> None:
    locks = AccountLocks(tmp_path)
    with second_process(tmp_path) as other:
        with pytest.raises(AccessRefusedError) as refused:
            await locks.take("operator", PLACE, KEY)
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        async with await locks.take("operator", PLACE, KEY):
            pass
    words = str(refused.value)
    assert words.startswith("operator: another Quorum on this machine trades with the same key")
    assert "stop the other one" in words
    assert KEY not in words


async def test_a_second_database_in_this_machine_is_refused_until_the_first_is_closed(
    tmp_path: Path,
) -> None:
    first, second = AccountLocks(tmp_path), AccountLocks(tmp_path)
    held = await first.take("operator", PLACE, KEY)
    with pytest.raises(AccessRefusedError):
        await second.take("trader:7", PLACE, KEY)
    await held.aclose()
    async with await second.take("trader:7", PLACE, KEY):
        pass


async def test_a_new_broker_of_the_same_key_is_opened_before_the_old_one_is_closed(
    tmp_path: Path,
) -> None:
    locks, stranger = AccountLocks(tmp_path), AccountLocks(tmp_path)
    old = await locks.take("trader:7", PLACE, KEY)
    new = await locks.take("trader:7", PLACE, KEY)
    await old.aclose()
    with pytest.raises(AccessRefusedError):
        await stranger.take("trader:7", PLACE, KEY)
    await new.aclose()
    async with await stranger.take("trader:7", PLACE, KEY):
        pass


@pytest.mark.parametrize(("place", "key"), [(PLACE, "another-key"), ("bybit ", KEY)])
async def test_another_key_or_another_venue_is_another_account(
    place: str, key: str, tmp_path: Path
) -> None:
    async with (
        await AccountLocks(tmp_path).take("operator", PLACE, KEY),
        await AccountLocks(tmp_path).take("operator", place, key),
    ):
        pass


async def test_no_file_tells_the_key(tmp_path: Path) -> None:
    async with await AccountLocks(tmp_path).take("operator", PLACE, KEY):
        files = files_in(tmp_path)
    assert list(files.values()) == [b""]
    assert KEY not in "".join(files)


async def test_where_no_lock_can_be_kept_nothing_is_traded(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("", encoding="utf-8")
    locks = AccountLocks(no_folder)
    for _ in range(2):
        with pytest.raises(AccessRefusedError, match="can't be opened"):
            await locks.take("operator", PLACE, KEY)
