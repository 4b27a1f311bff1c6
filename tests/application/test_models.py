"""Schemas, tables and settings are known by what they derive from, through any number of bases."""

import pytest

from fastwright.application.application import read_texts

HEAD = """
from pydantic import BaseModel, RootModel
from pydantic_settings import BaseSettings
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, declared_attr
from sqlmodel import Field, SQLModel
import pydantic, sqlalchemy as sa
Base = declarative_base()
class Orm(DeclarativeBase): pass
class Own(BaseModel): pass
class Mixin:
    id: int
"""


def names(text: str) -> dict[str, list[str]]:
    read = read_texts({"app.py": HEAD + text})
    return {
        "schemas": [each.name for each in read.schemas if each.name != "Own"],
        "tables": [each.name for each in read.tables],
        "settings": [each.name for each in read.settings],
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("class X(BaseModel): pass\n", "schemas"),
        ("class X(pydantic.BaseModel): pass\n", "schemas"),
        ("class X(Own): pass\n", "schemas"),
        ("class X(Mixin, Own): pass\n", "schemas"),
        ("class X(RootModel[list[int]]): pass\n", "schemas"),
        ("class X(SQLModel): pass\n", "schemas"),
        ("class X(SQLModel, table=False): pass\n", "schemas"),
        ("class X(SQLModel, table=True): pass\n", "tables"),
        ("class X(Orm):\n    __tablename__ = 'x'\n", "tables"),
        ("class X(Base):\n    __tablename__ = 'x'\n", "tables"),
        ("class X(Mixin, Orm):\n    __tablename__: str = 'x'\n", "tables"),
        ("class X(Orm):\n    __table__ = sa.Table('x')\n", "tables"),
        ("class X(BaseSettings): pass\n", "settings"),
        ("class X(pydantic.BaseSettings): pass\n", "settings"),
        ("class S(BaseSettings): pass\nclass X(S): pass\n", "settings"),
    ],
)
def test_classes_are_told_apart(text: str, kind: str) -> None:
    found = names(text)
    assert "X" in found.pop(kind)
    assert all("X" not in others for others in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "class X: pass\n",
        "class X(Mixin): pass\n",
        "class X(gone.Model): pass\n",
        "class X(Orm):\n    __abstract__ = True\n    __tablename__ = 'x'\n",
        "class X(dict): pass\n",
        "class X(X): pass\n",
    ],
)
def test_other_classes_are_none(text: str) -> None:
    assert not any("X" in found for found in names(text).values())


def test_fields_are_inherited_and_the_nearest_counts() -> None:
    text = """
class A(BaseModel):
    a: int
    b: str = 'b'
    __private__ = 1
    def method(self): pass
class B(A):
    b: int = 1
    if True:
        c: float
class M:
    d: bytes
class C(M, B):
    e = 1
    (f, g) = 1, 2
"""
    read = read_texts({"app.py": HEAD + text})
    by_name = {each.name: each for each in read.schemas}
    assert sorted(by_name["C"].fields) == ["a", "b", "c", "d", "e"]
    assert by_name["C"].fields["b"].owner.name == "B"
    assert [field.name for field in by_name["C"].own_fields] == ["e"]


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("class X(SQLModel, table=True): pass\n", "x"),
        ("class PostLike(SQLModel, table=True): pass\n", "postlike"),
        ("class X(SQLModel, table=True):\n    __tablename__ = 'post'\n", "post"),
        ("class X(Orm):\n    __tablename__ = 'a' 'b'\n", "ab"),
        ("class B(SQLModel):\n    __tablename__ = 'b'\nclass X(B, table=True): pass\n", "b"),
        ("class X(Orm):\n    __tablename__ = make()\n", None),
    ],
)
def test_a_table_has_a_name_as_far_as_it_can_be_read(text: str, table: str | None) -> None:
    read = read_texts({"app.py": HEAD + text})
    assert read.tables[-1].table_name == table


def test_tables_have_what_the_class_of_their_base_has() -> None:
    files = {
        "app/base.py": """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base, declared_attr


class Kept:
    id = Column(Integer, primary_key=True)

    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.lower()


Base = declarative_base(cls=Kept)
""",
        "app/posts.py": """
from sqlalchemy import Column, String

from app.base import Base


class Post(Base):
    title = Column(String)
""",
    }
    (post,) = read_texts(files).tables
    assert post.name == "Post"
    assert list(post.fields) == ["id", "title"]


def test_a_variable_of_the_class_itself_takes_an_inherited_field_away() -> None:
    read = read_texts(
        {
            "app.py": f"{HEAD}from typing import ClassVar\n"
            "class User(BaseModel):\n    id: int\n    password: str\n"
            "class Shown(User):\n    password: ClassVar[None] = None\n"
        }
    )
    assert [list(each.fields) for each in read.schemas[-2:]] == [["id", "password"], ["id"]]


def test_models_of_tests_are_left_aside() -> None:
    read = read_texts({"tests/test_x.py": HEAD + "class X(BaseModel): pass\n"})
    assert read.models.all == []
