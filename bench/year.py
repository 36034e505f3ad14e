"""A year of 15-minute candles of 50 pairs through the whole command, with two processes and one.

The promise is 20 s on two cores. The base is the same command with one process; both reports have
to be the same to the last byte.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.result import Result, milliseconds
from bench.walks import write_walks

_PAIRS = 50
_DAYS = 365
_LETTERS = "ABCDEFGHIJ"


def run(on_progress: Callable[[int, int], None]) -> Result:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        symbols = [f"{one}{other}USDT" for one in _LETTERS[:5] for other in _LETTERS]
        write_walks(folder / "store", symbols=symbols[:_PAIRS], days=_DAYS)
        on_progress(1, 3)
        ours_ms = _command(folder, 2)
        on_progress(2, 3)
        base_ms = _command(folder, 1)
        on_progress(3, 3)
        is_same = (folder / "1.json").read_bytes() == (folder / "2.json").read_bytes()
    return Result(
        name="year",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=base_ms / ours_ms,
        runs=1,
        base="the same with one process",
        details={
            "candles of 15m": f"{_PAIRS} pairs x {_DAYS * 96}",
            "candles a second": _PAIRS * _DAYS * 96 / (ours_ms / 1000.0),
            "both reports are the same": str(is_same),
        },
    )


def _command(folder: Path, processes: int) -> float:
    command = [sys.executable, "-m", "app", "backtest", "--root", str(folder / "store")]
    command += ["--layers", "technical", "--processes", str(processes)]
    command += ["--json", str(folder / f"{processes}.json")]
    return milliseconds(lambda: subprocess.run(command, check=True, capture_output=True))
