"""Where processes that score come from: a server that loads the code once, and forks.

A process forked of the command itself would inherit the threads and locks of the event loop and of
Arrow; the server has neither. Where there is no such server (Windows), each process loads the code.
"""

import multiprocessing
from multiprocessing.context import BaseContext
from typing import Final

_LOADED: Final = ["app.backtest.scoring", "app.command_line"]


def begin_loading(processes: int) -> None:
    """Let the server load while the command itself is still loading; scoring then waits less."""
    if processes > 1 and _has_server():
        from multiprocessing import forkserver

        scoring_context()
        forkserver.ensure_running()


def scoring_context() -> BaseContext:
    """What starts processes that score."""
    if not _has_server():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def _has_server() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()
