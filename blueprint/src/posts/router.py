"""Posts: listed, read, written and liked."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response, status

from src.cache.reading import PublicCache
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.media import exceptions as media_exceptions  # [media]
from src.pagination import InvalidCursor, Page
from src.posts import service
from src.posts.dependencies import (
    ChangeOwnPost,
    LikedPost,
    Liker,
    Reader,
    ReadOwnPost,
    ReadPost,
    Writer,
)
from src.posts.exceptions import RelevanceNeedsSearch
from src.posts.schemas import PostCreate, PostFilters, PostResponse, PostSummary, PostUpdate
from src.redis import RedisClient

router = APIRouter(tags=["Posts"])

IF_NONE_MATCH = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "An `ETag` of this post that the client has",
        }
    ]
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has this version already (`If-None-Match`)"}
}


# Routes are tried in this order: the busiest first.
@router.get(
    "/posts/{post_id}",
    response_model=PostResponse,
    responses=NOT_MODIFIED,
    openapi_extra=IF_NONE_MATCH,
    summary="Read a post",
)
async def get_post(request: Request, post: ReadPost) -> Response:
    """A draft is there for its author alone. Send the `ETag` back to hear only of changes."""
    if_none_match = request.headers.get("if-none-match")
    content = post.model_dump_json().encode()
    tag = _entity_tag(content)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Authorization"}
    if if_none_match and (if_none_match.strip() == "*" or tag in if_none_match):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


@router.get("/posts", response_model=Page[PostSummary], summary="List or search published posts")
@raises(InvalidCursor, RelevanceNeedsSearch)
async def get_posts(
    database: DbReads, cache: PublicCache, filters: Annotated[PostFilters, Query()]
) -> Response:
    """Pages are joined by `next_cursor`: new posts neither repeat nor hide others.

    A page of a search may be short, or even empty, and have a `next_cursor`: so far it has looked,
    and there are more posts to look through. Go on until it is null.
    """
    content = await service.get_posts_as_json(database, cache, filters=filters)
    return Response(content, media_type="application/json")


@router.post("/posts", status_code=status.HTTP_201_CREATED, summary="Write a post")
@raises(media_exceptions.MediaNotUsable)  # [media]
async def create_post(
    user: Writer, new: PostCreate, session: DbSession, redis: RedisClient
) -> PostResponse:
    return await service.create_post(
        session, redis, author_id=user.id, author=user.username, new=new
    )


@router.patch("/posts/{post_id}", summary="Change a post of one's own")
@raises(media_exceptions.MediaNotUsable)  # [media]
async def update_post(
    post: ChangeOwnPost, changes: PostUpdate, session: DbSession, redis: RedisClient
) -> PostResponse:
    """Fields that are left out stay as they are."""
    return await service.update_post(session, redis, post=post, changes=changes)


@router.delete(
    "/posts/{post_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete a post of one's own",
)
async def delete_post(post: ChangeOwnPost, session: DbSession, redis: RedisClient) -> None:
    await service.delete_post(session, redis, post_id=post.id)


@router.put("/posts/{post_id}/like", status_code=status.HTTP_204_NO_CONTENT, summary="Like a post")
async def like_post(user: Liker, post: LikedPost, session: DbSession, redis: RedisClient) -> None:
    """Liking twice is the same as liking once."""
    await service.like_post(session, redis, post=post, user_id=user.id)


@router.delete(
    "/posts/{post_id}/like", status_code=status.HTTP_204_NO_CONTENT, summary="Take a like back"
)
async def unlike_post(user: Liker, post: LikedPost, session: DbSession, redis: RedisClient) -> None:
    await service.unlike_post(session, redis, post_id=post.id, user_id=user.id)


@router.get(
    "/users/me/posts/{post_id}",
    response_model=PostResponse,
    summary="Read a post of one's own",
)
async def get_user_post(post: ReadOwnPost, user: Reader, tasks: BackgroundTasks) -> Any:
    """Also a draft. The access is logged after the response was sent."""
    tasks.add_task(service.log_access, user_id=user.id, post_id=post.id)
    return post


def _entity_tag(content: bytes) -> str:
    """A strong validator of a representation (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
