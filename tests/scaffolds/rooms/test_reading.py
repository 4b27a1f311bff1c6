from pathlib import Path

import pytest

from fastwright.application.application import read_texts
from fastwright.errors import UsageError
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.room import Layout, Orm, Part, Room, Symbol
from fastwright.scaffolds.rooms import refusals
from fastwright.scaffolds.rooms.given import Given, symbol
from fastwright.scaffolds.rooms.reading import read
from fastwright.scaffolds.rooms.refusals import Refusal
from tests.scaffolds.rooms.projects import BY_DOMAIN, FLAT, LAYERED


def room(texts: dict[str, str], root: Path, given: Given | None = None) -> Room:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    found = read(read_texts(texts), root, given)
    assert isinstance(found, Room)
    return found


def refusal(texts: dict[str, str], given: Given | None = None) -> Refusal:
    found = read(read_texts(texts), Path(), given)
    assert isinstance(found, Refusal)
    return found


def test_a_flat_project_with_plain_columns(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path)

    assert found.layout is Layout.FLAT
    assert found.parts == {
        Part.ROUTER: "app/routers/{entity}.py",
        Part.MODELS: "app/models.py",
        Part.SCHEMAS: "app/schemas.py",
        Part.TESTS: "tests/test_{domain}.py",
    }
    assert (found.orm, found.is_async, found.pydantic) == (Orm.COLUMNS, False, 1)
    assert found.base == Symbol("app.database", "Base")
    assert found.session.function == Symbol("app.database", "get_db")
    assert (found.session.alias, found.annotates, found.is_relative) == (None, False, True)
    assert found.routers == Symbol("app.main", "app")
    assert (found.router_path, found.inclusion, found.prefix) == ("app/main.py", None, "")
    assert found.migrations == "alembic/versions"
    assert found.models_index is None
    assert found.dialect == "postgresql"


def test_a_user_whose_annotation_says_something_else(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path)

    assert found.user is not None
    assert found.user.type == Symbol("app.models", "User")
    assert found.user.key == "{user}.id"
    assert found.users == "users"


def test_what_rows_have_to_be_given(tmp_path: Path) -> None:
    tables = room(FLAT, tmp_path).tables

    assert sorted(tables) == ["posts", "users"]  # votes have no key of their own
    assert tables["posts"].required == {"title": '"title {n}"'}
    assert tables["posts"].references == {"owner_id": "users"}
    assert tables["users"].required == {"email": '"{n}@example.com"'}


def test_a_layered_project_with_aliases(tmp_path: Path) -> None:
    found = room(LAYERED, tmp_path)

    assert found.layout is Layout.LAYERED
    assert found.parts == {
        Part.ROUTER: "src/api/routes/{domain}.py",
        Part.MODELS: "src/models/{entity}.py",
        Part.SCHEMAS: "src/schemas/{entity}.py",
        Part.SERVICE: "src/services/{entity}_service.py",
        Part.TESTS: "tests/api/test_{domain}.py",
    }
    assert (found.orm, found.is_async, found.pydantic) == (Orm.MAPPED, True, 2)
    assert found.session.alias == Symbol("src.api.deps", "SessionDep")
    assert found.session.commits
    assert found.user is not None
    assert found.user.alias == Symbol("src.api.deps", "CurrentUser")
    assert found.schema_base == Symbol("src.schemas.base", "Schema")
    assert (found.key, found.key_type, list(found.base_columns)) == ("id", "UUID", ["id"])
    assert (found.python, found.line_length, found.is_typed) == ((3, 12), 110, True)
    assert (found.application, found.is_factory) == (Symbol("src.main", "create_app"), True)


def test_how_a_layered_project_includes_routers(tmp_path: Path) -> None:
    found = room(LAYERED, tmp_path)

    assert found.routers == Symbol("src.api.router", "api_router")
    assert found.inclusion == """prefix=f'/{VERSION}/{path}', tags=["{path}"]"""
    assert (found.prefix, found.prefix_is_given) == ("/api/v1", True)


def test_how_the_tests_of_a_layered_project_work(tmp_path: Path) -> None:
    tests = room(LAYERED, tmp_path).tests

    assert tests is not None
    assert (tests.folder, tests.is_async, tests.client, tests.marker) == (
        "tests",
        True,
        "http",
        None,
    )


def test_values_fit_their_columns(tmp_path: Path) -> None:
    tables = room(LAYERED, tmp_path).tables

    assert tables["users"].required == {"code": '"{n}"', "role": "src.models.user.Role.ADMIN"}
    assert tables["users"].modules == ("src.models.user",)
    assert tables["articles"].required == {
        "at": "datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)"
    }


def test_a_project_by_domain(tmp_path: Path) -> None:
    found = room(BY_DOMAIN, tmp_path)

    assert found.layout is Layout.DOMAIN
    assert found.parts[Part.ROUTER] == "app/{domain}/views.py"
    assert found.parts[Part.SERVICE] == "app/{domain}/crud.py"
    assert found.parts[Part.SCHEMAS] == "app/{domain}/schemas.py"
    assert found.parts[Part.EXCEPTIONS] == "app/{domain}/exceptions.py"
    assert found.base == Symbol("sqlmodel", "SQLModel")
    assert found.application == Symbol("app.main", "app")
    assert found.imports_late
    assert found.tests is None


