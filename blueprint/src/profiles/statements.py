"""The SQL behind profiles, lists of them, and the feed. Each statement is built and compiled once.

A profile is there for each account that is switched on, whether or not its row is. Counts are
computed by PostgreSQL, and only for the rows of a page.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    false,
    func,
    label,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped
from sqlmodel import UTCDateTime, col

from src.auth import service as auth_service
from src.database import Statement
from src.media import service as media_service  # [media]
from src.profiles.models import Profile, ProfileFollow

ACCOUNT = auth_service.active_accounts()
ACCOUNT_ID: ColumnElement[int] = ACCOUNT.c.id


def _count(of: Mapped[int]) -> ColumnElement[int]:
    return select(func.count()).where(of == ACCOUNT_ID).correlate(ACCOUNT).scalar_subquery()


SUMMARY = (
    ACCOUNT_ID,
    ACCOUNT.c.username,
    label("display_name", func.coalesce(col(Profile.display_name), "")),
    label("is_creator", func.coalesce(col(Profile.is_creator), false())),
    label("follower_count", _count(col(ProfileFollow.creator_id))),
    label("avatar", media_service.image_of(col(Profile.avatar_id))),  # [media]
)
_WHOLE = select(
    *SUMMARY,
    label("bio", func.coalesce(col(Profile.bio), "")),
    label("following_count", _count(col(ProfileFollow.follower_id))),
).outerjoin_from(ACCOUNT, Profile, col(Profile.user_id) == ACCOUNT_ID)

# Parameter: profile_id.
PROFILE = Statement(_WHOLE.where(bindparam("profile_id", type_=BigInteger) == ACCOUNT_ID))
# Parameter: username.
PROFILE_BY_USERNAME = Statement(
    _WHOLE.where(auth_service.id_of(bindparam("username", type_=String)) == ACCOUNT_ID)
)
# Those with the newest accounts first. Parameters: page_size, id.
CREATORS = Statement(
    select(*SUMMARY)
    .join_from(Profile, ACCOUNT, col(Profile.user_id) == ACCOUNT_ID)
    .where(col(Profile.is_creator), col(Profile.user_id) < bindparam("id", type_=BigInteger))
    .order_by(col(Profile.user_id).desc())
    .limit(bindparam("page_size", type_=BigInteger))
)


@cache
def follow_page(*, shows_followers: bool) -> Statement:
    """One page of a profile's followers, or of those whom it follows, the latest first.

    Parameters: profile_id, page_size, and the cursor's key (at, id). Rows have a `followed_at`.
    """
    of, listed = col(ProfileFollow.follower_id), col(ProfileFollow.creator_id)
    if shows_followers:
        of, listed = listed, of
    place = tuple_(col(ProfileFollow.created_at), listed)
    place_before: Any = tuple_(
        bindparam("at", type_=UTCDateTime()), bindparam("id", type_=BigInteger)
    )
    return Statement(
        select(*SUMMARY, label("followed_at", col(ProfileFollow.created_at)))
        .join_from(ProfileFollow, ACCOUNT, listed == ACCOUNT_ID)
        .join(Profile, col(Profile.user_id) == ACCOUNT_ID)
        .where(of == bindparam("profile_id", type_=BigInteger), place < place_before)
        .order_by(col(ProfileFollow.created_at).desc(), listed.desc())
        .limit(bindparam("page_size", type_=BigInteger))
    )
