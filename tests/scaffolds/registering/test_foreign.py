from dataclasses import replace
from pathlib import Path

import pytest

from fastwright.application.application import read_texts
from fastwright.scaffolds.additions import (
    Addition,
    AppendToModule,
    ImportForMigrations,
    IncludeRouter,
)
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.registering.foreign import register
from fastwright.scaffolds.room import Part, Room, Symbol
from fastwright.scaffolds.rooms.reading import read
from tests.scaffolds.rooms.projects import BY_DOMAIN, FLAT, LAYERED


def room(texts: dict[str, str], root: Path) -> Room:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    found = read(read_texts(texts), root)
    assert isinstance(found, Room)
    return found


def registered(found: Room, *additions: Addition) -> dict[str, str]:
    draft = Draft(found.root)
    for addition in additions:
        register(draft, found, addition)
    outcome = draft.outcome()
    assert not outcome.snippets
    return {path: text.decode() for path, text in outcome.files.items()}


def test_a_router_is_used_through_its_module_like_the_others(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path)
    addition = IncludeRouter(Symbol("app.routers.comment", "router"), None)

    changed = registered(found, addition)

    assert changed == {
        "app/main.py": (
            "from fastapi import FastAPI\n"
            "from .routers import comment, post, user\n"
            "app = FastAPI()\n"
            "app.include_router(post.router)\n"
            "app.include_router(user.router)\n"
            "app.include_router(comment.router)\n"
        )
    }


def test_a_prefix_is_written_as_the_others_are(tmp_path: Path) -> None:
    found = room(LAYERED, tmp_path)
    path = "/articles/{article_id}/comments"
    addition = IncludeRouter(Symbol("src.api.routes.comments", "router"), path)

    changed = registered(found, addition)["src/api/router.py"]

    assert "from src.api.routes import articles, comments, users\n" in changed
    assert changed.endswith(
        "api_router.include_router(comments.router, "
        "prefix=f'/{VERSION}/articles/{{article_id}}/comments', tags=[\"comments\"])\n"
    )


def test_a_router_is_imported_in_the_function_that_imports_the_others(tmp_path: Path) -> None:
    found = room(BY_DOMAIN, tmp_path)
    addition = IncludeRouter(Symbol("app.notes.views", "router"), "/notes")

    changed = registered(found, addition)["app/main.py"]

    assert (
        "    app.include_router(shelves, prefix='/shelves')\n"
        "\n"
        "    from app.notes.views import router as notes_router\n"
        "    app.include_router(notes_router, prefix='/notes')\n"
        "    return app\n"
    ) in changed


def test_a_router_is_tagged_as_the_others(tmp_path: Path) -> None:
    routers = LAYERED["src/api/router.py"]
    for tag in ("articles", "users"):
        routers = routers.replace(f"tags=['{tag}']", f"tags=['{tag.title()}']")
    found = room({**LAYERED, "src/api/router.py": routers}, tmp_path)
    addition = IncludeRouter(Symbol("src.api.routes.blog_posts", "router"), "/blog-posts")

    changed = registered(found, addition)["src/api/router.py"]

    assert "prefix=f'/{VERSION}/blog-posts', tags=[\"Blog Posts\"])" in " ".join(changed.split())


def test_a_router_is_called_after_the_folder_of_its_domain(tmp_path: Path) -> None:
    found = room(BY_DOMAIN, tmp_path)
    found = replace(found, parts={**found.parts, Part.ROUTER: "app/{domain}/routers/v1.py"})
    addition = IncludeRouter(Symbol("app.notes.routers.v1", "router"), "/notes")

    changed = registered(found, addition)["app/main.py"]

    assert "from app.notes.routers.v1 import router as notes_router\n" in changed


def test_a_router_that_needs_its_includer_comes_last(tmp_path: Path) -> None:
    texts = {
        "main.py": (
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "def get_db():\n    yield\n"
            'if __name__ == "__main__":\n    print(app)\n'
        )
    }
    for path, text in texts.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = replace(
        room(FLAT, tmp_path / "other"),
        root=tmp_path,
        routers=Symbol("main", "app"),
        router_path="main.py",
        imports_late=True,
    )
    addition = IncludeRouter(Symbol("comments", "router"), None)

    changed = registered(found, addition)["main.py"]

    assert changed == (
        "from fastapi import FastAPI\n"
        "app = FastAPI()\n"
        "def get_db():\n    yield\n"
        "\n\n"
        "from comments import router as comments_router  # noqa: E402\n"
        "\n"
        "app.include_router(comments_router)\n"
        "\n\n"
        'if __name__ == "__main__":\n    print(app)\n'
    )


def test_models_are_exported_where_the_others_are(tmp_path: Path) -> None:
    texts = {
        **LAYERED,
        "src/models/__init__.py": (
            "from src.models.article import Article\n"
            "from src.models.user import User\n\n"
            '__all__ = ["Article", "User"]\n'
        ),
    }
    found = room(texts, tmp_path)
    addition = ImportForMigrations("src.models.comment", ("Comment",))

    changed = registered(found, addition)

    assert changed == {
        "src/models/__init__.py": (
            "from src.models.article import Article\n"
            "from src.models.comment import Comment\n"
            "from src.models.user import User\n\n"
            '__all__ = ["Article", "User", "Comment"]\n'
        )
    }


def test_the_environment_of_migrations_imports_models_if_nothing_else_does(
    tmp_path: Path,
) -> None:
    texts = {
        **LAYERED,
        "src/models/__init__.py": "",
        "src/api/deps.py": LAYERED["src/api/deps.py"].replace("src.models ", "src.models.user "),
        "migrations/env.py": (
            "from alembic import context\n\n"
            "from src.models.base import Base\n\n"
            "context.configure(target_metadata=Base.metadata)\n"
        ),
    }
    found = room(texts, tmp_path)
    addition = ImportForMigrations("src.models.comment", ("Comment",))

    changed = registered(found, addition)["migrations/env.py"]

    assert "from src.models.base import Base\n" in changed
    assert "from src.models.comment import Comment  # noqa: F401\n" in changed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_code_is_put_at_the_end_of_a_file_for_all(tmp_path: Path, newline: str) -> None:
    found = room(FLAT, tmp_path)
    path = tmp_path / "app/models.py"
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    addition = AppendToModule(
        "app/models.py",
        "class Comment(Base):\n    __tablename__ = 'comments'\n",
        ("from sqlalchemy import Text, Integer", "from .database import Base"),
    )

    changed = registered(found, addition)["app/models.py"]

    assert "import Column, ForeignKey, Integer, String, Text" in changed.replace("\r", "")
    assert changed.endswith(
        f"{newline * 3}class Comment(Base):{newline}    __tablename__ = 'comments'{newline}"
    )
    assert changed.count("\r") == (changed.count("\n") if newline == "\r\n" else 0)


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path)
    additions = (
        IncludeRouter(Symbol("app.routers.comment", "router"), None),
        AppendToModule("app/models.py", "class Comment(Base):\n    pass\n"),
    )
    for path, text in registered(found, *additions).items():
        (tmp_path / path).write_text(text, encoding="utf-8")

    assert registered(found, *additions) == {}


def test_where_there_is_no_certain_place_a_snippet_is_left(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path)
    (tmp_path / "app/main.py").write_text("app = make()\napp = change(app)\n", encoding="utf-8")
    draft = Draft(tmp_path)

    register(draft, found, IncludeRouter(Symbol("app.routers.comment", "router"), None))

    (snippet,) = draft.outcome().snippets
    assert snippet.path == "app/main.py"
    assert "app.include_router(comment_router)" in snippet.text
