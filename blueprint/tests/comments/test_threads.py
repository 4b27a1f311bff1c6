"""Threads: what is in them, in which order, page by page, compared with a model in Python."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.comments import threads
from src.database import Database
from tests.accounts import Account
from tests.comments.factories import insert_thread
from tests.comments.model import Model, Parents
from tests.comments.reading import Item, pages, walk_everything


@st.composite
def trees(draw: st.DrawFn) -> Parents:
    """What each comment replies to: the post (None), or one that was there before it."""
    choices = draw(st.lists(st.integers(min_value=0, max_value=1000), max_size=30))
    places = [choice % (number + 1) for number, choice in enumerate(choices)]
    return [place - 1 if place else None for place in places]


@st.composite
def bounds(draw: st.DrawFn) -> dict[str, int]:
    return {
        "levels": draw(st.integers(1, 4)),
        "of_one": draw(st.integers(1, 4)),
        "in_all": draw(st.integers(1, 10)),
    }


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Any:
    def bound(levels: int, of_one: int, in_all: int) -> None:
        monkeypatch.setattr(threads, "LEVELS_SHOWN", levels)
        monkeypatch.setattr(threads, "REPLIES_SHOWN", of_one)
        monkeypatch.setattr(threads, "THREAD_SIZE", in_all)

    return bound


def numbers(items: list[Item]) -> list[int]:
    return [int(item["body"].removeprefix("Comment ")) for item in items]


@given(parents=trees(), limit=st.integers(1, 5), bounds=bounds())
async def test_a_page_is_what_the_model_says(
    author: Account,
    database: Database,
    bound: Any,
    parents: Parents,
    limit: int,
    bounds: dict[str, int],
) -> None:
    post, model = await author.writes(), Model(parents)
    comments = await insert_thread(database, post, parents)
    bound(**bounds)

    shown = [page async for page in pages(author.client, f"/posts/{post.id}/comments", limit=limit)]

    roots = model.replies(None)
    beginnings = [roots[at : at + limit] for at in range(0, len(roots), limit)] or [[]]
    assert [numbers(page) for page in shown] == [model.page(it, **bounds) for it in beginnings]
    for page in shown:
        there = numbers(page)
        for number, item in zip(there, page, strict=True):
            parent = parents[number]
            replies = model.replies(number)
            left_out = [reply for reply in replies if reply not in there]
            assert item["parent_id"] == (None if parent is None else comments[parent])
            assert item["depth"] == len(model.path(number)) - 1
            assert item["reply_count"] == len(replies)
            assert item["more_replies"] == len(left_out)
            assert (item["more_cursor"] is not None) == (0 < len(left_out) < len(replies))


@given(parents=trees(), limit=st.integers(1, 5), bounds=bounds())
async def test_a_thread_is_what_the_model_says(
    author: Account,
    database: Database,
    bound: Any,
    parents: Parents,
    limit: int,
    bounds: dict[str, int],
) -> None:
    post, model = await author.writes(), Model([None, *((it or 0) for it in parents)])
    comments = await insert_thread(database, post, model.parents)
    bound(**bounds)

    path = f"/comments/{comments[0]}/thread"
    shown = [numbers(page) async for page in pages(author.client, path, limit=limit)]

    replies = model.replies(0)
    beginnings = [replies[at : at + limit] for at in range(0, len(replies), limit)] or [[]]
    below = {**bounds, "levels": bounds["levels"] - 1}
    expected = [model.page(it, **below) for it in beginnings]
    assert shown == [[0, *expected[0]], *expected[1:]]


@given(parents=trees(), limit=st.integers(1, 5), bounds=bounds())
async def test_whatever_is_left_out_can_be_reached(
    author: Account,
    database: Database,
    bound: Any,
    parents: Parents,
    limit: int,
    bounds: dict[str, int],
) -> None:
    post, model = await author.writes(), Model(parents)
    await insert_thread(database, post, parents)
    bound(**bounds)

    found = await walk_everything(author.client, f"/posts/{post.id}/comments", limit=limit)

    assert sorted(numbers(found)) == list(range(len(parents)))
    assert sorted(numbers(found), key=model.path) == model.below(None)
