"""The record as a file that a stranger can check: JSON lines, a header and then the entries.

Every line is canonical JSON and nothing in the file is free: the header repeats what follows from
the entries, each entry repeats what its body says. So no byte can be changed unnoticed.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from domain.errors import InvalidDataError
from domain.ledger import GENESIS_HASH, EntryKind, LedgerEntry
from engine.ledger.canonical import to_canonical_json

FORMAT_VERSION: Final = 1


def export_lines(entries: Sequence[LedgerEntry]) -> Iterator[str]:
    """The lines of an export of the whole record, each with its line feed."""
    yield _line(
        {
            "record": "quorum",
            "format": FORMAT_VERSION,
            "entries": len(entries),
            "head": entries[-1].hash if entries else GENESIS_HASH,
        }
    )
    for entry in entries:
        yield _line(
            {
                "sequence": entry.sequence,
                "at": entry.at,
                "kind": entry.kind,
                "body": entry.body,
                "previous_hash": entry.previous_hash,
                "hash": entry.hash,
            }
        )


def _line(content: dict[str, object]) -> str:
    return to_canonical_json(content) + "\n"


def parse_export(text: str) -> list[LedgerEntry]:
    """The entries of an export, as they are told.

    Whether they hold is for a verifier to say. Raises `InvalidDataError` for a line that is none.
    """
    lines = text.splitlines()
    _check_header(lines[0] if lines else "")
    return [_parse_entry(line, number) for number, line in enumerate(lines[1:], start=2)]


def _check_header(line: str) -> None:
    header = _parse(line, 1)
    if header.get("record") != "quorum" or header.get("format") != FORMAT_VERSION:
        raise InvalidDataError(
            f"line 1 is not the header of a record of format {FORMAT_VERSION}; export the record "
            "anew with this version"
        )


def _parse_entry(line: str, number: int) -> LedgerEntry:
    told = _parse(line, number)
    try:
        return LedgerEntry(
            sequence=int(told["sequence"]),
            at=datetime.fromisoformat(told["at"]),
            kind=EntryKind(told["kind"]),
            body=str(told["body"]),
            previous_hash=str(told["previous_hash"]),
            hash=str(told["hash"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidDataError(f"line {number} is not an entry of a record: {error!r}") from error


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise InvalidDataError(f"line {number} is not JSON; export the record anew") from error
    if not isinstance(told, dict):
        raise InvalidDataError(f"line {number} is not an entry of a record; export it anew")
    return told
