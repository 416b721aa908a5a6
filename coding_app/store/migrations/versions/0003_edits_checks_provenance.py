"""Edits of transcripts, where a revision comes from, checks of a recording's sound, pausing, more speakers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLES = "role IN ('therapist', 'client', 'client_2', 'client_3', 'client_4', 'therapist_2', 'other')"
STATES = "state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')"
NEVER_CHANGED = "An edit of a transcript is never changed"
# Written out: Alembic would let SQLite build tables anew that others refer to.
NEW_COLUMNS = (
    "ALTER TABLE transcript ADD COLUMN parent_id VARCHAR(64)",
    "ALTER TABLE transcript ADD COLUMN made_by VARCHAR(64)",
    "ALTER TABLE transcript ADD COLUMN source VARCHAR(16)",
    "ALTER TABLE transcript ADD COLUMN provenance JSON",
    "ALTER TABLE segment ADD COLUMN flags JSON",
    "UPDATE transcript SET source = CASE WHEN segmentation = id THEN 'transcription' ELSE 'edit' END",
)
# SQLite changes a check only by building the table anew. The chunks of a transcription refer to it, so they go with it.
REBUILT_ON_SQLITE = (
    f"""
    CREATE TABLE transcript_speaker_new (
        transcript_id VARCHAR(64) NOT NULL, label VARCHAR(64) NOT NULL, position INTEGER NOT NULL, role VARCHAR(16),
        CONSTRAINT pk_transcript_speaker PRIMARY KEY (transcript_id, label),
        CONSTRAINT ck_transcript_speaker_role CHECK ({ROLES}),
        CONSTRAINT fk_transcript_speaker_transcript_id FOREIGN KEY(transcript_id) REFERENCES transcript (id))
    """,
    "INSERT INTO transcript_speaker_new SELECT transcript_id, label, position, role FROM transcript_speaker",
    "DROP TABLE transcript_speaker",
    "ALTER TABLE transcript_speaker_new RENAME TO transcript_speaker",
    "CREATE TEMPORARY TABLE kept_chunk AS SELECT transcription_id, number, payload FROM transcription_chunk",
    "DROP TABLE transcription_chunk",
    f"""
    CREATE TABLE transcription_new (
        id VARCHAR(64) NOT NULL, recording_id VARCHAR(64) NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL,
        language TEXT, n_speakers INTEGER, channels JSON NOT NULL, state VARCHAR(16) NOT NULL, progress FLOAT NOT NULL,
        seconds_left FLOAT, message TEXT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
        n_chunks INTEGER, script TEXT,
        CONSTRAINT pk_transcription PRIMARY KEY (id),
        CONSTRAINT ck_transcription_state CHECK ({STATES}),
        CONSTRAINT ck_transcription_progress CHECK (progress >= 0 AND progress <= 1),
        CONSTRAINT fk_transcription_recording_id FOREIGN KEY(recording_id) REFERENCES recording (id))
    """,
    """
    INSERT INTO transcription_new (id, recording_id, engine, model, language, n_speakers, channels, state, progress,
        seconds_left, message, created_at, updated_at)
    SELECT id, recording_id, engine, model, language, n_speakers, channels, state, progress, seconds_left, message,
        created_at, updated_at FROM transcription
    """,
    "DROP TABLE transcription",
    "ALTER TABLE transcription_new RENAME TO transcription",
    "CREATE INDEX ix_transcription_recording_id ON transcription (recording_id)",
    """
    CREATE TABLE transcription_chunk (
        transcription_id VARCHAR(64) NOT NULL, number INTEGER NOT NULL, payload TEXT NOT NULL,
        CONSTRAINT pk_transcription_chunk PRIMARY KEY (transcription_id, number),
        CONSTRAINT ck_transcription_chunk_number CHECK (number >= 0),
        CONSTRAINT fk_transcription_chunk_transcription_id FOREIGN KEY(transcription_id) REFERENCES transcription (id))
    """,
    "INSERT INTO transcription_chunk SELECT transcription_id, number, payload FROM kept_chunk",
    "DROP TABLE kept_chunk",
    f"""
    CREATE TRIGGER transcript_edit_refuses_update BEFORE UPDATE ON transcript_edit
    BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END
    """,
)
ON_POSTGRESQL = (
    "ALTER TABLE transcript_speaker DROP CONSTRAINT ck_transcript_speaker_role",
    f"ALTER TABLE transcript_speaker ADD CONSTRAINT ck_transcript_speaker_role CHECK ({ROLES})",
    "ALTER TABLE transcription DROP CONSTRAINT ck_transcription_state",
    f"ALTER TABLE transcription ADD CONSTRAINT ck_transcription_state CHECK ({STATES})",
    "ALTER TABLE transcription ADD COLUMN n_chunks INTEGER",
    "ALTER TABLE transcription ADD COLUMN script TEXT",
    f"""
    CREATE FUNCTION transcript_edit_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}'; END $$
    """,
    """
    CREATE TRIGGER transcript_edit_refuses BEFORE UPDATE ON transcript_edit
    FOR EACH STATEMENT EXECUTE FUNCTION transcript_edit_refuses()
    """,
)


def upgrade() -> None:
    """Adds tables and columns; what was there stays as it is."""
    for statement in NEW_COLUMNS:
        op.execute(statement)
    _make_transcript_edit()
    op.create_table(
        "recording_check",
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_recording_check_recording_id")
        ),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_check")),
    )
    for statement in REBUILT_ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def _make_transcript_edit() -> None:
    op.create_table(
        "transcript_edit",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("transcript_id", sa.String(64), nullable=False),
        sa.Column("coder_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("edit", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 64", name=op.f("ck_transcript_edit_id")),
        sa.CheckConstraint("step IN ('do', 'undo', 'redo')", name=op.f("ck_transcript_edit_step")),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_transcript_edit_transcript_id")
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_transcript_edit_coder_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_transcript_edit")),
        sa.UniqueConstraint("id", name=op.f("uq_transcript_edit_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transcript_edit_transcript_id", "transcript_edit", ["transcript_id"], unique=False)
