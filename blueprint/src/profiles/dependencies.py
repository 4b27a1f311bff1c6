"""Profiles by the id or user name in a path, and who may do what with them."""

from typing import Annotated

from fastapi import Depends, Path, Security

from src.auth import constants as auth_constants
from src.auth import dependencies as auth_dependencies
from src.auth import exceptions as auth_exceptions
from src.auth import schemas as auth_schemas
from src.database import DbReads
from src.exceptions import raises
from src.profiles import service
from src.profiles.exceptions import NotACreator, ProfileNotFound
from src.profiles.schemas import ProfileResponse
from src.schemas import PathId


@raises(ProfileNotFound)
async def valid_profile_id(profile_id: PathId, database: DbReads) -> ProfileResponse:
    """The profile of an account that is switched on."""
    profile = await service.get_profile(database, profile_id=profile_id)
    if profile is None:
        raise ProfileNotFound
    return profile


@raises(ProfileNotFound)
async def valid_username(
    username: Annotated[auth_schemas.Username, Path()], database: DbReads
) -> ProfileResponse:
    """The same by the account's user name."""
    profile = await service.get_profile_of(database, username=username)
    if profile is None:
        raise ProfileNotFound
    return profile


ValidProfile = Annotated[ProfileResponse, Depends(valid_profile_id)]
NamedProfile = Annotated[ProfileResponse, Depends(valid_username)]


@raises(NotACreator)
async def valid_creator_id(profile: ValidProfile) -> ProfileResponse:
    """The profile of a creator: routes name it `profile_id` too, so that this can be chained."""
    if not profile.is_creator:
        raise NotACreator
    return profile


ValidCreator = Annotated[ProfileResponse, Depends(valid_creator_id)]


async def own_profile(user: auth_dependencies.CurrentUser, database: DbReads) -> ProfileResponse:
    profile = await service.get_profile(database, profile_id=user.id)
    if profile is None:
        raise auth_exceptions.SessionEnded
    return profile


OwnProfile = Annotated[
    ProfileResponse, Security(own_profile, scopes=[auth_constants.Scope.ACCOUNT_READ])
]
Writer = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.PROFILES_WRITE]),
]
Follower = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.FOLLOWS_WRITE]),
]
FeedReader = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_current_active_user, scopes=[auth_constants.Scope.FEED_READ]),
]
