"""What the reader in the bench finds: a feed of fifty creators, a long thread, notifications."""

from dataclasses import dataclass

import database

PROFILES = """
INSERT INTO profile (user_id, display_name, bio, is_creator)
SELECT id, '', '', true FROM user_account
ON CONFLICT (user_id) DO UPDATE SET is_creator = true
"""
FOLLOWS = """
INSERT INTO profile_follow (follower_id, creator_id)
SELECT $1, author_id FROM post GROUP BY author_id ORDER BY count(*) DESC, author_id LIMIT 50
"""
POST = """
INSERT INTO post (author_id, title, body, status, published_at)
SELECT author_id, title, body, status, published_at FROM post
WHERE status = 'published' ORDER BY published_at LIMIT 1
RETURNING id
"""
# Two hundred, of which the first twenty begin a thread each and the others reply, three to one.
COMMENTS = """
WITH placed AS (
    SELECT place, first.id + place AS id,
        CASE WHEN place >= 20 THEN first.id + place / 3 END AS parent_id,
        CASE WHEN place < 20 THEN 0 WHEN place < 60 THEN 1 WHEN place < 180 THEN 2 ELSE 3
            END AS depth,
        (SELECT count(*) FROM generate_series(20, 199) AS reply WHERE reply / 3 = place) AS replies
    FROM generate_series(0, 199) AS place,
        (SELECT coalesce(max(id), 0) + 1 AS id FROM comment) AS first
), writer AS (
    SELECT array_agg(id ORDER BY id) AS ids FROM user_account
)
INSERT INTO comment (id, post_id, parent_id, depth, author_id, body, reply_count)
OVERRIDING SYSTEM VALUE
SELECT id, $1, parent_id, depth, ids[1 + place % cardinality(ids)],
    'What stands here is about as long as most comments are: ' || place, replies
FROM placed, writer
"""
# Sixty posts, each liked by four.
NOTIFICATIONS = """
INSERT INTO notification (user_id, kind, subject_id, actor_id, text, path)
SELECT $1, 'post_liked', post, actor.id, 'On computable numbers', '/posts/' || post
FROM generate_series(1, 60) AS post,
    LATERAL (SELECT id FROM user_account WHERE id <> $1 ORDER BY id OFFSET post LIMIT 4) AS actor
"""


@dataclass(frozen=True)
class Scene:
    """Who reads, and which post has the thread."""

    token: str
    thread_post_id: int


async def furnish(url: str, reader: str) -> int:
    """Set the scene for an account; the id of the post with the thread."""
    async with database.connected(url) as connection, connection.transaction():
        reader_id = await connection.fetchval(
            "SELECT id FROM user_account WHERE username = $1", reader
        )
        await connection.execute(PROFILES)
        await connection.execute(FOLLOWS, reader_id)
        post_id: int = await connection.fetchval(POST)
        await connection.execute(COMMENTS, post_id)
        await connection.execute(NOTIFICATIONS, reader_id)
    async with database.connected(url) as connection:
        await connection.execute("ANALYZE")
    return post_id
