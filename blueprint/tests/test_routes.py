"""The matrix: every route, whom it lets in, and how it refuses the others.

A new route belongs into the `routes.py` of its domain's tests; a test fails until it is there.
"""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import jwt
import pytest
from fastapi.routing import iter_route_contexts

from src.auth.config import auth_settings
from src.main import app
from tests.accounts import Account
from tests.clients import RunningApp
from tests.contract import assert_problem, body_schema
from tests.factories import insert, user_row
from tests.fixtures import CreateAccount
from tests.routes import PAGES, ROUTES, call, make_things, routes, url_of
from tests.routing import Access, Key


def test_every_route_is_in_the_matrix() -> None:
    there = {
        (method, str(route.path_format))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }

    assert there == set(ROUTES)


@pytest.fixture
async def writer(create: CreateAccount) -> Account:
    return await create(username="writer")


@pytest.mark.parametrize("key", routes(), ids=" ".join)
async def test_the_right_one_is_let_in(writer: Account, key: Key) -> None:
    things = await make_things(writer, key)

    response = await call(writer.client, key, things)

    assert response.status_code == ROUTES[key].status, response.text


@pytest.mark.parametrize("key", routes(Access.PUBLIC, Access.OPTIONAL), ids=" ".join)
async def test_an_open_route_is_open_to_strangers(
    writer: Account, client: httpx2.AsyncClient, key: Key
) -> None:
    things = await make_things(writer, key)

    assert (await call(client, key, things)).status_code == ROUTES[key].status


@pytest.mark.parametrize("key", routes(Access.USER, Access.OWNER), ids=" ".join)
async def test_without_a_token_nobody_is_let_in(
    writer: Account, client: httpx2.AsyncClient, key: Key
) -> None:
    things = await make_things(writer, key)

    for stranger in (client, writer.app.client(headers={"Authorization": "Basic d3JpdGVyOng="})):
        response = await call(stranger, key, things)
        assert_problem(response, 401, "not_authenticated")
        assert response.headers["www-authenticate"] == "Bearer"


Claims = dict[str, Any]


def signed(claims: Claims, **options: Any) -> str:
    secret = auth_settings.jwt_secret.get_secret_value()
    given = {"key": secret, "algorithm": "HS256", "headers": {"typ": "at+jwt"}, **options}
    return jwt.encode(claims, **given)


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def tampered(claims: Claims) -> str:
    """Another's id under one's own signature."""
    header, _, signature = signed(claims).split(".")
    payload = signed({**claims, "sub": str(int(claims["sub"]) + 1)}).split(".")[1]
    return f"{header}.{payload}.{signature}"


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "expired": lambda claims: signed({**claims, "exp": int(time.time()) - 1}),
    "tampered": tampered,
    "no signature": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "algorithm none": lambda claims: signed(claims, key="", algorithm="none"),
    "another algorithm": lambda claims: signed(claims, algorithm="HS512"),
    "another key": lambda claims: signed(claims, key="x" * 80),
    "another audience": lambda claims: signed({**claims, "aud": "another"}),
    "another issuer": lambda claims: signed({**claims, "iss": "another"}),
    "another type": lambda claims: signed(claims, headers={"typ": "JWT"}),
    "no session": lambda claims: signed(without(claims, "sid")),
    "no expiry": lambda claims: signed(without(claims, "exp")),
    "no audience": lambda claims: signed(without(claims, "aud")),
    "no issuer": lambda claims: signed(without(claims, "iss")),
    "from the future": lambda claims: signed({**claims, "iat": int(time.time()) + 3600}),
    "no number": lambda claims: signed({**claims, "sub": "writer"}),
    "no id": lambda claims: signed({**claims, "sub": str(2**63)}),
    "not a token": lambda _: "not-a-token",
}


def claims_of(account: Account) -> Claims:
    claims: Claims = jwt.decode(account.access_token, options={"verify_signature": False})
    return claims


@pytest.mark.parametrize("key", routes(Access.OPTIONAL, Access.USER, Access.OWNER), ids=" ".join)
async def test_a_forged_token_is_refused(writer: Account, key: Key) -> None:
    things = await make_things(writer, key)

    for forgery, forge in FORGERIES.items():
        response = await call(writer.app.client(forge(claims_of(writer))), key, things)
        assert_problem(response, 401, "invalid_token")
        assert response.headers["www-authenticate"] == "Bearer", forgery

    assert (await writer.client.get("/users/me")).status_code == 200, "and nothing happened"


