"""What can be done with posts."""

import hashlib
import json
import logging

import sqlalchemy  # [comments | profiles]
from pydantic import TypeAdapter
from redis.asyncio import Redis
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped  # [comments]
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from src.auth import exceptions as auth_exceptions
from src.cache.constants import Tag
from src.cache.invalidation import invalidate
from src.cache.reading import Cache
from src.database import Database, fetch_one_in
from src.media import service as media_service  # [media]
from src.models import utc_now
from src.pagination import Page, split_page, start_of
from src.posts import notifications  # [notifications]
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
from src.posts.searches import page_of_matches
from src.posts.statements import (
    IS_PUBLISHED,  # [profiles]
    SUMMARIES,
    SUMMARY,  # [profiles]
    VISIBLE_POST,
    ends_of,
    post_page,
    visible_to,  # [comments]
)

logger = logging.getLogger(__name__)

_summaries = TypeAdapter(list[PostSummary])


async def get_visible_post(
    database: Database, *, post_id: int, viewer_id: int | None
) -> VisiblePost | None:
    """A published post, or a draft of the viewer's own."""
    row = await database.fetch_one(VISIBLE_POST, post_id=post_id, viewer_id=viewer_id)
    return VisiblePost.model_validate(dict(row)) if row else None


async def get_posts_as_json(database: Database, cache: Cache, *, filters: PostFilters) -> bytes:
    """The same as `get_posts_with_stats`. First pages, which most want, come from the cache.

    Raises:
        RelevanceNeedsSearch: sorted by relevance to nothing.
        InvalidCursor: the cursor belongs to another list.
    """

    async def load() -> bytes:
        page = await get_posts_with_stats(database, filters=filters)
        return page.model_dump_json().encode()

    if filters.cursor is not None:
        return await load()
    key = hashlib.blake2b(filters.model_dump_json().encode(), digest_size=16).hexdigest()
    return await cache.get(f"posts:{key}", load, tags=(Tag.POSTS, Tag.ACCOUNTS))


async def get_posts_with_stats(database: Database, *, filters: PostFilters) -> Page[PostSummary]:
    """A page of published posts with author and like count.

    Raises:
        RelevanceNeedsSearch: sorted by relevance to nothing.
        InvalidCursor: the cursor belongs to another list.
    """
    if filters.search:
        return await search_posts(database, filters=filters)
    sort = filters.sort or PostSort.NEWEST
    if sort is PostSort.RELEVANCE:
        raise RelevanceNeedsSearch
    belongs_to = _name_of(filters, sort)
    at, id_ = start_of(filters, belongs_to=belongs_to, first=ends_of(sort)[0])
    statement = post_page(sort=sort, by_author=filters.author is not None)
    values = {"author": filters.author} if filters.author else {}
    rows = await database.fetch(statement, page_size=filters.limit + 1, at=at, id=id_, **values)
    items, next_cursor = split_page(
        rows, limit=filters.limit, key=("published_at", "id"), belongs_to=belongs_to
    )
    return Page[PostSummary](items=_summaries.validate_python(items), next_cursor=next_cursor)


async def search_posts(database: Database, *, filters: PostFilters) -> Page[PostSummary]:
    """A page of the published posts that match `filters.search`, the best first.

    The search has the syntax of web search engines.
    https://www.postgresql.org/docs/current/textsearch-controls.html

    Raises:
        InvalidCursor: the cursor belongs to another list.
    """
    sort = filters.sort or PostSort.RELEVANCE
    ids, next_cursor = await page_of_matches(
        database, filters, sort, belongs_to=_name_of(filters, sort)
    )
    rows = await database.fetch(SUMMARIES, ids=ids) if ids else []
    items = _summaries.validate_python([dict(row) for row in rows])
    return Page[PostSummary](items=items, next_cursor=next_cursor)


async def create_post(
    session: AsyncSession, redis: Redis, *, author_id: int, author: str, new: PostCreate
) -> PostResponse:
    """Make a post by `author_id`, whose user name is `author`.

    Raises:
        MediaNotUsable: the cover is no ready image of theirs.  # [media]
        SessionEnded: the account has been deleted meanwhile.
    """
    # [media]
    cover = await media_service.usable(session, media_id=new.cover_id, user_id=author_id)
    # [/media]
    published_at = utc_now() if new.status is PostStatus.PUBLISHED else None
    post = Post(**new.model_dump(), author_id=author_id, published_at=published_at)
    session.add(post)
    invalidate(session, redis, Tag.POSTS)
    try:
        await session.flush()
    except IntegrityError as error:  # the account has been deleted meanwhile
        raise auth_exceptions.SessionEnded from error
    return PostResponse.model_validate(
        {
            **post.model_dump(),
            "author": author,
            "like_count": 0,
            "cover": cover,  # [media]
        }
    )


