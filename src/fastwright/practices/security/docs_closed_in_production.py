"""security/docs-closed-in-production: docs and schema are there for those who develop."""

import re
from collections.abc import Iterator
from enum import Enum

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.environment import is_conditional
from fastwright.application.folders import is_aside, is_put_away
from fastwright.application.mentions import is_mentioned
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Scope
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.values import Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Constant,
    Expression,
    FormattedString,
    Name,
    String,
)

_EXAMPLES = {"example", "examples", "docs", "docs_src", "sample", "samples", "demo", "demos"}
_STANDS_IN = re.compile(r"(?i)(?:^|[/_.-])(?:mocks?|fakes?|stubs?|playground|sandbox)(?:[/_.-]|$)")
_SET_LATER = re.compile(rb"\.(?:openapi_url|docs_url)\s*=[^=]")
_REFUSES = re.compile(r"40[13]\b|UNAUTHORIZED|FORBIDDEN")
_DOCS = re.compile(r"docs|openapi")


class _Served(Enum):
    """Whether something is served in production, as far as the code says."""

    ALWAYS = "always"
    NEVER = "never"
    UNKNOWN = "unknown"


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each application whose schema is served in every environment."""
    codebase = application.codebase
    for call in codebase.calls_to("fastapi.FastAPI"):
        if _is_left_alone(call) or _is_left_over(call, application):
            continue
        if _has_no_schema(call, application):
            continue
        if _served("openapi_url", call, codebase) != _Served.ALWAYS:
            continue
        if is_conditional(call) or _is_one_of_several(call) or _is_behind_login(application):
            continue
        pages = [_served(name, call, codebase) for name in ("docs_url", "redoc_url")]
        what = (
            "the docs and the schema are"
            if _Served.ALWAYS in pages
            else "without it the schema itself is still"
        )
        yield Finding(
            at=call.function.module.place(call.node),
            message=(
                "Set `openapi_url` to None in production, which closes the docs pages too: "
                f"{what} served in every environment."
            ),
        )


def _has_no_schema(call: CallSite, application: Application) -> bool:
    """Tell whether all that an application serves are websockets, of which no schema speaks."""
    served = [
        route.is_websocket
        for route in application.routes
        for registration in route.registrations
        if registration.application.call == call.node
        and registration.application.scope.module is call.function.module
    ]
    return bool(served) and all(served) and not application.routers.unknown


def _is_left_over(call: CallSite, application: Application) -> bool:
    """Tell whether an application has no route, where another has all that there are."""
    served = {
        (registration.application.scope.module.path, registration.application.call.start)
        for route in application.routes
        for registration in route.registrations
    }
    here = call.function.module.path, call.node.start
    if not served:
        return False
    if here not in served and not application.routers.unknown:
        return True
    made = [each for each in application.routers.all if each.call == call.node]
    if any(is_mentioned(each, application.codebase) for each in made):
        return False
    module = call.function.module
    return (
        here not in served
        or _is_another_run(module, application)
        or _is_borrowed_from(module, application)
    )


def _is_borrowed_from(module: Module, application: Application) -> bool:
    """Tell whether the module of another application imports from one, which knows nothing of it.

    Then the other one is started.
    """
    loading = Loading(application.codebase)
    return any(
        module in loading.imported(other) and other not in loading.of(module).modules
        for other in {each.scope.module for each in application.routers.all if each.is_application}
        if other is not module and not other.is_test and not is_aside(other)
    )


def _is_another_run(module: Module, application: Application) -> bool:
    """Tell whether the code starts a server for applications, none of which is of a module."""
    codebase = application.codebase
    run = [
        router.scope.module
        for call in codebase.calls_to("uvicorn.run")
        if (node := call.node.argument(0, "app"))
        and (router := application.routers.at(node, call.function))
    ]
    return bool(run) and module not in run


def _is_left_alone(call: CallSite) -> bool:
    module = call.function.module
    folders = module.path.split("/")[:-1]
    return (
        not _EXAMPLES.isdisjoint(folders)
        or is_put_away(module)
        or _STANDS_IN.search(module.path) is not None
        or module.has(_SET_LATER)
    )


def _served(name: str, call: CallSite, codebase: Codebase) -> _Served:
    if any(each.name is None for each in call.node.keywords):
        return _Served.UNKNOWN
    value = call.node.keyword(name)
    return _Served.ALWAYS if value is None else _of_path(value, call.function, codebase)


def _of_path(node: Expression, scope: Scope, codebase: Codebase) -> _Served:
    """Return whether something is served under a path: nowhere where that is None or empty."""
    match node:
        case String(text):
            return _Served.ALWAYS if text else _Served.NEVER
        case Constant("None"):
            return _Served.NEVER
        case FormattedString(parts) if any(isinstance(each, String) for each in parts):
            return _Served.ALWAYS
        case BinaryOperation(left, "+", right):
            if isinstance(left, String) or isinstance(right, String):
                return _Served.ALWAYS
        case Name() | Attribute() if not _is_setting(node, scope, codebase):
            origin = codebase.origin(node, scope)
            if origin is not None and origin[0] != node:
                return _of_path(*origin, codebase)
    return _Served.UNKNOWN


def _is_setting(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether it is a field of an object, which the environment may change."""
    if not isinstance(node, Attribute):
        return False
    value = codebase.resolver.value(node.value, scope)
    return isinstance(value, Instance) and isinstance(value.of, Class)


def _is_one_of_several(call: CallSite) -> bool:
    """Tell whether the code chooses between several applications."""
    details = call.function.details
    if not call.function.is_module and len(details.returns) > 1:
        return True
    return any(
        len(bindings) > 1 and any(names.given(each) == call.node for each in bindings)
        for bindings in details.bindings.values()
    )


