"""What is done outside requests waits its turn

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 01:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(task) BETWEEN 1 AND 100", name=op.f("ck_jobs_task")),
        sa.CheckConstraint("length(arguments) BETWEEN 2 AND 2000", name=op.f("ck_jobs_arguments")),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name=op.f("ck_jobs_key")),
        sa.CheckConstraint("attempts BETWEEN 0 AND 1000", name=op.f("ck_jobs_attempts")),
        sa.CheckConstraint("length(last_error) BETWEEN 1 AND 100", name=op.f("ck_jobs_last_error")),
        sa.CheckConstraint("(leased_by IS NULL) = (leased_until IS NULL)", name=op.f("ck_jobs_leased")),
        sa.CheckConstraint("finished_at IS NULL OR given_up_at IS NULL", name=op.f("ck_jobs_ended")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    # What has ended is by far the most, and stands in none of these.
    undone = sa.text("finished_at IS NULL")
    op.create_index(op.f("ix_jobs_undone"), "jobs", ["id"], postgresql_where=undone, sqlite_where=undone)
    for name, which in (("ix_jobs_first", "task <> 'reminder'"), ("ix_jobs_reminders", "task = 'reminder'")):
        is_open = sa.text(f"finished_at IS NULL AND given_up_at IS NULL AND {which}")
        op.create_index(op.f(name), "jobs", ["due_at", "id"], postgresql_where=is_open, sqlite_where=is_open)


def downgrade():
    op.drop_table("jobs")
