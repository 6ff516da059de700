"""Addresses are confirmed, devices are told apart, and who was erased stays so

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 04:21:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.add_column("users", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("address", sa.Text(), nullable=True))
    op.create_table(
        "email_confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(email) BETWEEN 3 AND 320", name=op.f("ck_email_confirmations_email")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_email_confirmations_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_confirmations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_confirmations_token_hash")),
    )
    op.create_index(op.f("ix_email_confirmations_user_id"), "email_confirmations", ["user_id"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payments_kept", sa.Integer(), nullable=False),
        sa.Column("kept_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(payments_kept > 0) = (kept_because IS NOT NULL)", name=op.f("ck_erasures_kept_because")
        ),
        sa.CheckConstraint("payments_kept BETWEEN 0 AND 1000000000", name=op.f("ck_erasures_payments_kept")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_erased_at"), "erasures", ["erased_at"], unique=False)


def downgrade():
    op.drop_table("erasures")
    op.drop_table("email_confirmations")
    op.drop_column("sessions", "address")
    op.drop_column("sessions", "device")
    op.drop_column("sessions", "confirmed_at")
    op.drop_column("users", "email_confirmed_at")
