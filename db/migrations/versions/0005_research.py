"""Tables of research: verdicts, parameter sets, which one is live, what decisions were made on.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    create_readiness_verdicts()
    create_parameter_sets()
    create_live_changes()
    create_decision_inputs()
    create_observations()


def downgrade() -> None:
    for table in (
        "observations",
        "decision_inputs",
        "live_changes",
        "parameter_sets",
        "readiness_verdicts",
    ):
        op.drop_table(table)


def create_readiness_verdicts() -> None:
    op.create_table(
        "readiness_verdicts",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("playbook", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readiness_verdicts"),
    )
    op.create_index("ix_readiness_verdicts_playbook_at", "readiness_verdicts", ["playbook", "at"])


def create_parameter_sets() -> None:
    op.create_table(
        "parameter_sets",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("playbook", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_parameter_sets"),
    )


def create_live_changes() -> None:
    op.create_table(
        "live_changes",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("playbook", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["parameter_sets.version"], name="fk_live_changes_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_changes"),
    )
    op.create_index("ix_live_changes_playbook", "live_changes", ["playbook"])


def create_decision_inputs() -> None:
    op.create_table(
        "decision_inputs",
        sa.Column("signal_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("signal_id", name="pk_decision_inputs"),
    )


def create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("boundary", sa.DateTime(timezone=True), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("boundary", "symbol", name="pk_observations"),
    )
