"""Diaries are brought along from other trackers

Revision ID: 0014
Revises: 0012
Create Date: 2026-11-22 05:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.create_table(
        "diary_imports",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("weight_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("entry_count BETWEEN 0 AND 1000000", name=op.f("ck_diary_imports_entry_count")),
        sa.CheckConstraint("length(file_name) BETWEEN 1 AND 200", name=op.f("ck_diary_imports_file_name")),
        sa.CheckConstraint(
            "tracker IN ('myfitnesspal', 'cronometer', 'loseit', 'macrofactor', 'sparkyfitness', 'caloria')",
            name=op.f("ck_diary_imports_tracker"),
        ),
        sa.CheckConstraint(
            "undone_at IS NULL OR imported_at IS NOT NULL", name=op.f("ck_diary_imports_undone_at")
        ),
        sa.CheckConstraint("weight_count BETWEEN 0 AND 1000000", name=op.f("ck_diary_imports_weight_count")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_diary_imports_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_diary_imports")),
    )


def downgrade():
    op.drop_table("diary_imports")
