"""rest/reachable-route: no earlier route takes all requests of a later one."""

import re
from collections import defaultdict
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.matching import Candidate, Matching
from fastwright.application.routes import Route
from fastwright.codebase import moving
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

# The number of `/` in a path; None for those that match any number.
_Depth = int | None
_Groups = dict[tuple[object, _Depth], list[Candidate]]

_REARRANGES = re.compile(rb"\.routes\.(?:insert|pop|remove|reverse|sort)\(|\.routes\[:\]\s*=[^=]")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each route whose requests an earlier one always catches."""
    if _are_rearranged(application):
        return
    matching = application.matching
    wide = _wide(matching)
    caught: dict[Route, Candidate] = {}
    free: set[Route] = set()
    for candidate in matching.candidates:
        route = candidate.route
        if route is not None:
            earlier = _catching(candidate, wide, matching)
            if earlier is None:
                free.add(route)  # at least in one application it is reached
            else:
                caught.setdefault(route, earlier)
    serving = application.serving
    for route, earlier in caught.items():
        if route not in free and serving.may_serve(route):
            yield _finding(route, earlier, _fix(route, wide, application))


def _are_rearranged(application: Application) -> bool:
    """Tell whether code takes routes out and puts them elsewhere, so that the order is its own."""
    return application.codebase.is_anywhere(_REARRANGES, b".routes")


def _wide(matching: Matching) -> _Groups:
    """Return what matches more than one path, by application and depth."""
    groups: _Groups = defaultdict(list)
    for candidate in matching.candidates:
        if not candidate.path.is_fixed or candidate.route is None:
            groups[candidate.application, candidate.depth].append(candidate)
    return groups


def _catching(candidate: Candidate, wide: _Groups, matching: Matching) -> Candidate | None:
    return next(_all_catching(candidate, wide, matching), None)


def _all_catching(candidate: Candidate, wide: _Groups, matching: Matching) -> Iterator[Candidate]:
    first = next(iter(candidate.examples), None)
    if first is None:
        return
    for depth in dict.fromkeys((candidate.depth, None)):
        for earlier in wide.get((candidate.application, depth), ()):
            if not first.startswith(earlier.beginning):
                continue  # as most do not
            catches = _is_other(earlier, candidate) and earlier.catches(candidate)
            if catches and matching.is_before(earlier, candidate):
                yield earlier


def _is_other(earlier: Candidate, candidate: Candidate) -> bool:
    """Tell whether two can stand in each other's way, and not by one and the same path."""
    route, other = candidate.route, earlier.route
    if route is None or other is None:
        return route is not None
    return (
        route.methods <= other.methods
        and route.function is not other.function
        and earlier.path.shape != candidate.path.shape
    )


def _fix(route: Route, wide: _Groups, application: Application) -> Fix | None:
    """Return what moves a route before all that catch it, where these stand beside it."""
    matching = application.matching
    catching = [
        earlier.route
        for candidate in matching.candidates
        if candidate.route is route
        for earlier in _all_catching(candidate, wide, matching)
    ]
    beside = [each for each in catching if each is not None and _is_beside(each, route)]
    function = route.function
    is_only = len(application.routes_by_function[function]) == 1 and route.keyword("name") is None
    if not is_only or len(beside) != len(catching):
        return None
    first = min(beside, key=lambda each: each.function.node.start)
    edits = moving.before(function, first.function)
    effects = (Effect(Part.ORDER, function.name),)
    return Fix(Safety.UNSAFE, edits, effects=effects) if edits else None


def _is_beside(earlier: Route, route: Route) -> bool:
    """Tell whether both decorate a function at the top level of one file, for one router."""
    return earlier.router is route.router and all(
        each.call in each.function.decorators
        and each.function.module is route.function.module
        and each.function.outer is each.function.module.top
        and each.function.owner is None
        for each in (earlier, route)
    )


def _finding(route: Route, earlier: Candidate, fix: Fix | None) -> Finding:
    methods = "/".join(sorted(route.methods))
    path = earlier.path.tail or "/"
    what = f"`{methods} {path}`" if earlier.route else f"the mount of `{path}`"
    place = earlier.scope.module.place(earlier.call)
    return Finding(
        at=route.place,
        message=(
            f"Register `{route.function.name}` before {what}, which matches all of its requests: "
            "it is never called."
        ),
        chain=(place.step(f"{what} catches it".replace("`", "")),),
        fix=fix,
    )


