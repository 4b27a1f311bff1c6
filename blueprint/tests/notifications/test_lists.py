"""`GET /notifications`: one entry for all of a kind about the same, the newest first."""

import asyncio
import random
from typing import Any

from src.notifications.schemas import Subject
from tests.accounts import Account
from tests.contract import assert_problem
from tests.fixtures import CreateAccount
from tests.notifications.factories import tell


async def listed(account: Account, **params: Any) -> list[dict[str, Any]]:
    response = await account.client.get("/notifications", params=params)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def unread(account: Account) -> dict[str, int]:
    counts: dict[str, int] = (await account.client.get("/notifications/unread-count")).json()
    return counts


async def test_who_was_told_nothing_has_an_empty_list(reader: Account) -> None:
    page = (await reader.client.get("/notifications")).json()

    assert page["items"] == []
    assert page["next_cursor"] is None
    assert await unread(reader) == {"groups": 0, "notifications": 0}


async def test_deeds_about_the_same_are_one_entry(author: Account, create: CreateAccount) -> None:
    people = [await create() for _ in range(4)]
    for somebody in people:
        await tell(author, by=somebody)

    (entry,) = await listed(author)

    assert entry.pop("latest_at")
    assert entry == {
        "group": "announced.1",
        "kind": "announced",
        "text": "Subject 1",
        "path": "/subjects/1",
        "actors": [it.username for it in reversed(people[1:])],
        "actor_count": 4,
        "is_read": False,
    }
    assert await unread(author) == {"groups": 1, "notifications": 4}


async def test_nobody_is_told_of_their_own_deeds(author: Account) -> None:
    await tell(author, by=author)

    assert await listed(author) == []


async def test_a_deed_that_is_repeated_is_told_once(author: Account, reader: Account) -> None:
    for _ in range(3):
        await tell(author, by=reader)
    await asyncio.gather(*(tell(author, by=reader) for _ in range(5)))

    assert await unread(author) == {"groups": 1, "notifications": 1}


async def test_deeds_with_sources_of_their_own_are_told_apart(
    author: Account, reader: Account
) -> None:
    for source_id in (1, 2, 2):
        await tell(author, by=reader, source_id=source_id)

    assert await unread(author) == {"groups": 1, "notifications": 2}
    assert (await listed(author))[0]["actor_count"] == 1


async def test_one_sees_only_ones_own(author: Account, reader: Account) -> None:
    await tell(author)

    assert await listed(reader) == []
    assert await unread(reader) == {"groups": 0, "notifications": 0}


async def test_a_cursor_of_somebody_else_is_refused(author: Account, reader: Account) -> None:
    for subject_id in (1, 2):
        await tell(author, subject_id=subject_id)
    page = (await author.client.get("/notifications", params={"limit": 1})).json()

    response = await reader.client.get("/notifications", params={"cursor": page["next_cursor"]})

    assert_problem(response, 400, "invalid_cursor")


async def test_a_long_text_is_cut_and_kept_on_one_line(author: Account) -> None:
    await tell(author, subject_id=1)
    subject = Subject(2, "word\n" * 100, "/subjects/2")
    await tell(author, subject=subject)

    entry = (await listed(author))[0]
    assert entry["group"] == "announced.2"
    assert entry["text"].startswith("word word")
    assert entry["text"].endswith("…")
    assert len(entry["text"]) == 200


async def test_groups_and_pages_are_as_a_simple_model_has_them(
    author: Account, create: CreateAccount
) -> None:
    chance = random.Random(7)
    people = [await create() for _ in range(6)]
    groups: dict[int, list[str]] = {}  # the names of a group, the last one last
    is_read: dict[int, bool] = {}
    for _ in range(120):
        subject_id, somebody = chance.randint(1, 12), chance.choice(people)
        if chance.random() < 0.2:
            response = await author.client.put(f"/notifications/announced.{subject_id}/read")
            assert response.status_code == (204 if subject_id in groups else 404)
            is_read |= {subject_id: True} if subject_id in groups else {}
        names = groups.get(subject_id, [])
        if somebody.username not in names:
            await tell(author, subject_id=subject_id, by=somebody)
            groups.pop(subject_id, None)
            groups[subject_id] = [*names, somebody.username]
            is_read[subject_id] = False
    expected = [
        (f"announced.{subject_id}", names[:-4:-1], len(names), is_read[subject_id])
        for subject_id, names in reversed(groups.items())
    ]

    for limit in (1, 5, 100):
        pages, cursor = [], None
        while True:
            params = {"limit": limit, **({"cursor": cursor} if cursor else {})}
            page = (await author.client.get("/notifications", params=params)).json()
            pages += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        seen = [(it["group"], it["actors"], it["actor_count"], it["is_read"]) for it in pages]
        assert seen == expected
    assert (await unread(author))["groups"] == list(is_read.values()).count(False)
