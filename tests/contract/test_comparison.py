"""Thirty changes by hand, each found and weighed as the owner of an API would; moves are none."""

from typing import Any

import pytest

from fastwright.contract import comparison
from fastwright.contract.change import Weight
from tests.contract.taken import contract

APP = '''\
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Security, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class PostRow(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None]
    __table_args__ = (Index("ix_title", "title"),)


class Status(StrEnum):
    DRAFT = "draft"
    LIVE = "live"


class PostCreate(BaseModel):
    title: str = Field(max_length=200)
    status: Status = Status.DRAFT
    note: str | None = None


class PostPublic(BaseModel):
    id: int
    title: str
    status: Status


class Missing(Exception):
    pass


bearer = OAuth2PasswordBearer(tokenUrl="/token", scopes={"read": "r", "write": "w"})


def get_settings() -> dict[str, str]:
    return {}


def get_user(token: Annotated[str, Depends(bearer)]) -> str:
    return token


router = APIRouter(prefix="/posts", tags=["posts"])


@router.get("/mine")
def read_mine(user: Annotated[str, Depends(get_user)]) -> list[PostPublic]:
    """Read one's own."""
    return []


@router.get("/{post_id}")
def read_post(post_id: int) -> PostPublic: ...


@router.get("")
def read_posts(
    limit: Annotated[int, Query(le=100)] = 20, search: str | None = None
) -> list[PostPublic]:
    return []


@router.post("", status_code=201)
def create_post(
    new: PostCreate,
    user: Annotated[str, Security(get_user, scopes=["write"])],
    settings: Annotated[dict[str, str], Depends(get_settings)],
) -> PostPublic: ...


app = FastAPI(title="Posts")
inner = FastAPI()


@inner.get("/inside")
def read_inside() -> int:
    return 1


@app.websocket("/live")
async def live(socket: WebSocket) -> None: ...


app.mount("/inner", inner)
app.add_middleware(GZipMiddleware)
app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"])
app.include_router(router)


@app.exception_handler(Missing)
def handle_missing(request: Request, error: Missing) -> JSONResponse:
    return JSONResponse({}, 404)
'''
BEFORE = contract(APP)
_READ_POST = '@router.get("/{post_id}")\ndef read_post(post_id: int) -> PostPublic: ...\n\n\n'
_READ_MINE = APP[APP.index('@router.get("/mine")') : APP.index('@router.get("/{post_id}")')]
B, C, I = Weight.BREAKING, Weight.COMPATIBLE, Weight.INTERNAL  # noqa: E741


def changed(*pairs: tuple[str, str]) -> str:
    text = APP
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