_ROUTER = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/")
def read() -> None: ...
"""

PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Register fixed paths before paths with parameters that match them.",
        why=(
            "Routes are tried in the order in which they were registered, and a parameter matches "
            "anything up to the next slash, whatever its type: `GET /users/me` goes to "
            "`/users/{user_id}`, which answers 422 because `me` is no number."
        ),
        bad="""\
@router.get("/users/{user_id}")
async def read_user(user_id: int) -> User: ...


@router.get("/users/me")
async def read_me(user: CurrentUser) -> User: ...
""",
        good="""\
@router.get("/users/me")
async def read_me(user: CurrentUser) -> User: ...


@router.get("/users/{user_id}")
async def read_user(user_id: int) -> User: ...
""",
        when_not=(
            "Not reported: routes with another method, routes that are only registered under a "
            "condition, and paths or an order that cannot be read."
        ),
        fix_safety=(
            "Unsafe, as requests go to another function afterwards: the later route moves up, "
            "with its decorators and the comments right above it. None where the two are in "
            "different files or routers, or where what the route needs to be defined, or more "
            "than definitions, stands in between. A converter such as `{user_id:int}` also keeps "
            "the two apart."
        ),
        references={
            "Order matters": ("https://fastapi.tiangolo.com/tutorial/path-params/#order-matters"),
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a fixed path after a parameter",
            """\
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
def read_user(user_id: int) -> None: ...


@router.get("/me")
def read_me() -> None: ...  # <- here


@router.delete("/me")
def delete_me() -> None: ...
""",
            """\
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/me")
def read_me() -> None: ...


@router.get("/{user_id}")
def read_user(user_id: int) -> None: ...


@router.delete("/me")
def delete_me() -> None: ...
""",
        ),
        Fixed(
            "with comments, several at once, non-ASCII text, at the end of the file",
            """\
from fastapi import APIRouter

router = APIRouter()

# Users


# One by number.
@router.get("/{user_id}")
async def read_user(user_id: int) -> None:
    ...
    # later: cached


class Counted: ...


@router.delete("/{user_id}")
async def delete_user(user_id: int) -> None: ...

# Who is asking: „ich“.
# Without a cache.
@router.get(
    "/me",  # the caller
    summary="Über mich",
)
async def read_me(  # <- here
    size: int = 3,
) -> str:
    return f"Über mich {size}"  # and that is all


@router.get("/all")
async def read_all() -> None:  # <- here
    ...

    # in pages
""",
            """\
from fastapi import APIRouter

router = APIRouter()

# Users


# Who is asking: „ich“.
# Without a cache.
@router.get(
    "/me",  # the caller
    summary="Über mich",
)
async def read_me(
    size: int = 3,
) -> str:
    return f"Über mich {size}"  # and that is all


@router.get("/all")
async def read_all() -> None:
    ...

    # in pages


# One by number.
@router.get("/{user_id}")
async def read_user(user_id: int) -> None:
    ...
    # later: cached


class Counted: ...


@router.delete("/{user_id}")
async def delete_user(user_id: int) -> None: ...
""",
        ),
        Flagged(
            "no fix where it needs what is defined in between, or more is done there",
            """\
from typing import Annotated

from fastapi import APIRouter, Depends

router = APIRouter()


@router.get("/{item_id}")
def read_item(item_id: int) -> None: ...


def newest() -> int:
    return 3


@router.get("/newest")
def read_newest(item_id: Annotated[int, Depends(newest)]) -> None: ...  # <- here


@router.get("/{item_id}/{part}")
def read_part(item_id: int, part: str) -> None: ...


router.tags = ["items"]


@router.get("/{item_id}/all")
def read_all(item_id: int) -> None: ...  # <- here


@router.get("/oldest")
@router.get("/first")
def read_oldest() -> None: ...  # <- here


@router.get("/twice")
def twice() -> None: ...  # <- here


