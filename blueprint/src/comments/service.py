"""What can be done with comments.

Whoever writes locks in one order: accounts, the post, then comments. Deleting an account or a post
goes the same way, so that they wait for one another instead of for ever.
"""

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import constants as auth_constants
from src.auth import schemas as auth_schemas
from src.auth import service as auth_service
from src.comments import notifications  # [notifications]
from src.comments.constants import DEPTH_MAX, RemovedBy
from src.comments.exceptions import (
    CommentNotFound,
    CommentRemoved,
    ParentNotFound,
    ThreadTooDeep,
)
from src.comments.mentions import mentioned_names
from src.comments.models import Comment, CommentMention
from src.comments.schemas import (
    CommentCreate,
    CommentOwners,
    CommentPage,
    CommentResponse,
    CommentUpdate,
    ThreadComment,
    VisibleComment,
)
from src.comments.statements import ONE_COMMENT, REMOVABLE_COMMENT, VISIBLE_COMMENT
from src.comments.threads import get_threads, with_more
from src.database import Database, fetch_one_in
from src.models import utc_now
from src.pagination import Page, PageParams
from src.posts import service as posts_service

_MODERATORS = {auth_constants.Role.MODERATOR, auth_constants.Role.ADMIN}


async def get_visible_comment(
    database: Database, *, comment_id: int, viewer_id: int | None
) -> VisibleComment | None:
    """A comment under a post that the viewer may see."""
    row = await database.fetch_one(VISIBLE_COMMENT, comment_id=comment_id, viewer_id=viewer_id)
    return VisibleComment.model_validate(dict(row)) if row else None


async def get_removable_comment(
    database: Database, *, comment_id: int, viewer_id: int
) -> CommentOwners | None:
    """Whose a comment is that the viewer wrote, or under a post that they may see."""
    row = await database.fetch_one(REMOVABLE_COMMENT, comment_id=comment_id, viewer_id=viewer_id)
    return CommentOwners(**row) if row else None


async def get_comments(database: Database, *, post_id: int, params: PageParams) -> CommentPage:
    """A page of the threads under a post, each with its replies.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    rows, next_cursor = await get_threads(database, params, post_id=post_id)
    return CommentPage(
        items=with_more(rows),
        next_cursor=next_cursor,
        comment_count=rows[0]["comment_count"] if rows else 0,
    )


async def get_comment_thread(
    database: Database, *, comment: CommentResponse, params: PageParams
) -> Page[ThreadComment]:
    """A comment, and a page of the replies to it, each with those below it.

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    rows, next_cursor = await get_threads(
        database, params, post_id=comment.post_id, parent_id=comment.id
    )
    if params.cursor is None:
        rows = [comment.model_dump(), *rows]
    return Page[ThreadComment](items=with_more(rows), next_cursor=next_cursor)


async def create_comment(
    session: AsyncSession, *, post_id: int, author_id: int, new: CommentCreate
) -> CommentResponse:
    """Comment on a post, or reply to another comment.

    Raises:
        SessionEnded: the account has been deleted meanwhile.
        PostNotFound: the post has been deleted meanwhile.
        ParentNotFound: there is no such comment under the post.
        CommentRemoved: what it replies to was removed.
        ThreadTooDeep: what it replies to is as deep in its thread as can be.
    """
    mentioned = await auth_service.keep_accounts(
        session, user_id=author_id, usernames=mentioned_names(new.body)
    )
    await posts_service.keep_post(session, post_id=post_id)
    depth = 0
    replied_to: int | None = None  # [notifications]
    if new.parent_id is not None:
        parent = await _count_reply(session, post_id=post_id, parent_id=new.parent_id)
        depth = parent.depth + 1
        replied_to = parent.author_id  # [notifications]
    comment = Comment(**new.model_dump(), post_id=post_id, author_id=author_id, depth=depth)
    session.add(comment)
    await session.flush()
    await _set_mentions(session, comment.id, mentioned)
    # [notifications]
    await notifications.tell_of_comment(
        session, comment, replied_to=replied_to, mentioned=mentioned
    )
    # [/notifications]
    return await _as_written(session, comment.id)


