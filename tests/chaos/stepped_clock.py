"""A wall clock that a test sets, for one process: other processes keep the host's."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Final

from tests.chaos.case import NotPossibleError

_SOURCE: Final = Path(__file__).with_name("stepped_clock.c")
_MOVED: Final = struct.Struct("=q")
_NANOSECONDS: Final = 1_000_000_000


class SteppedClock:
    """`variables` are for the process whose clock it is to be. Needs a C compiler."""

    def __init__(self, folder: Path) -> None:
        self._moved_seconds = 0.0
        self._file = folder / "clock"
        self._file.write_bytes(_MOVED.pack(0))
        library = folder / "stepped_clock.so"
        compiler = shutil.which("cc")
        if compiler is None:
            raise NotPossibleError("no C compiler to make a clock with")
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, _SOURCE], check=True)
        self.variables = {"LD_PRELOAD": str(library), "STEPPED_CLOCK_FILE": str(self._file)}

    def step(self, seconds: float) -> None:
        """Set the clock forward, or back."""
        self._moved_seconds += seconds
        with self._file.open("r+b") as file, mmap.mmap(file.fileno(), _MOVED.size) as page:
            page[:] = _MOVED.pack(round(self._moved_seconds * _NANOSECONDS))
