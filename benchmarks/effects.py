"""Whether what was written had its effects, each of them once, as those see it whom it concerns."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
from PIL import Image

import database
from answers import Acknowledged
from letters import Mailbox
from listeners import Listener
from uploads import VARIANTS, path_of
from writers import Writer

# How often each account's posts were liked by others, and how often it was told so.
LIKES_BY_POST = """
SELECT post.author_id, post.id, count(*) AS likes
FROM post_like JOIN post ON post.id = post_id
WHERE post_like.user_id <> post.author_id
GROUP BY post.id
"""
TOLD = """
SELECT user_id, kind, subject_id, username AS actor, notification.created_at
FROM notification LEFT JOIN user_account ON user_account.id = actor_id
"""
WRONG_COUNTS = """
SELECT count(*) FROM comment AS parent
WHERE reply_count <> (SELECT count(*) FROM comment WHERE parent_id = parent.id)
"""
Gates = dict[str, bool]


async def comments_of(url: str, http: httpx2.AsyncClient, kept: Acknowledged) -> Gates:
    """Every comment stands in its thread, and every reply was counted once."""
    missing = 0
    for post_id, comment_ids in kept.threads.items():
        shown = {comment["id"] for comment in await whole_list(http, f"/posts/{post_id}/comments")}
        missing += len(set(comment_ids) - shown)
    async with database.connected(url) as connection:
        wrong = await connection.fetchval(WRONG_COUNTS)
    return {
        f"{len(kept.comments)} comments stand in their threads: {missing} do not, "
        f"{wrong} have a wrong count of replies": not (missing or wrong)
    }


async def notifications_of(url: str, writers: Iterable[Writer]) -> Gates:
    """Everybody finds each like of others in their list, once."""
    async with database.connected(url) as connection:
        likes = {row["id"]: row["likes"] for row in await connection.fetch(LIKES_BY_POST)}
    listed: dict[int, int] = {}
    twice = 0
    for writer in writers:
        for group in await whole_list(writer.http, "/notifications"):
            if group["kind"] == "post_liked":
                post_id = int(group["group"].rpartition(".")[2])
                twice += post_id in listed
                listed[post_id] = group["actor_count"]
    wrong = sum(listed.get(post_id, 0) != likes.get(post_id, 0) for post_id in likes | listed)
    return {
        f"{sum(likes.values())} likes of {len(likes)} posts are each in their author's list: "
        f"{wrong} posts are told of wrongly, {twice} twice": not (wrong or twice)
    }


async def streams_of(url: str, listeners: Iterable[Listener]) -> Gates:
    """Who has listened all the time has heard of each notification once."""
    async with database.connected(url) as connection:
        rows = await connection.fetch(TOLD)
    lost = repeated = 0
    heard, connections, refusals = 0, 0, list[str]()
    for listener in listeners:
        told = Counter(
            (f"{row['kind']}.{row['subject_id']}", row["actor"], row["created_at"])
            for row in rows
            if row["user_id"] == listener.user_id
        )
        events = Counter[tuple[str, str | None, datetime]]()
        for (group, actor, at), count in listener.events.items():
            events[group, actor, datetime.fromisoformat(at)] += count
        lost += (told - events).total()
        repeated += (events - told).total()
        heard += events.total()
        connections += listener.connections
        refusals += listener.refusals
    return {
        f"{heard} notifications came over {connections} streams, each once: {lost} did not, "
        f"{repeated} came twice or are none": bool(heard) and not (lost or repeated),
        f"streams are refused in outages only: {refusals[:3]}": not refusals,
    }


async def digests_of(url: str, mailbox: Mailbox) -> Gates:
    """Whoever has been told of something gets one e-mail about it, and nobody else does."""
    async with database.connected(url) as connection:
        rows = await connection.fetch(
            "SELECT DISTINCT email FROM notification JOIN user_account ON user_account.id = user_id"
        )
        untold = await connection.fetchval(
            "SELECT count(*) FROM notification WHERE digest_date IS NULL"
        )
    told = {row["email"] for row in rows}
    digests = mailbox.digest_ids()
    without, others = len(told - digests.keys()), len(digests.keys() - told)
    twice = sum(len(ids) > 1 for ids in digests.values())
    return {
        f"{len(digests)} digests were sent, one to everybody with news: {without} got none, "
        f"{twice} more than one, {others} had no news; {untold} notifications are in none": (
            bool(digests) and not (without or twice or others or untold)
        )
    }


async def media_of(
    url: str, storage: Path, clients: Iterable[httpx2.AsyncClient], kept: Acknowledged
) -> Gates:
    """Every image is ready with exactly its variants, and the storage holds nothing else."""
    ready: dict[int, Mapping[str, Any]] = {}
    broken = 0
    for http in clients:
        for media in await whole_list(http, "/media"):
            if media["status"] == "ready":
                ready[media["id"]] = media
                broken += not await _is_whole(http, media["image"])
    async with database.connected(url) as connection:
        rows = await connection.fetch("SELECT key, status FROM media")
    stuck = sum(row["status"] in {"processing", "rejected"} for row in rows)
    expected = {
        f"variants/{row['key']}/{name}.webp"
        for row in rows
        for name in VARIANTS
        if row["status"] == "ready"
    }
    allowed = expected | {f"uploads/{row['key']}" for row in rows if row["status"] == "pending"}
    found = {str(path.relative_to(storage)) for path in _files_below(storage)}
    unready = len(kept.media - ready.keys())
    return {
        f"{len(ready)} images are ready: {unready} acknowledged ones are not, {broken} cannot be "
        f"downloaded whole, {stuck} are stuck": bool(ready) and not (unready or broken or stuck),
        f"the storage holds their {len(expected)} variants: {len(expected - found)} are missing, "
        f"{len(found - allowed)} other files are left": (expected <= found <= allowed),
    }


async def whole_list(http: httpx2.AsyncClient, path: str) -> list[dict[str, Any]]:
    """The items of a whole list."""
    items: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 100}
    while True:
        page = (await http.get(path, params=query)).raise_for_status().json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


async def _is_whole(http: httpx2.AsyncClient, image: Mapping[str, Any]) -> bool:
    for name in VARIANTS:
        answer = await http.get(path_of(image[name]["url"]))
        if answer.status_code != httpx2.codes.OK:
            return False
        size = Image.open(io.BytesIO(answer.content)).size
        if size != (image[name]["width"], image[name]["height"]):
            return False
    return True


def _files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
