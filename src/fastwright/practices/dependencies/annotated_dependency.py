"""dependencies/annotated-dependency: dependencies stand in annotations, not in default values."""

from collections.abc import Iterator

from fastwright.application import annotating
from fastwright.application.annotation_edits import Marker
from fastwright.application.application import Application
from fastwright.codebase.definitions import Function
from fastwright.codebase.spelling import Spelling
from fastwright.codebase.values import Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Practice,
    Safety,
)
from fastwright.source.syntax import (
    Attribute,
    Call,
    Constant,
    Expression,
    Name,
    Parameter,
    Starred,
)

_FIRST_VERSION = (0, 95)
_MARKERS = "fastapi.params"
_DEPENDENCIES = ("Depends", "Security")
_UPGRADE = " It takes FastAPI 0.95 or newer, which this project does not allow yet."
_LONGEST_MESSAGE = 100


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each parameter that has a dependency or a `Query()` as its default."""
    is_possible = application.requirements.allows("fastapi", _FIRST_VERSION)
    for function in application.each_with_defaults():
        markers = list(_markers(function, application))
        module = function.module
        spelling = annotating.spelled(module, application) if markers and is_possible else None
        fix = _fix(function, markers, spelling, application) if spelling else None
        for each in markers:
            message = _message(each, function)
            at = module.place(each.parameter)
            yield Finding(at, message if is_possible else message + _UPGRADE, fix=fix)


def _fix(
    function: Function, markers: list[Marker], annotated: Spelling, application: Application
) -> Fix | None:
    """Return how all of a function's markers move into annotations, where that is surely right."""
    moved = annotating.annotate(function, markers, annotated, application.codebase)
    if moved is None:
        return None
    needed = tuple(each for spelling in moved.spellings for each in spelling.imports)
    return Fix(Safety.SAFE, moved.edits, needed)


def _markers(function: Function, application: Application) -> Iterator[Marker]:
    """Yield the parameters that have what FastAPI reads as their default value."""
    for parameter in function.parameters:
        made = _marker(parameter, function, application)
        if made is not None:
            name, call = made
            yield Marker(parameter, call, name, is_dependency=name in _DEPENDENCIES)


def _marker(
    parameter: Parameter, function: Function, application: Application
) -> tuple[str, Call] | None:
    """Return what FastAPI reads in the default, such as `Depends`, and the call that made it."""
    match parameter.default:
        case Call() | Name() | Attribute() as default:
            value = application.codebase.resolver.value(default, function.outer or function)
        case _:
            return None
    if isinstance(value, Instance) and isinstance(value.of, str) and value.made is not None:
        module, _, name = value.of.rpartition(".")
        if module == _MARKERS:
            return name, value.made[0]
    return None


def _message(marker: Marker, function: Function) -> str:
    parameter, name, made = marker.parameter, marker.name, marker.made
    default = parameter.default
    written = f"{name}(…)" if default is None else function.module.source(default)
    replacement = _replacement(parameter, name, made, function)
    if "\n" in replacement or len(replacement) > _LONGEST_MESSAGE:
        where = f"`{parameter.name}: Annotated[…, {name}(…)]`"
        rest = "" if name in _DEPENDENCIES else ", with the default value behind `=`"
        return f"Move `{name}(…)` into the annotation: {where}{rest}."
    return f"Write `{replacement}` instead of the default value `{written}`."


def _replacement(parameter: Parameter, name: str, made: Call, function: Function) -> str:
    """Return the parameter as it should be."""
    source = function.module.source
    default = parameter.default
    annotation = parameter.annotation
    described = "…" if annotation is None else source(annotation)
    if default is None or default != made or name in _DEPENDENCIES:
        marker = "" if default is None else source(default)
        return f"{parameter.name}: Annotated[{described}, {marker}]"
    value = made.argument(0, "default")
    rest = [
        source(each)
        for each in (*made.arguments, *made.keywords)
        if value is None or (each != value and getattr(each, "value", None) != value)
    ]
    called = source(made.function)
    behind = "" if _is_required(value, made) else f" = {source(value)}" if value else ""
    return f"{parameter.name}: Annotated[{described}, {called}({', '.join(rest)})]{behind}"


