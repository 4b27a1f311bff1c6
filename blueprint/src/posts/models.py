"""Posts and who likes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel, UTCDateTime, func

from src.models import WithId, WithTimestamps, metadata, stored_values
from src.posts.constants import SEARCH_CONFIGURATION, TITLE_MAX_LENGTH, PostStatus

SEARCH_VECTOR = (
    f"setweight(to_tsvector('{SEARCH_CONFIGURATION}'::regconfig, title), 'A') || "
    f"setweight(to_tsvector('{SEARCH_CONFIGURATION}'::regconfig, body), 'B')"
)


class Post(WithTimestamps, WithId, table=True):
    """A post. `published_at` is set when it is first published, and is what lists are sorted by."""

    __tablename__ = "post"
    __table_args__ = (
        # Keyset pagination walks these; the id makes the order total.
        Index(
            "post_published_at_idx",
            "published_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "post_author_published_idx",
            "author_id",
            "published_at",
            "id",
            postgresql_where=text("status = 'published'"),
        ),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", "published_at"),
        Index("post_author_id_idx", "author_id", "published_at", "id"),
        # [media]
        Index("post_cover_id_idx", "cover_id", postgresql_where=text("cover_id IS NOT NULL")),
        # [/media]
    )

    author_id: int = Field(foreign_key="user_account.id", ondelete="CASCADE", sa_type=BigInteger)
    title: str = Field(max_length=TITLE_MAX_LENGTH)
    body: str
    status: PostStatus = Field(sa_type=stored_values(PostStatus, "status"))
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # [media]
    cover_id: int | None = Field(
        default=None, foreign_key="media.id", ondelete="SET NULL", sa_type=BigInteger
    )
    # [/media]


# PostgreSQL keeps this column; no session ever needs to load it, so it is not mapped.
search_vector: Column[Any] = Column(
    "search_vector", TSVECTOR, Computed(SEARCH_VECTOR, persisted=True), nullable=False
)
metadata.tables["post"].append_column(search_vector)
Index("post_search_vector_idx", search_vector, postgresql_using="gin")


class PostLike(SQLModel, table=True):
    """One user likes one post, at most once."""

    __tablename__ = "post_like"

    post_id: int = Field(
        foreign_key="post.id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    user_id: int = Field(
        foreign_key="user_account.id",
        ondelete="CASCADE",
        primary_key=True,
        index=True,
        sa_type=BigInteger,
    )
    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
