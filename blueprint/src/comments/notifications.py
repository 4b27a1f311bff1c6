"""Who is told of a comment: each of them once, and nobody of what they may not see.

They are told of the post, by its title: nothing is kept of a comment, which may be removed.
"""

from collections.abc import Iterable, Mapping

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from src.comments.models import Comment, CommentMention
from src.notifications import constants as notification_constants
from src.notifications import schemas as notification_schemas
from src.notifications import service as notification_service
from src.posts import constants as posts_constants
from src.posts import service as posts_service

Kind = notification_constants.Kind

# Somebody of whom several are true is told the first that they want to hear of.
KINDS = (Kind.REPLY_ADDED, Kind.COMMENT_ADDED, Kind.MENTIONED)


async def tell_of_comment(
    session: AsyncSession, comment: Comment, *, replied_to: int | None, mentioned: Iterable[int]
) -> None:
    """Tell of a new comment: whom it replies to, the author of the post, and whom it mentions."""
    author_id, title, status = await posts_service.get_heading(session, post_id=comment.post_id)
    recipients: dict[Kind, Iterable[int]] = {Kind.COMMENT_ADDED: [author_id]}
    if status is posts_constants.PostStatus.PUBLISHED:
        recipients[Kind.MENTIONED] = mentioned
        if replied_to is not None:
            recipients[Kind.REPLY_ADDED] = [replied_to]
    await _tell(session, comment, title, recipients)


async def tell_of_mentions(
    session: AsyncSession, comment: Comment, *, mentioned: Iterable[int]
) -> None:
    """Tell of a change: whom the comment mentions now, and has not mentioned until now."""
    _, title, status = await posts_service.get_heading(session, post_id=comment.post_id)
    if status is not posts_constants.PostStatus.PUBLISHED:
        return
    mentions = select(CommentMention.user_id).where(col(CommentMention.comment_id) == comment.id)
    known = set((await session.exec(mentions)).all())
    new = [user_id for user_id in mentioned if user_id not in known]
    await _tell(session, comment, title, {Kind.MENTIONED: new})


async def forget_comment(session: AsyncSession, *, comment_id: int) -> None:
    """Have nobody hear any more of a comment that was removed."""
    await notification_service.forget(session, caused=KINDS, thing_id=comment_id)


async def _tell(
    session: AsyncSession,
    comment: Comment,
    title: str,
    recipients: Mapping[Kind, Iterable[int]],
) -> None:
    subject = notification_schemas.Subject(comment.post_id, title, f"/comments/{comment.id}")
    for kind in KINDS:
        await notification_service.notify_all(
            session,
            kind=kind,
            user_ids=recipients.get(kind, ()),
            actor_id=comment.author_id,
            subject=subject,
            source_id=comment.id,
            unless=KINDS,
        )
