"""Keeps glibc from holding memory that nobody uses; elsewhere there is nothing to do.

By default every thread that meets another one in the allocator gets a pool of its own, up to eight
for each core. What is freed there stays there, and a bot that runs for months collects it all.
"""

import ctypes
import sys
from typing import Final

_ARENA_MAX: Final = -8
"""`M_ARENA_MAX` of malloc.h."""

_ARENAS: Final = 2
_IS_LINUX: Final = sys.platform == "linux"


def limit_arenas() -> bool:
    """Let all threads share two pools; whether that could be done. Before any other one begins."""
    mallopt = _find("mallopt")
    return mallopt is not None and mallopt(_ARENA_MAX, _ARENAS) == 1


async def return_free_memory() -> None:
    """Give what is free inside the pools back to the system; some milliseconds."""
    trim = _find("malloc_trim")
    if trim is not None:
        trim(0)


def _find(name: str) -> "ctypes._NamedFuncPointer | None":
    """A function of the C library the process runs on; None where it has no such function."""
    return getattr(ctypes.CDLL(None), name, None) if _IS_LINUX else None
