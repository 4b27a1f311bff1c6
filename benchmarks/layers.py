"""The way from a trivial ASGI function to the whole application, a layer at a time.

Each builds on the one before, so that differences between them say what a layer costs. The bare
function and the whole application are the other layers of `LAYERS`.
"""

import logging
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic_core import to_json
from src.config import settings
from src.main import lifespan
from src.middleware import add_middleware
from src.posts.router import router as posts_router
from src.posts.statements import VISIBLE_POST
from src.problems import add_problem_handlers
from src.schemas import PathId
from starlette.types import Receive, Scope, Send

JSON = (b"content-type", b"application/json")


async def trivial(scope: Scope, _: Receive, send: Send) -> None:
    """Two bytes for everyone; shows what the server and the load generator can do."""
    if scope["type"] != "http":
        # An exception is how an ASGI application declines a protocol, here the lifespan's.
        raise ValueError(f"{scope['type']} is not spoken here")
    headers = [JSON, (b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


def route() -> FastAPI:
    """The bare function's work as a route that depends on nothing."""
    app = FastAPI(lifespan=lifespan)

    @app.get("/posts/{post_id}")
    async def get_post(request: Request, post_id: PathId) -> Response:
        database = request.state.database
        arguments = VISIBLE_POST.arguments({"post_id": post_id, "viewer_id": None})
        row: Any = await database.reads.fetchrow(VISIBLE_POST.sql, *arguments)
        post = dict(row)
        del post["author_id"]
        return Response(to_json(post), media_type="application/json")

    return app


def domain() -> FastAPI:
    """The blueprint's own routes of posts: dependencies, schemas, ETag."""
    app = FastAPI(lifespan=lifespan)
    add_problem_handlers(app)
    app.include_router(posts_router)
    return app


def surrounded() -> FastAPI:
    """The same inside the blueprint's middleware, with the access log off."""
    app = domain()
    add_middleware(app, settings)
    logging.getLogger("access").disabled = True
    return app
