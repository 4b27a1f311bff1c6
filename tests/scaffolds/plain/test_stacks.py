"""Domains in projects of every stack: their tests pass, and mypy and Ruff find nothing."""

from pathlib import Path

import pytest

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.plain.rendering import render
from fastwright.scaffolds.room import Orm
from fastwright.verbs import review
from tests.scaffolds.plain.projects import put_in, write_project
from tests.scaffolds.plain.running import check_style, check_types, run_tests
from tests.scaffolds.plain.stacks import Stack, stacks

COMMENTS = Domain(
    "comments",
    "comment",
    (parse("body:text"),),
    parent="posts",
    is_owned=True,
    is_threaded=True,
)
PHOTOS = Domain(
    "photos",
    "photo",
    tuple(
        map(
            parse,
            (
                "title:str{120}:index",
                "slug:slug:unique",
                "price:decimal{10,2}:index",
                "rating:int{1..5}=3",
                "status:enum{draft,live}=draft",
                "tags:list[str]{..10}",
                "taken_at:datetime?",
                "shown_at:datetime=now",
                "data:json?",
                "author:ref[users]?:set-null",
                "secret:str:write-only",
                "day:date:index",
                "is_open:bool=true",
                "token:uuid",
                "weight:float{0..1}",
                "email:email:unique",
                "homepage:url?",
                "views:int:read-only=0",
                "opens_at:time?",
            ),
        )
    ),
    is_owned=True,
    is_likeable=True,
    is_soft_deleted=True,
    searchable=("title",),
    is_read_by_all=True,
)


# Every stack takes a minute; `make test` looks at those that differ most.
_EACH = [
    pytest.param(stack, id=str(stack), marks=[] if number in {3, 8} else [pytest.mark.verify])
    for number, stack in enumerate(stacks())
]


@pytest.mark.parametrize("stack", _EACH)
def test_generated_tests_pass(tmp_path: Path, stack: Stack) -> None:
    room = write_project(tmp_path, stack)

    for domain in (COMMENTS, PHOTOS):
        put_in(room, render(domain, room))

    assert " passed" in run_tests(tmp_path)


@pytest.mark.parametrize("stack", _EACH)
def test_types_and_style_are_right(tmp_path: Path, stack: Stack) -> None:
    room = write_project(tmp_path, stack)

    for domain in (COMMENTS, PHOTOS):
        rendered = render(domain, room)
        put_in(room, rendered)
        check_style(tmp_path, list(rendered.files))

    if stack.orm is not Orm.COLUMNS:  # of plain columns mypy knows no types
        check_types(tmp_path)


def test_a_review_finds_nothing(tmp_path: Path) -> None:
    room = write_project(tmp_path, stacks()[0])
    files: set[str] = set()
    for domain in (COMMENTS, PHOTOS):
        rendered = render(domain, room)
        put_in(room, rendered)
        files |= set(rendered.files)

    outcome = review.review((tmp_path,))

    assert [each for each in outcome.findings if each.at.path in files] == []


@pytest.mark.parametrize("stack", [stacks()[3]], ids=str)
def test_asynchronous_code_never_waits_by_itself(tmp_path: Path, stack: Stack) -> None:
    """On a driver that is asynchronous, what loads by itself is an error."""
    room = write_project(tmp_path, stack)
    for domain in (COMMENTS, PHOTOS):
        put_in(room, render(domain, room))
    for path in (tmp_path / "tests").glob("test_*.py"):
        text = path.read_text()
        for old, new in _ON_A_FILE.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text)

    assert " passed" in run_tests(tmp_path)


_ON_A_FILE = {
    "def api() ->": "def api(tmp_path) ->",
    '"sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}': (
        'f"sqlite:///{tmp_path}/test.db"'
    ),
    "(expire_on_commit=False)": (
        "(create_async_engine(str(engine.url).replace('e:', 'e+aiosqlite:'), poolclass=NullPool))"
    ),
    "            session.sync_session.bind = engine\n": "",
    "import pytest\n": (
        "import pytest\nfrom sqlalchemy.ext.asyncio import create_async_engine\n"
        "from sqlalchemy.pool import NullPool\n"
    ),
}
