"""Personal access tokens, tried on every route that they were not made for."""

import hashlib
import secrets
from datetime import timedelta

import httpx2
import pytest

from src.auth.access_tokens import PREFIX
from src.auth.constants import Scope
from src.auth.models import AccessToken
from src.database import Database
from src.models import utc_now
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.contract import assert_problem
from tests.factories import insert
from tests.routes import ROUTES, call, make_things, routes
from tests.routing import Access, Key

GUARDED = routes(Access.OPTIONAL, Access.USER, Access.OWNER)
FOR_LOGINS = [key for key in GUARDED if ROUTES[key].scope is None]
FOR_PROGRAMS = [key for key in GUARDED if ROUTES[key].scope]


async def program(owner: Account, *scopes: Scope) -> httpx2.AsyncClient:
    """A client with a token that may have no scope at all."""
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = AccessToken(
        user_id=owner.id,
        name="Program",
        digest=hashlib.sha256(token.encode()).hexdigest(),
        scopes=list(scopes),
        expires_at=utc_now() + timedelta(days=1),
    )
    await insert(owner.app.state["database"], row)
    return owner.app.client(token)


@pytest.mark.parametrize("key", FOR_LOGINS, ids=" ".join)
async def test_a_token_with_every_scope_is_no_login(
    author: Account, database: Database, key: Key
) -> None:
    things = await make_things(author, key)
    client = await program(author, *Scope)
    before = await stored_rows(database)

    assert_problem(await call(client, key, things), 403, "insufficient_scope")

    for rows in (before, after := await stored_rows(database)):
        for row in rows["user_access_token"]:
            row.pop("last_used_at")
    assert after == before


@pytest.mark.parametrize("key", FOR_PROGRAMS, ids=" ".join)
async def test_a_token_with_every_scope_but_the_right_one_is_refused(
    author: Account, key: Key
) -> None:
    things = await make_things(author, key)
    others = [scope for scope in Scope if scope != ROUTES[key].scope]

    response = await call(await program(author, *others), key, things)

    assert_problem(response, 403, "insufficient_scope")
    assert f'scope="{ROUTES[key].scope}"' in response.headers["www-authenticate"]


@pytest.mark.parametrize("key", FOR_PROGRAMS, ids=" ".join)
async def test_a_token_with_the_right_scope_alone_is_let_in(author: Account, key: Key) -> None:
    things = await make_things(author, key)
    scope = ROUTES[key].scope
    assert scope

    response = await call(await program(author, scope), key, things)

    assert response.status_code == ROUTES[key].status


@pytest.mark.parametrize("key", FOR_PROGRAMS, ids=" ".join)
async def test_a_token_opens_nothing_of_an_account_that_is_switched_off(
    author: Account, key: Key
) -> None:
    things = await make_things(author, key)
    client = await program(author, *Scope)
    assert (await author.client.post("/users/me/deactivate")).status_code == 204

    response = await call(client, key, things)

    if ROUTES[key].access is Access.OPTIONAL:
        assert response.status_code == 200, "it is published"
    else:
        assert_problem(response, 403, "inactive_user")
