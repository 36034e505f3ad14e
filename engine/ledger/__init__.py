"""The append-only record (design 4.8): canonical JSON in a SHA-256 chain."""

from engine.ledger.canonical import parse_canonical_json, to_canonical_json
from engine.ledger.chain import next_entry, short_hash, verify_chain
from engine.ledger.contents import (
    correction_content,
    outcome_content,
    parse_content,
    signal_content,
)
from engine.ledger.export import export_lines, parse_export
from engine.ledger.standing import standing_outcomes

__all__ = [
    "correction_content",
    "export_lines",
    "next_entry",
    "outcome_content",
    "parse_canonical_json",
    "parse_content",
    "parse_export",
    "short_hash",
    "signal_content",
    "standing_outcomes",
    "to_canonical_json",
    "verify_chain",
]
