"""Lists written the usual way: entities and what belongs to them by `selectinload`, a query each.

What SQL does best for the ORM too is left to it: counts are grouped queries, and of a long list no
more than a page is read. Threads are put together from the comments of a post.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import tuple_
from sqlalchemy.orm import relationship, selectinload
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar
from src.auth.models import User
from src.comments.models import Comment
from src.comments.schemas import CommentPage
from src.notifications import snapshots
from src.notifications.constants import NAMES_SHOWN
from src.notifications.models import Notification
from src.notifications.schemas import NotificationPage
from src.pagination import Page, encode_cursor
from src.posts.constants import PostStatus
from src.posts.models import Post, PostLike
from src.posts.schemas import PostSummary
from src.profiles.models import Profile, ProfileFollow

from usual_dependencies import CurrentUser, SessionDep

Post.author = relationship(User)
Comment.author = relationship(User, foreign_keys=[col(Comment.author_id)])
Comment.mentioned = relationship(User, secondary="comment_mention", order_by=col(User.id))
Limit = Annotated[int, Query(ge=1, le=100)]

router = APIRouter()


@router.get("/posts", response_model=Page[PostSummary])
async def get_posts(session: SessionDep, limit: Limit = 20) -> Any:
    posts = select(Post).where(Post.status == PostStatus.PUBLISHED)
    return await _page(session, posts, limit, belongs_to='["posts", "newest", null, null]')


@router.get("/feed", response_model=Page[PostSummary])
async def get_feed(session: SessionDep, user: CurrentUser, limit: Limit = 20) -> Any:
    posts = (
        select(Post)
        .join(ProfileFollow, col(ProfileFollow.creator_id) == col(Post.author_id))
        .join(Profile, col(Profile.user_id) == col(ProfileFollow.creator_id))
        .join(User, col(User.id) == col(Post.author_id))
        .where(
            ProfileFollow.follower_id == user.id,
            col(Profile.is_creator),
            col(User.is_active),
            Post.status == PostStatus.PUBLISHED,
        )
    )
    return await _page(session, posts, limit, belongs_to=f'["feed", {user.id}]')


@router.get("/posts/{post_id}/comments", response_model=CommentPage)
async def get_comments(session: SessionDep, post_id: int) -> Any:
    """All of them: the bench has no thread that is longer than a page."""
    post = await session.get(Post, post_id)
    if post is None or post.status != PostStatus.PUBLISHED:
        raise HTTPException(status_code=404)
    found = await session.exec(
        select(Comment)
        .where(Comment.post_id == post_id)
        .options(
            selectinload(Comment.author),  # type: ignore[attr-defined]
            selectinload(Comment.mentioned),  # type: ignore[attr-defined]
        )
        .order_by(col(Comment.id))
    )
    comments = found.all()
    replies: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        replies[comment.parent_id].append(comment)
    return {
        "items": list(_depth_first(replies, None)),
        "next_cursor": None,
        "comment_count": sum(comment.removed_at is None for comment in comments),
    }


@router.get("/notifications", response_model=NotificationPage)
async def get_notifications(session: SessionDep, user: CurrentUser, limit: Limit = 20) -> Any:
    as_of = (await session.exec(select(snapshots.current()))).one()
    group = (col(Notification.kind), col(Notification.subject_id))
    newest = func.max(Notification.id)
    found = await session.exec(
        select(
            newest,
            func.count(col(Notification.actor_id).distinct()),
            func.bool_and(col(Notification.read_at).is_not(None)),
        )
        .where(Notification.user_id == user.id)
        .group_by(*group)
        .order_by(newest.desc())
        .limit(limit + 1)
    )
    groups = {id_: (count, is_read) for id_, count, is_read in found}
    latest = await session.exec(
        select(Notification)
        .where(col(Notification.id).in_(groups))
        .order_by(col(Notification.id).desc())
    )
    entities = latest.all()
    actors = await _last_actors(session, user.id, [(it.kind, it.subject_id) for it in entities])
    items = [
        {
            **it.model_dump(),
            "group": f"{it.kind}.{it.subject_id}",
            "actors": actors[it.kind, it.subject_id][:NAMES_SHOWN],
            "actor_count": groups[it.id][0],
            "is_read": groups[it.id][1],
            "latest_at": it.created_at,
        }
        for it in entities[:limit]
    ]
    next_cursor = None
    if len(entities) > limit:
        belongs_to = f'["notifications", {user.id}]'
        next_cursor = encode_cursor((entities[limit - 1].id,), belongs_to=belongs_to)
    as_of_cursor = snapshots.encode_snapshot(as_of, user_id=user.id)
    return {"items": items, "next_cursor": next_cursor, "as_of": as_of_cursor}


def with_stats(post: Post, like_count: int) -> dict[str, Any]:
    author: User = post.author  # type: ignore[attr-defined]
    return {**post.model_dump(), "author": author.username, "like_count": like_count}


async def _page(
    session: AsyncSession, posts: SelectOfScalar[Post], limit: int, *, belongs_to: str
) -> dict[str, Any]:
    found = await session.exec(
        posts.options(selectinload(Post.author))  # type: ignore[attr-defined]
        .order_by(col(Post.published_at).desc(), col(Post.id).desc())
        .limit(limit + 1)
    )
    entities = found.all()
    counted = await session.exec(
        select(PostLike.post_id, func.count())
        .where(col(PostLike.post_id).in_([post.id for post in entities]))
        .group_by(col(PostLike.post_id))
    )
    counts = dict(counted.all())
    next_cursor = None
    if len(entities) > limit:
        last: Any = entities[limit - 1]
        next_cursor = encode_cursor((last.published_at, last.id), belongs_to=belongs_to)
    items = [with_stats(post, counts.get(post.id, 0)) for post in entities[:limit]]
    return {"items": items, "next_cursor": next_cursor}


def _depth_first(
    replies: dict[int | None, list[Comment]], parent_id: int | None
) -> Iterator[dict[str, Any]]:
    for comment in replies[parent_id]:
        author: User | None = comment.author  # type: ignore[attr-defined]
        yield {
            **comment.model_dump(),
            "author": author.username if author else None,
            "mentions": [user.username for user in comment.mentioned],  # type: ignore[attr-defined]
            "more_replies": comment.reply_count - len(replies[comment.id]),
            "more_cursor": None,
        }
        yield from _depth_first(replies, comment.id)


async def _last_actors(
    session: AsyncSession, user_id: int, groups: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], list[str]]:
    """User names by group, the last one first."""
    group = (col(Notification.kind), col(Notification.subject_id))
    found = await session.exec(
        select(*group, User.username, func.max(Notification.id))
        .join(User, col(User.id) == col(Notification.actor_id))
        .where(Notification.user_id == user_id, tuple_(*group).in_(groups))
        .group_by(*group, col(User.username))
        .order_by(func.max(Notification.id).desc())
    )
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, subject_id, username, _ in found:
        names[kind, subject_id].append(username)
    return names
