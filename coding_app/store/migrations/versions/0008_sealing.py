"""What was said may be sealed where it lies: the lists that are only added to let that one change through."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PREFIX = "sealed:1:"
APPEND_ONLY = "A coding event is never changed or deleted"
CORRECTION_NEVER_CHANGED = "A correction of a transcript is never changed"
EDIT_NEVER_CHANGED = "An edit of a transcript is never changed"
BEING_ERASED = (
    "EXISTS (SELECT 1 FROM erasure JOIN coding_pass ON coding_pass.recording_id = erasure.recording_id "
    "WHERE coding_pass.id = OLD.pass_id AND erasure.done_at IS NULL)"
)
EVENT_STAYS = (
    "seq",
    "id",
    "pass_id",
    "unit_key",
    "start_ms",
    "end_ms",
    "criterion",
    "codes",
    "value",
    "at",
    "stored_at",
    "act",
    "step",
)
CORRECTION_STAYS = ("seq", "transcript_id", "segment_key", "coder_id", "at")
EDIT_STAYS = ("seq", "id", "transcript_id", "coder_id", "at", "step")


def _sealed(column: str, begins: str = PREFIX, text: str = "{}") -> str:
    """The column held a plain text and holds a sealed one, for good: what is sealed is not sealed again."""
    old, new = (
        f"substr({text.format(f'{row}.{column}')}, 1, {len(begins)}) = '{begins}'" for row in ("OLD", "NEW")
    )
    return f"(NOT {old} AND {new})"


def _stay(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


def _same_but(*columns: str) -> str:
    """On PostgreSQL, where columns of JSON cannot be compared."""
    names = "".join(f" - '{column}'" for column in columns)
    return f"to_jsonb(NEW){names} = to_jsonb(OLD){names}"


NOTE = _sealed("note")
BOTH_TEXTS = " AND ".join(  # an empty one stays empty
    f"({_sealed(column)} OR NEW.{column} = OLD.{column})" for column in ("text_before", "text_after")
)
JSON_PREFIX = f'"{PREFIX}'
ON_SQLITE = (
    "DROP TRIGGER coding_event_refuses_update",
    f"""
    CREATE TRIGGER coding_event_refuses_update BEFORE UPDATE ON coding_event
    WHEN NOT {BEING_ERASED} AND NOT coalesce({NOTE} AND {_stay(EVENT_STAYS)}, 0)
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END
    """,
    "DROP TRIGGER transcript_correction_refuses_update",
    f"""
    CREATE TRIGGER transcript_correction_refuses_update BEFORE UPDATE ON transcript_correction
    WHEN NOT coalesce({BOTH_TEXTS} AND {_stay(CORRECTION_STAYS)}, 0)
    BEGIN SELECT RAISE(ABORT, '{CORRECTION_NEVER_CHANGED}'); END
    """,
    "DROP TRIGGER transcript_edit_refuses_update",
    f"""
    CREATE TRIGGER transcript_edit_refuses_update BEFORE UPDATE ON transcript_edit
    WHEN NOT coalesce({_sealed("edit", JSON_PREFIX)} AND {_stay(EDIT_STAYS)}, 0)
    BEGIN SELECT RAISE(ABORT, '{EDIT_NEVER_CHANGED}'); END
    """,
)


def _refusing(table: str, sealing: str, sentence: str) -> tuple[str, ...]:
    return (
        f"DROP TRIGGER {table}_refuses ON {table}",
        f"""
        CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF coalesce({sealing}, FALSE) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{sentence}';
        END $$
        """,
        f"""
        CREATE TRIGGER {table}_refuses BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuses()
        """,
    )


ON_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION coding_event_refuses_unless_erased() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF coalesce({NOTE} AND {_same_but("note")}, FALSE) THEN RETURN NEW; END IF;
        END IF;
        IF NOT {BEING_ERASED} THEN RAISE EXCEPTION '{APPEND_ONLY}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    *_refusing(
        "transcript_correction",
        f"{BOTH_TEXTS} AND {_same_but('text_before', 'text_after')}",
        CORRECTION_NEVER_CHANGED,
    ),
    *_refusing(
        "transcript_edit",
        f"{_sealed('edit', JSON_PREFIX, '{}::text')} AND {_same_but('edit')}",
        EDIT_NEVER_CHANGED,
    ),
)


def upgrade() -> None:
    """No table changes, only what the triggers of three of them let through."""
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)
