"""async_routes/async-dependency: a dependency that waits for nothing is async."""

from collections.abc import Iterator

from fastwright.application import injected
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance
from fastwright.practice import (
    Clean,
    Effect,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Part,
    Practice,
    Safety,
)
from fastwright.source.syntax import (
    Attribute,
    Call,
    Constant,
    Expression,
    ExpressionStatement,
    Raise,
    Simple,
    Statement,
    String,
    walk_all,
)

_MOST_FUNCTIONS = 60
# Packages of which nothing takes noticeable time but what is known to block or to compute.
_PROMPT = {
    "aws_lambda_powertools",
    "base64",
    "binascii",
    "builtins",
    "collections",
    "contextvars",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fastapi",
    "functools",
    "hashlib",
    "hmac",
    "http",
    "inspect",
    "ipaddress",
    "itertools",
    "itsdangerous",
    "jose",
    "json",
    "jwt",
    "logging",
    "loguru",
    "math",
    "operator",
    "os.environ",
    "os.getenv",
    "pydantic",
    "pydantic_core",
    "random",
    "re",
    "secrets",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "string",
    "structlog",
    "time",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "urllib.parse",
    "uuid",
    "zoneinfo",
}
_BASE_OF_TABLES = "sqlalchemy.orm.DeclarativeBase."
_OF_BASE = {"__init__", "metadata", "registry"}
_SLOW_TO_MAKE = ("pydantic.BaseSettings", "pydantic_settings.BaseSettings")
_RELATIONSHIPS = {
    "sqlalchemy.ext.associationproxy.association_proxy",
    "sqlalchemy.orm.backref",
    "sqlalchemy.orm.dynamic_loader",
    "sqlalchemy.orm.relationship",
    "sqlmodel.Relationship",
}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each sync dependency of which all is known, and nothing waits."""
    codebase = application.codebase
    for entry in application.each_entry():
        function = entry.function
        if entry.role != Role.DEPENDENCY or function in application.routes_by_function:
            continue
        if _may_be_async(function, codebase) and _is_prompt(function, codebase):
            edits = injected.made_async(function, application)
            effect = Effect(Part.ASYNC, function.name)
            yield Finding(
                function.module.place(function.node),
                f"Make `{function.qualified_name}` an `async def`: it waits for nothing, and "
                "as a plain `def` it costs a trip to a thread each time.",
                fix=Fix(Safety.SAFE, edits, effects=(effect,)) if edits else None,
            )


def _may_be_async(function: Function, codebase: Codebase) -> bool:
    """Tell whether `async` would change nothing for anybody but FastAPI."""
    if function.is_async or function.is_generator or function.name in {"__init__", "__new__"}:
        return False
    if any(_name(each) not in {"staticmethod", "classmethod"} for each in function.decorators):
        return False
    called = (call for call in codebase.calls_of(function) if not call.function.module.is_test)
    return next(called, None) is None and not all(_is_nothing(each) for each in function.body)


def _name(decorator: Expression) -> str | None:
    return getattr(decorator, "id", None)


def _is_nothing(statement: Statement) -> bool:
    """Tell whether a statement only keeps the place of what is put in later."""
    match statement:
        case Simple("pass") | Raise() | ExpressionStatement(String() | Constant("...")):
            return True
    return False


def _is_prompt(function: Function, codebase: Codebase) -> bool:
    """Tell whether all that a function runs is known, and over in a moment."""
    reached = codebase.graph.reached(function)
    return len(reached) <= _MOST_FUNCTIONS and all(
        not each.details.entered
        # What stands behind a protocol or an abstract method may do anything.
        and not all(_is_nothing(statement) for statement in each.body)
        and not _loads_rows(each, codebase)
        and all(_is_prompt_call(call, codebase) for call in each.calls)
        for each in reached
    )


def _is_prompt_call(call: CallSite, codebase: Codebase) -> bool:
    match codebase.target(call):
        case FunctionValue(function):
            return not function.is_async and _is_plain(function, codebase)
        case ClassValue(definition):
            return _is_promptly_made(definition, codebase)
        case External(name):
            return _is_prompt_name(name, codebase)
        case Instance(Class()):
            return True  # its `__call__` is among what is reached
        case _:
            return False


def _is_plain(function: Function, codebase: Codebase) -> bool:
    """Tell whether nothing of the codebase is wrapped around a function."""
    return all(
        isinstance(each, External) and _is_prompt_name(each.name, codebase)
        for each in codebase.decorators(function)
    )


def _is_promptly_made(definition: Class, codebase: Codebase) -> bool:
    line = codebase.resolver.lineage(definition)
    return (
        not codebase.is_a(definition, *_SLOW_TO_MAKE)
        and all(_is_prompt_name(each, codebase) for each in line if isinstance(each, str))
        and all(
            codebase.resolver.value(base, each.scope) is not None
            for each in line
            if isinstance(each, Class)
            for base in each.bases
        )
    )


def _is_prompt_name(name: str, codebase: Codebase) -> bool:
    knowledge = codebase.knowledge
    if knowledge.blocking(name) or knowledge.cpu(name) or knowledge.is_coroutine(name):
        return False
    if name.startswith(_BASE_OF_TABLES) and name.rpartition(".")[2] not in _OF_BASE:
        return False  # it comes with `declarative_base(cls=…)`
    parts = name.split(".")
    return parts[0] in _PROMPT or ".".join(parts[:2]) in _PROMPT


def _loads_rows(function: Function, codebase: Codebase) -> bool:
    """Tell whether a function reads a relationship of a table, which may query for it."""
    for node in walk_all(function.body):
        if isinstance(node, Attribute):
            value = codebase.resolver.value(node.value, function)
            if isinstance(value, Instance) and _may_query(value.of, node.name, codebase):
                return True
    return False


def _may_query(owner: Class | str, name: str, codebase: Codebase) -> bool:
    """Tell whether an attribute is a relationship, or one that its other side puts there."""
    if isinstance(owner, str):
        return False
    line = [each for each in codebase.resolver.lineage(owner) if isinstance(each, Class)]
    bound = next(((each, found[-1]) for each in line if (found := each.bound(name))), None)
    if bound is None:
        return any(each.bound("__tablename__") for each in line) or codebase.is_a(
            owner, "sqlalchemy.orm.DeclarativeBase"
        )
    scope, binding = bound
    match names.given(binding):
        case Call(called):
            made_by = codebase.resolver.value(called, scope)
            return isinstance(made_by, External) and made_by.name in _RELATIONSHIPS
    return False


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="A dependency that waits for nothing is an `async def`.",
        why=(
            "FastAPI runs plain `def` dependencies in a thread, one trip for each of them in each "
            "request. For a function that compares a header or puts an object together the trip "
            "takes longer than the work, and it uses one of the forty threads that blocking routes "
            "need."
        ),
        bad="""\
