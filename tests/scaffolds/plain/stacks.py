"""Small projects of every stack, which tests write, and how `add` sees each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastwright.scaffolds.additions import (
    AppendToModule,
    ImportForMigrations,
    IncludeRouter,
    Rendered,
)
from fastwright.scaffolds.room import (
    Injected,
    Layout,
    Manner,
    Orm,
    Part,
    Room,
    Symbol,
    Table,
    Tests,
)

PARTS = {
    Layout.DOMAIN: {
        Part.EXCEPTIONS: "app/{domain}/exceptions.py",
        Part.MODELS: "app/{domain}/models.py",
        Part.SCHEMAS: "app/{domain}/schemas.py",
        Part.SERVICE: "app/{domain}/service.py",
        Part.DEPENDENCIES: "app/{domain}/dependencies.py",
        Part.ROUTER: "app/{domain}/router.py",
        Part.TESTS: "tests/test_{domain}.py",
    },
    Layout.LAYERED: {
        Part.MODELS: "app/models/{entity}.py",
        Part.SCHEMAS: "app/schemas/{entity}.py",
        Part.SERVICE: "app/services/{entity}.py",
        Part.ROUTER: "app/api/{domain}.py",
        Part.TESTS: "tests/test_{domain}.py",
    },
    Layout.FLAT: {
        Part.MODELS: "app/models.py",
        Part.SCHEMAS: "app/schemas.py",
        Part.ROUTER: "app/main.py",
        Part.TESTS: "tests/test_{domain}.py",
    },
}

_LAST = "app.include_router(api)\n"


@dataclass(frozen=True, slots=True)
class Stack:
    """What a project is made of."""

    orm: Orm = Orm.MAPPED
    is_async: bool = False
    layout: Layout = Layout.DOMAIN
    key_type: str = "int"
    has_user: bool = True
    has_alias: bool = False
    annotates: bool = True
    is_relative: bool = False
    commits: bool = False
    is_dataclass: bool = False
    prefix_is_given: bool = False

    def __str__(self) -> str:
        return "-".join(
            [
                self.orm.name.lower(),
                "async" if self.is_async else "sync",
                self.layout,
                self.key_type.lower(),
                *(name for name in ("has_alias", "is_relative", "commits") if getattr(self, name)),
            ]
        )


def room_of(root: Path, stack: Stack) -> Room:
    """Return what is to be known of a stack's project."""
    alias = stack.has_alias
    session = Injected(
        Symbol("app.database", "SessionDep") if alias else None,
        Symbol("app.database", "get_session"),
        Symbol(*_session_type(stack)),
        commits=stack.commits,
    )
    user = Injected(
        Symbol("app.auth", "CurrentUser") if alias else None,
        Symbol("app.auth", "get_current_user"),
        Symbol("app.auth", "Account"),
        key="{user}.id",
    )
    tables = {
        name: Table(
            domain=name,
            entity=name[:-1],
            model=Symbol(_models(stack, name), name[:-1].capitalize()),
            table=name,
            key="id",
            key_type=stack.key_type,
            lookup=None,
            required={},
        )
        for name in ("users", "posts")
    }
    return Room(
        root=root,
        manner=Manner.PLAIN,
        layout=stack.layout,
        parts=PARTS[stack.layout],
        source="",
        orm=stack.orm,
        is_async=stack.is_async,
        base=Symbol("sqlmodel", "SQLModel")
        if stack.orm is Orm.SQLMODEL
        else Symbol("app.database", "Base"),
        session=session,
        user=user if stack.has_user else None,
        optional_user=None,
        schema_base=Symbol("pydantic", "BaseModel"),
        pydantic=2,
        tables=tables,
        users="users",
        key_type=stack.key_type,
        routers=Symbol("app.main", "api"),
        prefix="/api",
        prefix_is_given=stack.prefix_is_given,
        migrations=None,
        tests=Tests("tests", is_async=False, client=None, marker=None),
        line_length=88,
        is_typed=True,
        found={},
        application=Symbol("app.main", "app"),
        is_relative=stack.is_relative,
        annotates=stack.annotates,
        base_is_dataclass=stack.is_dataclass,
    )


def write_project(root: Path, stack: Stack) -> Room:
    """Write a stack's project, with users and posts."""
    room = room_of(root, stack)
    main = (
        "from fastapi import APIRouter, FastAPI\n\n"
        'api = APIRouter(prefix="/api")\napp = FastAPI()\n'
    )
    write(root, {"app/__init__.py": "", "tests/__init__.py": "", "app/main.py": main})
    write(root, {"app/database.py": _database(stack), "app/auth.py": _AUTH[stack.has_alias]})
    for name in ("users", "posts"):
        path = f"{_models(stack, name).replace('.', '/')}.py"
        file = root / path
        before = file.read_text() if file.exists() else _head(stack)
        write(root, {path: before + _model(stack, name)})
        for folder in file.relative_to(root).parents:
            if folder.name:
                (root / folder / "__init__.py").touch()
    if stack.layout is Layout.FLAT:
        write(root, {"app/schemas.py": "from pydantic import BaseModel\n"})
    return replace(room, root=root)


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def put_in(room: Room, rendered: Rendered) -> None:
    """Write what was rendered, and make the additions as anyone would."""
    write(room.root, dict(rendered.files))
    main = room.root / "app/main.py"
    main.write_text(main.read_text().removesuffix(_LAST))
    for addition in rendered.additions:
        match addition:
            case AppendToModule(path, text, imports):
                before = (room.root / path).read_text()
                write(room.root, {path: "\n".join([*imports, before, "", text])})
            case IncludeRouter(router, prefix):
                _include(main, router, prefix)
            case ImportForMigrations():
                pass
    main.write_text(main.read_text() + _LAST)


