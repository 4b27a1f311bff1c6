"""Comments by the id in a path, and who may write, change and remove them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security

from src.auth import constants as auth_constants
from src.auth import dependencies as auth_dependencies
from src.auth import schemas as auth_schemas
from src.comments import service
from src.comments.config import comments_settings
from src.comments.constants import RemovedBy
from src.comments.exceptions import CommentNotFound, NotCommentAuthor, NotCommentModerator
from src.comments.schemas import CommentCreate, CommentUpdate, VisibleComment
from src.database import DatabaseUnavailable, DbReads
from src.exceptions import TooManyRequests, raises
from src.limits import Limits
from src.posts import dependencies as posts_dependencies
from src.posts import schemas as posts_schemas
from src.schemas import PathId


@raises(CommentNotFound, DatabaseUnavailable)
async def valid_comment_id(
    database: DbReads, comment_id: PathId, viewer: auth_dependencies.OptionalUser
) -> VisibleComment:
    """A comment under a post that the viewer may see."""
    comment = await service.get_visible_comment(
        database, comment_id=comment_id, viewer_id=auth_dependencies.viewer_id(viewer)
    )
    if comment is None:
        raise CommentNotFound
    return comment


ValidComment = Annotated[VisibleComment, Depends(valid_comment_id)]


@raises(NotCommentAuthor)
async def valid_owned_comment(
    user: auth_dependencies.CurrentUser, comment: ValidComment
) -> VisibleComment:
    """A comment that the current user wrote."""
    if comment.author_id != user.id:
        raise NotCommentAuthor
    return comment


@dataclass(frozen=True)
class Removal:
    """Who takes which comment away, and in which role."""

    comment_id: int
    remover_id: int
    removed_by: RemovedBy


@raises(CommentNotFound, NotCommentModerator, DatabaseUnavailable)
async def valid_removal(
    user: auth_dependencies.CurrentUser, database: DbReads, comment_id: PathId
) -> Removal:
    """A comment of one's own, under a post of one's own, or anybody's for a moderator.

    One's own can be removed even where the post is back to a draft, which hides it.
    """
    comment = await service.get_removable_comment(
        database, comment_id=comment_id, viewer_id=user.id
    )
    if comment is None:
        raise CommentNotFound
    removed_by = service.role_in_removal(comment, user=user)
    if removed_by is None:
        raise NotCommentModerator
    return Removal(comment_id, user.id, removed_by)


@raises(TooManyRequests)
async def limited_comment(
    new: CommentCreate, user: auth_dependencies.VerifiedUser, limits: Limits
) -> CommentCreate:
    """What one account writes is limited; what was refused for its form does not count."""
    await limits.spend(comments_settings.write_limit, "comments", str(user.id))
    return new


@raises(TooManyRequests)
async def limited_change(
    changes: CommentUpdate, user: auth_dependencies.VerifiedUser, limits: Limits
) -> CommentUpdate:
    """A change can mention somebody else, so it counts as much as a comment."""
    await limits.spend(comments_settings.write_limit, "comments", str(user.id))
    return changes


Commenter = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.COMMENTS_WRITE]),
]
CommentedPost = Annotated[
    posts_schemas.VisiblePost,
    Security(posts_dependencies.valid_post_id, scopes=[auth_constants.Scope.COMMENTS_WRITE]),
]
ReadComment = Annotated[
    VisibleComment, Security(valid_comment_id, scopes=[auth_constants.Scope.POSTS_READ])
]
OwnComment = Annotated[
    VisibleComment, Security(valid_owned_comment, scopes=[auth_constants.Scope.COMMENTS_WRITE])
]
LimitedComment = Annotated[
    CommentCreate, Security(limited_comment, scopes=[auth_constants.Scope.COMMENTS_WRITE])
]
LimitedChange = Annotated[
    CommentUpdate, Security(limited_change, scopes=[auth_constants.Scope.COMMENTS_WRITE])
]
AllowedRemoval = Annotated[
    Removal, Security(valid_removal, scopes=[auth_constants.Scope.COMMENTS_WRITE])
]
