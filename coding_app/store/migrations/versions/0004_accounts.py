"""Accounts, their places in studies, who is signed in, and failed sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four new tables; nobody has an account yet, so that the app works as before."""
    _make_account()
    _make_membership()
    _make_sign_in()
    op.create_table(
        "sign_in_failure",
        sa.Column("name_sha256", sa.String(64), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n_failures > 0", name=op.f("ck_sign_in_failure_n_failures")),
        sa.PrimaryKeyConstraint("name_sha256", name=op.f("pk_sign_in_failure")),
    )


def _make_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=True),
        sa.Column("password", sa.String(256), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name_key", name=op.f("uq_account_name_key")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
    )


def _make_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("coder_id", sa.String(64), nullable=True),
        sa.CheckConstraint(
            "role IN ('lead', 'coder', 'trainer', 'viewer')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_membership_study_id")),
        sa.ForeignKeyConstraint(["coder_id"], ["coder.id"], name=op.f("fk_membership_coder_id")),
        sa.PrimaryKeyConstraint("account_id", "study_id", name=op.f("pk_membership")),
        sa.UniqueConstraint("coder_id", name=op.f("uq_membership_coder_id")),
    )
    op.create_index("ix_membership_study_id", "membership", ["study_id"], unique=False)


def _make_sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)
