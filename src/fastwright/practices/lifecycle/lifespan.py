"""lifecycle/lifespan: what runs at start and stop stands in one lifespan."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.lifespans import Lifespans
from fastwright.application.routers import Router
from fastwright.codebase.definitions import Function
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
from fastwright.source.syntax import Attribute, Call, Expression

# The first version of FastAPI that takes a lifespan.
_SINCE = (0, 93)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each handler of a start-up or shut-down event."""
    found = list(_registrations(application))
    lifespans = Lifespans(application, found)
    for scope, call, router in found:
        if application.idle.is_kept(router):
            continue
        yield _finding(scope, call, router, application, lifespans)


def _registrations(
    application: Application,
) -> Iterator[tuple[Function, Call, Router | None]]:
    """Yield what registers a handler, where, and with what router, if known."""
    routers = application.routers
    for function in application.codebase.decorated("on_event"):
        scope = function.owner or function.outer or function
        for decorator in function.decorators:
            match decorator:
                case Call(Attribute(base, "on_event")):
                    value = application.codebase.resolver.value(base, scope)
                    if routers.is_router(value):
                        yield function, decorator, _router(base, function, application)
    for call in routers.calls("add_event_handler"):
        if isinstance(call.node.function, Attribute):
            base = call.node.function.value
            yield call.function, call.node, _router(base, call.function, application)


def _router(base: Expression, scope: Function, application: Application) -> Router | None:
    routers = application.routers
    return routers.at(base, scope.outer or scope) or routers.at(base, scope)


