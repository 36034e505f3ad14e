"""The chain: each entry's hash covers its own text and the hash before it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from domain.errors import InvalidDataError
from domain.ledger import GENESIS_HASH, EntryKind, LedgerEntry
from domain.timeframes import from_ms, to_ms
from engine.ledger.canonical import parse_canonical_json, to_canonical_json

_SHORT_HASH_LENGTH = 8


def next_entry(
    head: LedgerEntry | None, kind: EntryKind, at: datetime, content: Mapping[str, object]
) -> LedgerEntry:
    """The entry that follows `head`; without one the first, which has number 1.

    `at` is exchange time and is kept to the millisecond; an instant before that of `head` (the
    clock was set back a little, or the other entry's writer was quicker) becomes that of `head`:
    time never runs backwards in the record. Raises `TypeError` for content that has no canonical
    form.
    """
    sequence, previous_hash = _place_after(head)
    recorded_at = from_ms(to_ms(at))
    if head is not None:
        recorded_at = max(recorded_at, head.at)
    envelope = {"sequence": sequence, "at": recorded_at, "kind": kind, "content": content}
    body = to_canonical_json(envelope)
    return LedgerEntry(
        sequence=sequence,
        at=recorded_at,
        kind=kind,
        body=body,
        previous_hash=previous_hash,
        hash=_compute_hash(previous_hash, body),
    )


def verify_chain(entries: Iterable[LedgerEntry], after: LedgerEntry | None = None) -> int | None:
    """Sequence number of the first entry that does not hold; None when all of them do.

    The entries are those that follow `after`, or the record from its start. The number is that of
    the place in the chain: where an entry is missing, its own.
    """
    for entry in entries:
        sequence, previous_hash = _place_after(after)
        if not _holds(entry, sequence, previous_hash):
            return sequence
        after = entry
    return None


def short_hash(entry_hash: str) -> str:
    """The first hex digits of a hash, as posts show them."""
    return entry_hash[:_SHORT_HASH_LENGTH]


def _place_after(head: LedgerEntry | None) -> tuple[int, str]:
    return (1, GENESIS_HASH) if head is None else (head.sequence + 1, head.hash)


def _holds(entry: LedgerEntry, sequence: int, previous_hash: str) -> bool:
    return (
        entry.sequence == sequence
        and entry.previous_hash == previous_hash
        and _repeats_itself(entry)
        and entry.hash == _compute_hash(previous_hash, entry.body)
    )


def _repeats_itself(entry: LedgerEntry) -> bool:
    """Whether the body is canonical and says the same as the fields beside it."""
    try:
        body = parse_canonical_json(entry.body)
    except InvalidDataError:
        return False
    if not isinstance(body, dict):
        return False
    told = {key: body.get(key) for key in ("sequence", "at", "kind")}
    fields = {"sequence": entry.sequence, "at": entry.at, "kind": entry.kind}
    return to_canonical_json(told) == to_canonical_json(fields)


def _compute_hash(previous_hash: str, body: str) -> str:
    return sha256(f"{previous_hash}\n{body}".encode()).hexdigest()