def _include(main: Path, router: Symbol, prefix: str | None) -> None:
    name = router.name
    lines = main.read_text().splitlines()
    if router.module != "app.main":
        name = router.module.replace(".", "_")
        lines.append(f"from {router.module} import {router.name} as {name}")
    given = f', prefix="{prefix}"' if prefix else ""
    lines.append(f"api.include_router({name}{given})\n")
    main.write_text("\n".join(lines))


def _session_type(stack: Stack) -> tuple[str, str]:
    if stack.is_async:
        module = (
            "sqlmodel.ext.asyncio.session"
            if stack.orm is Orm.SQLMODEL
            else "sqlalchemy.ext.asyncio"
        )
        return (module, "AsyncSession")
    return ("sqlmodel" if stack.orm is Orm.SQLMODEL else "sqlalchemy.orm", "Session")


def _models(stack: Stack, name: str) -> str:
    match stack.layout:
        case Layout.DOMAIN:
            return f"app.{name}.models"
        case Layout.LAYERED:
            return f"app.models.{name[:-1]}"
        case Layout.FLAT:
            return "app.models"


def _database(stack: Stack) -> str:
    module, name = _session_type(stack)
    define, iterator = ("async def", "AsyncIterator") if stack.is_async else ("def", "Iterator")
    base = {
        Orm.SQLMODEL: "",
        Orm.MAPPED: "class Base(MappedAsDataclass, DeclarativeBase):\n    pass\n"
        if stack.is_dataclass
        else "class Base(DeclarativeBase):\n    pass\n",
        Orm.COLUMNS: "Base = declarative_base()\n",
    }[stack.orm]
    return f"""from collections.abc import {iterator}
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, declarative_base
from {module} import {name}

{base}

{define} get_session() -> {iterator}[{name}]:
    raise RuntimeError("There is no database here.")
    yield


SessionDep = Annotated[{name}, Depends(get_session)]
"""


def _head(stack: Stack) -> str:
    lines = [
        "from uuid import UUID, uuid4",
        "from sqlalchemy import Column, ForeignKey, Integer, Uuid",
    ]
    if stack.orm is Orm.SQLMODEL:
        return "\n".join([*lines, "from sqlmodel import Field, SQLModel\n"])
    return "\n".join(
        [
            *lines,
            "from sqlalchemy.orm import Mapped, mapped_column",
            "from app.database import Base\n",
        ]
    )


def _model(stack: Stack, name: str) -> str:
    base = "SQLModel, table=True" if stack.orm is Orm.SQLMODEL else "Base"
    type_ = {"int": "Integer", "UUID": "Uuid"}[stack.key_type]
    key = {
        Orm.SQLMODEL: f"id: {stack.key_type} = Field(primary_key=True)",
        Orm.MAPPED: f"id: Mapped[{stack.key_type}] = mapped_column(primary_key=True)",
        Orm.COLUMNS: f"id = Column({type_}, primary_key=True)",
    }[stack.orm]
    return f'\n\nclass {name[:-1].capitalize()}({base}):\n    __tablename__ = "{name}"\n    {key}\n'


_LOGIN = """from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

scheme = OAuth2PasswordBearer(tokenUrl="/token")


@dataclass
class Account:
    id: Any


def get_current_user(token: Annotated[str, Depends(scheme)]) -> Account:
    return Account(id=token)
"""
_AUTH = {
    False: _LOGIN,
    True: _LOGIN + "\n\nCurrentUser = Annotated[Account, Depends(get_current_user)]\n",
}


def stacks() -> Sequence[Stack]:
    """Each way to declare tables and to wait, with the rest spread over them."""
    return (
        Stack(Orm.MAPPED),
        Stack(Orm.MAPPED, is_async=True, layout=Layout.LAYERED, key_type="UUID", has_alias=True),
        Stack(Orm.SQLMODEL, layout=Layout.LAYERED, has_alias=True, is_relative=True),
        Stack(Orm.SQLMODEL, is_async=True, key_type="UUID", commits=True),
        Stack(Orm.COLUMNS, layout=Layout.FLAT, annotates=False),
        Stack(Orm.COLUMNS, is_async=True, key_type="UUID", prefix_is_given=True),
        Stack(Orm.MAPPED, is_async=True, is_dataclass=True, is_relative=True, layout=Layout.FLAT),
    )
