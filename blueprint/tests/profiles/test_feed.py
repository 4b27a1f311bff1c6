"""`GET /feed`: the posts of the creators whom one follows, and of nobody else."""

import asyncio
from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.posts.constants import PostStatus
from src.posts.models import Post
from src.profiles import service
from src.profiles.feeds import feed_page
from src.profiles.models import Profile, ProfileFollow
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.contract import assert_problem, refused_fields
from tests.factories import FIRST_MOMENT, insert, user_row
from tests.fixtures import CreateAccount
from tests.posts.factories import post_row
from tests.profiles.factories import add_follows, add_profiles, create_creator
from tests.profiles.lists import ids_of, walk
from tests.profiles.test_profiles import switch


@pytest.fixture
async def creator(app: RunningApp) -> Account:
    return await create_creator(app)


@pytest.fixture
async def follower(reader: Account, creator: Account) -> Account:
    """Somebody who follows `creator`."""
    await add_profiles(reader)
    await add_follows(reader, creator)
    return reader


async def test_whoever_follows_nobody_has_an_empty_feed(reader: Account, creator: Account) -> None:
    await creator.writes()

    assert (await reader.client.get("/feed")).json() == {"items": [], "next_cursor": None}


async def test_a_feed_has_the_posts_as_other_lists_show_them(
    follower: Account, creator: Account, author: Account
) -> None:
    liked, unliked = await creator.writes(), await creator.writes()
    await author.likes(liked)
    await follower.likes(liked)

    items = (await follower.client.get("/feed")).json()["items"]

    assert [(item["id"], item["like_count"]) for item in items] == [(unliked.id, 0), (liked.id, 2)]
    assert items == (await follower.client.get("/posts")).json()["items"]


async def test_a_feed_mixes_creators_and_leaves_the_others_out(
    follower: Account, creator: Account, author: Account
) -> None:
    other = await create_creator(follower.app)
    await add_follows(follower, other)
    first, second = await creator.writes(), await other.writes()
    await author.writes()
    await follower.writes()
    third = await creator.writes()

    assert await ids_of(follower.client, "/feed") == [third.id, second.id, first.id]


async def test_drafts_and_hidden_posts_are_in_no_feed(follower: Account, creator: Account) -> None:
    await creator.writes(status="draft")
    hidden, shown = await creator.writes(), await creator.writes()
    await creator.client.patch(f"/posts/{hidden.id}", json={"status": "draft"})

    assert await ids_of(follower.client, "/feed") == [shown.id]


async def test_a_feed_changes_at_once_with_whom_one_follows(
    reader: Account, creator: Account
) -> None:
    post = await creator.writes()
    path = f"/profiles/{creator.id}/follow"

    await reader.client.put(path)
    assert await ids_of(reader.client, "/feed") == [post.id]

    await reader.client.delete(path)
    assert await ids_of(reader.client, "/feed") == []


async def test_who_is_a_creator_no_longer_feeds_nobody(follower: Account, creator: Account) -> None:
    post = await creator.writes()

    await creator.client.patch("/users/me/profile", json={"is_creator": False})
    assert await ids_of(follower.client, "/feed") == []

    await creator.client.patch("/users/me/profile", json={"is_creator": True})
    assert await ids_of(follower.client, "/feed") == [post.id]


async def test_who_is_switched_off_feeds_nobody(follower: Account, creator: Account) -> None:
    await creator.writes()

    await switch(creator, is_active=False)

    assert await ids_of(follower.client, "/feed") == []


async def test_who_is_not_verified_may_read_their_feed(create: CreateAccount) -> None:
    unverified = await create(email_verified_at=None)

    assert (await unverified.client.get("/feed")).status_code == 200


async def test_pages_hold_each_post_once(follower: Account, creator: Account) -> None:
    other = await create_creator(follower.app)
    await add_follows(follower, other)
    rows = [
        post_row(account.id, published_at=FIRST_MOMENT)
        for _ in range(4)
        for account in (creator, other)
    ]
    await insert(follower.app.state["database"], *rows)

    one_page = await walk(follower.client, "/feed", limit=100)

    assert [item["id"] for item in one_page] == sorted((row.id for row in rows), reverse=True)
    for limit in (1, 3, 8):
        assert await walk(follower.client, "/feed", limit=limit) == one_page


