"""Who is told of what, and how they want to hear of it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, UTCDateTime, func

from src.models import WithId
from src.notifications.constants import PATH_MAX_LENGTH, TEXT_MAX_LENGTH, Channel, Kind

KEY_LENGTH = 32  # of a job
# No CHECK: which kinds there are depends on the domains, and a new one needs no revision.
WORD = String(32)


class Notification(WithId, table=True):
    """One deed of one person (or none) that one user is told of.

    What it is about stays as it was then: `text` and `path` need no other domain's table. A row for
    each deed, grouped when it is read: deeds that happen at once wait for no common row.
    """

    __tablename__ = "notification"
    __table_args__ = (
        # A deed that is repeated is told once. `source_id` tells repeatable ones apart.
        Index(
            "notification_deed_key",
            *("user_id", "kind", "subject_id", "actor_id", "source_id"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("notification_user_id_idx", "user_id", "id"),
        Index("notification_group_idx", "user_id", "kind", "subject_id", "id"),
        Index(
            "notification_unread_idx",
            *("user_id", "kind", "subject_id"),
            postgresql_where=sql("read_at IS NULL"),
        ),
        Index("notification_transaction_id_idx", "user_id", "transaction_id"),
        Index("notification_subject_id_idx", "kind", "subject_id"),
        Index(
            "notification_source_id_idx",
            *("kind", "source_id"),
            postgresql_where=sql("source_id IS NOT NULL"),
        ),
        Index("notification_read_at_idx", "read_at", postgresql_where=sql("read_at IS NOT NULL")),
        Index(
            "notification_unread_since_idx",
            "created_at",
            postgresql_where=sql("read_at IS NULL"),
        ),
    )

    user_id: int = Field(foreign_key="user_account.id", ondelete="CASCADE", sa_type=BigInteger)
    kind: Kind = Field(sa_type=WORD)
    subject_id: int = Field(sa_type=BigInteger)
    actor_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        ondelete="CASCADE",
        index=True,
        sa_type=BigInteger,
    )
    source_id: int | None = Field(default=None, sa_type=BigInteger)  # a comment, say
    text: str = Field(max_length=TEXT_MAX_LENGTH)
    path: str = Field(max_length=PATH_MAX_LENGTH)
    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    digest_date: date | None = None  # of the e-mail that told of it
    # Who has seen which transactions has seen these rows: ids alone are given before the commit.
    transaction_id: int = Field(
        default=None,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": sql("(pg_current_xact_id()::text)::bigint")},
    )


class NotificationPreference(SQLModel, table=True):
    """How a user wants to hear of a kind, where they want it otherwise than by default."""

    __tablename__ = "notification_preference"

    user_id: int = Field(
        foreign_key="user_account.id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    kind: Kind = Field(primary_key=True, sa_type=WORD)
    channel: Channel = Field(sa_type=WORD)


class NotificationDigest(SQLModel, table=True):
    """The last digest of a user: its day, and the job that sends it."""

    __tablename__ = "notification_digest"

    user_id: int = Field(
        foreign_key="user_account.id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    digest_date: date
    job_key: str = Field(max_length=KEY_LENGTH)
