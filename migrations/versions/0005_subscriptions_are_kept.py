"""Subscriptions are kept

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-21 21:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.create_table(
        "subscriptions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("billed_per", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("canceled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "provider IN ('caloria', 'stripe', 'mercadopago')", name=op.f("ck_subscriptions_provider")
        ),
        sa.CheckConstraint(
            "status IN ('trialing', 'incomplete', 'active', 'past_due', 'unpaid', 'paused', 'canceled')",
            name=op.f("ck_subscriptions_status"),
        ),
        sa.CheckConstraint("billed_per IN ('month', 'year')", name=op.f("ck_subscriptions_billed_per")),
        sa.CheckConstraint(
            "amount_minor BETWEEN 0 AND 1000000000000", name=op.f("ck_subscriptions_amount_minor")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_subscriptions_currency")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("provider", "provider_id", name=op.f("uq_subscriptions_provider_provider_id")),
    )


def downgrade():
    op.drop_table("subscriptions")