def _finding(
    scope: Function,
    call: Call,
    router: Router | None,
    application: Application,
    lifespans: Lifespans,
) -> Finding:
    name = scope.module.source(call.function).rpartition(".")[2]
    message = (
        f"Move this into a lifespan, which opens and closes things in one place: `{name}` is "
        "deprecated."
    )
    if router is not None and router.keyword("lifespan") is not None:
        message = (
            "Move this into the lifespan that there already is: beside it, handlers of "
            f"`{name}` are never run."
        )
    if not application.requirements.allows("fastapi", _SINCE):
        message += " This needs FastAPI 0.93; the project asks for an older one."
    change = lifespans.change(router)
    fix = Fix(Safety.UNSAFE, *change, effects=(Effect(Part.LIFESPAN),)) if change else None
    return Finding(scope.module.place(call), message, fix=fix)


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="An application starts and stops in one lifespan function.",
        why=(
            "`on_event` is deprecated, and an application that is given a lifespan as well runs "
            "none of its event handlers, without a word. Handlers for start and stop also share "
            "nothing but globals: a pool that is opened in one is closed in another, or forgotten."
        ),
        bad="""\
@app.on_event("startup")
async def open_pool() -> None:
    app.state.pool = await asyncpg.create_pool(settings.url)


@app.on_event("shutdown")
async def close_pool() -> None:
    await app.state.pool.close()
""",
        good="""\
@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(settings.url) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)
""",
        when_not=(
            "FastAPI before 0.93 has no lifespan: the finding says so where a project asks for "
            "such a version, which should be raised first."
        ),
        fix_safety=(
            "Unsafe: a lifespan is written above the application that calls all its handlers in "
            "their order, and what registered them goes. Only where every handler of the codebase "
            "is known and stands in the file of its application, as the first lifespan silences "
            "those that are left. None where the application is handed to a library, or a handler "
            "has other decorators or needs arguments."
        ),
        references={
            "Lifespan events": "https://fastapi.tiangolo.com/advanced/events/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "handlers of both events",
            """\
from fastapi import FastAPI

app = FastAPI()
cache: dict[str, int] = {}


@app.on_event("startup")  # <- here
async def fill() -> None:
    cache["answer"] = 42


@app.on_event("shutdown")  # <- here
def empty() -> None:
    cache.clear()
""",
            """\
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await fill()
    try:
        yield
    finally:
        empty()


app = FastAPI(lifespan=lifespan)
cache: dict[str, int] = {}


async def fill() -> None:
    cache["answer"] = 42


def empty() -> None:
    cache.clear()
""",
        ),
        Fixed(
            "arguments on lines of their own, names of the library taken through its module",
            """\
\"\"\"Die Anwendung für alle.\"\"\"

import contextlib

import fastapi
import uvicorn

# The application.
web = fastapi.FastAPI(
    title="Läden",  # shown in the docs
    docs_url=None
)


@web.get("/")
def root() -> str:
    return "here"


# Runs at both events.
@web.on_event("startup")  # <- here
@web.on_event("shutdown")  # <- here
async def tell() -> None:
    \"\"\"Tell.\"\"\"
    print("now")


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.run(web)
""",
            """\
\"\"\"Die Anwendung für alle.\"\"\"

import contextlib
from collections.abc import AsyncIterator

import fastapi
import uvicorn


@contextlib.asynccontextmanager
async def lifespan(_: fastapi.FastAPI) -> AsyncIterator[None]:
    await tell()
    try:
        yield
    finally:
        await tell()


# The application.
web = fastapi.FastAPI(
    lifespan=lifespan,
    title="Läden",  # shown in the docs
    docs_url=None
)


@web.get("/")
def root() -> str:
    return "here"


# Runs at both events.
async def tell() -> None:
    \"\"\"Tell.\"\"\"
    print("now")


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.run(web)
""",
        ),
        Fixed(
            "handlers that are added, some of them imported, in their order",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.tasks import load, stop as halt

app = FastAPI(title="An application whose title alone fills the line up", version="1.0.0")

app.add_event_handler("startup", load)  # <- here
app.add_event_handler("shutdown", halt)  # <- here


@app.on_event("startup")  # <- here
def warm_up(times: int = 3) -> None: ...


@app.get("/")
def root() -> str:
    return "here"
""",
                "app/tasks.py": """\
async def load() -> None: ...


def stop() -> None: ...
""",
            },
            {
                "app/main.py": """\
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.tasks import load, stop as halt


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await load()
    warm_up()
    try:
        yield
    finally:
        halt()


app = FastAPI(
    title="An application whose title alone fills the line up",
    version="1.0.0",
    lifespan=lifespan,
)


def warm_up(times: int = 3) -> None: ...


@app.get("/")
def root() -> str:
    return "here"
""",
                "app/tasks.py": """\
async def load() -> None: ...


def stop() -> None: ...
""",
            },
        ),
        Flagged(
            "a name that is taken, an argument that is needed, an application handed to a library",
            {
                "app/taken.py": """\
from fastapi import FastAPI

app = FastAPI()
lifespan = 3


@app.on_event("startup")  # <- here
def prepare() -> None: ...
""",
                "app/needs.py": """\
from fastapi import FastAPI
from metrics import measured

api = FastAPI()


@api.on_event("startup")  # <- here
def prepare(name) -> None: ...


@api.on_event("shutdown")  # <- here
@measured
def finish() -> None: ...
""",
                "app/handed.py": """\
from fastapi import FastAPI
from database import register

service = FastAPI()
register(service)


@service.on_event("startup")  # <- here
async def prepare() -> None: ...
""",
            },
        ),
        Flagged(
            "two handlers of one name, a comment beside a decorator, and a condition",
            {
                "app/twice.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")  # <- here
def event() -> None: ...


@app.on_event("shutdown")  # <- here
def event() -> None: ...
""",
                "app/commented.py": """\
from fastapi import FastAPI

api = FastAPI()


@api.on_event("startup")  # type: ignore[deprecated]  # <- here
def prepare() -> None: ...
""",
                "app/condition.py": """\
from fastapi import FastAPI

service = FastAPI()

if __debug__:

    @service.on_event("startup")  # <- here
    def prepare() -> None: ...
""",
            },
        ),
        Flagged(
            "a router's handler, and one that is added to an imported application",
            {
                "app/main.py": """\
from app import api as web
from app.tasks import start

web.application.add_event_handler("startup", start)  # <- here
""",
                "app/api.py": """\
from fastapi import APIRouter, FastAPI

application = FastAPI()
router = APIRouter()


@router.on_event("startup")  # <- here
def prepare() -> None: ...


application.include_router(router)
""",
                "app/tasks.py": """\
def start() -> None: ...
""",
            },
        ),
        Flagged(
            "a factory that decorates handlers of the application it makes",
            """\
from fastapi import FastAPI


class Service(FastAPI):
    pass


def create() -> FastAPI:
    app = Service()

    @app.on_event("startup")  # <- here
    async def warm_up() -> None: ...

    return app
""",
        ),
        Clean(
            "a lifespan",
            """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
""",
        ),
        Clean(
            "events of something that is no application",
            """\
from bots import Bot

bot = Bot()


@bot.on_event("startup")
async def greet() -> None: ...


bot.add_event_handler("shutdown", greet)
""",
        ),
        Clean(
            "an event handler of a test's own application",
            {
                "tests/conftest.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def warm_up() -> None: ...
""",
            },
        ),
        Clean(
            "a skeleton that was copied from, beside the application",
            {
                "service_skeleton.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def warm_up() -> None: ...
""",
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
            },
        ),
        Flagged(
            "what is called a skeleton, and is all that there is",
            {
                "service_skeleton.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")  # <- here
async def warm_up() -> None: ...
"""
            },
        ),
    ),
)
