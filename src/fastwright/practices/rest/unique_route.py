"""rest/unique-route: a method and path belong to one function."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.matching import Candidate, Matching
from fastwright.application.routers import Inclusion
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Place, Practice


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each route whose method and path an earlier one has."""
    matching, serving = application.matching, application.serving
    groups: dict[object, list[Candidate]] = {}
    for candidate in matching.candidates:
        if candidate.route is not None:
            path = candidate.path
            key = candidate.application, path.head, path.shape
            groups.setdefault(key, []).append(candidate)
    found: dict[Place, Finding] = {}
    for group in groups.values():
        for later in group:
            if later.route is not None and not serving.may_serve(later.route):
                continue
            for finding in _about(later, group, matching):
                found.setdefault(finding.at, finding)
    yield from found.values()


def _about(later: Candidate, group: list[Candidate], matching: Matching) -> Iterator[Finding]:
    route = later.route
    for earlier in group:
        other = earlier.route
        if route is None or other is None or not matching.is_before(earlier, later):
            continue
        methods = route.methods & other.methods
        if route is other:
            yield from _included_again(earlier, later)
        elif methods and route.function is not other.function:
            yield _taken(route, other, "/".join(sorted(methods)), earlier)


def _taken(route: Route, other: Route, methods: str, earlier: Candidate) -> Finding:
    path = earlier.path.tail or "/"
    return Finding(
        at=route.place,
        message=(
            f"Give `{route.function.name}` a path or method of its own: {methods} {path} already "
            f"goes to `{other.function.name}`, and this is never called."
        ),
        chain=(other.place.step(f"has {methods} {path} first"),),
    )


def _included_again(earlier: Candidate, later: Candidate) -> Iterator[Finding]:
    firsts = {each.child: each for each in earlier.inclusions}
    for again in later.inclusions:
        first = firsts.get(again.child)
        if first is None or first is again:
            continue
        scope = again.scope.scope if isinstance(again.scope, Class) else again.scope
        # What a function makes may differ from call to call.
        is_fixed = all(each.child.scope is each.child.scope.module.top for each in later.inclusions)
        if is_fixed and not _is_described_apart(again):
            before = first.scope.module.place(first.call)
            yield Finding(
                at=scope.module.place(again.call),
                message=(
                    "Include the router once, or under another prefix: its routes are already "
                    "served under these paths, and what this adds to them never applies."
                ),
                chain=(before.step("includes it first"),),
            )
        return


def _is_described_apart(again: Inclusion) -> bool:
    """Tell whether a router collects routes for a schema of their own, which are read there."""
    parent = again.parent
    return not parent.is_application and parent.scope.module.mentions(b".routes")


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Register each method and path once.",
        why=(
            "The first route that matches answers. A second one with the same method and path, "
            "often copied and half changed, is in the code and perhaps in the documentation, but "
            "no request ever gets there."
        ),
        bad="""\
@router.get("/posts/{post_id}")
async def read_post(post_id: int) -> Post: ...


@router.get("/posts/{slug}")
async def read_post_by_slug(slug: str) -> Post: ...
""",
        good="""\
@router.get("/posts/{post_id}")
async def read_post(post_id: int) -> Post: ...


@router.get("/posts/by-slug/{slug}")
async def read_post_by_slug(slug: str) -> Post: ...
""",
        when_not=(
            "Not reported: routes of which one is only registered under a condition, paths that "
            "cannot be read, and routes that something else, such as a version, tells apart."
        ),
        fix_safety="No automatic fix: which of the two is meant, only you know.",
        references={
            "Path operations in order": (
                "https://fastapi.tiangolo.com/tutorial/path-params/#order-matters"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "two functions with one path",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
def read_posts() -> list[str]:
    return []


@app.get("/posts")
def read_newest_posts() -> list[str]:  # <- here
    return []
""",
        ),
        Flagged(
            "the same path after prefixes, in two routers",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import posts
from app.users import router as users_router

app = FastAPI()
app.include_router(posts.router, prefix="/api")
app.include_router(users_router, prefix="/api/users")
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/users/{user_id}/posts")
def read_posts(user_id: int) -> list[str]:
    return []
""",
                "app/users.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/{id}/posts")
def read_posts_of_user(id: int) -> list[str]:  # <- here
    return []
""",
            },
        ),
        Flagged(
            "one router twice under one prefix",
            """\
from fastapi import APIRouter, Depends, FastAPI

router = APIRouter(prefix="/posts")


@router.post("")
def create_post() -> None: ...


def authenticate() -> None: ...


app = FastAPI()
app.include_router(router)
app.include_router(router, dependencies=[Depends(authenticate)])  # <- here
""",
        ),
        Flagged(
            "a router that nobody is seen to include, and a prefix that is not known",
            """\
from fastapi import APIRouter

from app.config import settings

router = APIRouter(prefix=settings.prefix)


class Posts:
    @router.put("/{post_id}")
    def replace(self, post_id: int) -> None: ...

    @router.api_route("/{id}", methods=["PUT", "PATCH"])
    def change(self, id: int) -> None: ...  # <- here
""",
        ),
        Clean(
            "other methods, other applications, other prefixes",
            """\
from fastapi import APIRouter, FastAPI

app = FastAPI()
admin = FastAPI()
one, two = APIRouter(), APIRouter()


@app.get("/posts")
def read_posts() -> None: ...


@app.post("/posts")
def create_post() -> None: ...


@admin.get("/posts")
def read_all_posts() -> None: ...


@app.websocket("/posts")
async def follow_posts() -> None: ...


@one.get("/posts")
def read_first() -> None: ...


@two.get("/posts")
def read_second() -> None: ...


app.include_router(one, prefix="/one")
app.include_router(two, prefix="/two")
app.mount("/admin", admin)
""",
        ),
        Clean(
            "one or the other, by the environment",
            """\
import os

from fastapi import FastAPI

app = FastAPI()

if os.environ.get("MAINTENANCE"):

    @app.get("/")
    def apologise() -> str:
        return "back soon"

else:

    @app.get("/")
    def welcome() -> str:
        return "hello"


def add_more(app: FastAPI) -> None:
    if os.environ.get("DEBUG"):
        app.add_api_route("/debug", debug)
        return
    app.add_api_route("/debug", refuse)


def debug() -> None: ...


def refuse() -> None: ...


add_more(app)
""",
        ),
        Clean(
            "routes that a version tells apart",
            """\
from fastapi import FastAPI
from fastapi_versioning import VersionedFastAPI, version

app = FastAPI()


@app.get("/posts")
@version(1)
def read_posts() -> None: ...


@app.get("/posts")
@version(2)
def read_posts_by_page() -> None: ...


app = VersionedFastAPI(app)
""",
        ),
        Clean(
            "routes that are collected once more for a schema of their own",
            """\
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

app = FastAPI()
posts = APIRouter(prefix="/posts")
all_of_it = APIRouter(prefix="/api")
for_partners = APIRouter(prefix="/api")


@posts.get("")
def read_posts() -> None: ...


all_of_it.include_router(posts)
for_partners.include_router(posts)
app.include_router(all_of_it)
app.include_router(for_partners)


@app.get("/partners.json")
def read_schema() -> dict:
    return get_openapi(title="Partners", version="1", routes=for_partners.routes)
""",
        ),
    ),
)
