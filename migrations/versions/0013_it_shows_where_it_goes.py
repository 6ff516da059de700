"""It shows where it goes

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 04:58:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.add_column("weights", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("weights", sa.Column("form_digest", sa.Text(), nullable=True))
    op.create_table(
        "weekday_targets",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("energy_kcal", sa.Double(), nullable=False),
        sa.CheckConstraint("energy_kcal BETWEEN 500 AND 10000", name=op.f("ck_weekday_targets_energy_kcal")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekday_targets_weekday")),
        sa.ForeignKeyConstraint(
            ["user_id", "starts_on"],
            ["targets.user_id", "targets.starts_on"],
            name=op.f("fk_weekday_targets_user_id_starts_on_targets"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_weekday_targets_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "starts_on", "weekday", name=op.f("pk_weekday_targets")),
    )
    op.create_table(
        "measurements",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("amount BETWEEN 0 AND 100000", name=op.f("ck_measurements_amount")),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_measurements_day")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 40", name=op.f("ck_measurements_name")),
        sa.CheckConstraint("unit IN ('cm', 'percent', 'number')", name=op.f("ck_measurements_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_measurements_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_measurements")),
    )
    op.create_index(op.f("ix_measurements_user_id_day"), "measurements", ["user_id", "day"], unique=False)
    op.create_table(
        "day_marks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_day_marks_day")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_day_marks_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_day_marks")),
    )
    op.create_table(
        "check_ins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spent_kcal", sa.Double(), nullable=False),
        sa.Column("error_kcal", sa.Double(), nullable=False),
        sa.Column("proposed_kcal", sa.Double(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_check_ins_day")),
        sa.CheckConstraint("error_kcal BETWEEN 0 AND 20000", name=op.f("ck_check_ins_error_kcal")),
        sa.CheckConstraint("proposed_kcal BETWEEN 500 AND 10000", name=op.f("ck_check_ins_proposed_kcal")),
        sa.CheckConstraint("spent_kcal BETWEEN 0 AND 20000", name=op.f("ck_check_ins_spent_kcal")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_check_ins_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_check_ins")),
    )
    op.create_index(op.f("ix_check_ins_user_id_day"), "check_ins", ["user_id", "day"], unique=False)


def downgrade():
    op.drop_table("check_ins")
    op.drop_table("day_marks")
    op.drop_table("measurements")
    op.drop_table("weekday_targets")
    op.drop_column("weights", "form_digest")
    op.drop_column("weights", "deleted_at")
