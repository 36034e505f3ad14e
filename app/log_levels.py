"""What is worth a line: one level for everything, others for single areas.

An area is the name of a logger, a room (`exchanges`), a module in it or a library (`ccxt`), and
holds for all below it.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final, Self

LEVELS: Final = ("debug", "info", "warning", "error")

_QUIET_LIBRARIES: Final = (
    "aiogram.event",  # a line for every update
    "aiohttp.access",  # addresses with the token in them
    "alembic.runtime.plugins",
    "apscheduler",  # two lines for every run of a job
    "asyncio",
    "ccxt",
    "httpcore",
    "httpx",  # whole addresses, keys included
    "urllib3",
)
"""Libraries of which only warnings are worth a line, unless their area is named."""

_AREA: Final = re.compile(r"[A-Za-z_]\w*(\.\w+)*", re.ASCII)
_WARNINGS: Final = "py.warnings"
"""The logger of Python's own warnings, the only one that is not called like a module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLevels:
    """The level of everything, and by area the levels that differ."""

    everywhere: str = "info"
    areas: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """The levels written as `info,exchanges=debug,ccxt=error`; without the first one `info`.

        Raises `ValueError` for an unknown level, an area that nothing is called like, and
        whatever is said twice.
        """
        everywhere: list[str] = []
        areas: dict[str, str] = {}
        for part in text.split(","):
            area, joint, level = (each.strip() for each in part.rpartition("="))
            if not joint:
                everywhere.append(_level(level))
            elif area in areas:
                raise ValueError(f"the area {area} is there twice")
            else:
                areas[_area(area)] = _level(level)
        if len(everywhere) > 1:
            raise ValueError("more than one level without an area")
        return cls(everywhere=(everywhere or ["info"])[0], areas=tuple(areas.items()))

    def __str__(self) -> str:
        return ",".join([self.everywhere, *(f"{area}={level}" for area, level in self.areas)])

    def by_logger(self) -> dict[str, int]:
        """The level of each logger that has one of its own; that of the rest is under ""."""
        root = _number(self.everywhere)
        named = [area for area, _ in self.areas]
        quiet = [name for name in _QUIET_LIBRARIES if not _is_below(name, named)]
        return {
            "": root,
            **dict.fromkeys(quiet, max(logging.WARNING, root)),
            **{area: _number(level) for area, level in self.areas},
        }


def _level(text: str) -> str:
    level = text.lower()
    if level not in LEVELS:
        raise ValueError("not a level")
    return level


def _area(name: str) -> str:
    # Looking a module up does not import it. A mistyped area would change nothing, unnoticed.
    if not _AREA.fullmatch(name) or (name != _WARNINGS and find_spec(name.split(".")[0]) is None):
        raise ValueError("nothing is called like that area")
    return name


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _is_below(name: str, areas: Iterable[str]) -> bool:
    return any(f"{name}.".startswith(f"{area}.") for area in areas)
