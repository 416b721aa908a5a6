"""The tables of recordings, transcripts, coding and people, for both engines; migrations/ builds exactly these.

Tables of planning and settling are in work_tables.py. A test compares them all with what the migrations build.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from coding_app.domain.coding import STEPS, Purpose
from coding_app.domain.people import Role
from coding_app.domain.transcript import SPEAKER_ROLES
from coding_app.domain.transcription import TRANSCRIPTION_STATES
from coding_app.store.columns import (
    PlainText,
    ServerOrder,
    ShortText,
    key_column,
    moment_column,
    one_of,
    reference_column,
    span_check,
    text_column,
    whole_column,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


study = Table("study", metadata, key_column(), text_column("title"), text_column("scheme_id"))

coder = Table(
    "coder",
    metadata,
    key_column(),
    reference_column("study_id", "study.id"),
    text_column("name"),
    UniqueConstraint("study_id", "name"),
)

coder_preference = Table(  # how a coder's workbench behaves: keys, language, times
    "coder_preference",
    metadata,
    reference_column("coder_id", "coder.id", primary_key=True),
    Column("preferences", JSON, nullable=False),
    moment_column("updated_at"),
)

therapy_session = Table(
    "therapy_session",
    metadata,
    key_column(),
    reference_column("study_id", "study.id"),
    text_column("label"),
    Column("case_code", ShortText(64)),  # NULL: the label is the case
    Column("number", Integer),  # of the session within the case
    Column("held_on", ShortText(10)),  # the day, YYYY-MM-DD
    UniqueConstraint("study_id", "label"),
)

recording = Table(
    "recording",
    metadata,
    key_column(),
    reference_column("session_id", "therapy_session.id"),
    text_column("name"),
    Column("sha256", ShortText(64), nullable=False, index=True),
    whole_column("size_bytes"),
    text_column("media_type"),
    whole_column("duration_ms"),
    Column("sample_rate_hz", Integer, nullable=False),
    Column("n_channels", Integer, nullable=False),
    Column("has_video", Boolean, nullable=False),
    moment_column("added_at"),
    UniqueConstraint("session_id", "sha256"),
    CheckConstraint(
        "size_bytes >= 0 AND duration_ms >= 0 AND sample_rate_hz > 0 AND n_channels > 0", name="sizes"
    ),
)

recording_key = Table(  # the key of a recording's files, locked with the master key; deleting it erases them
    "recording_key",
    metadata,
    key_column("sha256"),
    Column("wrapped", ShortText(128), nullable=False),
    key_column("master_id", primary_key=False),
    moment_column("made_at"),
)

erasure = (
    Table(  # that a recording was erased; while one is under way (done_at is NULL) the ledger lets go of it
        "erasure",
        metadata,
        key_column(),
        key_column("recording_id", primary_key=False),
        key_column("study_id", primary_key=False),
        key_column("session_id", primary_key=False),
        Column("kept_judgements", Boolean, nullable=False),
        Column("n_passes", Integer, nullable=False),
        moment_column("begun_at"),
        moment_column("done_at", nullable=True),
        Index("ix_erasure_recording_id", "recording_id"),
    )
)

transcript = Table(
    "transcript",
    metadata,
    key_column(),
    reference_column("recording_id", "recording.id"),
    Column("revision", Integer, nullable=False),
    text_column("engine"),
    text_column("model"),
    text_column("language"),
    whole_column("duration_ms"),
    moment_column("created_at"),
    Column("frozen", Boolean, nullable=False),
    Column("segmentation", ShortText(64)),  # never NULL; SQLite cannot add a NOT NULL column to rows
    Column("parent_id", ShortText(64)),  # of another transcript
    Column("made_by", ShortText(64)),  # of a coder
    Column("source", ShortText(16)),  # never NULL
    Column("provenance", JSON(none_as_null=True)),
    UniqueConstraint("recording_id", "revision"),
    CheckConstraint("revision >= 1 AND duration_ms >= 0", name="numbers"),
)

transcript_speaker = Table(
    "transcript_speaker",
    metadata,
    reference_column("transcript_id", "transcript.id", primary_key=True),
    key_column("label"),
    Column("position", Integer, nullable=False),
    Column("role", ShortText(16)),
    one_of("role", SPEAKER_ROLES),
)

segment = Table(
    "segment",
    metadata,
    reference_column("transcript_id", "transcript.id", primary_key=True),
    key_column("key"),
    Column("position", Integer, nullable=False),
    whole_column("start_ms"),
    whole_column("end_ms"),
    Column("speaker", ShortText(64)),
    text_column("text"),
    Column("words", JSON, nullable=False),  # [[start_ms, end_ms, text, probability or null], ...]
    Column("flags", JSON(none_as_null=True)),  # ["overlap", ...]; NULL for none
    UniqueConstraint("transcript_id", "position"),
    span_check(),
)

transcript_correction = Table(  # only added to; deleted with its recording, never changed: see migrations/
    "transcript_correction",
    metadata,
    Column("seq", ServerOrder, primary_key=True, autoincrement=True),
    key_column("transcript_id", primary_key=False),
    key_column("segment_key", primary_key=False),
    reference_column("coder_id", "coder.id"),
    moment_column("at"),
    text_column("text_before"),
    text_column("text_after"),
    ForeignKeyConstraint(["transcript_id", "segment_key"], ["segment.transcript_id", "segment.key"]),
    Index("ix_transcript_correction_transcript_id", "transcript_id"),
    sqlite_autoincrement=True,
)

transcript_edit = Table(  # only added to; deleted with its recording, never changed: see migrations/
    "transcript_edit",
    metadata,
    Column("seq", ServerOrder, primary_key=True, autoincrement=True),
    Column("id", ShortText(64), nullable=False, unique=True),  # made in the browser: a repeat is stored once
    reference_column("transcript_id", "transcript.id"),
    reference_column("coder_id", "coder.id"),
    moment_column("at"),
    Column("step", ShortText(16), nullable=False),
    Column("edit", JSON, nullable=False),
    Index("ix_transcript_edit_transcript_id", "transcript_id"),
    CheckConstraint("length(id) BETWEEN 1 AND 64", name="id"),
    one_of("step", STEPS),
    sqlite_autoincrement=True,
)

recording_check = Table(  # what the sound of a recording was measured to be
    "recording_check",
    metadata,
    reference_column("recording_id", "recording.id", primary_key=True),
    Column("measured", JSON, nullable=False),
    moment_column("at"),
)

scheme_version = Table(
    "scheme_version",
    metadata,
    key_column("scheme_id"),
    key_column("version"),
    key_column("sha256"),
    text_column("text"),
)

coding_pass = Table(
    "coding_pass",
    metadata,
    key_column(),
    reference_column("recording_id", "recording.id"),
    reference_column("transcript_id", "transcript.id"),
    reference_column("coder_id", "coder.id"),
    key_column("scheme_id", primary_key=False),
    key_column("scheme_version", primary_key=False),
    key_column("scheme_sha256", primary_key=False),
    Column("purpose", ShortText(16), nullable=False),
    moment_column("opened_at"),
    moment_column("submitted_at", nullable=True),
    ForeignKeyConstraint(
        ["scheme_id", "scheme_version", "scheme_sha256"],
        ["scheme_version.scheme_id", "scheme_version.version", "scheme_version.sha256"],
    ),
    one_of("purpose", tuple(Purpose)),
    Index("ix_coding_pass_recording_id", "recording_id"),
    Index(  # a second browser tab must not open a second pass; coding again after submitting is allowed
        "uq_coding_pass_open",
        "coder_id",
        "recording_id",
        "scheme_id",
        "purpose",
        unique=True,
        sqlite_where=text("submitted_at IS NULL"),
        postgresql_where=text("submitted_at IS NULL"),
    ),
)

coding_event = Table(  # the ledger: migrations/ adds triggers that refuse UPDATE and DELETE
    "coding_event",
    metadata,
    Column("seq", ServerOrder, primary_key=True, autoincrement=True),  # the server's order, the only one
    Column("id", ShortText(64), nullable=False, unique=True),
    reference_column("pass_id", "coding_pass.id"),
    text_column("unit_key"),
    whole_column("start_ms"),
    whole_column("end_ms"),
    text_column("criterion"),
    Column("codes", JSON, nullable=False),
    whole_column("value", nullable=True),
    text_column("note", nullable=True),
    moment_column("at"),
    moment_column("stored_at"),
    Column("act", ShortText(64)),
    Column("step", ShortText(16)),
    one_of("step", STEPS),
    CheckConstraint("length(id) BETWEEN 1 AND 64", name="id"),
    span_check(),
    Index("ix_coding_event_pass_id_seq", "pass_id", "seq"),
    sqlite_autoincrement=True,
)

coding_state = Table(  # what holds now: the last event per key that was not a clearing
    "coding_state",
    metadata,
    reference_column("pass_id", "coding_pass.id", primary_key=True),
    Column("unit_key", PlainText, primary_key=True, nullable=False),
    Column("criterion", PlainText, primary_key=True, nullable=False),
    Column("seq", ServerOrder, ForeignKey("coding_event.seq"), nullable=False, unique=True),
    whole_column("start_ms"),
    whole_column("end_ms"),
    Column("codes", JSON, nullable=False),
    whole_column("value", nullable=True),
    text_column("note", nullable=True),
    span_check(),
)

transcription = Table(
    "transcription",
    metadata,
    key_column(),
    reference_column("recording_id", "recording.id"),
    text_column("engine"),
    text_column("model"),
    text_column("language", nullable=True),
    Column("n_speakers", Integer),
    Column("channels", JSON, nullable=False),
    Column("state", ShortText(16), nullable=False),
    Column("progress", Float(53), nullable=False),
    Column("seconds_left", Float(53)),
    text_column("message", nullable=True),
    moment_column("created_at"),
    moment_column("updated_at"),
    Column("n_chunks", Integer),
    text_column("script", nullable=True),
    one_of("state", TRANSCRIPTION_STATES),
    CheckConstraint("progress >= 0 AND progress <= 1", name="progress"),
    Index("ix_transcription_recording_id", "recording_id"),
)

transcription_chunk = Table(
    "transcription_chunk",
    metadata,
    reference_column("transcription_id", "transcription.id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    text_column("payload"),
    CheckConstraint("number >= 0", name="number"),
)

account = Table(  # never deleted, so that what somebody did keeps their name: disabled instead
    "account",
    metadata,
    key_column(),
    Column("name", ShortText(80), nullable=False),
    Column("name_key", ShortText(80), nullable=False, unique=True),  # as it is compared, in lower case
    Column("email", ShortText(254), nullable=False),
    Column("email_key", ShortText(254), unique=True),  # NULL where there is no address
    Column("password", ShortText(256)),  # argon2id; NULL for who signs in elsewhere only
    Column("must_change", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    moment_column("created_at"),
)

membership = Table(
    "membership",
    metadata,
    reference_column("account_id", "account.id", primary_key=True),
    reference_column("study_id", "study.id", primary_key=True),
    Column("role", ShortText(16), nullable=False),
    Column("coder_id", ShortText(64), ForeignKey("coder.id"), unique=True),
    one_of("role", tuple(Role)),
    Index("ix_membership_study_id", "study_id"),
)

sign_in = Table(  # who is signed in: of the cookie only its hash
    "sign_in",
    metadata,
    Column("token_sha256", ShortText(64), primary_key=True, nullable=False),
    reference_column("account_id", "account.id"),
    moment_column("created_at"),
    moment_column("seen_at"),
    Index("ix_sign_in_account_id", "account_id"),
)

sign_in_failure = Table(  # by the hash of the name that was typed, whether or not there is such an account
    "sign_in_failure",
    metadata,
    Column("name_sha256", ShortText(64), primary_key=True, nullable=False),
    Column("n_failures", Integer, nullable=False),
    moment_column("last_at"),
    CheckConstraint("n_failures > 0", name="n_failures"),
)

audit_entry = Table(  # who did what, chained by hashes: only added to, see migrations/
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False, nullable=False),
    moment_column("at"),
    Column("act", ShortText(64), nullable=False),
    text_column("who"),
    Column("account_id", ShortText(64)),
    Column("study_id", ShortText(64), index=True),
    Column("subject", ShortText(64)),
    Column("details", JSON, nullable=False),
    Column("previous", ShortText(64), nullable=False),
    Column("hash", ShortText(64), nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
)
