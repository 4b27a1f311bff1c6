"""What has expired, or was overtaken by something that happened since."""

import time

import httpx2
import pytest
from redis.asyncio import Redis
from sqlalchemy import func, update

from src.auth.models import AccessToken, EmailChange, Ticket
from src.database import Database
from tests.accounts import Account
from tests.attacks.authenticator import set_up_authenticator
from tests.attacks.doors import (
    DOORS,
    complete_login,
    confirm_email_change,
    log_in,
    refresh,
    reset_password,
    show_bearer,
    verify_email,
)
from tests.attacks.forging import signed
from tests.attacks.loot import (
    LINKS,
    LOOT,
    another_challenge,
    email_change_links,
    personal_access_token,
    reset_link,
)
from tests.attacks.traces import stored_rows
from tests.auth.routes import NEW_PASSWORD
from tests.contract import assert_problem
from tests.factories import PASSWORD, registration
from tests.outbox import Outbox


async def let_expire(database: Database) -> None:
    async with database.engine.begin() as connection:
        for table in (Ticket, EmailChange, AccessToken):
            await connection.execute(update(table).values(expires_at=func.now()))


@pytest.mark.parametrize("kind", LINKS)
async def test_an_expired_link_does_nothing(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database, kind: str
) -> None:
    steal, door = LOOT[kind]
    token = await steal(author, outbox)
    await let_expire(database)
    before = await stored_rows(database)

    assert_problem(await DOORS[door].enter(client, token), 400, "invalid_link")

    assert await stored_rows(database) == before


async def test_a_change_of_address_expires_also_when_one_address_has_agreed(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    old, new = await email_change_links(author, outbox)
    assert (await confirm_email_change(client, new)).status_code == 200
    await let_expire(database)

    assert_problem(await confirm_email_change(client, old), 400, "invalid_link")
    assert (await author.client.get("/users/me")).json()["email"] == author.user.email


async def test_an_expired_personal_access_token_is_refused(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    token = await personal_access_token(author, outbox)
    await let_expire(database)

    assert_problem(await show_bearer(client, token), 401, "invalid_token")


async def test_an_expired_half_login_is_not_completed(
    author: Account, client: httpx2.AsyncClient
) -> None:
    authenticator = await set_up_authenticator(author)
    expired = signed(await another_challenge(author), exp=int(time.time()) - 1)

    response = await complete_login(client, expired, authenticator.code())

    assert_problem(response, 401, "invalid_challenge")


async def test_a_session_that_has_run_out_is_not_refreshed(
    author: Account, client: httpx2.AsyncClient, redis: Redis
) -> None:
    await redis.delete(f"session:{{{author.id}}}:{author.claims.session_id}")

    assert_problem(await refresh(client, author.refresh_token), 401, "session_ended")
    assert await redis.keys("session:*") == [], "and does not come back as half a session"


@pytest.mark.parametrize("steps_off", [-100, -3, -2, 3, 100])
async def test_a_code_of_another_time_is_wrong(author: Account, steps_off: int) -> None:
    authenticator = await set_up_authenticator(author)

    code = authenticator.code(steps_off)

    response = await author.client.post("/auth/step-up", json={"code": code})
    assert_problem(response, 403, "invalid_code")


async def test_a_reset_link_is_worthless_after_another_one_was_used(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    first, second = await reset_link(author, outbox), await reset_link(author, outbox)
    assert first != second
    assert (await reset_password(client, second)).status_code == 204

    response = await reset_password(client, first, "Yet-Another-Horse-9")

    assert_problem(response, 400, "invalid_link")
    assert (await log_in(client, author.username, NEW_PASSWORD)).status_code == 200


async def test_a_reset_link_is_worthless_after_the_password_was_changed(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    link = await reset_link(author, outbox)
    body = {"current_password": PASSWORD, "password": NEW_PASSWORD}
    assert (await author.client.post("/users/me/password", json=body)).status_code == 204

    response = await reset_password(client, link, "Yet-Another-Horse-9")

    assert_problem(response, 400, "invalid_link")


async def test_a_reset_link_is_worthless_after_the_address_has_changed(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    link = await reset_link(author, outbox)
    for token in await email_change_links(author, outbox):
        assert (await confirm_email_change(client, token)).status_code == 200

    assert_problem(await reset_password(client, link), 400, "invalid_link")
    assert (await log_in(client, author.username)).status_code == 200


async def test_a_verify_link_is_worthless_after_the_address_has_changed(
    client: httpx2.AsyncClient, outbox: Outbox, author: Account
) -> None:
    newcomer = registration()
    await client.post("/auth/register", json=newcomer)
    link = await outbox.token(newcomer["email"], "verify-email")
    tokens = (await log_in(client, newcomer["username"])).json()
    change = {"email": "elsewhere@example.com", "current_password": PASSWORD}
    me = author.app.client(tokens["access_token"])
    assert (await me.post("/users/me/email", json=change)).status_code == 202
    moved = await outbox.token("elsewhere@example.com", "change-email")
    assert (await confirm_email_change(client, moved)).json() == {"status": "changed"}

    assert_problem(await verify_email(client, link), 400, "invalid_link")
    assert (await me.get("/users/me")).json()["email"] == "elsewhere@example.com"


async def test_links_for_a_change_of_address_are_worthless_after_another_was_asked_for(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox
) -> None:
    replaced = await email_change_links(author, outbox, "first@example.com")
    await email_change_links(author, outbox, "second@example.com")

    for link in replaced:
        assert_problem(await confirm_email_change(client, link), 400, "invalid_link")