async def update_post(
    session: AsyncSession, redis: Redis, *, post: VisiblePost, changes: PostUpdate
) -> PostResponse:
    """Change what was given. Publishing for the first time dates the post.

    Raises:
        MediaNotUsable: the new cover is no ready image of theirs.  # [media]
        PostNotFound: it has been deleted meanwhile.
    """
    invalidate(session, redis, Tag.POSTS)
    # [media]
    # Images are locked before posts: who deletes one takes it from the posts that show it.
    if "cover_id" in changes.model_fields_set:
        await media_service.usable(session, media_id=changes.cover_id, user_id=post.author_id)
    # [/media]
    stored = await session.get(Post, post.id, with_for_update=True)
    if stored is None:
        raise PostNotFound
    stored.sqlmodel_update(changes.model_dump(exclude_unset=True))
    if stored.status is PostStatus.PUBLISHED and stored.published_at is None:
        stored.published_at = utc_now()
    # [notifications]
    if stored.title != post.title:
        await notifications.rename_post(session, post_id=post.id, title=stored.title)
    # [/notifications]
    await session.flush()
    row = await fetch_one_in(session, VISIBLE_POST, post_id=post.id, viewer_id=post.author_id)
    return PostResponse.model_validate(row)


async def delete_post(session: AsyncSession, redis: Redis, *, post_id: int) -> None:
    """Delete a post with its likes. It does not matter whether it still exists."""
    invalidate(session, redis, Tag.POSTS)
    await (await session.connection()).execute(delete(Post).where(col(Post.id) == post_id))
    await notifications.forget_post(session, post_id=post_id)  # [notifications]


async def like_post(
    session: AsyncSession, redis: Redis, *, post: VisiblePost, user_id: int
) -> None:
    """Like a post; again is the same as once.

    Raises:
        PostNotFound: it has been deleted meanwhile.
    """
    invalidate(session, redis, Tag.POSTS)
    like = insert(PostLike).values(post_id=post.id, user_id=user_id).on_conflict_do_nothing()
    try:
        await (await session.connection()).execute(like)
    except IntegrityError as error:
        raise PostNotFound from error
    await notifications.tell_of_like(session, post, user_id=user_id)  # [notifications]


async def unlike_post(session: AsyncSession, redis: Redis, *, post_id: int, user_id: int) -> None:
    """Take a like back; without one there is nothing to do."""
    invalidate(session, redis, Tag.POSTS)
    await (await session.connection()).execute(
        delete(PostLike).where(col(PostLike.post_id) == post_id, col(PostLike.user_id) == user_id)
    )
    # [notifications]
    await notifications.withdraw_like(session, post_id=post_id, user_id=user_id)
    # [/notifications]


# [comments]
async def keep_post(session: AsyncSession, *, post_id: int) -> None:
    """Let nobody delete a post until the transaction ends, so that rows can be added to it.

    Raises:
        PostNotFound: it has been deleted meanwhile.
    """
    kept = (
        sqlalchemy.select(col(Post.id))
        .where(col(Post.id) == post_id)
        .with_for_update(read=True, key_share=True)
    )
    if (await (await session.connection()).execute(kept)).first() is None:
        raise PostNotFound


# [notifications]
async def get_heading(session: AsyncSession, *, post_id: int) -> tuple[int, str, PostStatus]:
    """The author's id, the title and the status of a post that cannot be deleted meanwhile."""
    columns = (col(Post.author_id), col(Post.title), col(Post.status))
    heading = sqlalchemy.select(*columns).where(col(Post.id) == post_id)
    author_id, title, status = (await (await session.connection()).execute(heading)).one()
    return author_id, title, status


# [/notifications]
def is_visible(
    post_id: Mapped[int], *, viewer_id: sqlalchemy.ColumnElement[int]
) -> sqlalchemy.ColumnElement[bool]:
    """Whether a viewer sees the post for a column of post ids, inside another domain's query."""
    visible = sqlalchemy.exists().where(col(Post.id) == post_id, visible_to(viewer_id))
    return visible.correlate_except(Post)


def author_of(post_id: Mapped[int]) -> sqlalchemy.ScalarSelect[int]:
    """The author's id for a column of post ids, inside another domain's query."""
    author = sqlalchemy.select(col(Post.author_id)).where(col(Post.id) == post_id)
    return author.correlate_except(Post).scalar_subquery()


# [/comments]
async def log_access(*, user_id: int, post_id: int) -> None:
    """Note that an author has opened a post of theirs."""
    logger.info("User %d opened post %d", user_id, post_id)


# [profiles]
def published() -> sqlalchemy.Subquery:
    """The `id`, `author_id` and `published_at` of what is published, for another domain's query."""
    columns = (col(Post.id), col(Post.author_id), col(Post.published_at))
    return sqlalchemy.select(*columns).where(IS_PUBLISHED).subquery()


def summary_of(post_id: sqlalchemy.ColumnElement[int]) -> sqlalchemy.FromClause:
    """What `PostSummary` shows of the post with this id, for another domain's query."""
    # The limit is for the planner, which else might read all posts to find those of a page.
    one = sqlalchemy.literal_column("1", sqlalchemy.BigInteger)
    return sqlalchemy.select(*SUMMARY).where(col(Post.id) == post_id).limit(one).lateral()


# [/profiles]
def _name_of(filters: PostFilters, sort: PostSort) -> str:
    """The list that a cursor belongs to."""
    return json.dumps(["posts", sort, filters.author, filters.search])
