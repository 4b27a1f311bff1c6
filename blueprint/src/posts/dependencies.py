"""Posts by the id in a path: only those that exist, and that the one who asks may see or change."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import SecurityScopes

from src.auth import constants as auth_constants
from src.auth import dependencies as auth_dependencies
from src.auth import schemas as auth_schemas
from src.database import DatabaseUnavailable, get_database
from src.exceptions import raises
from src.posts import service
from src.posts.exceptions import NotPostOwner, PostNotFound
from src.posts.schemas import VisiblePost
from src.schemas import PathId


@raises(PostNotFound, DatabaseUnavailable)
async def valid_post_id(
    request: Request, post_id: PathId, viewer: auth_dependencies.OptionalUser
) -> VisiblePost:
    """A post that the viewer may see: a draft is there for its author alone."""
    # Asked for directly: on the hottest path each further dependency is felt.
    database = await get_database(request)
    post = await service.get_visible_post(
        database, post_id=post_id, viewer_id=auth_dependencies.viewer_id(viewer)
    )
    if post is None:
        raise PostNotFound
    return post


@raises(PostNotFound, *auth_dependencies.BEARER_ERRORS)
class VisiblePostBearer(auth_dependencies.OptionalUserBearer):
    """The same in one dependency with who the viewer is, for the hottest route of all."""

    async def __call__(  # type: ignore[override]
        self, request: Request, post_id: PathId, needed: SecurityScopes
    ) -> VisiblePost:
        return await valid_post_id(request, post_id, await self.find_user(request, needed))


ValidPost = Annotated[VisiblePost, Depends(valid_post_id)]
ReadPost = Annotated[
    VisiblePost, Security(VisiblePostBearer(), scopes=[auth_constants.Scope.POSTS_READ])
]


@raises(NotPostOwner)
async def valid_owned_post(user: auth_dependencies.CurrentUser, post: ValidPost) -> VisiblePost:
    """A post that the current user wrote."""
    if post.author_id != user.id:
        raise NotPostOwner
    return post


ReadOwnPost = Annotated[
    VisiblePost, Security(valid_owned_post, scopes=[auth_constants.Scope.POSTS_READ])
]
ChangeOwnPost = Annotated[
    VisiblePost, Security(valid_owned_post, scopes=[auth_constants.Scope.POSTS_WRITE])
]

Reader = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_current_active_user, scopes=[auth_constants.Scope.POSTS_READ]),
]
Writer = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.POSTS_WRITE]),
]
Liker = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.LIKES_WRITE]),
]
LikedPost = Annotated[
    VisiblePost, Security(valid_post_id, scopes=[auth_constants.Scope.LIKES_WRITE])
]