def _is_behind_login(application: Application) -> bool:
    """Tell whether a middleware refuses requests, and makes no exception for the docs."""
    for entry in application.entries:
        text = entry.function.module.source(entry.function.node)
        if entry.role == Role.MIDDLEWARE and _REFUSES.search(text) and not _DOCS.search(text):
            return True
    return False


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Docs and the OpenAPI schema are served only where developers need them.",
        why=(
            "The schema lists every path, parameter and model, the forgotten and internal ones "
            "too. In production it is a map for whoever looks for the weakest route."
        ),
        bad="""\
app = FastAPI(title="Shop")
""",
        good="""\
app = FastAPI(
    title="Shop",
    openapi_url="/openapi.json" if settings.environment.has_docs else None,
)
""",
        when_not=(
            "The docs of a public API are part of the product: ignore the practice there. A path "
            "that comes from the settings counts as a switch."
        ),
        fix_safety="No automatic fix: projects name their environments differently.",
        references={
            "Conditional OpenAPI": "https://fastapi.tiangolo.com/how-to/conditional-openapi/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "nothing said about the docs",
            """\
from fastapi import FastAPI

app = FastAPI(title="Shop")  # <- here
""",
        ),
        Flagged(
            "other paths are still paths, also in a factory",
            """\
import fastapi

PREFIX = "/api/v1"
DOCS = "/docs"


def create_app() -> fastapi.FastAPI:
    app = fastapi.FastAPI(  # <- here
        openapi_url=f"{PREFIX}/openapi.json", docs_url=PREFIX + DOCS, redoc_url=None
    )
    return app
""",
        ),
        Flagged(
            "the pages are closed, the schema is not",
            """\
from fastapi import FastAPI as App
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    environment: str = "production"


settings = Settings()
app = App(  # <- here
    docs_url=None if settings.environment == "production" else "/docs",
    redoc_url=None,
)
""",
        ),
        Clean(
            "an application that serves websockets alone",
            """\
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
""",
        ),
        Clean(
            "a server that stands in for the real one while it is developed",
            {
                "app/stream_mock.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
            },
        ),
        Clean(
            "a switch",
            """\
import os

from fastapi import FastAPI

app = FastAPI(openapi_url="/openapi.json" if os.getenv("DOCS") == "on" else None)
""",
        ),
        Clean(
            "the schema's path is a setting, or is expanded from one",
            {
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    openapi_url: str = ""
    options: dict[str, str | None] = {}


settings = Settings()
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.settings import settings

app = FastAPI(openapi_url=settings.openapi_url)
backoffice = FastAPI(**settings.options)
""",
            },
        ),
        Clean(
            "no schema, no pages",
            """\
from fastapi import FastAPI

app = FastAPI(openapi_url=None)
frontend = FastAPI(openapi_url="")
""",
        ),
        Clean(
            "one application for production, another for development",
            """\
import os

from fastapi import FastAPI

if os.getenv("ENVIRONMENT") == "production":
    app = FastAPI(openapi_url=None)
else:
    app = FastAPI()


def create_app(*, is_public: bool) -> FastAPI:
    if is_public:
        return FastAPI(openapi_url=None)
    return FastAPI()
""",
        ),
        Clean(
            "a middleware that asks everybody for a login",
            """\
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def require_login(request: Request, call_next):
    if "user" not in request.session:
        return JSONResponse({"detail": "Log in."}, status_code=401)
    return await call_next(request)
""",
        ),
        Clean(
            "the server of a benchmark, and a copy that is kept for reference",
            {
                "scripts/benchmark/server.py": """\
from fastapi import FastAPI

app = FastAPI(title="Answers at once")
""",
                "reference code/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
            },
        ),
        Clean(
            "an application that was left over, without a route",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/posts")
def read_posts() -> list[str]:
    return []
""",
                "app/persons.py": """\
from fastapi import FastAPI

app = FastAPI()


async def persons() -> list[str]:
    return []
""",
            },
        ),
        Clean(
            "an application that was left over in another module",
            {
                "app/main.py": """\
import os

from fastapi import FastAPI
from fastapi_users import FastAPIUsers

is_closed = os.environ["ENVIRONMENT"] == "production"
app = FastAPI(openapi_url=None if is_closed else "/openapi.json")
app.include_router(FastAPIUsers().get_users_router(object, object))


@app.get("/posts")
def read_posts() -> None: ...
""",
                "app/models.py": """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Post(BaseModel):
    title: str
""",
            },
        ),
        Clean(
            "an application beside the one that is run",
            {
                "main.py": """\
import uvicorn
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/tides")
def read_tides() -> list[float]: ...


if __name__ == "__main__":
    uvicorn.run(app)
""",
                "echo.py": """\
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
""",
            },
        ),
        Clean(
            "an application to try a module with, of which another one takes the functions",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.tides import next_tide

app = FastAPI(openapi_url=None)


@app.get("/tides/next")
async def read_next_tide() -> str:
    return await next_tide()
""",
                "app/tides.py": """\
from fastapi import FastAPI

app = FastAPI()


async def next_tide() -> str:
    return "12:40"


@app.get("/try")
async def try_it() -> str:
    return "works"
""",
            },
        ),
        Flagged(
            "two applications that know of each other's modules",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.tides import next_tide

app = FastAPI(openapi_url=None)


@app.get("/tides/next")
async def read_next_tide() -> str:
    return next_tide()
""",
                "app/tides.py": """\
from fastapi import FastAPI

app = FastAPI()  # <- here


def next_tide() -> str:
    from app.main import app

    return app.title


@app.get("/tides")
async def read_tides() -> None: ...
""",
            },
        ),
    ),
)
