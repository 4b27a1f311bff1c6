"""Comments: read in threads, written, changed and removed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, status

from src.comments import service
from src.comments.dependencies import (
    AllowedRemoval,
    CommentedPost,
    Commenter,
    LimitedChange,
    LimitedComment,
    OwnComment,
    ReadComment,
)
from src.comments.exceptions import CommentRemoved, ParentNotFound, ThreadTooDeep
from src.comments.schemas import CommentPage, CommentResponse, ThreadComment
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.pagination import InvalidCursor, Page, PageParams
from src.posts import dependencies as posts_dependencies

router = APIRouter(tags=["Comments"])


@router.get("/posts/{post_id}/comments", summary="Read the comments under a post")
@raises(InvalidCursor)
async def get_comments(
    database: DbReads, post: posts_dependencies.ReadPost, params: Annotated[PageParams, Query()]
) -> CommentPage:
    """Threads, the oldest first, each comment followed by the replies to it.

    `limit` is for threads; replies come along. Where there are too many, `more_replies` says how
    many direct replies a comment has besides those that are here.
    """
    return await service.get_comments(database, post_id=post.id, params=params)


@router.post(
    "/posts/{post_id}/comments",
    status_code=status.HTTP_201_CREATED,
    summary="Comment on a post",
)
@raises(ParentNotFound, CommentRemoved, ThreadTooDeep)
async def create_comment(
    user: Commenter, post: CommentedPost, new: LimitedComment, session: DbSession
) -> CommentResponse:
    """With `parent_id` it is a reply to another comment."""
    return await service.create_comment(session, post_id=post.id, author_id=user.id, new=new)


@router.get(
    "/comments/{comment_id}", response_model=CommentResponse, summary="Read a single comment"
)
async def get_comment(comment: ReadComment) -> Any:
    """Of a removed one nothing but its place is left."""
    return comment


@router.get("/comments/{comment_id}/thread", summary="Read a comment with the replies to it")
@raises(InvalidCursor)
async def get_comment_thread(
    database: DbReads, comment: ReadComment, params: Annotated[PageParams, Query()]
) -> Page[ThreadComment]:
    """The comment comes first, then the replies to it, the oldest first, each with those below it.

    `limit` is for direct replies, which further pages go on with.
    """
    return await service.get_comment_thread(database, comment=comment, params=params)


@router.patch("/comments/{comment_id}", summary="Change a comment of one's own")
@raises(CommentRemoved)
async def update_comment(
    comment: OwnComment, user: Commenter, changes: LimitedChange, session: DbSession
) -> CommentResponse:
    """What is mentioned is looked for anew."""
    return await service.update_comment(
        session, comment_id=comment.id, author_id=user.id, changes=changes
    )


@router.delete(
    "/comments/{comment_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Remove a comment"
)
async def remove_comment(removal: AllowedRemoval, session: DbSession) -> None:
    """For its author, the author of the post, and moderators. The replies to it stay.

    Its author can do so even where the post is back to a draft, and the comment not to be seen.
    """
    await service.remove_comment(
        session,
        comment_id=removal.comment_id,
        remover_id=removal.remover_id,
        removed_by=removal.removed_by,
    )
