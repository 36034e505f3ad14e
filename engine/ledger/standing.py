"""What the record says now: each outcome as corrections have left it."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.errors import InvalidDataError
from domain.ledger import EntryKind, LedgerEntry
from engine.ledger.contents import parse_content


def standing_outcomes(
    entries: Iterable[LedgerEntry],
) -> dict[int, tuple[LedgerEntry, Mapping[str, Any]]]:
    """Per signal id: the entry that tells its outcome now, and that outcome.

    Signals stand in the order in which they ended; a correction takes the place of what it
    restates. Raises `InvalidDataError` for an entry that cannot be read.
    """
    standing: dict[int, tuple[LedgerEntry, Mapping[str, Any]]] = {}
    for entry in entries:
        if entry.kind is EntryKind.OUTCOME:
            outcome = parse_content(entry)
        elif entry.kind is EntryKind.CORRECTION:
            outcome = _restated(entry)
        else:
            continue
        standing[int(outcome["signal"])] = (entry, outcome)
    return standing


def _restated(entry: LedgerEntry) -> Mapping[str, Any]:
    outcome = parse_content(entry).get("outcome")
    if not isinstance(outcome, dict):
        raise InvalidDataError(f"ledger entry {entry.sequence} corrects without an outcome")
    return outcome
