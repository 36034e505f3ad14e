"""`python -m tests.chaos [words]`: causes every fault, or those with the words in their names, and
prints what came of it as Markdown.
"""

import asyncio
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.all_cases import CASES
from tests.chaos.case import Case, NotPossibleError

_LONGEST_SECONDS = 400.0
"""For one fault; then it has not held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a case: "yes", "NO", or "not possible here"."""

    case: Case
    held: str
    seconds: float


def main(words: Sequence[str]) -> int:
    """The process's exit code: 1 where something did not hold."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who is cut off hangs up
    chosen = [case for case in CASES if " ".join(words).lower() in case.fault.lower()]
    results = []
    for number, case in enumerate(chosen, 1):
        result = _play(case)
        results.append(result)
        told = f"{number}/{len(chosen)} {case.fault}: {result.held} ({result.seconds:.1f} s)"
        sys.stderr.write(f"{told}\n")
    sys.stdout.write(_table(results))
    return int(any(result.held == "NO" for result in results))


def _play(case: Case) -> Result:
    begun, held = time.monotonic(), "yes"
    try:
        asyncio.run(_bounded(case))
    except NotPossibleError as reason:
        held = f"not possible here: {reason}"
    except Exception:  # noqa: BLE001 - whatever went wrong is the result
        sys.stderr.write(traceback.format_exc())
        held = "NO"
    return Result(case=case, held=held, seconds=time.monotonic() - begun)


async def _bounded(case: Case) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="q-") as folder,
        (Path(folder) / "log").open("w") as log,
        redirect_stderr(log),
    ):
        async with asyncio.timeout(_LONGEST_SECONDS):
            await case.play(Path(folder))


def _table(results: Sequence[Result]) -> str:
    lines = ["| fault | expected | held | seconds |", "|---|---|---|---|"]
    lines += [
        f"| {one.case.fault} | {one.case.expected} | {one.held} | {one.seconds:.1f} |"
        for one in results
    ]
    failed = sum(one.held == "NO" for one in results)
    seconds = sum(one.seconds for one in results)
    lines += ["", f"{len(results)} faults, {failed} did not hold, in {seconds:.0f} s"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
