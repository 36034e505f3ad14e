"""Threads share pools of memory instead of keeping one each."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.allocator import return_free_memory

REPOSITORY = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the allocator meant is that of glibc"
)

MANY_THREADS = """
    import ctypes, threading
    from app.allocator import limit_arenas
    {first}
    begun, done = threading.Barrier(17), threading.Event()

    def allocate():
        held = [bytes(100_000) for _ in range(10)]
        begun.wait()
        done.wait()

    threads = [threading.Thread(target=allocate) for _ in range(16)]
    for each in threads:
        each.start()
    begun.wait()
    ctypes.CDLL(None).malloc_info(0, ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stdout"))
    ctypes.CDLL(None).fflush(None)
    done.set()
"""


@pytest.mark.parametrize(
    ("first", "is_limited"), [("assert limit_arenas()", True), ("pass", False)]
)
def test_threads_share_two_pools(first: str, is_limited: bool) -> None:
    code = textwrap.dedent(MANY_THREADS).replace("{first}", first)
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    pools = told.count("<heap nr=")
    assert pools == 2 if is_limited else pools > 2


async def test_memory_can_be_returned_at_any_time() -> None:
    await return_free_memory()
