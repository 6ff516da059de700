"""What became of backups is told to admins

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21 18:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.create_table(
        "backup_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("backup", sa.Text(), nullable=True),
        sa.Column("snapshot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("suspicion", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('backup', 'drill')", name=op.f("ck_backup_runs_kind")),
        sa.CheckConstraint(
            "state IN ('failed', 'broken', 'stored', 'readable', 'proven', 'passed')",
            name=op.f("ck_backup_runs_state"),
        ),
        sa.CheckConstraint(
            "size_bytes BETWEEN 0 AND 1000000000000000", name=op.f("ck_backup_runs_size_bytes")
        ),
        sa.CheckConstraint("seconds BETWEEN 0 AND 10000000", name=op.f("ck_backup_runs_seconds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_runs")),
    )
    op.create_index(op.f("ix_backup_runs_kind_at"), "backup_runs", ["kind", "at"])


def downgrade():
    op.drop_table("backup_runs")
