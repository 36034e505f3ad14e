"""The append-only record (design 4.8): canonical JSON in a SHA-256 chain."""

from engine.ledger.canonical import parse_canonical_json, to_canonical_json
from engine.ledger.chain import next_entry, short_hash, verify_chain
from engine.ledger.contents import outcome_content, parse_content, signal_content

__all__ = [
    "next_entry",
    "outcome_content",
    "parse_canonical_json",
    "parse_content",
    "short_hash",
    "signal_content",
    "to_canonical_json",
    "verify_chain",
]