def _is_required(value: Expression | None, made: Call) -> bool:
    if any(isinstance(each, Starred) for each in made.arguments):
        return True
    return value is None or (isinstance(value, Constant) and value.text == "...")


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Write what FastAPI injects in `Annotated[…]`, not as a default value.",
        why=(
            "A parameter with `= Depends(…)` looks optional to Python: called from a test or from "
            "another function without it, the function receives the marker itself and fails far "
            "from the mistake. Type checkers cannot see it either, and the same default has to be "
            "repeated in every route. An annotation can be given a name once and be shared."
        ),
        bad="""\
@router.get("/posts")
async def read_posts(
    session: AsyncSession = Depends(get_session), limit: int = Query(20, le=100)
) -> list[PostPublic]: ...
""",
        good="""\
SessionDep = Annotated[AsyncSession, Depends(get_session)]


@router.get("/posts")
async def read_posts(
    session: SessionDep, limit: Annotated[int, Query(le=100)] = 20
) -> list[PostPublic]: ...
""",
        when_not=(
            "FastAPI reads `Annotated` from 0.95 on: where the project's own files allow only "
            "older versions, the finding says that it takes an upgrade. Lists such as "
            "`dependencies=[Depends(…)]` have no annotation to move into, and stay as they are."
        ),
        fix_safety=(
            "Safe: all markers of a function move into its annotations, and default values behind "
            "them. What would then stand without a default behind one that has one is made "
            "keyword-only, as FastAPI passes it. Functions that are also called directly and rely "
            "on the old default, or on positions, are left alone, as are those under an `@inject` "
            "of another library, which may read the default values."
        ),
        references={
            "Dependencies": "https://fastapi.tiangolo.com/tutorial/dependencies/",
            "Advantages of Annotated": (
                "https://fastapi.tiangolo.com/tutorial/query-params-str-validations/"
                "#advantages-of-annotated"
            ),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a session and a query parameter",
            """\
from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/posts")
def read_posts(
    session: str = Depends(get_session),  # <- here
    limit: int = Query(20, le=100),  # <- here
    search: str | None = Query(default=None),  # <- here
) -> list[str]:
    return [session][:limit]
""",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/posts")
def read_posts(
    session: Annotated[str, Depends(get_session)],
    limit: Annotated[int, Query(le=100)] = 20,
    search: Annotated[str | None, Query()] = None,
) -> list[str]:
    return [session][:limit]
""",
        ),
        Fixed(
            "parameters that would stand in the wrong order",
            """\
from fastapi import Body, FastAPI, Path

app = FastAPI()


@app.put("/posts/{post_id}")
def update_post(
    dry_run: bool = False,
    post_id: int = Path(...),  # <- here
    title: str = Body(..., embed=True),  # <- here
) -> str:
    return title
""",
            """\
from typing import Annotated

from fastapi import Body, FastAPI, Path

app = FastAPI()


@app.put("/posts/{post_id}")
def update_post(
    dry_run: bool = False,
    *,
    post_id: Annotated[int, Path()],
    title: Annotated[str, Body(embed=True)],
) -> str:
    return title
""",
        ),
        Fixed(
            "lines that would get too long, and a bare `*`",
            """\
from typing import Annotated, Optional

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/posts")
def read_posts(
    search: Optional[str] = Query(None, max_length=50, description="In the title"),  # <- here
    done: Optional[bool] = Query(None, description="Whether all is finished or not yet"),  # <- here
    marks: dict[str, dict[str, int]] = Query({}, description="What is left of what was"),  # <- here
    session: str = Depends(get_session),  # see below  # <- here
) -> list[str]:
    return [session]


@app.get("/users")
def read_users(page: int = 1, *, first: str = Depends(get_session), tag: str = "all"):  # <- here
    return [first, tag]


@app.get("/tags")
def read_tags(*, session: str = Depends(get_session), is_old: bool = False, of=""):  # <- here
    return [session, of]
""",
            """\
from typing import Annotated, Optional

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/posts")
def read_posts(
    search: Annotated[
        Optional[str], Query(max_length=50, description="In the title")
    ] = None,
    done: Annotated[
        Optional[bool], Query(description="Whether all is finished or not yet")
    ] = None,
    marks: Annotated[
        dict[str, dict[str, int]], Query(description="What is left of what was")
    ] = {},
    *,
    session: Annotated[str, Depends(get_session)],  # see below
) -> list[str]:
    return [session]


@app.get("/users")
def read_users(
    page: int = 1,
    *,
    first: Annotated[str, Depends(get_session)],
    tag: str = "all",
):
    return [first, tag]


@app.get("/tags")
def read_tags(
    *,
    session: Annotated[str, Depends(get_session)],
    is_old: bool = False,
    of="",
):
    return [session, of]
""",
        ),
        Fixed(
            "a project for Pythons that have no `Annotated` in `typing`",
            {
                "pyproject.toml": '[project]\nname = "old"\nrequires-python = ">=3.8"\n',
                "app.py": """\
from typing import Optional

from fastapi import Depends, FastAPI

app = FastAPI()


def get_session() -> Optional[str]:
    return None


@app.get("/posts")
def read_posts(session: Optional[str] = Depends(get_session)) -> None: ...  # <- here
""",
            },
            {
                "pyproject.toml": '[project]\nname = "old"\nrequires-python = ">=3.8"\n',
                "app.py": """\
from typing import Optional

from fastapi import Depends, FastAPI
from typing_extensions import Annotated

app = FastAPI()


def get_session() -> Optional[str]:
    return None


@app.get("/posts")
def read_posts(session: Annotated[Optional[str], Depends(get_session)]) -> None: ...
""",
            },
        ),
        Fixed(
            "calls over several lines with comments, no annotation, and non-ASCII text",
            """\
import typing as t

from fastapi import Depends as Inject
from fastapi import FastAPI, Header, Query

app = FastAPI()


def get_user(name: str = Header("Zoë", alias="x-name")) -> str:  # <- here
    return name


@app.get("/größen")
def read_sizes(
    query: str = "é",
    limit: int = Query(  # <- here
        default=20,
        le=100,  # a page
    ),
    user=Inject(get_user, use_cache=False),  # who asks # <- here
) -> str:
    return query
""",
            """\
import typing as t

from fastapi import Depends as Inject
from fastapi import FastAPI, Header, Query

app = FastAPI()


def get_user(name: t.Annotated[str, Header(alias="x-name")] = "Zoë") -> str:
    return name


@app.get("/größen")
def read_sizes(
    query: str = "é",
    limit: t.Annotated[int, Query(
        le=100,  # a page
    )] = 20,
    *,
    user: t.Annotated[t.Any, Inject(get_user, use_cache=False)],  # who asks
) -> str:
    return query
""",
        ),
        Flagged(
            "functions that are called directly too, and annotations that are text: no fix",
            """\
from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/posts")
def read_posts(session: "str" = Depends(get_session)) -> str:  # <- here
    return session


@app.get("/drafts")
def read_drafts(draft: bool = True, session: str = Depends(get_session)) -> str:  # <- here
    return session


@app.get("/pages")
def read_pages(number: int = Query(), session: str = Depends(get_session)) -> str:  # <- here
    return read_drafts(False, session)


@app.get("/first")
def read_first() -> str:
    return read_pages(1)
""",
        ),
        Flagged(
            "no fix: comments that would be lost, a second `*`, `partial`, `super()`, parentheses",
            """\
from functools import partial

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def first(size: int = 10, number: int = Depends(int)) -> int:  # <- here
    return number


second = partial(first, 20, 2)


class Page:
    def __init__(self, number: int = Depends(first), size: int = 10) -> None:  # <- here
        self.number = number


class Fixed(Page):
    def __init__(self) -> None:
        super().__init__()


@app.get("/a")
def a(
    number: int = Query(  # <- here
        1,  # the first page
        ge=1,
    ),
) -> int:
    return number


@app.get("/b")
def b(size: int = 10, number: int = Depends(second), *, sort: str = "new") -> int:  # <- here
    return number


def c(size: int = 10, number: int = Depends(second), *names: str) -> int:  # <- here
    return number


@app.get("/d")
def d(
    sort: str = Query(  # <- here
        default=(
            "new"
            "est"
        )
    ),
    kind: str = Query((...), max_length=10),  # <- here
) -> str:
    return sort + kind
""",
        ),
        Flagged(
            "in a dependency, a websocket, a class and `api_route`, under other names",
            """\
import fastapi
from fastapi import APIRouter, Header as H
from fastapi import Security, WebSocket, params
from fastapi.param_functions import Depends as Inject

router = APIRouter()


def token(authorization: str = H(...)) -> str:  # <- here
    return authorization


class Page:
    def __init__(self, number: int = fastapi.Query(1)):  # <- here
        self.number = number


@router.websocket("/feed")
async def feed(socket: WebSocket, who: str = Security(token, scopes=["feed"])):  # <- here
    await socket.accept()


@router.api_route("/pages", methods=["GET", "HEAD"])
async def pages(page=Inject(Page), who: str = params.Depends(token)):  # <- here
    return page.number
""",
        ),
        Flagged(
            "no fix: a library that reads default values, as older dependency-injector does",
            """\
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject
from fastapi import Depends, FastAPI


class Container(containers.DeclarativeContainer):
    count = providers.Object(3)


app = FastAPI()


@app.get("/count")
@inject
async def count(number: int = Depends(Provide[Container.count])) -> int:  # <- here
    return number
""",
        ),
        Flagged(
            "no fix: a function that is also a value, and called by who knows whom",
            """\
from fastapi import Depends, FastAPI

app = FastAPI()


def get_number() -> int:
    return 3


@app.get("/sum")
def read_sum(size: int = 1, number: int = Depends(get_number)) -> int:  # <- here
    return size + number


HANDLERS = {"sum": read_sum}


@app.get("/report")
def read_report() -> int:
    return HANDLERS["sum"](1, 2)
""",
        ),
        Flagged(
            "no fix: a decorator of the codebase may pass by position what would be keyword-only",
            """\
from functools import wraps

from fastapi import Depends, FastAPI

app = FastAPI()


def get_number() -> int:
    return 3


def logged(function):
    @wraps(function)
    def run(size: int, number: int):
        return function(size, number)

    return run


@app.get("/sum")
@logged
def read_sum(size: int = 1, number: int = Depends(get_number)) -> int:  # <- here
    return size + number
""",
        ),
        Flagged(
            "a marker that was given a name in another file",
            {
                "app/markers.py": """\
from fastapi import Depends


def get_user() -> str:
    return "ada"


current_user = Depends(get_user)
""",
                "app/routes.py": """\
from fastapi import APIRouter

from app import markers

router = APIRouter()


@router.get("/me")
def read_me(user: str = markers.current_user) -> str:  # <- here
    return user
""",
            },
        ),
        Flagged(
            "a project that is held at a FastAPI from before `Annotated`: the message says so",
            {
                "requirements.txt": "fastapi==0.68.0\n",
                "app.py": """\
from fastapi import Depends, FastAPI

app = FastAPI()


def get_session() -> str:
    return "session"


@app.get("/")
def root(session: str = Depends(get_session)) -> str:  # <- here
    return session
""",
            },
        ),
        Clean(
            "annotations with everything in them, and plain default values",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_user() -> str:
    return "user"


@app.get("/")
def root(
    user: Annotated[str, Depends(get_user)],
    limit: Annotated[int, Query(le=100)] = 20,
    sort: str = "newest",
) -> str:
    return f"{user} {limit} {sort}"
""",
        ),
        Clean(
            "annotations, also through an imported alias, and lists of dependencies",
            {
                "app/deps.py": """\
from typing import Annotated

from fastapi import Depends


def get_user() -> str:
    return "ada"


CurrentUser = Annotated[str, Depends(get_user)]
admin_only = [Depends(get_user)]
""",
                "app/routes.py": """\
from fastapi import APIRouter, Depends

from app.deps import CurrentUser, admin_only, get_user

router = APIRouter(dependencies=[Depends(get_user)])


@router.get("/me", dependencies=admin_only)
def read_me(user: CurrentUser, limit: int = 10) -> str:
    return user
""",
            },
        ),
        Clean(
            "functions of the same names that are not FastAPI's",
            """\
from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy import Path

app = FastAPI()


@dataclass
class Query:
    text: str = ""


def Depends(value: int) -> int:
    return value


@app.get("/")
def root(number: int = Depends(1)) -> int:
    return number


def search(query: Query = Query("x"), path=Path("y")) -> str:
    return query.text
""",
        ),
    ),
)
