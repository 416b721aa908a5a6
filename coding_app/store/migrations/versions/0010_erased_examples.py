"""What leads wrote about recordings that were erased before: examples and reasons go as those of others do now."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ERASED = (
    "(SELECT coding_pass.id FROM coding_pass JOIN erasure ON erasure.recording_id = coding_pass.recording_id)"
)


def upgrade() -> None:
    """No table changes."""
    op.execute(
        f"DELETE FROM decision_rule WHERE kind = 'example' AND (pass_id IS NULL OR pass_id IN {ERASED})"
    )
    op.execute(f"UPDATE pass_reopening SET reason = '' WHERE pass_id IN {ERASED}")
