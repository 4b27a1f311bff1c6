"""The least that could answer: an ASGI function, the same SQL through asyncpg, JSON from Rust.

No validation, no errors but exceptions, no headers, no log. It is what the rest is measured by.
"""

from typing import Any
from urllib.parse import parse_qs

from pydantic_core import from_json, to_json
from redis.asyncio import Redis
from sqlalchemy import bindparam, select
from sqlmodel import col
from src.auth import passwords, sessions, tokens
from src.auth.clients import Client
from src.auth.logins import AUTHENTICATED, CREDENTIALS
from src.auth.models import User
from src.auth.tokens import Claims
from src.config import database_settings, redis_settings
from src.database import Database, Statement, open_database
from src.main import tune_garbage_collector
from src.models import utc_now
from src.posts.statements import VISIBLE_POST
from src.redis import open_redis
from src.services import open_services
from starlette.types import Receive, Scope, Send

import bare_lists

JSON = (b"content-type", b"application/json")
ACCOUNT = (
    *(col(User.id), col(User.username), col(User.email), col(User.email_verified_at)),
    *(col(User.first_name), col(User.birth_date), col(User.role), col(User.created_at)),
)
OWN_ACCOUNT = Statement(select(*ACCOUNT).where(col(User.id) == bindparam("user_id")))
INSERT = """
INSERT INTO post (author_id, title, body, status, published_at)
VALUES ($1, $2, $3, 'published', $4) RETURNING id, created_at, updated_at
"""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _run_lifespan(scope, receive, send)
        return
    state, path = scope["state"], scope["path"]
    database: Database = state["database"]
    match scope["method"], path:
        case "GET", "/posts":
            status, content = 200, await bare_lists.get_posts(database)
        case "GET", "/feed":
            claims = await _claims(state["redis"], scope)
            status, content = 200, await bare_lists.get_feed(database, claims)
        case "GET", "/notifications":
            claims = await _claims(state["redis"], scope)
            status, content = 200, await bare_lists.get_notifications(database, claims)
        case "GET", "/users/me":
            status, content = 200, await _get_own_account(database, state["redis"], scope)
        case "GET", _ if path.endswith("/comments"):
            status, content = 200, await bare_lists.get_comments(database, int(path.split("/")[2]))
        case "GET", _:
            status, content = 200, await _get_post(database, int(path.rpartition("/")[2]))
        case "POST", "/posts":
            body = await _body(receive)
            status, content = 201, await _create_post(database, state["redis"], scope, body)
        case _:
            body = await _body(receive)
            status, content = 200, await _log_in(database, state["redis"], body)
    headers = [JSON, (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _get_post(database: Database, post_id: int) -> bytes:
    post = dict(await _fetch_one(database, VISIBLE_POST, post_id=post_id, viewer_id=None))
    del post["author_id"]
    return to_json(post)


async def _get_own_account(database: Database, redis: Redis, scope: Scope) -> bytes:
    claims = await _claims(redis, scope)
    return to_json(dict(await _fetch_one(database, OWN_ACCOUNT, user_id=claims.user_id)))


async def _create_post(database: Database, redis: Redis, scope: Scope, body: bytes) -> bytes:
    claims = await _claims(redis, scope)
    user = await _fetch_one(database, AUTHENTICATED, user_id=claims.user_id)
    if not user["is_verified"]:
        raise PermissionError
    new = from_json(body)
    now = utc_now()
    kept: Any = await database.reads.fetchrow(
        INSERT, claims.user_id, new["title"], new["body"], now
    )
    stats = {"author": user["username"], "like_count": 0, "status": "published", "cover": None}
    return to_json(new | dict(kept) | stats | {"published_at": now})


async def _log_in(database: Database, redis: Redis, body: bytes) -> bytes:
    form = parse_qs(body.decode())
    row = await _fetch_one(database, CREDENTIALS, login=form["username"][0])
    matches, _ = await passwords.verify_password(form["password"][0], row["hashed_password"])
    if not matches:
        raise PermissionError
    client = Client("127.0.0.1", "somebody")
    claims, refresh_token = await sessions.open_session(redis, user_id=row["id"], client=client)
    return to_json(
        {
            "access_token": tokens.create_access_token(claims),
            "token_type": "bearer",
            "expires_in": tokens.lifetime(),
            "refresh_token": tokens.create_refresh_token(refresh_token),
        }
    )


async def _claims(redis: Redis, scope: Scope) -> Claims:
    token = next(value for name, value in scope["headers"] if name == b"authorization")
    claims = tokens.read_access_token(token[7:].decode())
    if not await sessions.is_alive(redis, claims):
        raise PermissionError
    return claims


async def _fetch_one(database: Database, statement: Statement, **values: object) -> Any:
    return await database.reads.fetchrow(statement.sql, *statement.arguments(values))


async def _body(receive: Receive) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message["body"]
        more = message.get("more_body", False)
    return body


async def _run_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    async with (
        open_services() as services,
        open_database(services.database_url, database_settings) as database,
        open_redis(services.redis_url, redis_settings) as redis,
    ):
        scope["state"].update(database=database, redis=redis)
        tune_garbage_collector()
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
