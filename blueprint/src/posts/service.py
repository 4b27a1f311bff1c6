"""What can be done with posts."""

import json
import logging
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import exceptions as auth_exceptions
from src.database import Database, fetch_one_in
from src.models import utc_now
from src.notifications import constants as notification_constants  # [notifications]
from src.notifications import schemas as notification_schemas  # [notifications]
from src.notifications import service as notification_service  # [notifications]
from src.pagination import Key, Page, decode_cursor, encode_cursor
from src.posts.constants import PostSort, PostStatus
from src.posts.exceptions import PostNotFound, RelevanceNeedsSearch
from src.posts.models import Post, PostLike
from src.posts.schemas import (
    PostCreate,
    PostFilters,
    PostResponse,
    PostSummary,
    PostUpdate,
    VisiblePost,
)
from src.posts.statements import VISIBLE_POST, post_page

logger = logging.getLogger(__name__)

_summaries = TypeAdapter(list[PostSummary])


async def get_visible_post(
    database: Database, *, post_id: int, viewer_id: int | None
) -> VisiblePost | None:
    """A published post, or a draft of the viewer's own."""
    row = await database.fetch_one(VISIBLE_POST, post_id=post_id, viewer_id=viewer_id)
    return VisiblePost.model_validate(dict(row)) if row else None


async def get_posts_with_stats(database: Database, *, filters: PostFilters) -> Page[PostSummary]:
    """A page of published posts with author and like count.

    Raises:
        RelevanceNeedsSearch: sorted by relevance to nothing.
        InvalidCursor: the cursor belongs to another list.
    """
    if filters.search:
        return await search_posts(database, filters=filters)
    if filters.sort is PostSort.RELEVANCE:
        raise RelevanceNeedsSearch
    return await _get_page(database, filters, filters.sort or PostSort.NEWEST)


async def search_posts(database: Database, *, filters: PostFilters) -> Page[PostSummary]:
    """A page of the published posts that match `filters.search`, the best first.

    The search has the syntax of web search engines.
    https://www.postgresql.org/docs/current/textsearch-controls.html

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    return await _get_page(database, filters, filters.sort or PostSort.RELEVANCE)


async def create_post(
    session: AsyncSession, *, author_id: int, author: str, new: PostCreate
) -> PostResponse:
    """Make a post by `author_id`, whose user name is `author`.

    Raises:
        SessionEnded: the account has been deleted meanwhile.
    """
    published_at = utc_now() if new.status is PostStatus.PUBLISHED else None
    post = Post(**new.model_dump(), author_id=author_id, published_at=published_at)
    session.add(post)
    try:
        await session.flush()
    except IntegrityError as error:  # the account has been deleted meanwhile
        raise auth_exceptions.SessionEnded from error
    return PostResponse.model_validate({**post.model_dump(), "author": author, "like_count": 0})


async def update_post(session: AsyncSession, *, post_id: int, changes: PostUpdate) -> PostResponse:
    """Change what was given. Publishing for the first time dates the post.

    Raises:
        PostNotFound: it has been deleted meanwhile.
    """
    post = await session.get(Post, post_id, with_for_update=True)
    if post is None:
        raise PostNotFound
    post.sqlmodel_update(changes.model_dump(exclude_unset=True))
    if post.status is PostStatus.PUBLISHED and post.published_at is None:
        post.published_at = utc_now()
    await session.flush()
    row = await fetch_one_in(session, VISIBLE_POST, post_id=post_id, viewer_id=post.author_id)
    return PostResponse.model_validate(row)


async def delete_post(session: AsyncSession, *, post_id: int) -> None:
    """Delete a post with its likes. It does not matter whether it still exists."""
    await (await session.connection()).execute(delete(Post).where(col(Post.id) == post_id))
    # [notifications]
    await notification_service.forget(
        session, about=(notification_constants.Kind.POST_LIKED,), thing_id=post_id
    )
    # [/notifications]


async def like_post(session: AsyncSession, *, post: VisiblePost, user_id: int) -> None:
    """Like a post; again is the same as once.

    Raises:
        PostNotFound: it has been deleted meanwhile.
    """
    like = insert(PostLike).values(post_id=post.id, user_id=user_id).on_conflict_do_nothing()
    try:
        await (await session.connection()).execute(like)
    except IntegrityError as error:
        raise PostNotFound from error
    # [notifications]
    await notification_service.notify(
        session,
        kind=notification_constants.Kind.POST_LIKED,
        user_id=post.author_id,
        actor_id=user_id,
        subject=notification_schemas.Subject(post.id, post.title, f"/posts/{post.id}"),
    )
    # [/notifications]


async def unlike_post(session: AsyncSession, *, post_id: int, user_id: int) -> None:
    """Take a like back; without one there is nothing to do."""
    await (await session.connection()).execute(
        delete(PostLike).where(col(PostLike.post_id) == post_id, col(PostLike.user_id) == user_id)
    )
    # [notifications]
    await notification_service.withdraw(
        session,
        kind=notification_constants.Kind.POST_LIKED,
        subject_id=post_id,
        actor_id=user_id,
    )
    # [/notifications]


async def log_access(*, user_id: int, post_id: int) -> None:
    """Note that an author has opened a post of theirs."""
    logger.info("User %d opened post %d", user_id, post_id)


async def _get_page(database: Database, filters: PostFilters, sort: PostSort) -> Page[PostSummary]:
    belongs_to = json.dumps(["posts", sort, filters.author, filters.search])
    statement = post_page(
        sort=sort,
        by_author=filters.author is not None,
        searching=filters.search is not None,
        continued=filters.cursor is not None,
    )
    values: dict[str, Any] = {"page_size": filters.limit + 1}
    if filters.author:
        values["author"] = filters.author
    if filters.search:
        values["search"] = filters.search
    if filters.cursor is not None:
        place, values["id"] = decode_cursor(filters.cursor, belongs_to=belongs_to)
        values["rank" if sort is PostSort.RELEVANCE else "at"] = place
    rows = await database.fetch(statement, **values)
    items = [dict(row) for row in rows[: filters.limit]]
    next_cursor = None
    if len(rows) > filters.limit:
        last = items[-1]
        key: Key = (last["rank" if sort is PostSort.RELEVANCE else "published_at"], last["id"])
        next_cursor = encode_cursor(key, belongs_to=belongs_to)
    return Page[PostSummary](items=_summaries.validate_python(items), next_cursor=next_cursor)
