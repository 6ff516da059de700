"""Days are counted once

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-22 04:24:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"
# An admin reads these lists from row to row, however long they are.
READ_IN_ORDER = (
    ("users", ["created_at", "id"]),
    ("subscriptions", ["id"]),
    ("subscriptions", ["status", "id"]),
    ("audit_events", ["actor", "sequence"]),
    ("audit_events", ["act", "sequence"]),
    ("audit_events", ["object", "sequence"]),
)


def upgrade():
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_daily_figures_name")),
        sa.CheckConstraint("value BETWEEN 0 AND 1000000000000000", name=op.f("ck_daily_figures_value")),
        sa.PrimaryKeyConstraint("day", "name", "unit", name=op.f("pk_daily_figures")),
    )
    for table, columns in READ_IN_ORDER:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)


def downgrade():
    for table, columns in reversed(READ_IN_ORDER):
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)
    op.drop_table("daily_figures")
