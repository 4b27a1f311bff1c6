"""Add profiles and who follows whom

No row is made for the accounts that there are: an account without one has an empty profile.

Revises: 0007_comments
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0008_profiles"
down_revision: str | None = "0007_comments"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "profile",
        sa.Column(
            "created_at",
            sqlmodel.sql.sqltypes.UTCDateTime(),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sqlmodel.sql.sqltypes.UTCDateTime(),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("bio", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_creator", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("profile_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("profile_pkey")),
    )
    op.create_index(
        "profile_creator_idx",
        "profile",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("is_creator"),
    )
    op.create_table(
        "profile_follow",
        sa.Column("follower_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sqlmodel.sql.sqltypes.UTCDateTime(),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "follower_id <> creator_id", name=op.f("profile_follow_not_oneself_check")
        ),
        sa.ForeignKeyConstraint(
            ["creator_id"],
            ["profile.user_id"],
            name=op.f("profile_follow_creator_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["profile.user_id"],
            name=op.f("profile_follow_follower_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follower_id", "creator_id", name=op.f("profile_follow_pkey")),
    )
    op.create_index(
        "profile_follow_creator_id_idx",
        "profile_follow",
        ["creator_id", "created_at", "follower_id"],
        unique=False,
    )
    op.create_index(
        "profile_follow_follower_id_idx",
        "profile_follow",
        ["follower_id", "created_at", "creator_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("profile_follow_follower_id_idx", table_name="profile_follow")
    op.drop_index("profile_follow_creator_id_idx", table_name="profile_follow")
    op.drop_table("profile_follow")
    op.drop_index(
        "profile_creator_idx", table_name="profile", postgresql_where=sa.text("is_creator")
    )
    op.drop_table("profile")
