"""Tables for what comes from outside the exchange, and for what became of setups.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_whale_events()
    create_sentiment_snapshots()
    create_past_outcomes()
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_created_at", "outbox")
    op.drop_table("past_outcomes")
    op.drop_table("sentiment_snapshots")
    op.drop_table("whale_events")


def create_whale_events() -> None:
    op.create_table(
        "whale_events",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("usd", sa.Double(), nullable=False),
        sa.Column("happened_ms", sa.BigInteger(), nullable=False),
        sa.Column("known_ms", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_whale_events"),
        sa.UniqueConstraint("key", name="uq_whale_events_key"),
    )
    op.create_index("ix_whale_events_known_ms", "whale_events", ["known_ms"])


def create_sentiment_snapshots() -> None:
    op.create_table(
        "sentiment_snapshots",
        sa.Column("at_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("macro", sa.Text(), nullable=True),
        sa.Column("fear_greed", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at_ms", name="pk_sentiment_snapshots"),
    )


def create_past_outcomes() -> None:
    op.create_table(
        "past_outcomes",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=False),
        sa.Column("known_ms", sa.BigInteger(), nullable=False),
        sa.Column("realised_r", sa.Double(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_past_outcomes"),
        sa.UniqueConstraint(
            "origin", "symbol", "decided_ms", name="uq_past_outcomes_origin_symbol_decided_ms"
        ),
    )
    op.create_index("ix_past_outcomes_known_ms", "past_outcomes", ["known_ms"])