def get_post_service(posts: PostsDep) -> PostService:
    return PostService(posts)
""",
        good="""\
async def get_post_service(posts: PostsDep) -> PostService:
    return PostService(posts)
""",
        when_not=(
            "A dependency that reads a database, a file or the network without `await` belongs in "
            "a thread. So does one that hashes passwords, or loads a relationship by reading it. "
            "Only dependencies of which every call is known are reported, and none that other code "
            "calls."
        ),
        fix_safety=(
            "Safe where the codebase, tests included, does nothing with the function but inject "
            "or override it: `async` is put before its `def`. There is no fix for methods, for "
            "decorated functions, nor where the function sets something of its own context."
        ),
        references={
            "Dependencies": "https://fastapi.tiangolo.com/tutorial/dependencies/",
            "Concurrency and async / await": "https://fastapi.tiangolo.com/async/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a guard that compares a header",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def guard(request: Request) -> None:  # <- here
    if request.headers.get("X-Key") != "secret":
        raise HTTPException(401)


@app.get("/secrets", dependencies=[Depends(guard)])
async def secrets() -> str:
    return "42"
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


async def guard(request: Request) -> None:
    if request.headers.get("X-Key") != "secret":
        raise HTTPException(401)


@app.get("/secrets", dependencies=[Depends(guard)])
async def secrets() -> str:
    return "42"
""",
        ),
        Flagged(
            "a service that is put together, behind an imported alias",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.posts.dependencies import PostsDep

app = FastAPI()


@app.get("/posts")
async def read(posts: PostsDep) -> int:
    return await posts.count()
""",
                "app/posts/__init__.py": "",
                "app/posts/dependencies.py": """\
from typing import Annotated

from fastapi import Depends

from app.posts.service import Posts


def get_posts() -> Posts:  # <- here
    return Posts(limit=10)


PostsDep = Annotated[Posts, Depends(get_posts)]
""",
                "app/posts/service.py": """\
class Posts:
    def __init__(self, limit: int) -> None:
        self.limit = limit

    async def count(self) -> int:
        return self.limit
""",
            },
        ),
        Fixed(
            "one whose line would be too long",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Request

app = FastAPI()


def get_name_of_organization(request: Request, fallback: str = "nobody at all") -> str:  # <- here
    return request.headers.get("X-Organization", fallback)


@app.get("/organization")
async def organization(name: Annotated[str, Depends(get_name_of_organization)]) -> str:
    return name
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Request

app = FastAPI()


async def get_name_of_organization(
    request: Request,
    fallback: str = "nobody at all",
) -> str:
    return request.headers.get("X-Organization", fallback)


@app.get("/organization")
async def organization(name: Annotated[str, Depends(get_name_of_organization)]) -> str:
    return name
""",
        ),
        Fixed(
            "one that a test overrides, whose name is also that of a variable",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI

from app import limits

app = FastAPI()


@app.get("/items")
async def items(limit: int = Depends(limits.limit)) -> int:
    return limit
""",
                "app/limits.py": """\
__all__ = ["limit"]


# of a page
def  limit(  # <- here
    größe: int = 10,
) -> int: return min(größe, 100)
""",
                "tests/test_items.py": """\
from app.limits import limit
from app.main import app


def test_items() -> None:
    app.dependency_overrides[limit] = lambda: 3
""",
            },
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI

from app import limits

app = FastAPI()


@app.get("/items")
async def items(limit: int = Depends(limits.limit)) -> int:
    return limit
""",
                "app/limits.py": """\
__all__ = ["limit"]


# of a page
async def  limit(
    größe: int = 10,
) -> int: return min(größe, 100)
""",
                "tests/test_items.py": """\
from app.limits import limit
from app.main import app


def test_items() -> None:
    app.dependency_overrides[limit] = lambda: 3
""",
            },
        ),
        Fixed(
            "one inside of another, with a keyword, next to a function with its name",
            {
                "app/main.py": """\
from fastapi import FastAPI, Security

from app.other import get_name as other_name

app = FastAPI()


def get_page(page: int = 1) -> int: return max(page, 1)  # <- here
def get_name(page: int = Security(dependency=get_page, scopes=[])) -> str:  # <- here
    return str(page)


@app.get("/names")
async def names(name: str = Security(get_name)) -> str:
    return name + other_name()
""",
                "app/other.py": """\
def get_name() -> str:
    return "other"


print(get_name())
""",
            },
            {
                "app/main.py": """\
from fastapi import FastAPI, Security

from app.other import get_name as other_name

app = FastAPI()


async def get_page(page: int = 1) -> int: return max(page, 1)
async def get_name(page: int = Security(dependency=get_page, scopes=[])) -> str:
    return str(page)


@app.get("/names")
async def names(name: str = Security(get_name)) -> str:
    return name + other_name()
""",
                "app/other.py": """\
def get_name() -> str:
    return "other"


print(get_name())
""",
            },
        ),
        Flagged(
            "one that a test calls, one that is passed on, and one that sets something of a thread",
            {
                "app/main.py": """\
import threading
from functools import partial

from fastapi import Depends, FastAPI

app = FastAPI()
seen = {}
current = threading.local()


def get_limit(limit: int = 10) -> int:  # <- here
    return min(limit, 100)


def get_offset(offset: int = 0) -> int:  # <- here
    return max(offset, 0)


def get_name(name: str) -> str:  # <- here
    seen[threading.local] = name
    return name


@app.get("/items")
async def items(
    limit: int = Depends(get_limit),
    offset: int = Depends(get_offset),
    name: str = Depends(get_name),
) -> int:
    return limit + offset


first = partial(get_offset, 0)
""",
                "tests/test_limit.py": """\
from app.main import get_limit


def test_limit() -> None:
    assert get_limit(1000) == 100
""",
            },
        ),
        Flagged(
            "an object that is called, with its roles",
            """\
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def current_role(role: str) -> str:
    return role.strip()


class RoleChecker:
    def __init__(self, roles: list[str]) -> None:
        self.roles = roles

    def __call__(self, role: str = Depends(current_role)) -> bool:  # <- here
        if role in self.roles:
            return True
        raise HTTPException(403)


admins = RoleChecker(["admin"])


@app.get("/reports", dependencies=[Depends(admins)])
async def reports() -> str:
    return "none"
""",
        ),
        Clean(
            "dependencies that wait: for a database, for a file, or for a relationship",
            """\
from pathlib import Path

from fastapi import Depends, FastAPI
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    roles: Mapped[list["User"]] = relationship()


def get_session():
    with Session() as session:
        yield session


def get_user(user_id: int, session: Session = Depends(get_session)) -> User:
    return session.get(User, user_id)


def get_roles(user: User = Depends(get_user)) -> list[User]:
    return user.roles


def get_version() -> str:
    return Path("VERSION").read_text()


@app.get("/roles")
def roles(roles: list = Depends(get_roles), version: str = Depends(get_version)) -> int:
    return len(roles)
""",
        ),
        Clean(
            "a library that nothing is known of, and a dependency that is cached",
            """\
from functools import lru_cache

from fastapi import Depends, FastAPI
from somewhere import Client

app = FastAPI()


def get_client() -> Client:
    return Client()


@lru_cache
def get_limit() -> int:
    return 10


@app.get("/items")
async def items(client: Client = Depends(get_client), limit: int = Depends(get_limit)) -> int:
    return limit
""",
        ),
        Clean(
            "a function that other code calls too, and one that is async already",
            """\
from fastapi import Depends, FastAPI

app = FastAPI()


def get_limit(limit: int = 10) -> int:
    return min(limit, 100)


async def get_offset(page: int = 0) -> int:
    return page * get_limit()


@app.get("/items")
async def items(limit: int = Depends(get_limit), offset: int = Depends(get_offset)) -> int:
    return limit + offset
""",
        ),
        Clean(
            "a placeholder that the application replaces",
            """\
from fastapi import Depends, FastAPI

app = FastAPI()


def get_engine() -> str:
    \"\"\"Overridden by the application.\"\"\"
    raise NotImplementedError


@app.get("/engine")
async def engine(engine: str = Depends(get_engine)) -> str:
    return engine
""",
        ),
        Clean(
            "what stands behind a protocol, which may ask the database",
            """\
from typing import Protocol, cast

from fastapi import Depends, FastAPI, Request

app = FastAPI()


class Resolve(Protocol):
    def __call__(self, token: str) -> str: ...


def get_user(request: Request) -> str:
    resolve = cast(Resolve, request.app.state.resolve)
    return resolve("token")


@app.get("/me")
async def me(user: str = Depends(get_user)) -> str:
    return user
""",
        ),
        Clean(
            "a method that the tables have from a class of one's own",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer
from sqlalchemy.orm import Session, declarative_base

from app.database import get_session

app = FastAPI()


class Found:
    @classmethod
    def by_id(cls, session: Session, key: int) -> object:
        return session.get(cls, key)


Base = declarative_base(cls=Found)


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)


def get_user(key: int, session: Session = Depends(get_session)) -> object:
    return User.by_id(session, key)


@app.get("/users/{key}")
async def read(user: object = Depends(get_user)) -> object:
    return user
""",
        ),
    ),
    follows_calls=True,
)