async def update_comment(
    session: AsyncSession, *, comment_id: int, author_id: int, changes: CommentUpdate
) -> CommentResponse:
    """Change what was given, and whom it mentions.

    Raises:
        SessionEnded: the account has been deleted meanwhile.
        CommentNotFound: it has been deleted meanwhile, with its post.
        CommentRemoved: it was removed.
    """
    mentioned = await auth_service.keep_accounts(
        session, user_id=author_id, usernames=mentioned_names(changes.body or "")
    )
    comment = await session.get(Comment, comment_id, with_for_update={"key_share": True})
    if comment is None:
        raise CommentNotFound
    if comment.removed_at is not None:
        raise CommentRemoved
    if "body" in changes.model_fields_set and changes.body != comment.body:
        comment.body, comment.edited_at = changes.body, utc_now()
        await session.flush()
        # [notifications]
        await notifications.tell_of_mentions(session, comment, mentioned=mentioned)
        # [/notifications]
        await _set_mentions(session, comment_id, mentioned)
    return await _as_written(session, comment_id)


async def remove_comment(
    session: AsyncSession, *, comment_id: int, remover_id: int, removed_by: RemovedBy
) -> None:
    """Take a comment's text away; its place stays. One that was removed stays as it is.

    Raises:
        SessionEnded: the account has been deleted meanwhile.
    """
    await auth_service.keep_accounts(session, user_id=remover_id)
    removal = (
        update(Comment)
        .where(col(Comment.id) == comment_id, col(Comment.removed_at).is_(None))
        .values(body=None, removed_at=utc_now(), removed_by=removed_by, remover_id=remover_id)
    )
    await (await session.connection()).execute(removal)
    await _set_mentions(session, comment_id, [])
    await notifications.forget_comment(session, comment_id=comment_id)  # [notifications]


def role_in_removal(
    comment: CommentOwners, *, user: auth_schemas.AuthenticatedUser
) -> RemovedBy | None:
    """As whom somebody may remove a comment, if at all."""
    if user.id == comment.author_id:
        return RemovedBy.AUTHOR
    if user.id == comment.post_author_id:
        return RemovedBy.POST_AUTHOR
    return RemovedBy.MODERATOR if user.role in _MODERATORS else None


async def _count_reply(session: AsyncSession, *, post_id: int, parent_id: int) -> Any:
    """Count one more reply to a comment, which locks it; what it is like."""
    counted = (
        update(Comment)
        .where(col(Comment.id) == parent_id, col(Comment.post_id) == post_id)
        .values(reply_count=col(Comment.reply_count) + 1)
        .returning(
            col(Comment.depth),
            col(Comment.removed_at),
            col(Comment.author_id),  # [notifications]
        )
    )
    parent = (await (await session.connection()).execute(counted)).first()
    if parent is None:
        raise ParentNotFound
    if parent.removed_at is not None:
        raise CommentRemoved
    if parent.depth >= DEPTH_MAX:
        raise ThreadTooDeep
    return parent


async def _set_mentions(session: AsyncSession, comment_id: int, user_ids: list[int]) -> None:
    """Have a comment mention these accounts and no others."""
    connection, mention = await session.connection(), col(CommentMention.comment_id) == comment_id
    others = col(CommentMention.user_id).not_in(user_ids)
    await connection.execute(delete(CommentMention).where(mention, others))
    if user_ids:
        rows = [{"comment_id": comment_id, "user_id": user_id} for user_id in user_ids]
        await connection.execute(insert(CommentMention).on_conflict_do_nothing(), rows)


async def _as_written(session: AsyncSession, comment_id: int) -> CommentResponse:
    row = await fetch_one_in(session, ONE_COMMENT, comment_id=comment_id)
    return CommentResponse.model_validate(row)
