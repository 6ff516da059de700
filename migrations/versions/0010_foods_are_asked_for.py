"""People ask for foods, and admins look at what people made

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 04:22:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.add_column("foods", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_foods_made_by_people",
        "foods",
        ["id"],
        unique=False,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
        sqlite_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        "ix_foods_same_name",
        "foods",
        ["folded_name"],
        unique=False,
        postgresql_where=sa.text("archived_at IS NULL"),
        sqlite_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        "ix_foods_same_gtin",
        "foods",
        ["gtin"],
        unique=False,
        postgresql_where=sa.text("archived_at IS NULL AND gtin IS NOT NULL"),
        sqlite_where=sa.text("archived_at IS NULL AND gtin IS NOT NULL"),
    )
    op.create_table(
        "food_requests",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("gtin", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("food_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('completed', 'cancelled')) = (ended_at IS NOT NULL)",
            name=op.f("ck_food_requests_ended"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'in_progress', 'completed', 'cancelled')",
            name=op.f("ck_food_requests_state"),
        ),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 2000", name=op.f("ck_food_requests_answer")),
        sa.CheckConstraint(
            "length(description) BETWEEN 1 AND 2000", name=op.f("ck_food_requests_description")
        ),
        sa.CheckConstraint("length(gtin) = 14", name=op.f("ck_food_requests_gtin")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 100", name=op.f("ck_food_requests_title")),
        sa.ForeignKeyConstraint(["about_id"], ["foods.id"], name=op.f("fk_food_requests_about_id_foods")),
        sa.ForeignKeyConstraint(["food_id"], ["foods.id"], name=op.f("fk_food_requests_food_id_foods")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_food_requests_owner_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_food_requests_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_food_requests")),
    )
    op.create_index(op.f("ix_food_requests_owner_id_id"), "food_requests", ["owner_id", "id"], unique=False)
    op.create_index(op.f("ix_food_requests_state_id"), "food_requests", ["state", "id"], unique=False)


def downgrade():
    op.drop_table("food_requests")
    op.drop_index("ix_foods_same_gtin", table_name="foods")
    op.drop_index("ix_foods_same_name", table_name="foods")
    op.drop_index("ix_foods_made_by_people", table_name="foods")
    op.drop_column("foods", "reviewed_at")
