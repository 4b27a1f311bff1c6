"""The SQL behind reading comments. Each statement is built and compiled once."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    bindparam,
    case,
    column,
    func,
    label,
    or_,
    select,
    text,
    true,
)
from sqlmodel import col

from src.auth import service as auth_service
from src.comments.constants import COUNT_MAX
from src.comments.models import Comment, CommentMention
from src.database import Statement
from src.posts import service as posts_service

IS_THERE = col(Comment.removed_at).is_(None)
MENTIONS = func.array(
    select(auth_service.username_of(col(CommentMention.user_id)))
    .where(col(CommentMention.comment_id) == col(Comment.id))
    .order_by(col(CommentMention.user_id))
    .correlate(Comment)
    .scalar_subquery()
)
COMMENT = (
    col(Comment.id),
    col(Comment.post_id),
    col(Comment.parent_id),
    col(Comment.depth),
    label("author", case((IS_THERE, auth_service.username_of(col(Comment.author_id))))),
    col(Comment.body),
    label("mentions", MENTIONS),
    col(Comment.reply_count),
    col(Comment.created_at),
    col(Comment.edited_at),
    col(Comment.removed_by),
)
ID = bindparam("comment_id", type_=BigInteger)

# Parameter: comment_id.
ONE_COMMENT = Statement(select(*COMMENT).where(col(Comment.id) == ID))

VIEWER_ID = bindparam("viewer_id", type_=BigInteger)
IS_VISIBLE = posts_service.is_visible(col(Comment.post_id), viewer_id=VIEWER_ID)

# Parameters: comment_id, and viewer_id (None for the public).
VISIBLE_COMMENT = Statement(
    select(*COMMENT, col(Comment.author_id)).where(col(Comment.id) == ID, IS_VISIBLE)
)
# Also of the viewer's own, whatever has become of the post. Parameters: comment_id, viewer_id.
REMOVABLE_COMMENT = Statement(
    select(
        col(Comment.author_id),
        label("post_author_id", posts_service.author_of(col(Comment.post_id))),
    ).where(col(Comment.id) == ID, or_(col(Comment.author_id) == VIEWER_ID, IS_VISIBLE))
)

_COUNTED = (
    select(true())
    .where(col(Comment.post_id) == bindparam("post_id", type_=BigInteger), IS_THERE)
    .limit(COUNT_MAX)
    .correlate(None)
    .subquery()
)
COUNT = select(func.count()).select_from(_COUNTED).scalar_subquery()

# From the comments of `beginning` down, level by level. `room` says how many replies there is still
# room for; where a level has more, every comment gets its first reply before any gets its second.
_THREAD = text("""
    WITH RECURSIVE thread AS (
        SELECT id, ARRAY[id] AS path, 0 AS level, room FROM beginning
        UNION ALL
        SELECT id, path, level, greatest(room - candidates, 0)
        FROM (
            SELECT reply.id, path || reply.id AS path, level + 1 AS level, room,
                row_number() OVER (ORDER BY nth, path) AS place, count(*) OVER () AS candidates
            FROM thread CROSS JOIN LATERAL (
                SELECT id, row_number() OVER (ORDER BY id) AS nth
                FROM comment
                WHERE post_id = :post_id AND parent_id = thread.id
                ORDER BY id
                LIMIT :replies_shown
            ) AS reply
            WHERE level < :levels_shown AND room > 0
        ) AS candidate
        WHERE place <= room
    )
    SELECT id, path, level FROM thread
""")
THREAD = _THREAD.bindparams(
    bindparam("post_id", type_=BigInteger),
    bindparam("replies_shown", type_=BigInteger),
    bindparam("levels_shown", type_=Integer),
).columns(column("id", BigInteger), column("path", ARRAY(BigInteger)), column("level", Integer))


@cache
def thread_page(*, under_comment: bool, continued: bool) -> Statement:
    """Comments under a post or under one comment, each with the replies below it, depth first.

    Parameters: post_id, page_size, levels_shown, replies_shown (to one comment), thread_size (all
    replies); and where they apply parent_id, and after_id of the cursor. When there are more of
    level 0 than `page_size`, one of them comes along as the last row, without replies.
    """
    parent = col(Comment.parent_id)
    # By the parent too, all the same: only then the index is seen to be in this order.
    order = (parent, col(Comment.id))
    place = func.row_number().over(order_by=order)
    page_size = bindparam("page_size", type_=BigInteger)
    beginning = (
        select(
            col(Comment.id),
            label(
                "room",
                case((place <= page_size, bindparam("thread_size", type_=BigInteger)), else_=0),
            ),
        )
        .where(
            col(Comment.post_id) == bindparam("post_id", type_=BigInteger),
            parent == bindparam("parent_id", type_=BigInteger)
            if under_comment
            else parent.is_(None),
            col(Comment.id) > bindparam("after_id", type_=BigInteger) if continued else true(),
        )
        .order_by(*order)
        .limit(page_size + 1)
        .cte("beginning")
    )
    thread = THREAD.subquery("thread")
    page: Select[Any] = (
        select(*COMMENT, thread.c.level)
        .join_from(thread, Comment, thread.c.id == col(Comment.id))
        .add_cte(beginning)
        .order_by(thread.c.path)
    )
    return Statement(page if under_comment else page.add_columns(label("comment_count", COUNT)))
