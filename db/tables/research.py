"""Tables of research: verdicts, parameter sets, which one is live, what decisions were made on."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
)

from db.tables.base import COUNTER, metadata
from db.types import UTCDateTime

readiness_verdicts = Table(
    "readiness_verdicts",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("playbook", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("is_passed", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
    Index(None, "playbook", "at"),
)

parameter_sets = Table(
    "parameter_sets",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("playbook", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("payload", Text, nullable=False),
)

live_changes = Table(
    "live_changes",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("playbook", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("version", BigInteger, ForeignKey(parameter_sets.c.version)),
    Column("said_by", Text, nullable=False),
    Index(None, "playbook"),
)

decision_inputs = Table(
    "decision_inputs",
    metadata,
    Column("signal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

observations = Table(
    "observations",
    metadata,
    Column("boundary", UTCDateTime, primary_key=True),
    Column("symbol", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
