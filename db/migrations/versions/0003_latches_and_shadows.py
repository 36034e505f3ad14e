"""Tables for breakers that stay tripped, and for decisions that were not sent.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_breaker_latches()
    create_shadows()


def downgrade() -> None:
    op.drop_table("shadows")
    op.drop_table("breaker_latches")


def create_breaker_latches() -> None:
    op.create_table(
        "breaker_latches",
        sa.Column("breaker", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("tripped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("breaker", name="pk_breaker_latches"),
    )


def create_shadows() -> None:
    op.create_table(
        "shadows",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("realised_r", sa.Numeric().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shadows"),
    )
    op.create_index("ix_shadows_state", "shadows", ["state"])
    op.create_index("ix_shadows_ended_at", "shadows", ["ended_at"])
