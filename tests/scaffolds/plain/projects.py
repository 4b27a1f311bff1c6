"""Small projects of every stack, which tests write."""

from dataclasses import replace
from pathlib import Path

from fastwright.scaffolds.additions import (
    AppendToModule,
    ImportForMigrations,
    IncludeRouter,
    Rendered,
)
from fastwright.scaffolds.room import (
    Layout,
    Orm,
    Room,
    Symbol,
)
from tests.scaffolds.plain.stacks import Stack, models, room_of, session_type, table

_LAST = "app.include_router(api)\n"

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

_WITH_COLUMNS = """from datetime import datetime
from uuid import uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class Base(DeclarativeBase):
    uid: Mapped[str] = mapped_column(
        String(36), primary_key=True, default=lambda: str(uuid4())
    )
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)
    updated_at: Mapped[datetime] = mapped_column(
        default=datetime.now, onupdate=datetime.now
    )
"""

_AUTH = {
    False: _LOGIN,
    True: _LOGIN + "\n\nCurrentUser = Annotated[Account, Depends(get_current_user)]\n",
}


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
        path = f"{models(stack, name).replace('.', '/')}.py"
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


def _database(stack: Stack) -> str:
    module, name = session_type(stack)
    define, iterator = ("async def", "AsyncIterator") if stack.is_async else ("def", "Iterator")
    base = {
        Orm.SQLMODEL: "",
        Orm.MAPPED: "class Base(MappedAsDataclass, DeclarativeBase):\n    pass\n"
        if stack.is_dataclass
        else "class Base(DeclarativeBase):\n    pass\n",
        Orm.COLUMNS: "Base = declarative_base()\n",
    }[stack.orm]
    if stack.inherits:
        base = _WITH_COLUMNS
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
        "from sqlalchemy import Column, ForeignKey, Integer, String, Uuid",
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
    type_ = {"int": "Integer", "UUID": "Uuid", "str": "String(36)"}[stack.key_type]
    key = {
        Orm.SQLMODEL: f"id: {stack.key_type} = Field(primary_key=True)",
        Orm.MAPPED: f"id: Mapped[{stack.key_type}] = mapped_column(primary_key=True)",
        Orm.COLUMNS: f"id = Column({type_}, primary_key=True)",
    }[stack.orm]
    named = f'__tablename__ = "{table(stack, name)}"'
    lines = [named] if stack.inherits else [named, key]
    body = "".join(f"    {line}\n" for line in lines)
    return f"\n\nclass {name[:-1].capitalize()}({base}):\n{body}"
