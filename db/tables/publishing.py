"""Tables of what leads to a signal and follows from it, the ledger and the outbox among them.

The triggers that keep the ledger append-only are in the migration; they are not part of a table.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from db.tables.base import COUNTER, metadata
from db.types import ExactDecimal, UTCDateTime

decisions = Table(
    "decisions",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("as_of", UTCDateTime, nullable=False),
    Column("direction", Text),
    Column("score", Double, nullable=False),
    Column("tier", Text),
    Column("outcome", Text, nullable=False),
    Column("signal_id", BigInteger),
    Column("denials", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Index(None, "symbol", "as_of"),
    Index(None, "as_of"),
)

signals = Table(
    "signals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("symbol", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("published_at", UTCDateTime, nullable=False),
    Column("valid_until", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("realised_r", ExactDecimal, nullable=False),
    Column("payload", Text, nullable=False),
    Column("course", Text, nullable=False),
    Column("ledger_hash", Text, nullable=False),
    Index(None, "state"),
    Index(None, "published_at"),
    Index(None, "ended_at"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("hash"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("key", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("edits_key", Text),
    Column("replies_key", Text),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("not_before", UTCDateTime),
    Column("message_id", BigInteger),
    Column("failure", Text),
    UniqueConstraint("key"),
    Index(None, "state", "recipient"),
    Index(None, "edits_key"),
    Index(None, "created_at"),
)

watchlist = Table(
    "watchlist",
    metadata,
    Column("symbol", Text, primary_key=True),
    Column("score", Double, nullable=False),
    Column("failed_scans", Integer, nullable=False),
)

watch_changes = Table(
    "watch_changes",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("symbol", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("score", Double),
    Column("reason", Text, nullable=False),
    Index(None, "at"),
)

pause_state = Table(
    "pause_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_paused", Boolean, nullable=False),
    Column("since", UTCDateTime),
    Column("said_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

breaker_events = Table(
    "breaker_events",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("breaker", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("symbol", Text),
    Column("text", Text, nullable=False),
    Index(None, "at"),
)

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("granted_at", UTCDateTime, nullable=False),
    Column("how", Text, nullable=False),
    Index(None, "role"),
)

whale_events = Table(
    "whale_events",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("key", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("usd", Double, nullable=False),
    Column("happened_ms", BigInteger, nullable=False),
    Column("known_ms", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    UniqueConstraint("key"),
    Index(None, "known_ms"),
)

sentiment_snapshots = Table(
    "sentiment_snapshots",
    metadata,
    Column("at_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("regime", Text, nullable=False),
    Column("macro", Text),
    Column("fear_greed", Integer),
    Column("payload", Text, nullable=False),
)

past_outcomes = Table(
    "past_outcomes",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("decided_ms", BigInteger, nullable=False),
    Column("known_ms", BigInteger, nullable=False),
    Column("realised_r", Double, nullable=False),
    Column("payload", Text, nullable=False),
    UniqueConstraint("origin", "symbol", "decided_ms"),
    Index(None, "known_ms"),
)

breaker_latches = Table(
    "breaker_latches",
    metadata,
    Column("breaker", Text, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("tripped_at", UTCDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("resumed_at", UTCDateTime),
)

shadows = Table(
    "shadows",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("symbol", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Column("realised_r", ExactDecimal, nullable=False),
    Column("payload", Text, nullable=False),
    Column("course", Text, nullable=False),
    Index(None, "state"),
    Index(None, "ended_at"),
    Index(None, "symbol", "decided_at"),
)
