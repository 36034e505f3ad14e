"""Tables of execution: what was asked for, what was sent, what was filled, and for whom."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.tables.base import COUNTER, metadata
from db.types import UTCDateTime

execution_state = Table(
    "execution_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# At most one open intent per signal and account: whatever a double press gets past, it ends here.
_IS_OPEN_INTENT = text("state IN ('offered', 'confirmed', 'entered')")

intents = Table(
    "intents",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("signal_id", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("payload", Text, nullable=False),
    Index(None, "state"),
    Index(
        "uq_intents_open",
        "signal_id",
        "account",
        unique=True,
        sqlite_where=_IS_OPEN_INTENT,
        postgresql_where=_IS_OPEN_INTENT,
    ),
)

_IS_LIVE_POSITION = text("state <> 'closed'")

positions = Table(
    "positions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("intent_id", BigInteger, ForeignKey(intents.c.id), nullable=False),
    Column("signal_id", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_at", UTCDateTime),
    Column("payload", Text, nullable=False),
    UniqueConstraint("intent_id"),
    Index(None, "signal_id"),
    Index(None, "state"),
    Index(None, "closed_at"),
    Index(
        "uq_positions_live",
        "account",
        "symbol",
        unique=True,
        sqlite_where=_IS_LIVE_POSITION,
        postgresql_where=_IS_LIVE_POSITION,
    ),
)

orders = Table(
    "orders",
    metadata,
    Column("number", COUNTER, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("position_id", BigInteger, ForeignKey(positions.c.id), nullable=False),
    Column("account", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("venue_id", Text),
    Column("payload", Text, nullable=False),
    UniqueConstraint("client_id"),
    Index(None, "position_id"),
    Index(None, "account", "symbol"),
    Index(None, "state"),
    Index(None, "venue_id"),
)

fills = Table(
    "fills",
    metadata,
    Column("number", COUNTER, primary_key=True),
    Column("position_id", BigInteger, ForeignKey(positions.c.id), nullable=False),
    Column("account", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("trade_id", Text, nullable=False),
    Column("venue_id", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("payload", Text, nullable=False),
    UniqueConstraint("account", "symbol", "trade_id"),
    Index(None, "position_id"),
    Index(None, "venue_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("connected_at", UTCDateTime, nullable=False),
    Column("payload", Text, nullable=False),
    UniqueConstraint("name"),
)

account_keys = Table(
    "account_keys",
    metadata,
    Column(
        "user_id",
        BigInteger,
        ForeignKey(accounts.c.user_id),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sealed", LargeBinary, nullable=False),
)

paper_books = Table(
    "paper_books",
    metadata,
    Column("account", Text, primary_key=True),
    Column("books", LargeBinary, nullable=False),
)
