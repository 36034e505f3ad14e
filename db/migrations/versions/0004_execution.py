"""Tables for execution: intents, positions, orders, fills, accounts with their keys, paper books.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN_INTENT = sa.text("state IN ('offered', 'confirmed', 'entered')")
IS_LIVE_POSITION = sa.text("state <> 'closed'")


def upgrade() -> None:
    create_execution_state()
    create_intents()
    create_positions()
    create_orders()
    create_fills()
    create_accounts()
    create_account_keys()
    create_paper_books()


def downgrade() -> None:
    for name in (
        "paper_books",
        "account_keys",
        "accounts",
        "fills",
        "orders",
        "positions",
        "intents",
        "execution_state",
    ):
        op.drop_table(name)


def create_execution_state() -> None:
    op.create_table(
        "execution_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_execution_state"),
    )


def create_intents() -> None:
    op.create_table(
        "intents",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signal_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
    )
    op.create_index("ix_intents_state", "intents", ["state"])
    op.create_index(
        "uq_intents_open",
        "intents",
        ["signal_id", "account"],
        unique=True,
        sqlite_where=IS_OPEN_INTENT,
        postgresql_where=IS_OPEN_INTENT,
    )


def create_positions() -> None:
    op.create_table(
        "positions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("intent_id", sa.BigInteger(), nullable=False),
        sa.Column("signal_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_positions"),
        sa.UniqueConstraint("intent_id", name="uq_positions_intent_id"),
        sa.ForeignKeyConstraint(["intent_id"], ["intents.id"], name="fk_positions_intent_id"),
    )
    for column in ("signal_id", "state", "closed_at"):
        op.create_index(f"ix_positions_{column}", "positions", [column])
    op.create_index(
        "uq_positions_live",
        "positions",
        ["account", "symbol"],
        unique=True,
        sqlite_where=IS_LIVE_POSITION,
        postgresql_where=IS_LIVE_POSITION,
    )


def create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("number", COUNTER, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("position_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("venue_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_orders"),
        sa.UniqueConstraint("client_id", name="uq_orders_client_id"),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name="fk_orders_position_id"),
    )
    for column in ("position_id", "state", "venue_id"):
        op.create_index(f"ix_orders_{column}", "orders", [column])
    op.create_index("ix_orders_account_symbol", "orders", ["account", "symbol"])


def create_fills() -> None:
    op.create_table(
        "fills",
        sa.Column("number", COUNTER, nullable=False),
        sa.Column("position_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("trade_id", sa.Text(), nullable=False),
        sa.Column("venue_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_fills"),
        sa.UniqueConstraint(
            "account", "symbol", "trade_id", name="uq_fills_account_symbol_trade_id"
        ),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name="fk_fills_position_id"),
    )
    for column in ("position_id", "venue_id"):
        op.create_index(f"ix_fills_{column}", "fills", [column])


def create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_accounts"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
    )


def create_account_keys() -> None:
    op.create_table(
        "account_keys",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_account_keys"),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.user_id"], name="fk_account_keys_user_id"),
    )


def create_paper_books() -> None:
    op.create_table(
        "paper_books",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("books", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_paper_books"),
    )
