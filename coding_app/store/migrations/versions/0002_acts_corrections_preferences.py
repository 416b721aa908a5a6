"""Acts and their undoing in the ledger, corrections of a transcript's text, preferences of a coder."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEVER_CHANGED = "A correction of a transcript is never changed"
ON_SQLITE = (
    f"""
    CREATE TRIGGER transcript_correction_refuses_update BEFORE UPDATE ON transcript_correction
    BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END
    """,
)
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION transcript_correction_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}'; END $$
    """,
    """
    CREATE TRIGGER transcript_correction_refuses BEFORE UPDATE ON transcript_correction
    FOR EACH STATEMENT EXECUTE FUNCTION transcript_correction_refuses()
    """,
)
# Written out because SQLite adds a column with its constraint in one statement, or else builds the table anew:
# that would drop the ledger with its triggers, and every table that refers to it would be in the way.
NEW_COLUMNS = (
    "ALTER TABLE coding_event ADD COLUMN act VARCHAR(64)",
    "ALTER TABLE coding_event ADD COLUMN step VARCHAR(16) "
    "CONSTRAINT ck_coding_event_step CHECK (step IN ('do', 'undo', 'redo'))",
    "ALTER TABLE transcript ADD COLUMN segmentation VARCHAR(64)",
)


def upgrade() -> None:
    """Adds to the first tables; every transcript that is there already is its own segmentation."""
    for statement in NEW_COLUMNS:
        op.execute(statement)
    op.execute("UPDATE transcript SET segmentation = id")
    _make_transcript_correction()
    _make_coder_preference()
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def _make_transcript_correction() -> None:
    op.create_table(
        "transcript_correction",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("transcript_id", sa.String(64), nullable=False),
        sa.Column("segment_key", sa.String(64), nullable=False),
        sa.Column("coder_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=False),
        sa.Column("text_after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id", "segment_key"],
            ["segment.transcript_id", "segment.key"],
            name=op.f("fk_transcript_correction_transcript_id"),
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_transcript_correction_coder_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_transcript_correction")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_transcript_correction_transcript_id", "transcript_correction", ["transcript_id"], unique=False
    )


def _make_coder_preference() -> None:
    op.create_table(
        "coder_preference",
        sa.Column("coder_id", sa.String(64), nullable=False),
        sa.Column("preferences", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_coder_preference_coder_id")),
        sa.PrimaryKeyConstraint("coder_id", name=op.f("pk_coder_preference")),
    )
