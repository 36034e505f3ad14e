"""Gets the process that bots are forked from going while the first tests run."""

from multiprocessing import forkserver

import pytest

import tests.e2e.bot_process  # noqa: F401 - names what that process loads


@pytest.fixture(scope="session", autouse=True)
def _nursery() -> None:
    forkserver.ensure_running()
