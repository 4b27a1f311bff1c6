"""What can be done with profiles: read, written, followed, and fed from."""

import json

from asyncpg import Record
from pydantic import TypeAdapter
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import exceptions as auth_exceptions
from src.auth import service as auth_service  # [media]
from src.database import Database, fetch_one_in
from src.media import service as media_service  # [media]
from src.notifications import constants as notification_constants  # [notifications]
from src.notifications import schemas as notification_schemas  # [notifications]
from src.notifications import service as notification_service  # [notifications]
from src.pagination import NEWEST, Page, PageParams, split_page, start_of
from src.posts import schemas as posts_schemas
from src.profiles.constants import FOLLOWS_MAX
from src.profiles.exceptions import FollowsOneself, ProfileNotFound, TooManyFollows
from src.profiles.feeds import FEED_PAGE
from src.profiles.models import Profile, ProfileFollow
from src.profiles.schemas import ProfileResponse, ProfileSummary, ProfileUpdate
from src.profiles.statements import (
    CREATORS,
    PROFILE,
    PROFILE_BY_USERNAME,
    follow_page,
)

_summaries = TypeAdapter(list[ProfileSummary])
_posts = TypeAdapter(list[posts_schemas.PostSummary])


async def get_profile(database: Database, *, profile_id: int) -> ProfileResponse | None:
    """The profile of an account, unless that is switched off."""
    row = await database.fetch_one(PROFILE, profile_id=profile_id)
    return ProfileResponse.model_validate(dict(row)) if row else None


async def get_profile_of(database: Database, *, username: str) -> ProfileResponse | None:
    """The same by the account's user name; upper and lower case are the same."""
    row = await database.fetch_one(PROFILE_BY_USERNAME, username=username)
    return ProfileResponse.model_validate(dict(row)) if row else None


async def update_profile(
    session: AsyncSession, *, user_id: int, changes: ProfileUpdate
) -> ProfileResponse:
    """Change what was given, in a row that is made if there is none yet.

    Raises:
        MediaNotUsable: the new avatar is no ready image of theirs.  # [media]
        SessionEnded: the account has been deleted or switched off meanwhile.
    """
    # [media]
    if "avatar_id" in changes.model_fields_set:
        # The account comes first, as it does where it is deleted with its profile and its media.
        await auth_service.keep_accounts(session, user_id=user_id)
        await media_service.usable(session, media_id=changes.avatar_id, user_id=user_id)
    # [/media]
    if fields := changes.model_dump(exclude_unset=True):
        changed = {**fields, "updated_at": func.now()}
        row = insert(Profile).values(user_id=user_id, **fields)
        await _write_own(
            session, row.on_conflict_do_update(index_elements=["user_id"], set_=changed)
        )
    shown = await fetch_one_in(session, PROFILE, profile_id=user_id)
    if shown is None:
        raise auth_exceptions.SessionEnded
    return ProfileResponse.model_validate(shown)


async def follow(session: AsyncSession, *, follower_id: int, creator: ProfileResponse) -> None:
    """Follow a creator; again is the same as once.

    Follows of one account wait for each other, so that it never has too many; those of different
    accounts do not, even of the same creator.

    Raises:
        FollowsOneself: they are the same.
        TooManyFollows: the follower has `FOLLOWS_MAX` already.
        ProfileNotFound: the creator's account has been deleted meanwhile.
        SessionEnded: the follower's account has been deleted meanwhile.
    """
    if follower_id == creator.id:
        raise FollowsOneself
    await _lock_own(session, follower_id)
    new = insert(ProfileFollow).values(follower_id=follower_id, creator_id=creator.id)
    try:
        done = await (await session.connection()).execute(new.on_conflict_do_nothing())
    except IntegrityError as error:
        raise ProfileNotFound from error
    if not done.rowcount:
        return
    followed = select(func.count()).where(col(ProfileFollow.follower_id) == follower_id)
    if (await session.exec(followed)).one() > FOLLOWS_MAX:
        raise TooManyFollows
    # [notifications]
    name, path = creator.display_name or creator.username, f"/profiles/{creator.id}/followers"
    await notification_service.notify(
        session,
        kind=notification_constants.Kind.FOLLOWED,
        user_id=creator.id,
        actor_id=follower_id,
        subject=notification_schemas.Subject(creator.id, name, path),
    )
    # [/notifications]


