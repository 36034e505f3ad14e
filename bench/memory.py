"""Resident memory of the running bot with 40 streamed pairs, in megabytes (in the `_ms` fields).

Base: a process that has only imported what such bots are usually made of.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.result import Result, interleaved
from bench.startup import USUAL_IMPORTS, running_bot, simulated_venue

_RUNS = 3
_SETTLE_SECONDS = 5.0


def run(on_progress: Callable[[int, int], None]) -> Result:
    done = 0
    with simulated_venue() as (rest_url, ws_url):

        def ours() -> float:
            with running_bot(rest_url, ws_url) as (process_id, _):
                time.sleep(_SETTLE_SECONDS)
                return _resident_megabytes(process_id)

        def base() -> float:
            nonlocal done
            done += 1
            on_progress(done, _RUNS)
            code = f"{USUAL_IMPORTS}\nprint(flush=True)\ninput()"
            with subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            ) as process:
                if process.stdout is None:
                    raise RuntimeError("the base has no output")
                process.stdout.readline()
                megabytes = _resident_megabytes(process.pid)
                process.communicate("\n")
                return megabytes

        ours_mb, base_mb, ratio = interleaved(ours, base, _RUNS)
    return Result(
        name="memory",
        ours_ms=ours_mb,
        base_ms=base_mb,
        ratio=ratio,
        runs=_RUNS,
        base="only importing the usual libraries",
        details={"unit": "megabytes resident, not milliseconds", "pairs": 40.0},
    )


def _resident_megabytes(process_id: int) -> float:
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1]) / 1024.0
    raise RuntimeError(f"process {process_id} tells no resident memory")
