"""What authors are told of their posts, and what becomes of it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from src.notifications import constants as notification_constants
from src.notifications import schemas as notification_schemas
from src.notifications import service as notification_service
from src.posts.schemas import VisiblePost

Kind = notification_constants.Kind

# What is told of posts, by their titles.
KINDS = [
    Kind.POST_LIKED,
    # [comments]
    Kind.COMMENT_ADDED,
    Kind.REPLY_ADDED,
    Kind.MENTIONED,
    # [/comments]
]


async def tell_of_like(session: AsyncSession, post: VisiblePost, *, user_id: int) -> None:
    await notification_service.notify(
        session,
        kind=Kind.POST_LIKED,
        user_id=post.author_id,
        actor_id=user_id,
        subject=notification_schemas.Subject(post.id, post.title, f"/posts/{post.id}"),
    )


async def withdraw_like(session: AsyncSession, *, post_id: int, user_id: int) -> None:
    await notification_service.withdraw(
        session, kind=Kind.POST_LIKED, subject_id=post_id, actor_id=user_id
    )


async def rename_post(session: AsyncSession, *, post_id: int, title: str) -> None:
    """Have what was not read yet tell of the post by its new title."""
    await notification_service.rename(session, about=KINDS, thing_id=post_id, text=title)


async def forget_post(session: AsyncSession, *, post_id: int) -> None:
    """Have nobody hear any more of a post that is gone."""
    await notification_service.forget(session, about=KINDS, thing_id=post_id)
