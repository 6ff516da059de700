"""Payments are kept in step with the one who takes them

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 04:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"


def upgrade():
    op.add_column("subscriptions", sa.Column("customer_id", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("price_id", sa.Text(), nullable=True))
    op.add_column(
        "subscriptions",
        sa.Column("cancel_at_period_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("subscriptions", sa.Column("past_due_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_subscriptions_one_open",
        "subscriptions",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("customer_id IS NOT NULL AND status <> 'canceled'"),
        sqlite_where=sa.text("customer_id IS NOT NULL AND status <> 'canceled'"),
    )
    op.create_table(
        "payment_customers",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "provider IN ('caloria', 'stripe', 'mercadopago')", name=op.f("ck_payment_customers_provider")
        ),
        sa.CheckConstraint(
            "length(customer_id) BETWEEN 1 AND 255", name=op.f("ck_payment_customers_customer_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payment_customers_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "provider", name=op.f("pk_payment_customers")),
        sa.UniqueConstraint(
            "provider", "customer_id", name=op.f("uq_payment_customers_provider_customer_id")
        ),
    )
    op.create_table(
        "payment_calls",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("attempt BETWEEN 1 AND 1000000", name=op.f("ck_payment_calls_attempt")),
        sa.CheckConstraint(
            "length(idempotency_key) BETWEEN 1 AND 200", name=op.f("ck_payment_calls_idempotency_key")
        ),
        sa.CheckConstraint("length(intent) BETWEEN 1 AND 200", name=op.f("ck_payment_calls_intent")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payment_calls_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_payment_calls")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_calls_idempotency_key")),
        sa.UniqueConstraint(
            "user_id", "intent", "attempt", name=op.f("uq_payment_calls_user_id_intent_attempt")
        ),
    )
    op.create_table(
        "payment_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "provider IN ('caloria', 'stripe', 'mercadopago')", name=op.f("ck_payment_events_provider")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'processed', 'ignored', 'unmatched', 'failed')",
            name=op.f("ck_payment_events_state"),
        ),
        sa.CheckConstraint("attempts BETWEEN 0 AND 1000000", name=op.f("ck_payment_events_attempts")),
        sa.CheckConstraint("length(error) BETWEEN 1 AND 200", name=op.f("ck_payment_events_error")),
        sa.CheckConstraint("length(event_id) BETWEEN 1 AND 255", name=op.f("ck_payment_events_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_events")),
        sa.UniqueConstraint("provider", "event_id", name=op.f("uq_payment_events_provider_event_id")),
    )
    op.create_index(
        op.f("ix_payment_events_customer_id_occurred_at"),
        "payment_events",
        ["customer_id", "occurred_at"],
        unique=False,
    )
    op.create_index(op.f("ix_payment_events_state_id"), "payment_events", ["state", "id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.Column("subscription_id", sa.Text(), nullable=True),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "provider IN ('caloria', 'stripe', 'mercadopago')", name=op.f("ck_payments_provider")
        ),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'dispute', 'dispute_won', 'failed')", name=op.f("ck_payments_kind")
        ),
        sa.CheckConstraint("amount_minor BETWEEN 0 AND 1000000000000", name=op.f("ck_payments_amount_minor")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_payments_currency")),
        sa.CheckConstraint("length(provider_id) BETWEEN 1 AND 255", name=op.f("ck_payments_provider_id")),
        sa.CheckConstraint("tax_minor BETWEEN 0 AND 1000000000000", name=op.f("ck_payments_tax_minor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("provider", "provider_id", name=op.f("uq_payments_provider_provider_id")),
    )
    op.create_index(op.f("ix_payments_at"), "payments", ["at"], unique=False)
    op.create_index(op.f("ix_payments_invoice_id"), "payments", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_payments_user_id_at"), "payments", ["user_id", "at"], unique=False)


def downgrade():
    op.drop_table("payments")
    op.drop_table("payment_events")
    op.drop_table("payment_calls")
    op.drop_table("payment_customers")
    op.drop_index("ix_subscriptions_one_open", table_name="subscriptions")
    op.drop_column("subscriptions", "checked_at")
    op.drop_column("subscriptions", "past_due_since")
    op.drop_column("subscriptions", "cancel_at_period_end")
    op.drop_column("subscriptions", "price_id")
    op.drop_column("subscriptions", "customer_id")
