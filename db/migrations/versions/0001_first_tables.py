"""The first tables, and the triggers that keep the ledger append-only.

Revision ID: 0001
Revises:

A later batch migration of `ledger` on SQLite copies the table and loses its triggers: call
`protect_ledger` again there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE_TRIGGER = """
CREATE TRIGGER ledger_refuses_{event} BEFORE {event} ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
"""


def upgrade() -> None:
    create_decisions()
    create_signals()
    create_ledger()
    create_outbox()
    create_watchlist()
    create_state()
    create_users()


def downgrade() -> None:
    op.drop_table("users")
    op.drop_table("breaker_events")
    op.drop_table("pause_state")
    op.drop_table("watch_changes")
    op.drop_table("watchlist")
    op.drop_table("outbox")
    op.drop_table("ledger")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_ledger_change()")
    op.drop_table("signals")
    op.drop_table("decisions")


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("signal_id", sa.BigInteger(), nullable=True),
        sa.Column("denials", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_symbol_as_of", "decisions", ["symbol", "as_of"])
    op.create_index("ix_decisions_as_of", "decisions", ["as_of"])


def create_signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("realised_r", EXACT, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("ledger_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signals"),
    )
    for column in ("state", "published_at", "ended_at"):
        op.create_index(f"ix_signals_{column}", "signals", [column])


def create_ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_ledger"),
        sa.UniqueConstraint("hash", name="uq_ledger_hash"),
    )
    protect_ledger()


def protect_ledger() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_FUNCTION)
        op.execute(POSTGRES_TRIGGER)
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(event=event))


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edits_key", sa.Text(), nullable=True),
        sa.Column("replies_key", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_state_recipient", "outbox", ["state", "recipient"])
    op.create_index("ix_outbox_edits_key", "outbox", ["edits_key"])


def create_watchlist() -> None:
    op.create_table(
        "watchlist",
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("failed_scans", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("symbol", name="pk_watchlist"),
    )
    op.create_table(
        "watch_changes",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watch_changes"),
    )


def create_state() -> None:
    op.create_table(
        "pause_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=True),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pause_state"),
    )
    op.create_table(
        "breaker_events",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("breaker", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_breaker_events"),
    )
    op.create_index("ix_breaker_events_at", "breaker_events", ["at"])


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("ix_users_role", "users", ["role"])
