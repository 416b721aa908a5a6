"""The audit: an append-only, hash-chained list of who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEVER_CHANGED = "An entry of the audit is never changed or deleted"
ON_SQLITE = tuple(
    f"""
    CREATE TRIGGER audit_entry_refuses_{what.lower()} BEFORE {what} ON audit_entry
    BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END
    """
    for what in ("UPDATE", "DELETE")
)
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}'; END $$
    """,
    """
    CREATE TRIGGER audit_entry_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuses()
    """,
)


def upgrade() -> None:
    """One new, empty table."""
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=True),
        sa.Column("study_id", sa.String(64), nullable=True),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_entry_seq")),
    )
    op.create_index(op.f("ix_audit_entry_study_id"), "audit_entry", ["study_id"])
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)

