"""The daily e-mail: what is new, once, to whom it is welcome."""

from typing import Any

import pytest
from sqlalchemy import text

from src.database import Database
from src.emails import service as email_service
from src.notifications import digest
from src.notifications.constants import Channel, Kind
from src.notifications.schemas import Subject
from tests.accounts import Account
from tests.fixtures import CreateAccount
from tests.notifications.factories import tell
from tests.outbox import Outbox


async def a_day_passes(database: Database) -> None:
    async with database.engine.begin() as connection:
        for table in ("notification_digest", "notification"):
            await connection.execute(text(f"UPDATE {table} SET digest_date = digest_date - 1"))


async def subjects(outbox: Outbox, account: Account) -> list[str]:
    return [letter.text for letter in await outbox.letters(account.user.email)]


async def test_what_is_new_is_told_once(
    database: Database, outbox: Outbox, author: Account, reader: Account
) -> None:
    await tell(author, by=reader, subject=Subject(1, "<b>Bold & bright</b>", "/subjects/1"))
    await tell(author, subject_id=2)
    await author.client.put("/notifications/announced.2/read")

    await digest.promise_digests(database)
    letter = await outbox.letter(author.user.email)

    assert "<b>Bold & bright</b>" in letter.text
    assert "https://www.example.com/subjects/1" in letter.text
    assert "Subject 2" not in letter.text, "it was read"
    assert "preferences" in letter.text
    assert await outbox.letters(reader.user.email) == []
    for _ in range(2):
        await a_day_passes(database)
        await digest.promise_digests(database)
        assert len(await outbox.letters()) == 1, "there is nothing new"


async def test_a_schedule_that_comes_twice_sends_once_a_day(
    database: Database, outbox: Outbox, author: Account
) -> None:
    await tell(author, subject_id=1)
    for _ in range(3):
        await digest.promise_digests(database)
    await outbox.run_jobs()
    await tell(author, subject_id=2)
    await digest.promise_digests(database)
    (first,) = await subjects(outbox, author)
    assert "Subject 1" in first

    await a_day_passes(database)
    await digest.promise_digests(database)

    (second,) = [it for it in await subjects(outbox, author) if it != first]
    assert "Subject 2" in second
    assert "Subject 1" not in second


async def test_a_job_that_is_killed_after_sending_sends_the_same_again(
    database: Database,
    outbox: Outbox,
    author: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Under the same Message-ID: a mailbox shows it once."""
    sent: list[str] = []
    deliver = email_service.deliver_email

    async def deliver_and_die(**values: Any) -> None:
        await deliver(**values)
        sent.append(str(values["key"]))
        if len(sent) == 1:
            await tell(author, subject_id=2)  # not part of it any more
            raise ConnectionResetError

    monkeypatch.setattr(email_service, "deliver_email", deliver_and_die)
    await tell(author, subject_id=1)
    await digest.promise_digests(database)
    await outbox.run_jobs()
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE pgqueuer SET execute_after = now()"))

    (letter,) = await outbox.letters(author.user.email)

    assert sent[0] == sent[1]
    assert "Subject 2" not in letter.text


async def test_only_who_wants_it_and_can_be_sent_it_gets_one(
    database: Database, outbox: Outbox, create: CreateAccount
) -> None:
    unverified = await create(email_verified_at=None)
    inactive = await create(is_active=False)
    unwilling, off = await create(), await create()
    for account, channel in ((unwilling, Channel.IN_APP), (off, Channel.OFF)):
        body = {"channels": {Kind.ANNOUNCED: channel}}
        response = await account.client.patch("/notifications/preferences", json=body)
        assert response.status_code == 200
    for account in (unverified, inactive, unwilling, off):
        await tell(account)

    await digest.promise_digests(database)

    assert await outbox.letters() == []


async def test_many_are_served_in_steps(
    database: Database, outbox: Outbox, create: CreateAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "WAITING", digest.WAITING.limit(2))
    monkeypatch.setattr(digest, "BATCH", 2)
    accounts = [await create() for _ in range(5)]
    for account in accounts:
        await tell(account)

    await digest.promise_digests(database)

    assert sorted(letter.to for letter in await outbox.letters()) == sorted(
        account.user.email for account in accounts
    )


def test_people_are_named_and_counted() -> None:
    entry = {"kind": "announced", "text": "News", "actor": None, "actor_count": 0}
    assert digest._sentence(entry) == "News"
    # [posts]
    liked = {"kind": "post_liked", "text": "Notes", "actor": "ada", "actor_count": 1}
    assert digest._sentence(liked) == "ada liked “Notes”"
    assert digest._sentence({**liked, "actor_count": 2}) == "ada and 1 other liked “Notes”"
    assert digest._sentence({**liked, "actor_count": 3}) == "ada and 2 others liked “Notes”"
    # [/posts]
    # [comments]
    commented = {"text": "Notes", "actor": "ada", "actor_count": 1}
    for kind, deed in {
        "comment_added": "commented on",
        "reply_added": "replied to you under",
        "mentioned": "mentioned you under",
    }.items():
        assert digest._sentence({**commented, "kind": kind}) == f"ada {deed} “Notes”"
    # [/comments]
    # [profiles]
    followed = {"kind": "followed", "text": "Ada", "actor": "bob", "actor_count": 2}
    assert digest._sentence(followed) == "bob and 1 other followed you"
    # [/profiles]
