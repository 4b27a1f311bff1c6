"""Deleting: what goes with an image, at whatever moment, and what the clock clears away."""

import asyncio
from datetime import timedelta

import pytest

from src.database import Database
from src.jobs import Work
from src.media import jobs
from src.media.constants import EDGES, MediaStatus
from src.media.jobs import prepare
from src.media.processes import prepare_image
from src.media.upkeep import sweep
from src.models import utc_now
from tests.accounts import Account
from tests.aws.storages import Stored, keys_of
from tests.contract import assert_problem
from tests.factories import insert
from tests.media.factories import media_row
from tests.media.images import png
from tests.media.uploading import complete, completed, declare, follow, look, prepared, upload
from tests.outbox import Outbox

OLD = timedelta(days=1, minutes=1)


async def delete(account: Account, media: dict[str, object]) -> None:
    response = await account.client.delete(f"/media/{media['id']}")
    assert response.status_code == 204


@pytest.mark.parametrize("state", ["declared", "uploaded", "completed", "ready"])
async def test_a_deleted_image_leaves_nothing(
    author: Account, outbox: Outbox, storage: Stored, state: str
) -> None:
    if state == "ready":
        media = await prepared(author, outbox)
    elif state == "completed":
        media = await completed(author)
    else:
        media = await declare(author, png())
        if state == "uploaded":
            await upload(author, media, png())

    await delete(author, media)
    await outbox.run_jobs()

    assert await keys_of(storage) == set()
    response = await author.client.get(f"/media/{media['id']}")
    assert_problem(response, 404, "media_not_found")
    assert_problem(await complete(author, media), 404, "media_not_found")


async def test_a_link_to_a_deleted_image_leads_nowhere(
    author: Account, outbox: Outbox, storage: Stored
) -> None:
    media = await prepared(author, outbox)
    url = media["image"]["small"]["url"]
    assert (await follow(author, "GET", url)).status_code == 200

    await delete(author, media)
    await outbox.run_jobs()

    assert (await follow(author, "GET", url)).status_code == 404


async def test_an_image_that_is_deleted_while_it_is_prepared_leaves_nothing(
    author: Account,
    outbox: Outbox,
    database: Database,
    storage: Stored,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    media = await completed(author)
    work = Work(1, utc_now(), 1, database)

    async def deleted_meanwhile(*arguments: object) -> object:
        await delete(author, media)
        await outbox.run_jobs()
        return await prepare_image(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "prepare_image", deleted_meanwhile)
    await prepare.handler(work, media_id=media["id"])

    assert await keys_of(storage) == set()


async def test_a_job_that_is_killed_in_the_middle_is_done_by_the_next_attempt(
    author: Account, database: Database, storage: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each of its steps; what is seen in the end is the same."""
    steps = ("write", "delete", "delete_below")
    for step in steps:
        media = await completed(author)
        with monkeypatch.context() as patch:

            async def killed(*_: object, **__: object) -> None:
                raise asyncio.CancelledError

            patch.setattr(type(storage), step, killed)
            with pytest.raises(asyncio.CancelledError):
                await prepare.handler(Work(1, utc_now(), 1, database), media_id=media["id"])

        await prepare.handler(Work(1, utc_now(), 2, database), media_id=media["id"])

        assert (await look(author, media))["status"] == "ready"
    assert len(await keys_of(storage)) == len(steps) * len(EDGES)


async def test_two_workers_at_the_same_job_come_to_one_end(
    author: Account, database: Database, storage: Stored
) -> None:
    media = await completed(author)
    work = Work(1, utc_now(), 1, database)

    await asyncio.gather(*(prepare.handler(work, media_id=media["id"]) for _ in range(2)))

    assert (await look(author, media))["status"] == "ready"
    assert len(await keys_of(storage)) == len(EDGES)


async def test_uploads_that_were_never_completed_are_swept(
    author: Account, database: Database, storage: Stored
) -> None:
    recent = await declare(author, png())
    await upload(author, recent, png())
    old = media_row(author.id, created_at=utc_now() - OLD)
    rejected = media_row(author.id, status=MediaStatus.REJECTED, created_at=utc_now() - OLD)
    await insert(database, old, rejected)
    kept = await keys_of(storage)
    await storage.write(f"uploads/{old.key}", png(), content_type="image/png")

    await sweep(database)

    listed = (await author.client.get("/media")).json()["items"]
    assert [it["id"] for it in listed] == [recent["id"]]
    assert await keys_of(storage) == kept


async def test_what_no_medium_needs_is_swept(
    author: Account, outbox: Outbox, database: Database, storage: Stored
) -> None:
    ready = await prepared(author, outbox)
    waiting = await completed(author)
    needed = await keys_of(storage)
    assert len(needed) == len(EDGES) + 2
    await follow(author, "PUT", waiting["upload"]["url"], png())  # too late
    (key,) = {name.split("/")[1] for name in needed if name.startswith("variants/")}
    nobody = "0" * 32
    for name in (
        *(f"uploads/{key}", f"uploads/{key}.0a1b.part", f"originals/{key}/0a1b"),
        *(f"uploads/{nobody}", f"originals/{nobody}/0a1b", f"variants/{nobody}/small.webp"),
    ):
        await storage.write(name, b"left over", content_type="image/png")

    await sweep(database)

    assert await keys_of(storage) == {it for it in needed if not it.startswith("uploads/")}
    await outbox.run_jobs()
    assert (await look(author, waiting))["status"] == "ready"
    assert (await look(author, ready))["status"] == "ready"


async def test_the_objects_of_a_deleted_account_are_swept(
    author: Account, reader: Account, outbox: Outbox, database: Database, storage: Stored
) -> None:
    await prepared(author, outbox)
    kept = await prepared(reader, outbox)
    assert (await author.client.delete("/users/me")).status_code == 204

    await sweep(database)

    assert len(await keys_of(storage)) == len(EDGES)
    url = (await look(reader, kept))["image"]["small"]["url"]
    assert (await follow(reader, "GET", url)).status_code == 200


async def test_an_account_that_is_deleted_meanwhile_leaves_its_job_nothing_to_do(
    author: Account, outbox: Outbox, database: Database, storage: Stored
) -> None:
    await completed(author)
    assert (await author.client.delete("/users/me")).status_code == 204

    await outbox.run_jobs()
    await sweep(database)

    assert await keys_of(storage) == set()
