"""Which base new tables are made from, and which of schemas new ones are."""

from pathlib import Path

import pytest

from fastwright.scaffolds.room import Symbol
from tests.scaffolds.rooms.projects import FLAT, LAYERED
from tests.scaffolds.rooms.test_reading import room

_TABLE = (
    "import uuid\n"
    "from sqlmodel import Field, SQLModel\n"
    "class {base}(SQLModel):\n"
    "    {field}\n"
    "class Mixin(SQLModel):\n"
    "    note: str | None = None\n"
    "class {name}(Mixin, {base}, table=True):\n"
    "    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)\n"
)


@pytest.mark.parametrize("field", ["code: str", "code: str | None = None"])
def test_what_schemas_share_with_a_table_is_no_base(tmp_path: Path, field: str) -> None:
    """Neither what rows have to be given, nor what stands beside others above each table."""
    texts = {
        **LAYERED,
        "src/models/user.py": _TABLE.format(base="UserBase", name="User", field=field),
        "src/models/article.py": _TABLE.format(base="ArticleBase", name="Article", field=field),
    }

    assert room(texts, tmp_path).base == Symbol("sqlmodel", "SQLModel")


@pytest.mark.parametrize(
    ("annotation", "given"),
    [
        ("type[DeclarativeBase]", "Tables"),
        ("Type[DeclarativeBase]", "Tables"),
        ("DeclarativeMeta", "declarative_base()"),
        ("Any", "Tables"),
    ],
)
def test_a_base_is_followed_through_its_annotation(
    tmp_path: Path, annotation: str, given: str
) -> None:
    texts = {
        **FLAT,
        "app/database.py": (
            "from typing import Any, Type\n"
            "from sqlalchemy import MetaData\n"
            "from sqlalchemy.orm import DeclarativeBase, DeclarativeMeta, declarative_base\n"
            "class Tables(DeclarativeBase):\n"
            "    metadata: MetaData = MetaData()\n"
            f"Base: {annotation} = {given}\n"
            + FLAT["app/database.py"]
            .partition("declarative_base()\n")[2]
            .replace("SessionLocal()", "sessionmaker()()")
        ).replace(
            "from sqlalchemy.orm import Decl", "from sqlalchemy.orm import sessionmaker, Decl"
        ),
    }
    found = room(texts, tmp_path)

    assert found.base == Symbol("app.database", given if given == "Tables" else "Base")
    assert sorted(found.tables) == ["posts", "users"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("alias_generator=to_camel, populate_by_name=True", ("src.schemas.base:Schema", True)),
        ("alias_generator=to_camel", ("pydantic:BaseModel", False)),
        ("alias_generator=to_pascal, populate_by_name=True", ("pydantic:BaseModel", False)),
        ("extra='forbid'", ("src.schemas.base:Schema", False)),
    ],
)
def test_how_a_base_of_schemas_names_fields(
    tmp_path: Path, settings: str, expected: tuple[str, bool]
) -> None:
    texts = {
        **LAYERED,
        "src/schemas/base.py": (
            "from pydantic import BaseModel, ConfigDict\n"
            "from pydantic.alias_generators import to_camel, to_pascal\n"
            "class Schema(BaseModel):\n"
            f"    model_config = ConfigDict({settings})\n"
        ),
    }
    found = room(texts, tmp_path)

    assert (str(found.schema_base), found.is_camel) == expected


def test_what_says_that_a_row_is_deleted(tmp_path: Path) -> None:
    texts = {
        **FLAT,
        "app/models.py": FLAT["app/models.py"]
        .replace("Column, ", "Boolean, Column, DateTime, ")
        .replace("    title =", "    is_deleted = Column(Boolean)\n    title =")
        .replace("    email =", "    deleted_at = Column(DateTime)\n    email ="),
    }
    tables = room(texts, tmp_path).tables

    assert (tables["posts"].gone, tables["posts"].gone_is_flag) == ("is_deleted", True)
    assert (tables["users"].gone, tables["users"].gone_is_flag) == ("deleted_at", False)


def test_what_a_base_merely_annotates_is_no_column(tmp_path: Path) -> None:
    base = LAYERED["src/models/base.py"].partition("    id:")[0]
    texts = {
        **{path: text.replace("class User(Base):\n", _KEYED) for path, text in LAYERED.items()},
        "src/models/base.py": f"from typing import Any\n{base}    id: Any\n    __name__: str\n",
    }
    found = room(texts, tmp_path)

    assert found.base == Symbol("src.models.base", "Base")
    assert found.tables["users"].key_type == "int"


_KEYED = "class User(Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"


_BESIDE = (
    "import uuid\n"
    "from sqlmodel import Field, SQLModel\n"
    "class Moments(SQLModel):\n"
    "    note: str | None = None\n"
    "class Keyed(SQLModel):\n"
    "    {key}\n"
    "class {name}(Moments, Keyed, table=True):\n"
    "    {own}\n"
)
_KEY = "id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)"


@pytest.mark.parametrize(
    ("key", "own", "expected"),
    [
        (_KEY, "pass", Symbol("src.models.user", "Keyed")),
        ("hint: str | None = None", _KEY, Symbol("sqlmodel", "SQLModel")),
    ],
)
def test_of_classes_side_by_side_that_with_the_key_is_the_base(
    tmp_path: Path, key: str, own: str, expected: Symbol
) -> None:
    user = _BESIDE.format(name="User", key=key, own=own)
    article = user.replace("class User(", "class Article(").replace(
        user[user.index("class Moments") : user.index("class User")],
        "from src.models.user import Keyed, Moments\n",
    )
    texts = {**LAYERED, "src/models/user.py": user, "src/models/article.py": article}

    assert room(texts, tmp_path).base == expected
