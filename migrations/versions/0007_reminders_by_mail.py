"""People are reminded by mail, if they like

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 01:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.create_table(
        "reminders",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("meal_id", sa.Uuid(), nullable=True),
        sa.Column("holds_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_for", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "put_for BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_reminders_put_for")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reminders_user_id_users")),
        sa.ForeignKeyConstraint(
            ["user_id", "meal_id"], ["meals.user_id", "meals.id"], name=op.f("fk_reminders_user_id_meals")
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_reminders")),
    )
    # Every minute it is asked which times of the day have come.
    op.create_index(op.f("ix_reminders_at"), "reminders", ["at"])


def downgrade():
    op.drop_table("reminders")
