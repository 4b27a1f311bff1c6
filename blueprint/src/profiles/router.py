"""Profiles, creators, who follows whom, and the feed of those whom one follows."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from src.database import DbReads, DbSession
from src.exceptions import raises
from src.media import exceptions as media_exceptions  # [media]
from src.pagination import InvalidCursor, Page, PageParams
from src.posts import schemas as posts_schemas
from src.profiles import service
from src.profiles.dependencies import (
    FeedReader,
    Follower,
    NamedProfile,
    OwnProfile,
    ValidCreator,
    ValidProfile,
    Writer,
)
from src.profiles.exceptions import FollowsOneself, TooManyFollows
from src.profiles.schemas import ProfileResponse, ProfileSummary, ProfileUpdate

router = APIRouter(tags=["Profiles"])

Params = Annotated[PageParams, Query()]


# Routes are tried in this order: the busiest first.
@router.get("/feed", summary="List the posts of creators whom one follows")
@raises(InvalidCursor)
async def get_feed(
    user: FeedReader, database: DbReads, params: Params
) -> Page[posts_schemas.PostSummary]:
    """The newest first. Pages are joined by `next_cursor`."""
    return await service.get_feed(database, user_id=user.id, params=params)


@router.get("/profiles/{profile_id}", summary="Read a profile")
async def get_profile(profile: ValidProfile) -> ProfileResponse:
    """Each account has one, from the beginning; the ids are the same."""
    return profile


@router.get("/profiles/{profile_id}/followers", summary="List who follows a profile")
@raises(InvalidCursor)
async def get_followers(
    profile: ValidProfile, database: DbReads, params: Params
) -> Page[ProfileSummary]:
    """The latest first."""
    return await service.get_followers(database, profile_id=profile.id, params=params)


@router.get("/profiles/{profile_id}/following", summary="List whom a profile follows")
@raises(InvalidCursor)
async def get_following(
    profile: ValidProfile, database: DbReads, params: Params
) -> Page[ProfileSummary]:
    """The latest first."""
    return await service.get_following(database, profile_id=profile.id, params=params)


@router.put(
    "/profiles/{profile_id}/follow",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Follow a creator",
)
@raises(FollowsOneself, TooManyFollows)
async def follow(user: Follower, creator: ValidCreator, session: DbSession) -> None:
    """Following twice is the same as following once."""
    await service.follow(session, follower_id=user.id, creator=creator)


@router.delete(
    "/profiles/{profile_id}/follow",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Follow somebody no longer",
)
async def unfollow(user: Follower, profile: ValidProfile, session: DbSession) -> None:
    """Also somebody who is a creator no longer."""
    await service.unfollow(session, follower_id=user.id, creator_id=profile.id)


@router.get("/creators", summary="List creators")
@raises(InvalidCursor)
async def get_creators(database: DbReads, params: Params) -> Page[ProfileSummary]:
    """Those with the newest accounts first."""
    return await service.get_creators(database, params=params)


@router.get("/creators/{profile_id}", summary="Read the profile of a creator")
async def get_creator(creator: ValidCreator) -> ProfileResponse:
    return creator


# Before the user names: "me" is too short to be one.
@router.get("/users/me/profile", summary="Read one's own profile")
async def get_own_profile(profile: OwnProfile) -> ProfileResponse:
    return profile


@router.patch("/users/me/profile", summary="Change one's own profile")
@raises(media_exceptions.MediaNotUsable)  # [media]
async def update_own_profile(
    user: Writer, changes: ProfileUpdate, session: DbSession
) -> ProfileResponse:
    """Fields that are left out stay as they are. `is_creator` makes one a creator, or no longer."""
    return await service.update_profile(session, user_id=user.id, changes=changes)


@router.get("/users/{username}/profile", summary="Read the profile of somebody by their user name")
async def get_profile_of(profile: NamedProfile) -> ProfileResponse:
    """Upper and lower case are the same."""
    return profile
