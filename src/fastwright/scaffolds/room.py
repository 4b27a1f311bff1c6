"""What `add` has to know of a project before it writes into it.

`fastwright.scaffolds.rooms` reads it from the application model; what is written uses nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Manner(StrEnum):
    """In which way what is written goes about its work."""

    HOUSE = "house"  # of projects made by `fastwright new`, with their pagination, errors, tests
    PLAIN = "plain"  # of all others: what a project has is used, and the rest stands by itself


class Layout(StrEnum):
    """Where the files of a domain lie."""

    DOMAIN = "domain"  # together: src/posts/{models,schemas,service,router,…}.py
    LAYERED = "layered"  # by what they are: app/models/post.py, app/schemas/post.py, …
    FLAT = "flat"  # one models.py and one schemas.py for all, perhaps a folder of routers


class Part(StrEnum):
    """A file of a domain; the value is its name in a domain's folder."""

    CONSTANTS = "constants"
    EXCEPTIONS = "exceptions"
    MODELS = "models"
    SCHEMAS = "schemas"
    SERVICE = "service"
    DEPENDENCIES = "dependencies"
    ROUTER = "router"
    TESTS = "tests"
    FACTORY = "factory"


class Orm(StrEnum):
    """How tables are declared."""

    SQLMODEL = "sqlmodel"
    MAPPED = "sqlalchemy"  # with `Mapped[…]`, as of SQLAlchemy 2
    COLUMNS = "sqlalchemy-columns"  # with plain `Column(…)`


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something to import; of a dotted name what stands before the first dot is imported."""

    module: str  # "src.posts.models"
    name: str  # "Post", "container.session"

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass(frozen=True, slots=True)
class Injected:
    """What an endpoint gets from a dependency."""

    alias: Symbol | None  # an `Annotated[…]` to write as the parameter's type
    function: Symbol | None  # what stands in `Depends(…)`, and what tests override
    type: Symbol  # what comes: `AsyncSession`, `User`
    commits: bool = False  # a session's: it is committed when the request is done
    key: str = "{user}.id"  # a user's: Python for the key of `{user}`


class Asks(StrEnum):
    """Whom a lookup lets in."""

    NOBODY = "nobody"  # it asks for no account
    PERHAPS = "perhaps"  # it shows more to somebody, but reads whoever sends a token
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Table:
    """A model that a domain may refer to, or lie under."""

    domain: str  # what a command calls it: "posts"
    entity: str  # "post"
    model: Symbol
    table: str  # the name in the database
    key: str  # its primary key, "id"
    key_type: str  # "int", "UUID" or "str"
    lookup: Symbol | None  # `valid_post_id`, if there is one, or an alias of it
    # Columns that a row must be given, and Python for a value of each: `{n}` in it is a number
    # that differs from row to row, and modules are named (`uuid.uuid4()`).
    required: Mapping[str, str]
    references: Mapping[str, str] = field(default_factory=dict)  # such columns, and their domains
    modules: tuple[str, ...] = ()  # what the values need: "uuid", "app.models"
    # In projects of ours:
    found: Symbol | None = None  # what the lookup returns
    asks: Asks = Asks.NOBODY  # whom the lookup lets in
    path: str = ""  # of one of its things: "/posts/{post_id}"
    # In others: the column that says of a row that it is deleted, a moment or a flag.
    gone: str | None = None
    gone_is_flag: bool = False
    key_length: int | None = None  # of a key that is text, where it is limited
    finder: Injected | None = None  # what gives the row that a path names, or refuses
    parameter: str = ""  # what the finder's parameter in the path is called


@dataclass(frozen=True, slots=True)
class BaseColumn:
    """A column that the declarative base gives to every table, so that none declares it anew."""

    has_timezone: bool = False
    is_renewed: bool = False  # it is set by itself whenever a row changes


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; lines count from 1."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be told of a project, and which flag tells it."""

    fact: str  # "session"
    sought: str  # "a dependency that gives a session of SQLAlchemy"
    flag: str  # "--session app.database:get_db"
    candidates: Mapping[str, Place] = field(default_factory=dict)  # where several are as good


@dataclass(frozen=True, slots=True)
class Tests:
    """How the project's tests work."""

    folder: str  # "tests"
    is_async: bool
    client: str | None  # the fixture that gives a client
    marker: str | None  # what marks an async test: "pytest.mark.anyio"; None: nothing has to
    source: str | None = None  # the folder that tests name modules from; None: as all others do


@dataclass(frozen=True, slots=True)
class Room:
    """A project as `add` sees it. All paths are relative to `root`, with `/`."""

    root: Path
    manner: Manner
    layout: Layout
    # Where each part of a domain lies, with {domain} (the plural) and {entity}:
    # "app/models/{entity}.py". In a flat project a path without either is a file for all.
    parts: Mapping[Part, str]
    source: str  # the folder that modules are named from: "", "backend"
    orm: Orm
    is_async: bool
    base: Symbol  # the declarative base, or SQLModel
    session: Injected
    user: Injected | None  # the current user
    optional_user: Injected | None
    schema_base: Symbol  # "pydantic:BaseModel", or the project's own
    pydantic: int  # its major version, 1 or 2
    tables: Mapping[str, Table]  # by domain
    users: str | None  # which of the tables holds users
    key_type: str  # of new tables: "int", "UUID" or "str"
    routers: Symbol  # what routers are included into: `app`, `api_router`
    prefix: str  # the path before all that is included there: "/api/v1"
    prefix_is_given: bool  # a router is included with `prefix=`, rather than made with one
    migrations: str | None  # the folder of Alembic's revisions
    tests: Tests | None
    line_length: int
    is_typed: bool  # mypy or pyright checks it
    found: Mapping[str, Place]  # where each fact was read, for `--explain-project`
    application: Symbol | None = None  # the application, or the function that makes it
    is_factory: bool = False
    router_path: str = ""  # the file in which routers are included
    # A router is imported where it is included: at the file's top it would be too early.
    imports_late: bool = False
    # The file that has to import each module with tables: a package's `__init__`, or Alembic's env;
    # None where nothing has to.
    models_index: str | None = None
    # How another router is included, with {path} or {Path}, or None where none is yet:
    # `prefix=f"{version}/{path}", tags=["{path}"]`.
    inclusion: str | None = None
    is_relative: bool = False  # modules import each other with dots
    annotates: bool = True  # dependencies stand in `Annotated[…]`, not in default values
    python: tuple[int, int] = (3, 10)  # the oldest that the project runs on
    dialect: str | None = "postgresql"  # or "sqlite", "mysql"; None: not known
    base_columns: Mapping[str, BaseColumn] = field(default_factory=dict)
    base_is_dataclass: bool = False  # its tables are dataclasses
    key: str = "id"  # what new tables call their key
    is_camel: bool = False  # the base of schemas has JSON in camel case
    quote: str = '"'  # what most strings stand in
    # What could not be told, by fact; what is asked for may do without.
    unknown: Mapping[str, Unknown] = field(default_factory=dict)
