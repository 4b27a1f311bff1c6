"""The stacks that generated code is tried on, and how `add` sees a project of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastwright.scaffolds.room import (
    BaseColumn,
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


_INHERITED = {
    "uid": BaseColumn(),
    "created_at": BaseColumn(),
    "updated_at": BaseColumn(is_renewed=True),
}


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
    inherits: bool = False  # keys and moments, the latter without an offset

    def __str__(self) -> str:
        return "-".join(
            [
                self.orm.name.lower(),
                "async" if self.is_async else "sync",
                self.layout,
                self.key_type.lower(),
                *(
                    name
                    for name in ("has_alias", "is_relative", "commits", "inherits")
                    if getattr(self, name)
                ),
            ]
        )


def stacks() -> Sequence[Stack]:
    """Each way to declare tables and to wait, with the rest spread over them."""
    return (
        Stack(Orm.MAPPED),
        Stack(Orm.MAPPED, is_async=True, layout=Layout.LAYERED, key_type="UUID", has_alias=True),
        Stack(Orm.SQLMODEL, layout=Layout.LAYERED, has_alias=True, is_relative=True),
        Stack(Orm.SQLMODEL, is_async=True, key_type="UUID", commits=True),
        Stack(Orm.COLUMNS, layout=Layout.FLAT, key_type="str", annotates=False),
        Stack(Orm.COLUMNS, is_async=True, key_type="UUID", prefix_is_given=True),
        Stack(Orm.SQLMODEL, layout=Layout.FLAT, has_alias=True),
        Stack(Orm.MAPPED, is_async=True, is_dataclass=True, is_relative=True, layout=Layout.FLAT),
        Stack(Orm.MAPPED, key_type="str", inherits=True),
    )


def room_of(root: Path, stack: Stack) -> Room:
    """Return what is to be known of a stack's project."""
    alias = stack.has_alias
    session = Injected(
        Symbol("app.database", "SessionDep") if alias else None,
        Symbol("app.database", "get_session"),
        Symbol(*session_type(stack)),
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
            model=Symbol(models(stack, name), name[:-1].capitalize()),
            table=table(stack, name),
            key="uid" if stack.inherits else "id",
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
        parts=_parts(stack),
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
        key="uid" if stack.inherits else "id",
        base_columns=_INHERITED if stack.inherits else {},
    )


def session_type(stack: Stack) -> tuple[str, str]:
    if stack.is_async:
        module = (
            "sqlmodel.ext.asyncio.session"
            if stack.orm is Orm.SQLMODEL
            else "sqlalchemy.ext.asyncio"
        )
        return (module, "AsyncSession")
    return ("sqlmodel" if stack.orm is Orm.SQLMODEL else "sqlalchemy.orm", "Session")


def models(stack: Stack, name: str) -> str:
    match stack.layout:
        case Layout.DOMAIN:
            return f"app.{name}.models"
        case Layout.LAYERED:
            return f"app.models.{name[:-1]}"
        case Layout.FLAT:
            return "app.models"


def table(stack: Stack, name: str) -> str:
    return name if stack.layout is Layout.FLAT else name[:-1]


def _parts(stack: Stack) -> dict[Part, str]:
    """Return where parts lie: with SQLModel, schemas may be among the models."""
    if stack.orm is Orm.SQLMODEL and stack.layout is Layout.FLAT:
        return {**PARTS[stack.layout], Part.SCHEMAS: "app/models.py"}
    return PARTS[stack.layout]
