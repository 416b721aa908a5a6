"""Who has seen a consensus on a recording; of earlier ones it is known of who began them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table, which holds who began a consensus."""
    op.create_table('consensus_view',
    sa.Column('recording_id', sa.String(64), nullable=False),
    sa.Column('coder_id', sa.String(64), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_consensus_view_coder_id')),
    sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_consensus_view_recording_id')),
    sa.PrimaryKeyConstraint('recording_id', 'coder_id', name=op.f('pk_consensus_view'))
    )
    op.execute(
        "INSERT INTO consensus_view (recording_id, coder_id, first_at) "
        "SELECT recording_id, coder_id, min(opened_at) FROM coding_pass "
        "WHERE purpose = 'consensus' GROUP BY recording_id, coder_id"
    )
