"""What Ctrl-C and SIGTERM do: the first asks for a stop in order, the second ends at once."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

_FORCED: Final = 130
"""The exit code of a process that was interrupted."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """`stop` is set by the first signal. Needs a running event loop.

    The second one ends the process where it stands, like a kill would: nothing is lost by that,
    for what must not be lost is written down before it is begun.
    """

    def __init__(self, *, end: Callable[[int], None] = os._exit) -> None:
        self.stop = asyncio.Event()
        self._end = end
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self.stop.is_set():
            self._end(_FORCED)
        self.stop.set()
        text = "stopping; open positions keep their stops. Once more ends it at once.\n"
        sys.stderr.write(text)