@pytest.mark.parametrize("change", [{"sid": "made-up"}, {"sub": "1"}])
async def test_a_token_for_a_session_that_is_not_there_is_refused(
    writer: Account, change: Claims
) -> None:
    token = signed({**claims_of(writer), **change})

    assert_problem(await writer.app.client(token).get("/users/me"), 401, "session_ended")


async def test_the_tokens_made_here_are_good_ones(writer: Account) -> None:
    token = signed(claims_of(writer))

    assert (await writer.app.client(token).get("/users/me")).status_code == 200


@pytest.mark.parametrize("key", routes(Access.OPTIONAL, Access.USER, Access.OWNER), ids=" ".join)
async def test_a_revoked_session_is_refused(writer: Account, key: Key) -> None:
    things = await make_things(writer, key)
    await writer.client.post("/auth/logout")

    assert_problem(await call(writer.client, key, things), 401, "session_ended")


@pytest.mark.parametrize("key", routes(Access.USER, Access.OWNER), ids=" ".join)
async def test_an_inactive_account_is_refused(create: CreateAccount, key: Key) -> None:
    inactive = await create(is_active=False)
    things = await make_things(inactive, key)

    assert_problem(await call(inactive.client, key, things), 403, "inactive_user")


def test_every_route_to_a_thing_says_what_it_answers_when_it_is_not_there() -> None:
    to_things = {key for key in ROUTES if "{" in key[1] and not key[1].startswith(PAGES)}

    assert {key for key, route in ROUTES.items() if route.missing} == to_things


@pytest.mark.parametrize("key", [key for key in ROUTES if ROUTES[key].missing], ids=" ".join)
async def test_what_does_not_exist_is_not_there(writer: Account, key: Key) -> None:
    assert_problem(await call(writer.client, key), 404, str(ROUTES[key].missing))


@pytest.mark.parametrize("path", sorted({path for _, path in ROUTES}))
async def test_another_method_is_a_problem_that_names_the_right_ones(
    app: RunningApp, path: str
) -> None:
    allowed = {method for method, other in ROUTES if other == path}

    for method in {"GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"} - allowed:
        response = await app.client().request(method, url_of(path))
        assert_problem(response, 405, "method_not_allowed")
        assert set(response.headers["allow"].split(", ")) == allowed


BODIES = [key for key, route in ROUTES.items() if route.body]


@pytest.mark.parametrize("key", BODIES, ids=" ".join)
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 422, "validation_failed"),
        (b"", 422, "validation_failed"),
        (b"[]", 422, "validation_failed"),
        (b'"text"', 422, "validation_failed"),
        (b'"\x80"', 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (b'{"x": 1e999999}', 422, "validation_failed"),
    ],
)
async def test_a_broken_body_is_a_problem(
    writer: Account, key: Key, content: bytes, status: int, code: str
) -> None:
    things = await make_things(writer, key)
    method, path = key

    response = await writer.client.request(
        method,
        url_of(path, things),
        content=content,
        headers={"Content-Type": "application/json"},
    )

    if content.startswith(b'{"x"') and "required" not in body_schema(method, path):
        passed_over = response.status_code == ROUTES[key].status
        assert passed_over or response.status_code == 422
    else:
        assert_problem(response, status, code)


@pytest.mark.parametrize("key", BODIES, ids=" ".join)
async def test_a_body_that_does_not_say_it_is_json_is_not_taken_for_it(
    writer: Account, key: Key
) -> None:
    things = await make_things(writer, key)
    method, path = key

    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        response = await writer.client.request(
            method,
            url_of(path, things),
            content=b'{"title": "Title", "body": "Body"}',
            headers={"Content-Type": content_type},
        )
        assert_problem(response, 422, "validation_failed")


async def test_two_accounts_never_share_a_token(app: RunningApp, writer: Account) -> None:
    other = user_row()
    await insert(app.state["database"], other)
    token = signed({**claims_of(writer), "sub": str(other.id)})

    assert_problem(await app.client(token).get("/users/me"), 401, "session_ended")
