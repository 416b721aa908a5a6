"""The tables of planning, assigning and settling; beside tables.py, in the same metadata."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from coding_app.domain.consent import Use
from coding_app.domain.decision_rule import RuleKind
from coding_app.domain.plan import AssignmentKind
from coding_app.store.columns import (
    ShortText,
    key_column,
    moment_column,
    one_of,
    reference_column,
    span_check,
    text_column,
    whole_column,
)
from coding_app.store.tables import metadata

consent = Table(  # what a client agreed to; no row: nobody has written it down
    "consent",
    metadata,
    reference_column("session_id", "therapy_session.id", primary_key=True),
    Column("use", ShortText(16), primary_key=True, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("until", ShortText(10)),  # the last day, YYYY-MM-DD; NULL: without an end
    moment_column("noted_at"),
    text_column("noted_by"),
    one_of("use", tuple(Use)),
)

own_session = Table(  # an observer who took part in the session (its therapist, say) and never codes it
    "own_session",
    metadata,
    reference_column("session_id", "therapy_session.id", primary_key=True),
    reference_column("coder_id", "coder.id", primary_key=True),
)

study_plan = (
    Table(  # how a study divides its work; no row: nobody has planned it, everybody codes what they choose
        "study_plan",
        metadata,
        reference_column("study_id", "study.id", primary_key=True),
        Column("seed", BigInteger, nullable=False),
        Column("n_coders", Integer, nullable=False),
        Column("double_share", Float(53), nullable=False),
        Column("double_at_least", Integer, nullable=False),
        Column("days", Integer),  # to code a session from its assignment; NULL: no limit
        Column("masks_names", Boolean, nullable=False),  # who rules sees Observer A and B
        Column("keeps_judgements", Boolean, nullable=False),  # when consent is withdrawn
        moment_column("made_at"),
        CheckConstraint(
            "n_coders >= 1 AND double_share >= 0 AND double_share <= 1 AND double_at_least >= 0",
            name="numbers",
        ),
    )
)

assignment = Table(  # a session in an observer's queue; ended, never deleted, when it is taken out again
    "assignment",
    metadata,
    key_column(),
    reference_column("session_id", "therapy_session.id"),
    reference_column("coder_id", "coder.id"),
    Column("kind", ShortText(16), nullable=False),
    Column("position", Integer, nullable=False),  # in the observer's queue, in random order
    Column("due_on", ShortText(10)),  # the day, YYYY-MM-DD
    moment_column("made_at"),
    moment_column("ended_at", nullable=True),
    text_column("ended_because", nullable=True),
    one_of("kind", tuple(AssignmentKind)),
    Index("ix_assignment_coder_id", "coder_id"),
    Index(
        "uq_assignment_open",
        "session_id",
        "coder_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

pass_reopening = Table(  # a pass that was opened again is no longer blind
    "pass_reopening",
    metadata,
    key_column(),
    reference_column("pass_id", "coding_pass.id"),
    moment_column("at"),
    moment_column("submitted_at"),  # when it had been submitted
    text_column("by"),
    text_column("reason"),
    Index("ix_pass_reopening_pass_id", "pass_id"),
)

consensus_source = Table(  # from which passes a consensus pass was made
    "consensus_source",
    metadata,
    reference_column("pass_id", "coding_pass.id", primary_key=True),
    reference_column("source_id", "coding_pass.id", primary_key=True),
)

consensus_view = (
    Table(  # an observer who has seen there what others coded, and never codes the recording blind
        "consensus_view",
        metadata,
        reference_column("recording_id", "recording.id", primary_key=True),
        reference_column("coder_id", "coder.id", primary_key=True),
        moment_column("first_at"),
    )
)

decision_rule = Table(  # what a team decided while settling differences; dated, never changed
    "decision_rule",
    metadata,
    key_column(),
    reference_column("study_id", "study.id"),
    key_column("scheme_id", primary_key=False),
    key_column("scheme_version", primary_key=False),
    text_column("criterion"),
    Column("kind", ShortText(16), nullable=False),
    text_column("text"),
    Column("pass_id", ShortText(64), ForeignKey("coding_pass.id")),  # the consensus that it came from
    text_column("unit_key", nullable=True),
    whole_column("start_ms", nullable=True),
    whole_column("end_ms", nullable=True),
    moment_column("decided_at"),
    text_column("decided_by"),
    one_of("kind", tuple(RuleKind)),
    Index("ix_decision_rule_study_id", "study_id"),
)

pseudonym = Table(  # what a name was replaced by; of the name only a keyed hash
    "pseudonym",
    metadata,
    reference_column("study_id", "study.id", primary_key=True),
    Column("case_code", ShortText(64), primary_key=True, nullable=False),
    Column("original_hmac", ShortText(64), primary_key=True, nullable=False),
    text_column("replacement"),
    moment_column("made_at"),
)

silence = Table(  # a stretch of a recording that nobody hears in a clip: a name was said there
    "silence",
    metadata,
    key_column(),
    reference_column("recording_id", "recording.id"),
    whole_column("start_ms"),
    whole_column("end_ms"),
    moment_column("made_at"),
    span_check(),
    UniqueConstraint("recording_id", "start_ms", "end_ms"),
)
