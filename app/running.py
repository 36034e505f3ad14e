"""Runs a command to its exit code; an expected error is one clear text, not a traceback."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import typer

from domain.errors import QuorumError


def execute(work: Callable[[], Coroutine[Any, Any, int | None]]) -> None:
    """Run to the end and leave with the exit code: 2 after an error of ours, 130 after Ctrl-C."""
    try:
        code = _run_loop(work())
    except QuorumError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the last word of a command
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(code or 0)


def _run_loop(work: Coroutine[Any, Any, int | None]) -> int | None:
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)