async def unfollow(session: AsyncSession, *, follower_id: int, creator_id: int) -> None:
    """Follow a creator no longer; without having followed there is nothing to do."""
    await (await session.connection()).execute(
        delete(ProfileFollow).where(
            col(ProfileFollow.follower_id) == follower_id,
            col(ProfileFollow.creator_id) == creator_id,
        )
    )
    # [notifications]
    await notification_service.withdraw(
        session,
        kind=notification_constants.Kind.FOLLOWED,
        subject_id=creator_id,
        actor_id=follower_id,
    )
    # [/notifications]


async def get_creators(database: Database, *, params: PageParams) -> Page[ProfileSummary]:
    """A page of all creators, those with the newest accounts first.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    (id_,) = start_of(params, belongs_to="creators", first=NEWEST[1:])
    rows = await database.fetch(CREATORS, page_size=params.limit + 1, id=id_)
    return _page(rows, params, key=("id",), belongs_to="creators")


async def get_followers(
    database: Database, *, profile_id: int, params: PageParams
) -> Page[ProfileSummary]:
    """A page of those who follow a profile, the latest first.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    return await _get_follows(database, "followers", profile_id, params)


async def get_following(
    database: Database, *, profile_id: int, params: PageParams
) -> Page[ProfileSummary]:
    """A page of those whom a profile follows, the latest first; creators or not any longer.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    return await _get_follows(database, "following", profile_id, params)


async def get_feed(
    database: Database, *, user_id: int, params: PageParams
) -> Page[posts_schemas.PostSummary]:
    """A page of the published posts of the creators whom somebody follows, the newest first.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    belongs_to = json.dumps(["feed", user_id])
    at, id_ = start_of(params, belongs_to=belongs_to)
    rows = await database.fetch(
        FEED_PAGE, follower_id=user_id, page_size=params.limit + 1, at=at, id=id_
    )
    items, next_cursor = split_page(
        rows, limit=params.limit, key=("published_at", "id"), belongs_to=belongs_to
    )
    return Page[posts_schemas.PostSummary](
        items=_posts.validate_python(items), next_cursor=next_cursor
    )


async def _lock_own(session: AsyncSession, user_id: int) -> None:
    """Have the row of one's own profile wait for nobody else until the transaction ends."""
    await _write_own(session, insert(Profile).values(user_id=user_id).on_conflict_do_nothing())
    # FOR NO KEY UPDATE: others may refer to the row meanwhile.
    if await session.get(Profile, user_id, with_for_update={"key_share": True}) is None:
        raise auth_exceptions.SessionEnded


async def _write_own(session: AsyncSession, statement: Insert) -> None:
    try:
        await (await session.connection()).execute(statement)
    except IntegrityError as error:  # the account has been deleted meanwhile
        raise auth_exceptions.SessionEnded from error


async def _get_follows(
    database: Database, which: str, profile_id: int, params: PageParams
) -> Page[ProfileSummary]:
    belongs_to = json.dumps([which, profile_id])
    statement = follow_page(shows_followers=which == "followers")
    at, id_ = start_of(params, belongs_to=belongs_to)
    rows = await database.fetch(
        statement, profile_id=profile_id, page_size=params.limit + 1, at=at, id=id_
    )
    return _page(rows, params, key=("followed_at", "id"), belongs_to=belongs_to)


def _page(
    rows: list[Record], params: PageParams, *, key: tuple[str, ...], belongs_to: str
) -> Page[ProfileSummary]:
    items, next_cursor = split_page(rows, limit=params.limit, key=key, belongs_to=belongs_to)
    return Page[ProfileSummary](items=_summaries.validate_python(items), next_cursor=next_cursor)