def test_what_owners_need_is_only_asked_for_with_owners(tmp_path: Path) -> None:
    found = room(BY_DOMAIN, tmp_path)

    assert refusals.for_domain(found, Domain("notes", "note", (), parent="books")) is None
    owned = refusals.for_domain(found, Domain("notes", "note", (), is_owned=True))
    assert owned is not None
    assert [each.fact for each in owned.unknown] == ["user", "users"]
    assert "--user app.auth:current_user" in owned.text


def test_a_parent_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    found = refusals.for_domain(
        room(BY_DOMAIN, tmp_path), Domain("notes", "note", (), parent="posts")
    )

    assert found is not None
    assert "books, shelves" in found.text


def test_a_project_without_tables_is_refused() -> None:
    found = refusal({"main.py": "from fastapi import FastAPI\napp = FastAPI()\n"})

    assert [each.fact for each in found.unknown] == ["base", "session"]
    assert "--base app.database:Base" in found.text


def test_two_applications_are_not_told_apart() -> None:
    one = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef read(): ...\n"
    found = refusal({"one/main.py": one, "two/main.py": one})

    assert list(found.unknown[0].candidates) == ["one.main:app", "two.main:app"]


def test_two_sessions_that_are_as_good_are_not_told_apart() -> None:
    second = FLAT["app/database.py"].replace("get_db", "get_other").partition("def ")[2]
    texts = {
        **FLAT,
        "app/database.py": f"{FLAT['app/database.py']}def {second}",
        "app/routers/user.py": FLAT["app/routers/user.py"]
        .replace("get_db", "get_other")
        .replace("router.get", "router.post"),
        "app/oauth2.py": FLAT["app/oauth2.py"].replace(
            ", db: Session = Depends(database.get_db)", ""
        ),
    }

    found = refusal(texts)

    assert set(found.unknown[0].candidates) == {"app.database:get_db", "app.database:get_other"}


def test_what_the_user_says_counts(tmp_path: Path) -> None:
    given = Given(session=Symbol("app.database", "get_db"), models="app/tables", users="posts")
    found = room(FLAT, tmp_path, given)

    assert found.parts[Part.MODELS] == "app/tables/{entity}.py"
    assert found.users == "posts"


def test_a_flag_that_names_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--session app\.db:get_db: there is no module app\.db"):
        room(FLAT, tmp_path, Given(session=Symbol("app.db", "get_db")))
    with pytest.raises(UsageError, match="takes a module and a name"):
        symbol("app.database", "--session")


def test_a_domain_gets_a_folder_of_its_own_if_asked_for(tmp_path: Path) -> None:
    found = room(FLAT, tmp_path, Given(is_by_domain=True))

    assert found.layout is Layout.DOMAIN
    assert found.parts[Part.MODELS] == "app/{domain}/models.py"


def test_a_template_of_projects_is_none() -> None:
    found = refusal({f"{{{{project}}}}/{path}": text for path, text in FLAT.items()})

    assert [each.fact for each in found.unknown] == ["application"]
    assert "not a template" in found.text


def test_a_prefix_that_all_routers_get_is_kept(tmp_path: Path) -> None:
    texts = {
        **FLAT,
        "app/main.py": FLAT["app/main.py"].replace(".router)", ".router, prefix='/api/v1')"),
    }
    found = room(texts, tmp_path)

    assert (found.inclusion, found.prefix) == ("prefix='/api/v1'", "/api/v1")
    assert not found.prefix_is_given


def test_a_condition_hides_no_inclusion(tmp_path: Path) -> None:
    texts = {
        **FLAT,
        "app/main.py": FLAT["app/main.py"].replace(
            "app.include_router(user.router)\n", "if app:\n    app.include_router(user.router)\n"
        ),
    }

    assert room(texts, tmp_path).routers == Symbol("app.main", "app")


def test_keys_in_annotations_and_names_that_a_base_makes(tmp_path: Path) -> None:
    texts = {
        **LAYERED,
        "src/models/base.py": (
            "from typing import Annotated\n"
            "from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column\n"
            "from sqlalchemy.orm import declared_attr\n"
            "key = Annotated[int, mapped_column(primary_key=True, init=False)]\n"
            "class Base(MappedAsDataclass, DeclarativeBase):\n"
            "    @declared_attr.directive\n"
            "    def __tablename__(cls) -> str:\n"
            "        return cls.__name__.lower()\n"
        ),
        "src/models/user.py": (
            "from sqlalchemy.orm import Mapped, mapped_column\n"
            "from src.models.base import Base, key\n"
            "class User(Base):\n"
            "    id: Mapped[key] = mapped_column(init=False)\n"
            "    name: Mapped[str | None]\n"
            "    bio: Mapped[str] = mapped_column(default='')\n"
        ),
    }
    found = room(texts, tmp_path)

    assert found.base_is_dataclass
    assert (found.tables["users"].table, found.tables["users"].key_type) == ("user", "int")
    assert found.tables["users"].required == {"name": '"name {n}"'}


def test_an_environment_without_metadata_has_no_index(tmp_path: Path) -> None:
    texts = {
        **LAYERED,
        "src/models/__init__.py": "",
        "src/api/deps.py": LAYERED["src/api/deps.py"].replace("src.models ", "src.models.user "),
        "migrations/env.py": (
            "from alembic import context\n"
            "target_metadata = None\n"
            "context.configure(target_metadata=target_metadata)\n"
        ),
    }

    assert room(texts, tmp_path).models_index is None
