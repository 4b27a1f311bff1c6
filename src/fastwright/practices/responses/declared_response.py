"""responses/declared-response: a route says what it answers with."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.folders import is_aside, is_put_away
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import External, Instance
from fastwright.practice import Clean, Explanation, Finding, Fixed, Flagged, Kind, Practice
from fastwright.source.nodes import wrap
from fastwright.source.syntax import Call, Constant, Dict, Expression

# Methods of Starlette, whose routes have no response model.
_PLAIN = {"route", "add_route", "websocket_route", "add_websocket_route"}
# A status without a body, or of a redirection; or a variable that may hold one.
_NO_BODY = re.compile(r"(204|205|30\d|NO_CONTENT|RESET_CONTENT|NOT_MODIFIED|REDIRECT)")
_SUCCESS = re.compile(r"\b(HTTP_)?2\d\d|HTTPStatus\.(OK|CREATED|ACCEPTED)")
# Of a route that was there once, and only says so.
_GONE = re.compile(r"\b(HTTP_)?410\b|HTTPStatus\.GONE|HTTP_410_GONE")
_RESPONSE = "starlette.responses.Response"
_JSON_RESPONSE = "starlette.responses.JSONResponse"
_NO_JSON = ("HTMLResponse", "PlainTextResponse", "FileResponse", "RedirectResponse")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each function that is a route and declares no response anywhere."""
    serving, idle = application.serving, application.idle
    for function, routes in application.routes_by_function.items():
        is_open = function.node.returns is None and not _is_history(function)
        is_open = is_open and not idle.has_all(routes)
        is_open = is_open and not (
            is_put_away(function.module) and not any(map(serving.may_serve, routes))
        )
        if is_open and not any(_declares(route, application) for route in routes):
            yield Finding(at=routes[0].place, message=_advice(function, application))


def _is_history(function: Function) -> bool:
    """Tell whether a function is in a script that measures, or that was put away."""
    return is_aside(function.module) and is_put_away(function.module)


def _advice(function: Function, application: Application) -> str:
    kinds = {_response_class(wrap(raw), function, application) for raw in function.details.returns}
    if len(kinds) == 1 and (kind := kinds.pop()) is not None:
        return (
            f"Give the route of `{function.name}` the `response_class` `{kind}`, or the function "
            "the return type: the schema promises JSON."
        )
    if not function.is_generator and not function.details.returns:
        return (
            f"Give `{function.name}` the return type `None`, or its route the status 204: the "
            "schema says that it may answer anything."
        )
    return (
        f"Give `{function.name}` a return type, or its route a `response_model`: what it returns "
        "is neither checked, filtered nor documented."
    )


def _response_class(node: Expression, function: Function, application: Application) -> str | None:
    """Return the name of the response that is returned, where it is none of JSON."""
    value = application.codebase.resolver.value(node, function)
    if isinstance(value, Instance) and isinstance(value.of, str):
        is_response = application.codebase.is_a(value.of, _RESPONSE)
        if is_response and not application.codebase.is_a(value.of, _JSON_RESPONSE):
            return value.of.rpartition(".")[2]
    return None


def _declares(route: Route, application: Application) -> bool:
    """Tell whether a route declares its response, or has none that a model could describe."""
    names = {keyword.name for keyword in route.call.keywords}
    if route.is_websocket or getattr(route.call.function, "name", None) in _PLAIN:
        return True
    if not names.isdisjoint({"response_model", "response_class", None}):
        return True
    source = route.scope.module.source
    status = route.keyword("status_code")
    if status is not None and _NO_BODY.search(source(status)):
        return True
    match route.keyword("responses"):
        case Call(_, arguments, keywords) if arguments or keywords:
            return True
        case Dict(pairs):
            if any(pair.key is None or _SUCCESS.search(source(pair.key)) for pair in pairs):
                return True
            if any(pair.key is not None and _GONE.search(source(pair.key)) for pair in pairs):
                return True
    return _is_aside(route, application)


def _is_aside(route: Route, application: Application) -> bool:
    """Tell whether a route is kept out of the schema, or answers with something else than JSON."""
    calls: list[tuple[Call, Scope]] = [(route.call, route.scope)]
    routers = {route.router}
    for registration in route.registrations:
        routers |= {registration.application, *(each.child for each in registration.inclusions)}
        calls += [(each.call, each.scope) for each in registration.inclusions]
    calls += [(router.call, router.scope) for router in routers]
    return any(
        _is_hidden(call) or _is_no_json(call.keyword("default_response_class"), scope, application)
        for call, scope in calls
    )


def _is_hidden(call: Call) -> bool:
    node = call.keyword("include_in_schema")
    return node is not None and not (isinstance(node, Constant) and node.text == "True")


def _is_no_json(node: Expression | None, scope: Scope, application: Application) -> bool:
    value = node and application.codebase.resolver.value(node, scope)
    return isinstance(value, External) and value.name.endswith(_NO_JSON)


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Declare what a route answers with: a return type, or a `response_model`.",
        why=(
            "Without a declaration everything that is returned goes out: a column that is added to "
            "a table next year, a password hash among them. Clients that are generated from the "
            "schema get `any`, and a wrong answer is noticed by them first."
        ),
        bad="""\
@router.get("/posts/{post_id}")
async def read_post(post: PostDep):
    return post
""",
        good="""\
@router.get("/posts/{post_id}")
async def read_post(post: PostDep) -> PostRead:
    return post
""",
        when_not=(
            "Routes with a status that has no body, with a `response_class`, and those that are "
            "kept out of the schema need none. A return type such as `Response` or "
            "`list[PostRead]` is a declaration like any other."
        ),
        fix_safety=(
            "No automatic fix: a model filters what is returned, so that adding one may remove "
            "fields from answers."
        ),
        references={
            "Response Model - Return Type": "https://fastapi.tiangolo.com/tutorial/response-model/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "neither of the two",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/posts", tags=["posts"])
