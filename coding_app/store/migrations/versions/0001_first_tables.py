"""The first tables, and the triggers that make the ledger append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = "A coding event is never changed or deleted"
ON_SQLITE = tuple(
    f"""
    CREATE TRIGGER coding_event_refuses_{what.lower()} BEFORE {what} ON coding_event
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END
    """
    for what in ("UPDATE", "DELETE")
)
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION coding_event_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$
    """,
    """
    CREATE TRIGGER coding_event_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON coding_event
    FOR EACH STATEMENT EXECUTE FUNCTION coding_event_refuses()
    """,
)


def upgrade() -> None:
    """Makes everything, in the order of who refers to whom."""
    _make_scheme_version()
    _make_study()
    _make_coder()
    _make_therapy_session()
    _make_recording()
    _make_transcript()
    _make_transcription()
    _make_coding_pass()
    _make_segment()
    _make_transcript_speaker()
    _make_transcription_chunk()
    _make_coding_event()
    _make_coding_state()
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def _make_scheme_version() -> None:
    op.create_table(
        "scheme_version",
        sa.Column("scheme_id", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scheme_id", "version", "sha256", name=op.f("pk_scheme_version")),
    )


def _make_study() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scheme_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )


def _make_coder() -> None:
    op.create_table(
        "coder",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_coder_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coder")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_coder_study_id_name")),
    )


def _make_therapy_session() -> None:
    op.create_table(
        "therapy_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_therapy_session_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapy_session")),
        sa.UniqueConstraint("study_id", "label", name=op.f("uq_therapy_session_study_id_label")),
    )


def _make_recording() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("sample_rate_hz", sa.Integer(), nullable=False),
        sa.Column("n_channels", sa.Integer(), nullable=False),
        sa.Column("has_video", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "size_bytes >= 0 AND duration_ms >= 0 AND sample_rate_hz > 0 AND n_channels > 0",
            name=op.f("ck_recording_sizes"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["therapy_session.id"], name=op.f("fk_recording_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("session_id", "sha256", name=op.f("uq_recording_session_id_sha256")),
    )
    op.create_index(op.f("ix_recording_sha256"), "recording", ["sha256"], unique=False)


def _make_transcript() -> None:
    op.create_table(
        "transcript",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("revision >= 1 AND duration_ms >= 0", name=op.f("ck_transcript_numbers")),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=op.f("fk_transcript_recording_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("recording_id", "revision", name=op.f("uq_transcript_recording_id_revision")),
    )


def _make_transcription() -> None:
    op.create_table(
        "transcription",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("n_speakers", sa.Integer(), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Float(precision=53), nullable=False),
        sa.Column("seconds_left", sa.Float(precision=53), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_transcription_state"),
        ),
        sa.CheckConstraint("progress >= 0 AND progress <= 1", name=op.f("ck_transcription_progress")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_transcription_recording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcription")),
    )
    op.create_index("ix_transcription_recording_id", "transcription", ["recording_id"], unique=False)


def _make_coding_pass() -> None:
    op.create_table(
        "coding_pass",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("transcript_id", sa.String(64), nullable=False),
        sa.Column("coder_id", sa.String(64), nullable=False),
        sa.Column("scheme_id", sa.String(64), nullable=False),
        sa.Column("scheme_version", sa.String(64), nullable=False),
        sa.Column("scheme_sha256", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('independent', 'training', 'reference', 'consensus')",
            name=op.f("ck_coding_pass_purpose"),
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_coding_pass_coder_id")),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name=op.f("fk_coding_pass_recording_id")),
        sa.ForeignKeyConstraint(
            ["scheme_id", "scheme_version", "scheme_sha256"],
            ["scheme_version.scheme_id", "scheme_version.version", "scheme_version.sha256"],
            name=op.f("fk_coding_pass_scheme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_coding_pass_transcript_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_pass")),
    )
    op.create_index("ix_coding_pass_recording_id", "coding_pass", ["recording_id"], unique=False)
    op.create_index(
        "uq_coding_pass_open",
        "coding_pass",
        ["coder_id", "recording_id", "scheme_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("submitted_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NULL"),
    )


def _make_segment() -> None:
    op.create_table(
        "segment",
        sa.Column("transcript_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("speaker", sa.String(64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.CheckConstraint("start_ms >= 0 AND end_ms >= start_ms", name=op.f("ck_segment_span")),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name=op.f("fk_segment_transcript_id")),
        sa.PrimaryKeyConstraint("transcript_id", "key", name=op.f("pk_segment")),
        sa.UniqueConstraint("transcript_id", "position", name=op.f("uq_segment_transcript_id_position")),
    )


def _make_transcript_speaker() -> None:
    op.create_table(
        "transcript_speaker",
        sa.Column("transcript_id", sa.String(64), nullable=False),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(16), nullable=True),
        sa.CheckConstraint(
            "role IN ('therapist', 'client', 'other')", name=op.f("ck_transcript_speaker_role")
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_transcript_speaker_transcript_id")
        ),
        sa.PrimaryKeyConstraint("transcript_id", "label", name=op.f("pk_transcript_speaker")),
    )


def _make_transcription_chunk() -> None:
    op.create_table(
        "transcription_chunk",
        sa.Column("transcription_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_transcription_chunk_number")),
        sa.ForeignKeyConstraint(
            ["transcription_id"], ["transcription.id"], name=op.f("fk_transcription_chunk_transcription_id")
        ),
        sa.PrimaryKeyConstraint("transcription_id", "number", name=op.f("pk_transcription_chunk")),
    )


def _make_coding_event() -> None:
    op.create_table(
        "coding_event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("pass_id", sa.String(64), nullable=False),
        sa.Column("unit_key", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 64", name=op.f("ck_coding_event_id")),
        sa.CheckConstraint("start_ms >= 0 AND end_ms >= start_ms", name=op.f("ck_coding_event_span")),
        sa.ForeignKeyConstraint(["pass_id"], ["coding_pass.id"], name=op.f("fk_coding_event_pass_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_coding_event")),
        sa.UniqueConstraint("id", name=op.f("uq_coding_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_coding_event_pass_id_seq", "coding_event", ["pass_id", "seq"], unique=False)


def _make_coding_state() -> None:
    op.create_table(
        "coding_state",
        sa.Column("pass_id", sa.String(64), nullable=False),
        sa.Column("unit_key", sa.Text(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("start_ms >= 0 AND end_ms >= start_ms", name=op.f("ck_coding_state_span")),
        sa.ForeignKeyConstraint(["pass_id"], ["coding_pass.id"], name=op.f("fk_coding_state_pass_id")),
        sa.ForeignKeyConstraint(["seq"], ["coding_event.seq"], name=op.f("fk_coding_state_seq")),
        sa.PrimaryKeyConstraint("pass_id", "unit_key", "criterion", name=op.f("pk_coding_state")),
        sa.UniqueConstraint("seq", name=op.f("uq_coding_state_seq")),
    )
