"""Indexes to find what is old by, and to see quickly whether a decision is still needed.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_shadows_symbol_decided_at", "shadows", ["symbol", "decided_at"])
    op.create_index("ix_watch_changes_at", "watch_changes", ["at"])


def downgrade() -> None:
    op.drop_index("ix_watch_changes_at", "watch_changes")
    op.drop_index("ix_shadows_symbol_decided_at", "shadows")
