"""Routers that a loop includes are served under the prefix of their turn."""

import pytest

from fastwright.application import application

ROUTER = """\
from fastapi import APIRouter

router = APIRouter(prefix="/{name}")


@router.get("")
async def read() -> None: ...
"""
MAIN = """\
from fastapi import APIRouter, FastAPI

from app import posts, users
from app.posts import router as posts_router
from app.users import router as users_router

{constant}

def create_app() -> FastAPI:
    app = FastAPI()
{loop}
    return app
"""
UNPREFIXED = {"/posts", "/users"}


def _read(loop: str, constant: str = "") -> application.Application:
    indented = "\n".join(f"    {line}" for line in loop.splitlines())
    return application.read_texts(
        {
            "app/__init__.py": "",
            "app/posts.py": ROUTER.replace("{name}", "posts"),
            "app/users.py": ROUTER.replace("{name}", "users"),
            "app/main.py": MAIN.replace("{loop}", indented).replace("{constant}", constant),
        }
    )


def _paths(read: application.Application) -> set[str | None]:
    return {each.path for route in read.routes for each in route.registrations}


@pytest.mark.parametrize(
    ("constant", "loop", "paths"),
    [
        ("", "for each in (posts_router, users_router):\n    app.include_router(each)", UNPREFIXED),
        (
            "ROUTERS = [posts_router]",
            "for each in [*ROUTERS, users_router]:\n    app.include_router(each)",
            UNPREFIXED,
        ),
        (
            "ROUTERS: tuple[APIRouter, ...] = (posts_router, users_router)",
            "for each in ROUTERS:\n    app.include_router(each)",
            UNPREFIXED,
        ),
        ("", "for each in (posts, users):\n    app.include_router(each.router)", UNPREFIXED),
        (
            "ROUTERS = [(posts_router, '/v1'), (users_router, '/v2')]",
            "for each, prefix in ROUTERS:\n    app.include_router(each, prefix=prefix)",
            {"/v1/posts", "/v2/users"},
        ),
        (
            "V = ('/v1', '/v2')\nALL = (posts_router, users_router)",
            "for v in V:\n    for each in ALL:\n        app.include_router(each, prefix=v)",
            {"/v1/posts", "/v1/users", "/v2/posts", "/v2/users"},
        ),
        (
            "ROUTERS = {'posts': posts_router, 'users': users_router}",
            "for tag, each in ROUTERS.items():\n    app.include_router(each, tags=[tag])",
            UNPREFIXED,
        ),
        (
            "ROUTERS = {'posts': posts_router, 'users': users_router}",
            "for each in ROUTERS.values():\n    app.include_router(each)",
            UNPREFIXED,
        ),
    ],
    ids=[
        "written out",
        "starred",
        "annotated",
        "of modules",
        "with prefixes",
        "nested",
        "a dict's items",
        "a dict's values",
    ],
)
def test_each_is_included(constant: str, loop: str, paths: set[str]) -> None:
    read = _read(loop, constant)
    assert _paths(read) == paths
    assert not read.routers.unknown


def test_one_that_is_not_known_is_counted() -> None:
    read = _read("for each in (posts_router, found()):\n    app.include_router(each)")
    assert _paths(read) == {"/posts"}
    assert len(read.routers.unknown) == 1


def test_a_loop_over_what_is_not_written_out_is_counted() -> None:
    read = _read("for each in found():\n    app.include_router(each)")
    assert _paths(read) == set()
    assert len(read.routers.unknown) == 1
