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


def downgrade():
    op.drop_table("daily_figures")