@app.get("/articles")
def read_posts():  # <- here
    return [{"title": "Hello"}]
""",
        ),
        Flagged(
            "methods, and functions that are registered by a call",
            """\
from fastapi import APIRouter

router = APIRouter()


class Posts:
    @router.post("/posts", status_code=201, responses={404: {"model": str}})
    async def create(self, title: str):  # <- here
        return title


async def read_posts():  # <- here
    return []


router.add_api_route("/posts", read_posts, methods=["GET"])
""",
        ),
        Flagged(
            "a redirection of which the schema knows nothing",
            """from fastapi import FastAPI
from fastapi.responses import RedirectResponse as Redirect

app = FastAPI()


@app.get("/")
def index():  # <- here
    return Redirect("/docs")
""",
        ),
        Fixed(
            "a return type, quoted or not",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Post(BaseModel):
    title: str


@app.api_route("/posts", methods=["GET", "HEAD"])
def read_posts(limit: int = 10):  # <- here
    return [Post(title="Hello")]
""",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Post(BaseModel):
    title: str


@app.api_route("/posts", methods=["GET", "HEAD"])
def read_posts(limit: int = 10) -> "list[Post]":
    return [Post(title="Hello")]
""",
        ),
        Clean(
            "a response model, also an explicit None",
            """\
from fastapi import FastAPI, Response

app = FastAPI()
OPTIONS = {"response_model": list[str]}


@app.get("/posts", response_model=list[str])
def read_posts():
    return []


@app.get("/raw", response_model=None)
def read_raw():
    return Response("raw")


@app.get("/tags", **OPTIONS)
def read_tags():
    return []


@app.get("/users", responses={200: {"model": list[str]}})
def read_users():
    return []
""",
        ),
        Clean(
            "answers that no model describes",
            """\
from fastapi import APIRouter, FastAPI, WebSocket, status
from fastapi.responses import HTMLResponse, RedirectResponse

app = FastAPI()
pages = APIRouter(default_response_class=HTMLResponse)
hooks = APIRouter()


@app.delete("/posts/{post_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_post(post_id: int):
    pass


@app.get("/old", status_code=307)
def redirect():
    return RedirectResponse("/new")


@app.get("/report", response_class=HTMLResponse)
def read_report():
    return "<h1>Report</h1>"


@pages.get("/")
def read_index():
    return "<h1>Index</h1>"


@hooks.post("/hook")
def receive():
    return {}


@app.websocket("/ws")
async def follow(socket: WebSocket):
    await socket.accept()


app.include_router(pages)
app.include_router(hooks, include_in_schema=False)
""",
        ),
        Clean(
            "functions that only look like routes",
            """\
from app.cache import cache
from app.events import router


@router.get("/posts")
def read_posts():
    return []


@cache.get("/posts")
def cached_posts():
    return []
""",
        ),
        Clean(
            "the server of a benchmark",
            {
                "scripts/benchmark/server.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root():
    return {"answer": 42}
""",
            },
        ),
        Clean(
            "responses that a helper declares",
            """\
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Page(BaseModel):
    items: list[str]


def answers(model: type[BaseModel]) -> dict:
    return {200: {"model": model}, 404: {}}


@router.get("/posts", responses=answers(Page))
def read_posts():
    return {"items": []}
""",
        ),
        Clean(
            "a router that was put away",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
def read_posts() -> list[str]:
    return []
""",
                "app/_archive/users.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def read_users():
    return []
""",
            },
        ),
        Clean(
            "a route that was there once, and only says so",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/number", deprecated=True, responses={410: {"description": "Use /image."}})
def read_number():
    raise HTTPException(410)
""",
        ),
        Clean(
            "a copy in another folder, where what it imports is missing",
            {
                "api/main.py": """\
from fastapi import FastAPI

from .routers import boats
from .settings import TITLE

app = FastAPI(title=TITLE)
app.include_router(boats.router)
""",
                "api/settings.py": 'TITLE = "Boats"\n',
                "api/routers/boats.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/boats")
def read_boats() -> list[int]:
    return []
""",
                "web/main_updated.py": """\
from fastapi import FastAPI

from .routers import boats
from .settings import TITLE

app = FastAPI(title=TITLE)


@app.get("/health")
def read_health():
    return {"title": TITLE}
""",
            },
        ),
        Flagged(
            "an application beside others, of which one module is made by a build",
            {
                "api/main.py": """\
from fastapi import FastAPI

from ._version import version
from .routers import boats

app = FastAPI(version=version)
app.include_router(boats.router)


@app.get("/health")
def read_health():  # <- here
    return {"version": version}
""",
                "api/routers/boats.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/boats")
def read_boats() -> list[int]:
    return []
""",
                "other/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
            },
        ),
    ),
)
