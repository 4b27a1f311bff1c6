"""dependencies/depend-on-callable: FastAPI is given a function to call, not what it returned."""

import re
from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.dependencies import Dependency
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.modules import Module
from fastwright.codebase.values import (
    ClassValue,
    Coroutine,
    Entered,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Nothing,
    Text,
    Value,
)
from fastwright.practice import (
    Clean,
    Edit,
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
from fastwright.source.nodes import wrap
from fastwright.source.syntax import Call, Expression, Lambda, Subscript

# Library classes that are known to have no `__call__`, nor have what derives from them by itself.
_NOT_CALLABLE = (
    "builtins.bool",
    "builtins.bytes",
    "builtins.dict",
    "builtins.float",
    "builtins.int",
    "builtins.list",
    "builtins.set",
    "builtins.str",
    "builtins.tuple",
    "fastapi.params.Depends",
    "pydantic.BaseModel",
    "pydantic_settings.BaseSettings",
    "sqlalchemy.Engine",
    "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.orm.Session",
    "typing.AsyncGenerator",
    "typing.Generator",
)
# Bases that add no `__call__`.
_PLAIN_BASES = ("abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol")
_DATACLASS = External("dataclasses.dataclass")
# Decorators under which the kind of thing that a function returns stays known.
_KEEPING_DECORATORS = (
    "builtins.classmethod",
    "builtins.staticmethod",
    "contextlib.",
    "functools.cache",
    "functools.lru_cache",
)
# Decorators under which FastAPI can call a function just as well.
_CACHES = ("functools.cache", "functools.lru_cache")
_MARKERS = ("Depends", "Security")
_NO_ARGUMENTS = re.compile(rb"\(\s*\)")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each `Depends` or `Security` of something that cannot be called."""
    codebase = application.codebase
    names = codebase.index.also_called(_MARKERS)
    for module in application.each_calling(names):
        for dependency, provider in _written(module, names, application):
            what = _what_is_wrong(dependency, provider, codebase)
            if what is not None:
                fix = _fix(dependency, provider, codebase)
                yield Finding(module.place(dependency.call), what, fix=fix)


def _written(
    module: Module, names: Iterable[str], application: Application
) -> Iterator[tuple[Dependency, Expression]]:
    """Yield the dependencies that a module writes, each with what it depends on."""
    for name in sorted(names):
        for call in module.calls_with(name):
            dependency = application.dependencies.read(call.node, call.function)
            if dependency is not None:
                provider = dependency.call.argument(0, "dependency")
                if provider is not None:
                    yield dependency, provider


def _what_is_wrong(dependency: Dependency, provider: Expression, codebase: Codebase) -> str | None:
    scope = dependency.scope
    text = scope.module.source(provider)
    match dependency.provided:
        case ModuleValue():
            return f"Depend on a function of the module `{text}`: a module cannot be called."
        case Instance("fastapi.params.Depends" | "fastapi.params.Security"):
            return f"Use `{text}` as it is: it is a dependency already, and cannot be called."
        case Text():
            return f"Depend on a function: `{text}` is a string, which FastAPI cannot call."
        case provided if not _is_callable(provided, provider, scope, codebase):
            return _of_result(provider, text, scope, codebase)
    return None


def _of_result(provider: Expression, text: str, scope: Scope, codebase: Codebase) -> str:
    called = _called(provider, scope, codebase)
    if isinstance(provider, Call) and isinstance(called, FunctionValue):
        name = scope.module.source(provider.function)
        if not provider.arguments and not provider.keywords:
            return (
                f"Write `Depends({name})` without the call: `{text}` runs once, at import, and "
                "FastAPI cannot call what it returns."
            )
        return (
            f"Depend on `{name}` itself, or let it return a function: FastAPI cannot call what "
            f"`{text}` returns."
        )
    if isinstance(called, ClassValue):
        name = called.definition.name
        return (
            f"Depend on `{name}` itself, or on a function that returns `{text}`: an object of "
            f"`{name}` has no `__call__`."
        )
    return f"Depend on a function that returns `{text}`: it cannot be called."


def _fix(dependency: Dependency, provider: Expression, codebase: Codebase) -> Fix | None:
    """Return the edit that leaves out the `()` behind a function that takes nothing."""
    scope = dependency.scope
    module = scope.module
    match dependency.provided:
        case ModuleValue() | Instance("fastapi.params.Depends" | "fastapi.params.Security"):
            return None  # the function would inject a dependency, or a module
    if not isinstance(provider, Call):
        return None
    between = module.text_between(provider.function.end, provider.end)
    called = codebase.resolver.value(provider.function, scope)
    if not _NO_ARGUMENTS.fullmatch(between) or not isinstance(called, FunctionValue):
        return None
    function = called.function
    # Parameters with defaults would become parameters of the route.
    if function.parameters or not all(
        isinstance(each, External) and each.name in _CACHES
        for each in codebase.decorators(function)
    ):
        return None
    edit = Edit(module.path, provider.function.end, provider.end, "")
    effect = Effect(Part.DEPENDENCY, function.name)
    return Fix(Safety.SAFE, (edit,), effects=(effect,))


def _is_callable(value: Value | None, node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether something may be called; what is not known may."""
    match value:
        case Coroutine() | Entered() | Instance("typing.Generator" | "typing.AsyncGenerator"):
            return not _is_plain_call(node, scope, codebase)
        case Instance(Class() as definition):
            return _may_have_call(definition, codebase) or _may_return_callable(
                node, scope, codebase
            )
        case Instance(str() as name):
            known = codebase.is_a(name, *_NOT_CALLABLE)
            return not known or _may_return_callable(node, scope, codebase)
        case _:
            return True


def _may_have_call(definition: Class, codebase: Codebase) -> bool:
    """Tell whether a class has a `__call__`, or may have one."""
    for each in codebase.resolver.lineage(definition):
        if isinstance(each, Class):
            bases = [codebase.resolver.value(_bare(base), each.scope) for base in each.bases]
            are_known = all(isinstance(base, ClassValue | External) for base in bases)
            is_plain = all(one == _DATACLASS for one in codebase.decorators(each))
            named = each.bound("__call__") or each.bound("__getattr__")
            if named or each.keywords or not (is_plain and are_known):
                return True
        elif each not in _PLAIN_BASES and not codebase.is_a(each, *_NOT_CALLABLE):
            return True
    return False


def _bare(base: Expression) -> Expression:
    """Return a base class without its type arguments."""
    return base.value if isinstance(base, Subscript) else base


def _may_return_callable(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether what is called is a factory, whatever its annotation says."""
    called = _called(node, scope, codebase)
    if not isinstance(called, FunctionValue):
        return called is None
    function = called.function
    if not _is_undecorated(function, codebase):
        return True
    returned: list[Expression] = [wrap(raw) for raw in function.details.returns]
    return not returned or any(_looks_callable(each, function, codebase) for each in returned)


def _looks_callable(node: Expression, function: Function, codebase: Codebase) -> bool:
    if isinstance(node, Lambda):
        return True
    value = codebase.resolver.value(node, function)
    match value:
        case Instance() | Text() | Nothing() | Coroutine():
            return _is_callable(value, node, function, codebase)
        case _:
            return True


def _is_plain_call(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether it calls a function of which no decorator changes what it returns."""
    called = _called(node, scope, codebase)
    return isinstance(called, FunctionValue) and _is_undecorated(called.function, codebase)


def _is_undecorated(function: Function, codebase: Codebase) -> bool:
    return all(
        isinstance(each, External) and each.name.startswith(_KEEPING_DECORATORS)
        for each in codebase.decorators(function)
    )


def _called(node: Expression, scope: Scope, codebase: Codebase) -> Value | None:
    """Return what is called to make the value, here or where it was given a name."""
    origin = codebase.origin(node, scope)
    if origin is not None and isinstance(origin[0], Call):
        return codebase.resolver.value(origin[0].function, origin[1])
    return None


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="`Depends` is given something that can be called: a function, a class, an instance "
        "with `__call__`.",
        why=(
            "`Depends(get_session())` calls the function once, while the module is imported. What "
            "FastAPI then holds is a session, a generator or a coroutine: starting up fails with "
            "`TypeError: … is not a callable object`, and a value that does get through is shared "
            "by all requests and cannot be overridden in tests."
        ),
        bad="""\
SessionDep = Annotated[AsyncSession, Depends(get_session())]
""",
        good="""\
SessionDep = Annotated[AsyncSession, Depends(get_session)]
""",
        when_not=(
            'A function that returns a function (`Depends(require_role("admin"))`) and an '
            "object whose class has `__call__` are what FastAPI wants, and are not reported. "
            "Nor is what cannot be followed."
        ),
        fix_safety=(
            "Safe where a function of the codebase is called without arguments, has no "
            "parameters, and is no factory: the `()` behind it is left out. Nothing else changes. "
            "There is none where the function takes parameters, as they would become parameters "
            "of the route, where a decorator stands on it, and for methods and objects."
        ),
        references={
            "Dependencies": "https://fastapi.tiangolo.com/tutorial/dependencies/",
            "Parameterized dependencies": (
                "https://fastapi.tiangolo.com/advanced/advanced-dependencies/"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "generators and coroutines, which are made at import",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
make_session = sessionmaker(create_engine("sqlite://"))


def get_session():
    with make_session() as session:
        yield session


async def get_user() -> str:
    return "ada"


SessionDep = Annotated[Session, Depends(get_session())]  # <- here


@app.get("/me", dependencies=[Security(get_user())])  # <- here
def read_me(session: SessionDep, user: str = Depends(get_user())) -> str:  # <- here
    return user
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
make_session = sessionmaker(create_engine("sqlite://"))


def get_session():
    with make_session() as session:
        yield session


async def get_user() -> str:
    return "ada"


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/me", dependencies=[Security(get_user)])
def read_me(session: SessionDep, user: str = Depends(get_user)) -> str:
    return user
""",
        ),
        Fixed(
            "under other names, over several lines, beside what is not ASCII",
            {
                "app/deps.py": """\
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "Posts"


@lru_cache
def settings() -> Settings:
    return Settings()


async def user():
    yield "ada"
""",
                "app/main.py": """\
import fastapi as fa
from fastapi import Depends as D

from app import deps
from app.deps import settings as read

app = fa.FastAPI(title="Café", dependencies=[D(deps.user())])  # <- here


@app.get("/über")
def title(
    é: str = "ü", now=D(  # kept  # <- here
        dependency=read(
        ),  # kept too
        use_cache=False,
    )
): return now.title
""",
            },
            {
                "app/deps.py": """\
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "Posts"


@lru_cache
def settings() -> Settings:
    return Settings()


async def user():
    yield "ada"
""",
                "app/main.py": """\
import fastapi as fa
from fastapi import Depends as D

from app import deps
from app.deps import settings as read

app = fa.FastAPI(title="Café", dependencies=[D(deps.user)])


@app.get("/über")
def title(
    é: str = "ü", now=D(  # kept
        dependency=read,  # kept too
        use_cache=False,
    )
): return now.title
""",
            },
        ),
        Fixed(
            "a function within another, with trailing commas",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security


def make_app() -> FastAPI:
    app = FastAPI()

    def tenant():
        yield "a"

    @app.get("/a", dependencies=[Security(tenant(), scopes=["a"],)])  # <- here
    def a(who: Annotated[str, "the tenant", Depends(tenant(),)]) -> None: ...  # <- here

    return app
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security


def make_app() -> FastAPI:
    app = FastAPI()

    def tenant():
        yield "a"

    @app.get("/a", dependencies=[Security(tenant, scopes=["a"],)])
    def a(who: Annotated[str, "the tenant", Depends(tenant,)]) -> None: ...

    return app
""",
        ),
        Flagged(
            "calls that have no fix: with parameters, a comment in the call, a method, a decorator",
            """\
from contextlib import contextmanager

from fastapi import Depends, FastAPI

app = FastAPI()


def page(number: int = 1):
    yield number


def user():
    yield "ada"


class Clock:
    def time(self):
        yield 1


@contextmanager
def session():
    yield "session"


def nested():
    return Depends(user)


clock = Clock()
commented = Depends(  # <- here
    user(
        # nobody else
    )
)


@app.get("/a", dependencies=[commented])
def a(
    at: int = Depends(page()),  # <- here
    time: int = Depends(clock.time()),  # <- here
    who: str = Depends(nested()),  # <- here
    db: str = Depends(session()),  # <- here
) -> None: ...
""",
        ),
        Flagged(
            "a plain value that a function returns, under another name and from another file",
            {
                "app/config.py": """\
from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    title: str = "Posts"


@lru_cache
def get_settings() -> Settings:
    return Settings()


settings = get_settings()
""",
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends as D
from fastapi import FastAPI

from app import config
from app.config import Settings, get_settings

app = FastAPI()


@app.get("/title")
def title(settings: Annotated[Settings, D(get_settings())]) -> str:  # <- here
    return settings.title


@app.get("/name")
def name(settings: Annotated[Settings, D(config.settings)]) -> str:  # <- here
    return settings.title
""",
            },
        ),
        Flagged(
            "an object without `__call__`, a module, and a dependency of a dependency",
            {
                "app/auth.py": """\
def get_user() -> str:
    return "ada"
""",
                "app/main.py": """\
from dataclasses import dataclass

from fastapi import Depends, FastAPI

from app import auth

app = FastAPI()


class Base:
    def check(self) -> bool:
        return True


@dataclass
class Limit(Base):
    number: int = 10


limit = Limit(20)
user = Depends(auth.get_user)


@app.get("/a", dependencies=[Depends(limit), Depends(auth)])  # <- here
def a(who: str = Depends(user)) -> None: ...  # <- here
""",
            },
        ),
        Clean(
            "factories, also with an annotation that says something else",
            """\
from collections.abc import Callable
from functools import partial

from fastapi import Depends, FastAPI

app = FastAPI()


class User: ...


def require(role: str) -> Callable[[], User]:
    def dependency() -> User:
        return User()

    return dependency


def lazily(role: str) -> User:
    return lambda: User()


def chosen(role: str) -> User:
    if role:
        return partial(require, role)
    return require(role)


@app.get("/a", dependencies=[Depends(require("admin")), Depends(chosen("admin"))])
def a(user: User = Depends(lazily("admin"))) -> None: ...
""",
        ),
        Clean(
            "objects whose class, or its base, has `__call__`; and what is not known",
            """\
from elsewhere import Guard, make_checker, traced
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import sessionmaker

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


class Base:
    def __call__(self) -> str:
        return "ada"


class Bearer(Base): ...


class Strange(Guard): ...


@traced
class Traced: ...


@traced
async def get_user() -> str:
    return "ada"


@app.get(
    "/a",
    dependencies=[
        Depends(Bearer()),
        Depends(Strange()),
        Depends(Traced()),
        Depends(make_checker("a")),
        Depends(sessionmaker()),
        Depends(get_user()),
    ],
)
def a(token: str = Depends(oauth2)) -> None: ...
""",
        ),
        Clean(
            "an empty `Depends()`, a class, and a method of an object",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Page:
    def __init__(self, number: int = 1) -> None:
        self.number = number

    def read(self) -> int:
        return self.number


page = Page()


@app.get("/a")
def a(
    one: Annotated[Page, Depends()], two: Annotated[Page, Depends(Page)]
) -> None: ...


@app.get("/b", dependencies=[Depends(page.read)])
def b() -> None: ...
""",
        ),
    ),
)
