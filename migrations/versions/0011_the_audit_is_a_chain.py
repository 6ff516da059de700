"""The audit is a chain

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22 04:23:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"

# An owner is bound by triggers, where grants do not bind it.
APPEND_ONLY = {
    "postgresql": [
        """
        CREATE FUNCTION audit_seals_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit_seals can only be added to' USING ERRCODE = 'insufficient_privilege';
        END $$
        """,
        """
        CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
        FOR EACH STATEMENT EXECUTE FUNCTION audit_seals_refuse()
        """,
    ],
    "sqlite": [
        """
        CREATE TRIGGER audit_seals_append_only BEFORE UPDATE ON audit_seals
        BEGIN SELECT RAISE(ABORT, 'audit_seals can only be added to'); END
        """,
        """
        CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
        BEGIN SELECT RAISE(ABORT, 'audit_seals can only be added to'); END
        """,
        # INSERT OR REPLACE deletes without asking the trigger above.
        """
        CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals
        WHEN EXISTS (SELECT 1 FROM audit_seals WHERE position = NEW.position OR sequence = NEW.sequence)
        BEGIN SELECT RAISE(ABORT, 'audit_seals can only be added to'); END
        """,
    ],
}


def upgrade():
    op.create_table(
        "audit_seals",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_audit_seals_digest")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("sequence", name=op.f("uq_audit_seals_sequence")),
    )
    op.create_table(
        "audit_archives",
        sa.Column(
            "first_position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.Column("last_digest", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_position >= first_position", name=op.f("ck_audit_archives_positions")),
        sa.CheckConstraint("length(file) BETWEEN 1 AND 200", name=op.f("ck_audit_archives_file")),
        sa.CheckConstraint("length(last_digest) = 64", name=op.f("ck_audit_archives_last_digest")),
        sa.PrimaryKeyConstraint("first_position", name=op.f("pk_audit_archives")),
    )
    for statement in APPEND_ONLY[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade():
    op.drop_table("audit_archives")
    op.drop_table("audit_seals")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_seals_refuse()")
