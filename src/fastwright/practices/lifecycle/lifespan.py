"""lifecycle/lifespan: what runs at start and stop stands in one lifespan."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.codebase.modules import Function
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fixed,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.syntax import Attribute, Call, Expression

# The first version of FastAPI that takes a lifespan.
_SINCE = (0, 93)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each handler of a start-up or shut-down event."""
    for function in application.codebase.functions:
        scope = function.owner or function.outer or function
        for decorator in function.decorators:
            match decorator:
                case Call(Attribute(base, "on_event")):
                    value = application.codebase.resolver.value(base, scope)
                    if application.routers.is_router(value):
                        yield _finding(function, decorator, base, application)
    for call in application.routers.calls("add_event_handler"):
        if isinstance(call.node.function, Attribute):
            base = call.node.function.value
            yield _finding(call.function, call.node, base, application)


def _finding(scope: Function, call: Call, base: Expression, application: Application) -> Finding:
    routers = application.routers
    router = routers.at(base, scope.outer or scope) or routers.at(base, scope)
    name = scope.module.source(call.function).rpartition(".")[2]
    message = (
        f"Move this into a lifespan: `{name}` is deprecated, and what starts here cannot be closed "
        "where it was opened."
    )
    if router is not None and router.keyword("lifespan") is not None:
        message = (
            "Move this into the lifespan that there already is: beside it, handlers of "
            f"`{name}` are never run."
        )
    if not application.requirements.allows("fastapi", _SINCE):
        message += " This needs FastAPI 0.93; the project asks for an older one."
    return Finding(scope.module.place(call), message)


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
            "No automatic fix. All handlers of an application have to move at once, in their "
            "order: the first lifespan silences those that are left."
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
from contextlib import asynccontextmanager

from fastapi import FastAPI

cache: dict[str, int] = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    cache["answer"] = 42
    yield
    cache.clear()


app = FastAPI(lifespan=lifespan)
""",
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
    ),
)
