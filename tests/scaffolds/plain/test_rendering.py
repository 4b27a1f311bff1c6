"""What is written, and what is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from fastwright.errors import OptionError
from fastwright.scaffolds.additions import AppendToModule, ImportForMigrations, IncludeRouter
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.plain.rendering import render
from fastwright.scaffolds.room import Asks, Injected, Layout, Symbol
from tests.scaffolds.plain.projects import put_in, write, write_project
from tests.scaffolds.plain.running import run_tests
from tests.scaffolds.plain.stacks import Stack
from tests.scaffolds.plain.test_stacks import COMMENTS, PHOTOS


def test_what_belongs_to_users_needs_them(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack(has_user=False))

    with pytest.raises(OptionError, match="--owner needs a current user"):
        render(COMMENTS, room)
    with pytest.raises(OptionError, match="--likeable needs a current user"):
        render(replace(PHOTOS, is_owned=False), room)


def test_references_need_a_table(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack())

    with pytest.raises(OptionError, match="no table of articles: the project has posts, users"):
        render(replace(COMMENTS, parent="articles"), room)


def test_without_users_everything_is_open(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack(has_user=False, layout=Layout.LAYERED))

    put_in(room, render(replace(COMMENTS, is_owned=False), room))

    assert " passed" in run_tests(tmp_path)
    assert "current_user" not in (tmp_path / "app/api/comments.py").read_text()


def test_a_folder_of_its_own_is_registered(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack())

    rendered = render(replace(COMMENTS, has_tests=False), room)

    assert sorted(rendered.files) == [
        f"app/comments/{name}.py"
        for name in (
            *("__init__", "dependencies", "exceptions", "models", "router", "schemas", "service"),
        )
    ]
    assert rendered.additions == (
        IncludeRouter(Symbol("app.comments.router", "router"), None),
        ImportForMigrations("app.comments.models", ("Comment",)),
    )


def test_a_domain_belongs_to_the_group_of_its_parent(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack())
    parts = {each: path.replace("app/", "app/shop/") for each, path in room.parts.items()}
    posts = replace(room.tables["posts"], model=Symbol("app.blog.posts.models", "Post"))
    room = replace(room, parts=parts, tables={**room.tables, "posts": posts})

    under_posts = render(COMMENTS, room).files
    under_none = render(replace(COMMENTS, parent=None), room).files

    assert "app/blog/comments/router.py" in under_posts
    assert "app/shop/comments/router.py" in under_none


def test_files_of_several_domains_grow(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack(layout=Layout.FLAT, prefix_is_given=True))

    rendered = render(COMMENTS, room)

    assert list(rendered.files) == ["tests/test_comments.py"]
    grown = [each.path for each in rendered.additions if isinstance(each, AppendToModule)]
    assert grown == ["app/models.py", "app/schemas.py", "app/main.py"]
    router = Symbol("app.main", "comments_router")
    assert rendered.additions[-1] == IncludeRouter(router, "/posts/{post_id}/comments")


def test_json_in_camel_case_and_parents_that_are_marked_as_deleted(tmp_path: Path) -> None:
    room = write_project(tmp_path, Stack())
    models = tmp_path / "app/posts/models.py"
    models.write_text(
        "from datetime import datetime\n"
        + models.read_text()
        + "    deleted_at: Mapped[datetime | None] = mapped_column()\n"
    )
    write(tmp_path, {"app/schemas.py": _CAMEL})
    room = replace(
        room,
        schema_base=Symbol("app.schemas", "Schema"),
        is_camel=True,
        tables={**room.tables, "posts": replace(room.tables["posts"], gone="deleted_at")},
    )
    field = parse("short_text:str{..40}")

    put_in(room, render(replace(COMMENTS, fields=(field,)), room))

    assert " passed" in run_tests(tmp_path)
    tests = (tmp_path / "tests/test_comments.py").read_text()
    assert 'page["nextCursor"]' in tests
    assert '{"shortText": f"Short text {n}"}' in tests
    assert "test_nothing_lies_under_post_that_is_deleted" in tests
    assert "Post.deleted_at.is_(None)" in (tmp_path / "app/comments/dependencies.py").read_text()


@pytest.mark.parametrize("asks", [Asks.NOBODY, Asks.SOMEBODY])
def test_a_parent_is_found_as_the_project_finds_it(tmp_path: Path, asks: Asks) -> None:
    room = write_project(tmp_path, Stack())
    write(tmp_path, {"app/posts/dependencies.py": _FINDER})
    finder = Injected(
        None, Symbol("app.posts.dependencies", "valid_post"), room.tables["posts"].model
    )
    posts = replace(room.tables["posts"], finder=finder, parameter="id", asks=asks)
    room = replace(room, tables={**room.tables, "posts": posts})

    put_in(room, render(replace(COMMENTS, is_read_by_all=True), room))

    is_used = asks is Asks.NOBODY
    assert " passed" in run_tests(tmp_path)
    dependencies = (tmp_path / "app/comments/dependencies.py").read_text()
    assert ("Depends(valid_post)" in dependencies) is is_used
    assert ("select(Post.id)" in dependencies) is not is_used
    path = "/posts/{id}/comments" if is_used else "/posts/{post_id}/comments"
    assert f'prefix="{path}"' in (tmp_path / "app/comments/router.py").read_text()


def test_new_files_are_formatted_as_the_others(tmp_path: Path) -> None:
    room = replace(write_project(tmp_path, Stack()), quote="'", line_length=60)

    files = render(COMMENTS, room).files

    assert "__tablename__ = 'comment'" in files["app/comments/models.py"]
    assert max(map(len, files["app/comments/models.py"].splitlines())) <= 60
    (tmp_path / "ruff.toml").write_text("line-length = 70\n")
    files = render(COMMENTS, room).files
    assert '__tablename__ = "comment"' in files["app/comments/models.py"]


_FINDER = """from fastapi import HTTPException

from app.posts.models import Post


def valid_post(id: int) -> Post:
    raise HTTPException(404)
"""

_CAMEL = """from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Schema(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
"""
