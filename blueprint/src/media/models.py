"""Media: what was declared, how far it has come, and where its objects lie."""

import secrets
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from src.media.constants import MediaStatus, MediaType, Rejection
from src.models import WithId, WithTimestamps, stored_values


def new_key() -> str:
    """32 hexadecimal digits that nobody guesses."""
    return secrets.token_hex(16)


class Media(WithTimestamps, WithId, table=True):
    """One file of somebody's. `key` is the name of its objects in the storage."""

    __tablename__ = "media"
    __table_args__ = (
        # Keyset pagination and quotas walk this one, the sweep the other.
        Index("media_user_id_idx", "user_id", "id"),
        Index(
            "media_unfinished_idx",
            "created_at",
            postgresql_where=text("status IN ('pending', 'rejected')"),
        ),
    )

    user_id: int = Field(foreign_key="user_account.id", ondelete="CASCADE", sa_type=BigInteger)
    key: str = Field(default_factory=new_key, max_length=32, unique=True)
    media_type: MediaType = Field(sa_type=stored_values(MediaType, "media_type"))
    size: int = Field(sa_type=BigInteger)  # bytes, as declared and then checked
    status: MediaStatus = Field(
        default=MediaStatus.PENDING, sa_type=stored_values(MediaStatus, "status")
    )
    rejection: Rejection | None = Field(
        default=None, sa_type=stored_values(Rejection, "rejection"), nullable=True
    )
    original: str | None = Field(default=None, max_length=128)  # the key of the checked copy
    # Of a ready one: {name: [width, height]}, in pixels.
    variants: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
