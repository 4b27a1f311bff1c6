"""What people say of themselves, and whom they follow.

A profile has the id of its account, and its row is made when it is first written to. An account
without one has an empty profile: so each account has exactly one from the moment that it is made,
accounts of before this table too, and nothing that makes accounts needs to know of profiles.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, func, text
from sqlmodel import Field, SQLModel, UTCDateTime

from src.models import WithTimestamps
from src.profiles.constants import DISPLAY_NAME_MAX_LENGTH


class Profile(WithTimestamps, table=True):
    """A profile; a creator is somebody whom others can follow."""

    __tablename__ = "profile"
    __table_args__ = (
        # The list of creators walks this.
        Index("profile_creator_idx", "user_id", postgresql_where=text("is_creator")),
        # [media]
        Index("profile_avatar_id_idx", "avatar_id", postgresql_where=text("avatar_id IS NOT NULL")),
        # [/media]
    )

    user_id: int = Field(
        foreign_key="user_account.id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    display_name: str = Field(default="", max_length=DISPLAY_NAME_MAX_LENGTH)
    bio: str = ""
    is_creator: bool = False
    # [media]
    avatar_id: int | None = Field(
        default=None, foreign_key="media.id", ondelete="SET NULL", sa_type=BigInteger
    )
    # [/media]


class ProfileFollow(SQLModel, table=True):
    """One account follows one creator, at most once. Followers have a row of a profile too."""

    __tablename__ = "profile_follow"
    __table_args__ = (
        CheckConstraint("follower_id <> creator_id", "not_oneself"),
        # The lists of followers and followed walk these; the ids make the orders total.
        Index("profile_follow_creator_id_idx", "creator_id", "created_at", "follower_id"),
        Index("profile_follow_follower_id_idx", "follower_id", "created_at", "creator_id"),
    )

    follower_id: int = Field(
        foreign_key="profile.user_id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    creator_id: int = Field(
        foreign_key="profile.user_id", ondelete="CASCADE", primary_key=True, sa_type=BigInteger
    )
    created_at: datetime = Field(
        default=None, sa_type=UTCDateTime, sa_column_kwargs={"server_default": func.now()}
    )
