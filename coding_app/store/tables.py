"""All tables, for both engines; migrations/ builds exactly these (a test compares them)."""

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
from coding_app.store.columns import PlainText, ServerOrder, ShortText, UtcDateTime, WholeNumber

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id", *, primary_key: bool = True) -> Column[str]:
    return Column(name, ShortText(64), primary_key=primary_key, nullable=False)


def _reference(name: str, target: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, ShortText(64), ForeignKey(target), primary_key=primary_key, nullable=False)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, PlainText, nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, WholeNumber, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, UtcDateTime, nullable=nullable)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(each)) for each in values)})", name=column)


def _span() -> CheckConstraint:
    return CheckConstraint("start_ms >= 0 AND end_ms >= start_ms", name="span")


study = Table("study", metadata, _id(), _text("title"), _text("scheme_id"))

coder = Table(
    "coder",
    metadata,
    _id(),
    _reference("study_id", "study.id"),
    _text("name"),
    UniqueConstraint("study_id", "name"),
)

coder_preference = Table(  # how a coder's workbench behaves: keys, language, times
    "coder_preference",
    metadata,
    _reference("coder_id", "coder.id", primary_key=True),
    Column("preferences", JSON, nullable=False),
    _moment("updated_at"),
)

therapy_session = Table(
    "therapy_session",
    metadata,
    _id(),
    _reference("study_id", "study.id"),
    _text("label"),
    UniqueConstraint("study_id", "label"),
)

recording = Table(
    "recording",
    metadata,
    _id(),
    _reference("session_id", "therapy_session.id"),
    _text("name"),
    Column("sha256", ShortText(64), nullable=False, index=True),
    _whole("size_bytes"),
    _text("media_type"),
    _whole("duration_ms"),
    Column("sample_rate_hz", Integer, nullable=False),
    Column("n_channels", Integer, nullable=False),
    Column("has_video", Boolean, nullable=False),
    _moment("added_at"),
    UniqueConstraint("session_id", "sha256"),
    CheckConstraint(
        "size_bytes >= 0 AND duration_ms >= 0 AND sample_rate_hz > 0 AND n_channels > 0", name="sizes"
    ),
)

recording_key = Table(  # the key of a recording's files, locked with the master key; deleting it erases them
    "recording_key",
    metadata,
    _id("sha256"),
    Column("wrapped", ShortText(128), nullable=False),
    _id("master_id", primary_key=False),
    _moment("made_at"),
)

erasure = (
    Table(  # that a recording was erased; while one is under way (done_at is NULL) the ledger lets go of it
        "erasure",
        metadata,
        _id(),
        _id("recording_id", primary_key=False),
        _id("study_id", primary_key=False),
        _id("session_id", primary_key=False),
        Column("kept_judgements", Boolean, nullable=False),
        Column("n_passes", Integer, nullable=False),
        _moment("begun_at"),
        _moment("done_at", nullable=True),
        Index("ix_erasure_recording_id", "recording_id"),
    )
)

transcript = Table(
    "transcript",
    metadata,
    _id(),
    _reference("recording_id", "recording.id"),
    Column("revision", Integer, nullable=False),
    _text("engine"),
    _text("model"),
    _text("language"),
    _whole("duration_ms"),
    _moment("created_at"),
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
    _reference("transcript_id", "transcript.id", primary_key=True),
    _id("label"),
    Column("position", Integer, nullable=False),
    Column("role", ShortText(16)),
    _one_of("role", SPEAKER_ROLES),
)

segment = Table(
    "segment",
    metadata,
    _reference("transcript_id", "transcript.id", primary_key=True),
    _id("key"),
    Column("position", Integer, nullable=False),
    _whole("start_ms"),
    _whole("end_ms"),
    Column("speaker", ShortText(64)),
    _text("text"),
    Column("words", JSON, nullable=False),  # [[start_ms, end_ms, text, probability or null], ...]
    Column("flags", JSON(none_as_null=True)),  # ["overlap", ...]; NULL for none
    UniqueConstraint("transcript_id", "position"),
    _span(),
)

transcript_correction = Table(  # only added to; deleted with its recording, never changed: see migrations/
    "transcript_correction",
    metadata,
    Column("seq", ServerOrder, primary_key=True, autoincrement=True),
    _id("transcript_id", primary_key=False),
    _id("segment_key", primary_key=False),
    _reference("coder_id", "coder.id"),
    _moment("at"),
    _text("text_before"),
    _text("text_after"),
    ForeignKeyConstraint(["transcript_id", "segment_key"], ["segment.transcript_id", "segment.key"]),
    Index("ix_transcript_correction_transcript_id", "transcript_id"),
    sqlite_autoincrement=True,
)

transcript_edit = Table(  # only added to; deleted with its recording, never changed: see migrations/
    "transcript_edit",
    metadata,
    Column("seq", ServerOrder, primary_key=True, autoincrement=True),
    Column("id", ShortText(64), nullable=False, unique=True),  # made in the browser: a repeat is stored once
    _reference("transcript_id", "transcript.id"),
    _reference("coder_id", "coder.id"),
    _moment("at"),
    Column("step", ShortText(16), nullable=False),
    Column("edit", JSON, nullable=False),
    Index("ix_transcript_edit_transcript_id", "transcript_id"),
    CheckConstraint("length(id) BETWEEN 1 AND 64", name="id"),
    _one_of("step", STEPS),
    sqlite_autoincrement=True,
)