CHANGES: dict[str, tuple[str, Weight, str, str]] = {
    "routes in another order": (
        changed((_READ_MINE, ""), (_READ_POST, _READ_POST + _READ_MINE)),
        B,
        "GET /posts/mine",
        "is tried after GET /posts/{post_id}",
    ),
    "a route that is gone": (changed((_READ_POST, "")), B, "GET /posts/{post_id}", "is gone"),
    "a new route": (
        changed((_READ_POST, _READ_POST + _READ_POST.replace("/{post_id}", "/{post_id}/text"))),
        C,
        "GET /posts/{post_id}/text",
        "is new",
    ),
    "a new route that hides another": (
        changed((_READ_MINE, _READ_POST.replace("post_id", "name") + _READ_MINE)),
        B,
        "GET /posts/mine",
        "is never reached: GET /posts/{name} takes all of its requests",
    ),
    "a new route that is hidden": (
        changed((_READ_POST, _READ_POST + _READ_MINE.replace("mine", "yours"))),
        C,
        "GET /posts/yours",
        "is never reached: GET /posts/{post_id} takes all of its requests",
    ),
    "another prefix": (changed(('prefix="/posts"', 'prefix="/articles"')), B, "GET /posts", "gone"),
    "a dropped dependency": (
        changed(("    settings: Annotated[dict[str, str], Depends(get_settings)],\n", "")),
        I,
        "POST /posts",
        "no longer depends on get_settings",
    ),
    "a dropped login": (
        changed(("def read_mine(user: Annotated[str, Depends(get_user)])", "def read_mine()")),
        B,
        "GET /posts/mine",
        "no longer asks for OAuth2PasswordBearer",
    ),
    "a new login": (
        changed(
            (
                "def read_post(post_id: int)",
                "def read_post(post_id: int, user: Annotated[str, Depends(get_user)])",
            )
        ),
        B,
        "GET /posts/{post_id}",
        "asks for OAuth2PasswordBearer",
    ),
    "another scope": (
        changed(('scopes=["write"]', 'scopes=["read"]')),
        B,
        "POST /posts",
        "no longer asks for the scope write",
    ),
    "another status": (
        changed(("status_code=201", "status_code=200")),
        B,
        "POST /posts",
        "succeeds with 200 instead of 201",
    ),
    "another status of success": (
        changed(("status_code=201", "status_code=202")),
        B,
        "POST /posts",
        "succeeds with 202 instead of 201",
    ),
    "a renamed field": (
        changed(
            ("    id: int\n    title: str\n    status", "    id: int\n    heading: str\n    status")
        ),
        B,
        "GET /posts/{post_id}",
        "answer 200.title is gone",
    ),
    "a new required field": (
        changed(("    note: str | None = None\n", "    note: str | None = None\n    body: str\n")),
        B,
        "POST /posts",
        "body.body is new and required",
    ),
    "a new optional field": (
        changed(
            ("    note: str | None = None\n", "    note: str | None = None\n    body: str = ''\n")
        ),
        C,
        "POST /posts",
        "body.body is new and optional",
    ),
    "a field that became required": (
        changed(("    note: str | None = None\n", "    note: str | None\n")),
        B,
        "POST /posts",
        "body.note is required now",
    ),
    "a new field in the answer": (
        changed(
            (
                "    id: int\n    title: str\n    status",
                "    id: int\n    likes: int\n    title: str\n    status",
            )
        ),
        C,
        "GET /posts/{post_id}",
        "answer 200.likes is new",
    ),
    "an answer that may be null": (
        changed(
            (
                "    id: int\n    title: str\n    status",
                "    id: int\n    title: str | None\n    status",
            )
        ),
        B,
        "GET /posts/{post_id}",
        "answer 200.title may be null or string",
    ),
    "a narrower type": (
        changed(("    title: str = Field(max_length=200)", "    title: int")),
        B,
        "POST /posts",
        "body.title is integer instead of string",
    ),
    "a wider type": (
        changed(
            (
                "    title: str = Field(max_length=200)",
                "    title: str | None = Field(max_length=200)",
            )
        ),
        C,
        "POST /posts",
        "body.title may be null or string",
    ),
    "a shorter limit": (
        changed(("max_length=200)\n    status", "max_length=100)\n    status")),
        B,
        "POST /posts",
        "body.title has maxLength 100 instead of 200",
    ),
    "a longer limit": (
        changed(("max_length=200)\n    status", "max_length=300)\n    status")),
        C,
        "POST /posts",
        "body.title has maxLength 300 instead of 200",
    ),
    "a new limit": (
        changed(
            (
                "= 20, search: str | None = None",
                "= 20, search: Annotated[str, Query(max_length=9)] = ''",
            )
        ),
        B,
        "GET /posts",
        "query parameter search has maxLength 9, had none",
    ),
    "a limit less": (
        changed(("title: str = Field(max_length=200)", "title: str")),
        C,
        "POST /posts",
        "body.title no longer has maxLength 200",
    ),
    "a value less": (
        changed(('    DRAFT = "draft"\n', ""), ("Status.DRAFT", "Status.LIVE")),
        B,
        "POST /posts",
        "no longer takes 'draft'",
    ),
    "a value more": (
        changed(('    LIVE = "live"\n', '    LIVE = "live"\n    GONE = "gone"\n')),
        B,
        "GET /posts/{post_id}",
        "takes 'gone' too",
    ),
    "a parameter that is gone": (
        changed((", search: str | None = None", "")),
        B,
        "GET /posts",
        "query parameter search is gone",
    ),
    "a new optional parameter": (
        changed((", search: str | None = None", ", search: str | None = None, sort: str = 'new'")),
        C,
        "GET /posts",
        "query parameter sort is new and optional",
    ),
    "a new required parameter": (
        changed(("def read_post(post_id: int)", "def read_post(post_id: int, lang: str)")),
        B,
        "GET /posts/{post_id}",
        "query parameter lang is new and required",
    ),
    "another default": (
        changed(("= 20, search", "= 50, search")),
        B,
        "GET /posts",
        "query parameter limit defaults to 50 instead of 20",
    ),
    "another tag": (
        changed(('tags=["posts"]', 'tags=["articles"]')),
        C,
        "GET /posts",
        "has other tags",
    ),
    "a deprecated route": (
        changed(('@router.get("/mine")', '@router.get("/mine", deprecated=True)')),
        C,
        "GET /posts/mine",
        "is deprecated now",
    ),
    "another docstring": (
        changed(("Read one's own.", "Read your own.")),
        C,
        "GET /posts/mine",
        "has another description",
    ),
    "another function name": (
        changed(("def read_posts(", "def list_posts(")),
        B,
        "GET /posts",
        "has the operation id",
    ),
    "async instead of sync": (
        changed(("def read_posts(", "async def read_posts(")),
        I,
        "GET /posts",
        "is async instead of sync",
    ),
    "swapped middleware": (
        changed(
            ("app.add_middleware(GZipMiddleware)\n", ""),
            (
                "app.include_router(router)",
                "app.add_middleware(GZipMiddleware)\napp.include_router(router)",
            ),
        ),
        I,
        "application",
        "GZipMiddleware, CORSMiddleware instead of",
    ),
    "other options of middleware": (
        changed(("https://a.example", "https://b.example")),
        I,
        "application",
        "has other options for CORSMiddleware",
    ),
    "a handler that is gone": (
        changed(("@app.exception_handler(Missing)\n", "")),
        B,
        "application",
        "no longer handles Missing",
    ),
    "a lost response model": (
        changed(
            ("def read_post(post_id: int) -> PostPublic: ...", "def read_post(post_id: int): ...")
        ),
        B,
        "GET /posts/{post_id}",
        "answer 200 may be anything, was object",
    ),
    "a moved mount": (
        changed(('app.mount("/inner"', 'app.mount("/outer"')),
        B,
        "GET /inner/inside",
        "is gone",
    ),
    "a websocket that is gone": (
        changed(('@app.websocket("/live")\n', "")),
        B,
        "websocket /live",
        "is gone",
    ),
    "a hidden route": (
        changed(
            ('@router.get("/{post_id}")', '@router.get("/{post_id}", include_in_schema=False)')
        ),
        C,
        "GET /posts/{post_id}",
        "is not in OpenAPI now",
    ),
    "a dropped index": (
        changed(('    __table_args__ = (Index("ix_title", "title"),)\n', "")),
        I,
        "table post",
        "has other indexes",
    ),
    "a dropped column": (
        changed(("    note: Mapped[str | None]\n", "")),
        B,
        "table post",
        "column note is gone",
    ),
    "a new column without a default": (
        changed(
            (
                "    note: Mapped[str | None]\n",
                "    note: Mapped[str | None]\n    likes: Mapped[int]\n",
            )
        ),
        B,
        "table post",
        "column likes is new",
    ),
    "a column that takes null": (
        changed(("title: Mapped[str]", "title: Mapped[str | None]")),
        C,
        "table post",
        "column title is nullable now",
    ),
    "a shorter column": (
        changed(("String(200)", "String(100)")),
        B,
        "table post",
        "is VARCHAR(100) instead of VARCHAR(200)",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_and_weighed(name: str) -> None:
    text, weight, where, what = CHANGES[name]
    found = comparison.compare(BEFORE, contract(text)).changes
    assert any(
        (each.weight, each.where) == (weight, where) and what in each.what for each in found
    ), found


def test_a_dropped_dependency_is_told_without_what_it_depends_on() -> None:
    text = changed(("def read_mine(user: Annotated[str, Depends(get_user)])", "def read_mine()"))
    found = comparison.compare(BEFORE, contract(text)).changes
    assert [each.what for each in found if each.weight == I] == [
        "no longer depends on get_user (sync)"
    ]


def test_another_status_is_one_change_and_its_answer_is_compared() -> None:
    text = changed(("status_code=201", "status_code=200"))
    found = comparison.compare(BEFORE, contract(text)).changes
    assert [each.what for each in found] == ["succeeds with 200 instead of 201"]
    smaller = text.replace(
        "    settings: Annotated[dict[str, str], Depends(get_settings)],\n) -> PostPublic: ...",
        "    settings: Annotated[dict[str, str], Depends(get_settings)],\n) -> int: ...",
    )
    assert smaller != text
    told = [each.what for each in comparison.compare(BEFORE, contract(smaller)).changes]
    assert "answer 200 is integer instead of object" in told


def test_there_are_at_least_thirty() -> None:
    assert len(CHANGES) >= 30


@pytest.mark.parametrize(
    "text",
    [
        APP + "\n",
        changed(("bearer = OAuth2", "scheme = OAuth2"), ("Depends(bearer)", "Depends(scheme)")),
        changed(("error: Missing) ->", "problem: Missing) ->")),
        changed(
            ("router = APIRouter", "posts = APIRouter"),
            ("@router.", "@posts."),
            ("include_router(router)", "include_router(posts)"),
        ),
    ],
)
def test_what_nobody_can_observe_is_no_change(text: str) -> None:
    assert comparison.compare(BEFORE, contract(text)).changes == ()


def test_components_may_be_called_otherwise() -> None:
    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key.replace("PostPublic", "app__posts__PostPublic"): renamed(each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [renamed(each) for each in value]
        is_reference = isinstance(value, str) and value.startswith("#/")
        return value.replace("PostPublic", "app__posts__PostPublic") if is_reference else value

    assert comparison.compare(BEFORE, renamed(BEFORE)).changes == ()


def test_breaking_changes_come_first() -> None:
    text = changed(("Read one's own.", "Read your own."), (_READ_POST, ""))
    weights = [each.weight for each in comparison.compare(BEFORE, contract(text)).changes]
    assert weights == sorted(weights)
    assert comparison.compare(BEFORE, contract(text)).breaks