async def test_posts_that_appear_and_vanish_neither_repeat_nor_hide_others(
    follower: Account, creator: Account
) -> None:
    other = await create_creator(follower.app)
    await add_follows(follower, other)
    there_all_the_time = {(await it.writes()).id for _ in range(15) for it in (creator, other)}
    is_walked = asyncio.Event()

    async def keep_writing() -> None:
        while not is_walked.is_set():
            post = await other.writes()
            await other.client.delete(f"/posts/{post.id}")
            await creator.writes(published_at=FIRST_MOMENT)
            await creator.writes()

    writing = asyncio.create_task(keep_writing())
    ids = await ids_of(follower.client, "/feed", limit=4)
    is_walked.set()
    await writing

    assert len(ids) == len(set(ids)), "none repeats"
    assert there_all_the_time <= set(ids), "none is hidden"


async def test_a_cursor_is_good_for_ones_own_feed_alone(
    follower: Account, creator: Account, author: Account
) -> None:
    for _ in range(2):
        await creator.writes()
    page = (await follower.client.get("/feed", params={"limit": 1})).json()
    params = {"cursor": page["next_cursor"]}

    assert (await follower.client.get("/feed", params=params)).status_code == 200
    for client, path in ((author.client, "/feed"), (follower.client, "/posts")):
        assert_problem(await client.get(path, params=params), 400, "invalid_cursor")
    made_up = await follower.client.get("/feed", params={"cursor": "made-up"})
    assert_problem(made_up, 400, "invalid_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_an_impossible_limit_is_refused(reader: Account, limit: str) -> None:
    response = await reader.client.get("/feed", params={"limit": limit})

    assert refused_fields(response) == {"/query/limit"}


class Writing(NamedTuple):
    """A generated author with the moments (in minutes) and states of their posts."""

    is_followed: bool
    is_creator: bool
    is_active: bool
    posts: list[tuple[int, PostStatus]]


mostly = st.sampled_from([True, True, True, False])
posts = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([*[PostStatus.PUBLISHED] * 3, PostStatus.DRAFT])),
    max_size=8,
)
writings = st.lists(st.builds(Writing, mostly, mostly, mostly, posts), max_size=6)


async def write(app: RunningApp, reader: Account, writings: list[Writing]) -> list[Post]:
    """Insert the authors and their posts; those that belong into the reader's feed."""
    authors = [user_row(is_active=writing.is_active) for writing in writings]
    await insert(app.state["database"], *authors)
    belong: list[Post] = []
    for author, writing in zip(authors, writings, strict=True):
        profile = Profile(user_id=author.id, is_creator=writing.is_creator)
        posts = [
            post_row(author.id, status=status, published_at=FIRST_MOMENT + timedelta(minutes=at))
            for at, status in writing.posts
        ]
        await insert(app.state["database"], profile, *posts)
        if writing.is_followed:
            follow = ProfileFollow(follower_id=reader.id, creator_id=author.id)
            await insert(app.state["database"], follow)
        if writing.is_followed and writing.is_creator and writing.is_active:
            belong += [post for post in posts if post.status is PostStatus.PUBLISHED]
    return belong


@settings(max_examples=settings().max_examples // 2)
@given(writings=writings, limit=st.integers(1, 4), many=st.integers(0, 3), latest=st.integers(1, 9))
async def test_any_feed_is_what_a_look_at_every_post_would_find(
    app: RunningApp, writings: list[Writing], limit: int, many: int, latest: int
) -> None:
    reader = await create_account(app)
    await add_profiles(reader)
    expected = await write(app, reader, writings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "FEED_PAGE", feed_page(many=many, latest=latest))
        ids = await ids_of(reader.client, "/feed", limit=limit)

    expected.sort(key=lambda post: (post.published_at, post.id), reverse=True)
    assert ids == [post.id for post in expected]