recording_check = Table(  # what the sound of a recording was measured to be
    "recording_check",
    metadata,
    _reference("recording_id", "recording.id", primary_key=True),
    Column("measured", JSON, nullable=False),
    _moment("at"),
)

scheme_version = Table(
    "scheme_version",
    metadata,
    _id("scheme_id"),
    _id("version"),
    _id("sha256"),
    _text("text"),
)

coding_pass = Table(
    "coding_pass",
    metadata,
    _id(),
    _reference("recording_id", "recording.id"),
    _reference("transcript_id", "transcript.id"),
    _reference("coder_id", "coder.id"),
    _id("scheme_id", primary_key=False),
    _id("scheme_version", primary_key=False),
    _id("scheme_sha256", primary_key=False),
    Column("purpose", ShortText(16), nullable=False),
    _moment("opened_at"),
    _moment("submitted_at", nullable=True),
    ForeignKeyConstraint(
        ["scheme_id", "scheme_version", "scheme_sha256"],
        ["scheme_version.scheme_id", "scheme_version.version", "scheme_version.sha256"],
    ),
    _one_of("purpose", tuple(Purpose)),
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
    _reference("pass_id", "coding_pass.id"),
    _text("unit_key"),
    _whole("start_ms"),
    _whole("end_ms"),
    _text("criterion"),
    Column("codes", JSON, nullable=False),
    _whole("value", nullable=True),
    _text("note", nullable=True),
    _moment("at"),
    _moment("stored_at"),
    Column("act", ShortText(64)),
    Column("step", ShortText(16)),
    _one_of("step", STEPS),
    CheckConstraint("length(id) BETWEEN 1 AND 64", name="id"),
    _span(),
    Index("ix_coding_event_pass_id_seq", "pass_id", "seq"),
    sqlite_autoincrement=True,
)

coding_state = Table(  # what holds now: the last event per key that was not a clearing
    "coding_state",
    metadata,
    _reference("pass_id", "coding_pass.id", primary_key=True),
    Column("unit_key", PlainText, primary_key=True, nullable=False),
    Column("criterion", PlainText, primary_key=True, nullable=False),
    Column("seq", ServerOrder, ForeignKey("coding_event.seq"), nullable=False, unique=True),
    _whole("start_ms"),
    _whole("end_ms"),
    Column("codes", JSON, nullable=False),
    _whole("value", nullable=True),
    _text("note", nullable=True),
    _span(),
)

transcription = Table(
    "transcription",
    metadata,
    _id(),
    _reference("recording_id", "recording.id"),
    _text("engine"),
    _text("model"),
    _text("language", nullable=True),
    Column("n_speakers", Integer),
    Column("channels", JSON, nullable=False),
    Column("state", ShortText(16), nullable=False),
    Column("progress", Float(53), nullable=False),
    Column("seconds_left", Float(53)),
    _text("message", nullable=True),
    _moment("created_at"),
    _moment("updated_at"),
    Column("n_chunks", Integer),
    _text("script", nullable=True),
    _one_of("state", TRANSCRIPTION_STATES),
    CheckConstraint("progress >= 0 AND progress <= 1", name="progress"),
    Index("ix_transcription_recording_id", "recording_id"),
)

transcription_chunk = Table(
    "transcription_chunk",
    metadata,
    _reference("transcription_id", "transcription.id", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    _text("payload"),
    CheckConstraint("number >= 0", name="number"),
)

account = Table(  # never deleted, so that what somebody did keeps their name: disabled instead
    "account",
    metadata,
    _id(),
    Column("name", ShortText(80), nullable=False),
    Column("name_key", ShortText(80), nullable=False, unique=True),  # as it is compared, in lower case
    Column("email", ShortText(254), nullable=False),
    Column("email_key", ShortText(254), unique=True),  # NULL where there is no address
    Column("password", ShortText(256)),  # argon2id; NULL for who signs in elsewhere only
    Column("must_change", Boolean, nullable=False),
    Column("administrator", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    _moment("created_at"),
)

membership = Table(
    "membership",
    metadata,
    _reference("account_id", "account.id", primary_key=True),
    _reference("study_id", "study.id", primary_key=True),
    Column("role", ShortText(16), nullable=False),
    Column("coder_id", ShortText(64), ForeignKey("coder.id"), unique=True),
    _one_of("role", tuple(Role)),
    Index("ix_membership_study_id", "study_id"),
)

sign_in = Table(  # who is signed in: of the cookie only its hash
    "sign_in",
    metadata,
    Column("token_sha256", ShortText(64), primary_key=True, nullable=False),
    _reference("account_id", "account.id"),
    _moment("created_at"),
    _moment("seen_at"),
    Index("ix_sign_in_account_id", "account_id"),
)

sign_in_failure = Table(  # by the hash of the name that was typed, whether or not there is such an account
    "sign_in_failure",
    metadata,
    Column("name_sha256", ShortText(64), primary_key=True, nullable=False),
    Column("n_failures", Integer, nullable=False),
    _moment("last_at"),
    CheckConstraint("n_failures > 0", name="n_failures"),
)

audit_entry = Table(  # who did what, chained by hashes: only added to, see migrations/
    "audit_entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False, nullable=False),
    _moment("at"),
    Column("act", ShortText(64), nullable=False),
    _text("who"),
    Column("account_id", ShortText(64)),
    Column("study_id", ShortText(64), index=True),
    Column("subject", ShortText(64)),
    Column("details", JSON, nullable=False),
    Column("previous", ShortText(64), nullable=False),
    Column("hash", ShortText(64), nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
)
