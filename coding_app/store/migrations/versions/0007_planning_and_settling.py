"""Plans, assignments, consent, reopened passes, consensus, decision rules, pseudonyms; cases of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, and three columns of a session, which are empty for those that are there."""
    op.add_column('therapy_session', sa.Column('case_code', sa.String(64), nullable=True))
    op.add_column('therapy_session', sa.Column('number', sa.Integer(), nullable=True))
    op.add_column('therapy_session', sa.Column('held_on', sa.String(10), nullable=True))
    _make_planning()
    _make_settling()
    _make_pseudonyms()


def _make_planning() -> None:
    op.create_table('study_plan',
    sa.Column('study_id', sa.String(64), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('n_coders', sa.Integer(), nullable=False),
    sa.Column('double_share', sa.Float(53), nullable=False),
    sa.Column('double_at_least', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('masks_names', sa.Boolean(), nullable=False),
    sa.Column('keeps_judgements', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('n_coders >= 1 AND double_share >= 0 AND double_share <= 1 AND double_at_least >= 0', name=op.f('ck_study_plan_numbers')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_study_plan_study_id')),
    sa.PrimaryKeyConstraint('study_id', name=op.f('pk_study_plan'))
    )
    op.create_table('assignment',
    sa.Column('id', sa.String(64), nullable=False),
    sa.Column('session_id', sa.String(64), nullable=False),
    sa.Column('coder_id', sa.String(64), nullable=False),
    sa.Column('kind', sa.String(16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.String(10), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_because', sa.Text(), nullable=True),
    sa.CheckConstraint("kind IN ('coding', 'double', 'reference')", name=op.f('ck_assignment_kind')),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_assignment_coder_id')),
    sa.ForeignKeyConstraint(['session_id'], ['therapy_session.id'], name=op.f('fk_assignment_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    op.create_index('ix_assignment_coder_id', 'assignment', ['coder_id'], unique=False)
    op.create_index('uq_assignment_open', 'assignment', ['session_id', 'coder_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('consent',
    sa.Column('session_id', sa.String(64), nullable=False),
    sa.Column('use', sa.String(16), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('until', sa.String(10), nullable=True),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by', sa.Text(), nullable=False),
    sa.CheckConstraint("use IN ('coding', 'training', 'clips')", name=op.f('ck_consent_use')),
    sa.ForeignKeyConstraint(['session_id'], ['therapy_session.id'], name=op.f('fk_consent_session_id')),
    sa.PrimaryKeyConstraint('session_id', 'use', name=op.f('pk_consent'))
    )
    op.create_table('own_session',
    sa.Column('session_id', sa.String(64), nullable=False),
    sa.Column('coder_id', sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coder.id'], name=op.f('fk_own_session_coder_id')),
    sa.ForeignKeyConstraint(['session_id'], ['therapy_session.id'], name=op.f('fk_own_session_session_id')),
    sa.PrimaryKeyConstraint('session_id', 'coder_id', name=op.f('pk_own_session'))
    )


def _make_settling() -> None:
    op.create_table('consensus_source',
    sa.Column('pass_id', sa.String(64), nullable=False),
    sa.Column('source_id', sa.String(64), nullable=False),
    sa.ForeignKeyConstraint(['pass_id'], ['coding_pass.id'], name=op.f('fk_consensus_source_pass_id')),
    sa.ForeignKeyConstraint(['source_id'], ['coding_pass.id'], name=op.f('fk_consensus_source_source_id')),
    sa.PrimaryKeyConstraint('pass_id', 'source_id', name=op.f('pk_consensus_source'))
    )
    op.create_table('decision_rule',
    sa.Column('id', sa.String(64), nullable=False),
    sa.Column('study_id', sa.String(64), nullable=False),
    sa.Column('scheme_id', sa.String(64), nullable=False),
    sa.Column('scheme_version', sa.String(64), nullable=False),
    sa.Column('criterion', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('pass_id', sa.String(64), nullable=True),
    sa.Column('unit_key', sa.Text(), nullable=True),
    sa.Column('start_ms', sa.BigInteger(), nullable=True),
    sa.Column('end_ms', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('rule', 'example')", name=op.f('ck_decision_rule_kind')),
    sa.ForeignKeyConstraint(['pass_id'], ['coding_pass.id'], name=op.f('fk_decision_rule_pass_id')),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_decision_rule_study_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_rule'))
    )
    op.create_index('ix_decision_rule_study_id', 'decision_rule', ['study_id'], unique=False)
    op.create_table('pass_reopening',
    sa.Column('id', sa.String(64), nullable=False),
    sa.Column('pass_id', sa.String(64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['pass_id'], ['coding_pass.id'], name=op.f('fk_pass_reopening_pass_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pass_reopening'))
    )
    op.create_index('ix_pass_reopening_pass_id', 'pass_reopening', ['pass_id'], unique=False)


def _make_pseudonyms() -> None:
    op.create_table('pseudonym',
    sa.Column('study_id', sa.String(64), nullable=False),
    sa.Column('case_code', sa.String(64), nullable=False),
    sa.Column('original_hmac', sa.String(64), nullable=False),
    sa.Column('replacement', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['study.id'], name=op.f('fk_pseudonym_study_id')),
    sa.PrimaryKeyConstraint('study_id', 'case_code', 'original_hmac', name=op.f('pk_pseudonym'))
    )
    op.create_table('silence',
    sa.Column('id', sa.String(64), nullable=False),
    sa.Column('recording_id', sa.String(64), nullable=False),
    sa.Column('start_ms', sa.BigInteger(), nullable=False),
    sa.Column('end_ms', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('start_ms >= 0 AND end_ms >= start_ms', name=op.f('ck_silence_span')),
    sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_silence_recording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_silence')),
    sa.UniqueConstraint('recording_id', 'start_ms', 'end_ms', name=op.f('uq_silence_recording_id_start_ms_end_ms'))
    )
