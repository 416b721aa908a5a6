"""Keys of recordings, records of erasures, and a ledger that lets go of a recording while it is being erased."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = "A coding event is never changed or deleted"
BEING_ERASED = (
    "EXISTS (SELECT 1 FROM erasure JOIN coding_pass ON coding_pass.recording_id = erasure.recording_id "
    "WHERE coding_pass.id = OLD.pass_id AND erasure.done_at IS NULL)"
)
# A wish to withdraw outlives the ledger's promise, but only inside the transaction that records the erasure.
ON_SQLITE = tuple(
    statement
    for what in ("UPDATE", "DELETE")
    for statement in (
        f"DROP TRIGGER coding_event_refuses_{what.lower()}",
        f"""
        CREATE TRIGGER coding_event_refuses_{what.lower()} BEFORE {what} ON coding_event WHEN NOT {BEING_ERASED}
        BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END
        """,
    )
)
ON_POSTGRESQL = (
    "DROP TRIGGER coding_event_refuses ON coding_event",
    """
    CREATE TRIGGER coding_event_refuses BEFORE TRUNCATE ON coding_event
    FOR EACH STATEMENT EXECUTE FUNCTION coding_event_refuses()
    """,
    f"""
    CREATE FUNCTION coding_event_refuses_unless_erased() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF NOT {BEING_ERASED} THEN RAISE EXCEPTION '{APPEND_ONLY}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER coding_event_refuses_unless_erased BEFORE UPDATE OR DELETE ON coding_event
    FOR EACH ROW EXECUTE FUNCTION coding_event_refuses_unless_erased()
    """,
)


def upgrade() -> None:
    """Adds two tables; what was there stays as it is."""
    op.create_table(
        "recording_key",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.String(128), nullable=False),
        sa.Column("master_id", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_recording_key")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("kept_judgements", sa.Boolean(), nullable=False),
        sa.Column("n_passes", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_recording_id", "erasure", ["recording_id"], unique=False)
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)