def twice() -> None: ...
""",
        ),
        Flagged(
            "across routers, in the order of their inclusion",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.items import router as items_router
from app.search import api as search


def create_app() -> FastAPI:
    app = FastAPI()
    add_routers(app)
    return app


def add_routers(app: FastAPI) -> None:
    app.include_router(items_router)
    app.include_router(search, prefix="/items")


app = create_app()
""",
                "app/items.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("/{item_id}")
def read_item(item_id: str) -> None: ...
""",
                "app/search.py": """\
from fastapi import APIRouter

api = APIRouter()


@api.get("/search")
def search(q: str) -> None: ...  # <- here


@api.get("/search/{kind}")
def search_kind(kind: str) -> None: ...
""",
            },
        ),
        Flagged(
            "a mount of everything before the routes",
            """\
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()


@app.get("/health")
def health() -> None: ...


app.mount("/", StaticFiles(directory="static", html=True))


@app.get("/version")
def version() -> None: ...  # <- here
""",
        ),
        Fixed(
            "a path of any length",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/files/{path:path}")
def read_file(path: str) -> None: ...


@app.get("/files/{path:path}/meta")
def read_meta(path: str) -> None: ...  # <- here
""",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/files/{path:path}/meta")
def read_meta(path: str) -> None: ...


@app.get("/files/{path:path}")
def read_file(path: str) -> None: ...
""",
        ),
        Clean(
            "fixed first; converters; other depths",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/me")
def read_me() -> None: ...


@app.get("/users/{user_id}")
def read_user(user_id: int) -> None: ...


@app.get("/users/{user_id}/posts")
def read_posts(user_id: int) -> None: ...


@app.get("/posts/{post_id:int}")
def read_post(post_id: int) -> None: ...


@app.get("/posts/newest")
def read_newest() -> None: ...


@app.get("/{kind}/about/{name}")
def about(kind: str, name: str) -> None: ...


@app.get("/tags/{tag}/{name}")
def tagged(tag: str, name: str) -> None: ...
""",
        ),
        Clean(
            "the catch-all is added last, whatever the order of the files",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import pages, posts

app = FastAPI()
app.include_router(posts.router)
app.include_router(pages.router)
""",
                "app/pages.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/{page:path}")
def read_page(page: str) -> None: ...
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/posts")
def read_posts() -> None: ...
""",
            },
        ),
        Clean(
            "a catch-all under a condition, and a prefix that is not known",
            """\
from fastapi import APIRouter, FastAPI

from app.config import settings

app = FastAPI()
router = APIRouter(prefix=settings.prefix)

if settings.single_page:

    @app.get("/{path:path}")
    def page(path: str) -> None: ...


@router.get("/{post_id}")
def read_post(post_id: int) -> None: ...


@app.get("/health")
def health() -> None: ...


app.include_router(router)


@app.get("/posts")
def read_posts() -> None: ...
""",
        ),
        Clean(
            "mounts that are moved behind what is registered after them",
            """\
from fastapi import FastAPI
from starlette.routing import Mount

app = FastAPI()
app.mount("/", FastAPI())


@app.get("/ready")
def ready() -> str:
    return "ready"


for route in [each for each in app.routes if isinstance(each, Mount)]:
    app.routes.remove(route)
    app.routes.append(route)
""",
        ),
        Clean(
            "a router that nothing includes, beside others that are not all known",
            {
                "app/main.py": """\
from fastapi import FastAPI
from fastapi_users import FastAPIUsers

from app import posts

app = FastAPI()
app.include_router(posts.router)
app.include_router(FastAPIUsers().get_users_router(object, object))
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/posts")
def read_posts() -> None: ...
""",
                "app/users.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/users/{name}")
def read_user(name: str) -> None: ...


@router.get("/users/me")
def read_me() -> None: ...
""",
            },
        ),
        Clean(
            "a router that nothing names, where others are included by name",
            {
                "app/main.py": """\
from importlib import import_module

from fastapi import FastAPI

from app import about

app = FastAPI()
app.include_router(about.router)
for name in ("posts",):
    app.include_router(import_module(f"app.{name}").router)
""",
                "app/about.py": _ROUTER,
                "app/posts.py": _ROUTER,
                "app/left_over.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{user_id}")
def read_user(user_id: int) -> None: ...


@router.get("/me")
def read_me() -> None: ...
""",
            },
        ),
    ),
)
