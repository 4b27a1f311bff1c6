"""Add an index of the published posts of each author

Hidden posts, however many, stand in the way of no list.

Revises: 0005_cache
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006_published_posts"
down_revision: str | None = "0005_cache"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "post_author_published_idx",
        "post",
        ["author_id", "published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )


def downgrade() -> None:
    op.drop_index(
        "post_author_published_idx",
        table_name="post",
        postgresql_where=sa.text("status = 'published'"),
    )
