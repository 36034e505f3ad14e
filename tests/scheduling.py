"""Which worker gets which tests."""

from typing import Final

from xdist.scheduler import LoadFileScheduling

_WHOLE_LINES: Final = (
    "tests/chaos/",
    "tests/e2e/",
    "tests/killpoints/",
    "tests/live_backtest/",
    "tests/soak_run/",
)
"""Folders of tests that run bots and venues in processes of their own against the wall clock."""


def is_whole_line(nodeid: str) -> bool:
    """Whether a test runs a whole line."""
    return nodeid.startswith(_WHOLE_LINES)


class LinesOnOneWorker(LoadFileScheduling):  # type: ignore[misc] # it has no types
    """A file's tests stay together, and all whole lines as well.

    Two lines at once take the cores from each other, and what a trader has seconds for takes
    longer than that: tests fail by the machine and not by the code.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "whole lines" if is_whole_line(nodeid) else super()._split_scope(nodeid)
