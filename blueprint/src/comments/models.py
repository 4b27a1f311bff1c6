"""Comments, and whom they mention."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field, SQLModel, UTCDateTime

from src.comments.constants import BODY_MAX_LENGTH, RemovedBy
from src.models import WithId, stored_values


class Comment(WithId, table=True):
    """A comment under a post, or a reply to another one under the same post.

    Once removed it keeps its place for the replies to it, but neither text nor mentions. So it
    does when its author's account is deleted, with its text.
    """

    __tablename__ = "comment"
    __table_args__ = (
        # With all that counting the comments under a post needs.
        UniqueConstraint("post_id", "id", postgresql_include=["removed_at"]),
        ForeignKeyConstraint(
            ["post_id", "parent_id"],
            ["comment.post_id", "comment.id"],
            name="comment_parent_id_fkey",
        ),
        # A reply is younger than what it replies to, so that no thread can be a circle.
        CheckConstraint("parent_id < id", "parent_id"),
        CheckConstraint("(depth = 0) = (parent_id IS NULL)", "depth"),
        CheckConstraint(
            "num_nonnulls(removed_at, removed_by) = CASE WHEN body IS NULL THEN 2 ELSE 0 END",
            "removed_at",
        ),
        # Threads are walked along this: replies by what they reply to, the oldest first.
        Index("comment_parent_id_idx", "post_id", "parent_id", "id"),
        Index(
            "comment_remover_id_idx",
            "remover_id",
            postgresql_where=text("remover_id IS NOT NULL"),
        ),
    )

    post_id: int = Field(foreign_key="post.id", ondelete="CASCADE", sa_type=BigInteger)
    parent_id: int | None = Field(default=None, sa_type=BigInteger)
    depth: int = 0  # below the comment that the thread began with
    author_id: int | None = Field(
        foreign_key="user_account.id", ondelete="SET NULL", index=True, sa_type=BigInteger
    )
    body: str | None = Field(max_length=BODY_MAX_LENGTH)
    reply_count: int = 0  # of direct replies, removed ones included
    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
    edited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    removed_by: RemovedBy | None = Field(
        default=None, sa_type=stored_values(RemovedBy, "removed_by")
    )
    remover_id: int | None = Field(
        default=None, foreign_key="user_account.id", ondelete="SET NULL", sa_type=BigInteger
    )


class CommentMention(SQLModel, table=True):
    """An account that a comment names."""

    __tablename__ = "comment_mention"

    comment_id: int = Field(
        foreign_key="comment.id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    user_id: int = Field(
        foreign_key="user_account.id",
        ondelete="CASCADE",
        primary_key=True,
        index=True,
        sa_type=BigInteger,
    )
