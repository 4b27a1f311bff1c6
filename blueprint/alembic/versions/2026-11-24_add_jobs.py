"""Add the queue of durable jobs

The tables are PgQueuer's own, made by its own statements. When a newer version wants others,
`tests/test_migrations.py` says so: then a new revision has to run `Queries.apply_upgrade()`, and
`FINGERPRINT` moves to it.

Revises: 0002_posts
"""

from collections.abc import Sequence

from alembic import context, op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

revision: str = "0003_jobs"
down_revision: str | None = "0002_posts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FINGERPRINT = "1960cdf50ef0f75d"  # of PgQueuer's statements


def upgrade() -> None:
    run(QueryBuilderEnvironment().build_install_query())


def downgrade() -> None:
    run(QueryBuilderEnvironment().build_uninstall_query())


def run(script: str) -> None:
    """Run several statements, which SQLAlchemy would prepare as one."""
    if context.is_offline_mode():
        op.execute(script)
    else:
        op.get_bind().connection.dbapi_connection.run_async(lambda driver: driver.execute(script))
