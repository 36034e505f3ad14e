"""Rows of a venue's answer that make no sense: skipped, counted, and told once each."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog

from domain.errors import InvalidDataError

Value = TypeVar("Value")

_NONSENSE: Final = (
    InvalidDataError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""How a row that is not what the venue documents surfaces: it is read without checking first."""

log = structlog.get_logger()


class RejectedRows:
    """Counts what was skipped, by kind; the same row is logged only the first time."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._told: set[tuple[str, str]] = set()

    def add(self, kind: str, name: str, reason: Exception) -> None:
        """Skip a row; `kind` is what it describes, `name` which one it is."""
        self.counts[kind] += 1
        if (kind, name) not in self._told:
            self._told.add((kind, name))
            log.warning("row_skipped", kind=kind, name=name, reason=str(reason))

    def kept(
        self, kind: str, name: Any, translate: Callable[..., Value], *row: Any
    ) -> Value | None:
        """The row as `translate` makes it, or None and skipped when it makes no sense."""
        try:
            return translate(*row)
        except _NONSENSE as error:
            self.add(kind, str(name), error)
            return None
