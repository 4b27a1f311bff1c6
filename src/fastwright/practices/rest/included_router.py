"""rest/included-router: a router with routes is part of an application."""

import re
from collections.abc import Iterator, Mapping

from fastwright.application.application import Application
from fastwright.application.folders import is_aside, is_put_away
from fastwright.application.mentions import is_mentioned
from fastwright.application.routers import Inclusion, Router
from fastwright.application.serving import is_dynamic
from fastwright.codebase.codebase import Codebase
from fastwright.practice import Clean, Explanation, Finding, Flagged, Kind, Practice
from fastwright.source.syntax import Attribute, ExpressionStatement, Name, String

# What is written above a router, or above its module, that is left out on purpose.
_ON_PURPOSE = re.compile(
    rb"(?i)include_router|\bdeprecated|\blegacy\b|\bon[- ]demand|\bopt[- ]?in\b"
    rb"|\bnot (?:yet |currently )?(?:enabled|exposed|included|mounted|registered|served|used)"
)
_ABOVE = re.compile(rb"(?:^[ \t]*#[^\n]*\n)+\Z", re.MULTILINE)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each router that no application includes, and nobody else mentions."""
    if any(is_dynamic(each, application.codebase) for each in application.routers.unknown):
        return
    suspects = list(_left_out(application))
    running = application.running.modules if suspects else set()
    folders = {module.folder for module in running}
    for router in suspects:
        folder = router.scope.module.folder
        is_near = folder in folders or folder.rpartition("/")[0] in folders
        if is_near and not (
            is_mentioned(router, application.codebase)
            or _is_switched_off(router, application.codebase)
            or _is_meant(router, application)
        ):
            yield Finding(
                at=router.scope.module.place(router.call),
                message=(
                    "Include this router in the application, or remove it: nothing refers to it, "
                    "so that its routes answer 404."
                ),
            )


def _left_out(application: Application) -> Iterator[Router]:
    """Yield the routers with routes that nothing includes, in projects that include any."""
    routers = application.routers
    included = {*routers.parents, *routers.included_somewhere}
    used = {route.router for route in application.routes}
    for router in routers.all if included else ():
        if (
            not router.is_application
            and router not in included
            and _is_of_module(router)
            and _serves(router, used, routers.parents)
        ):
            yield router


def _is_of_module(router: Router) -> bool:
    """Tell whether a module of the application itself makes a router, for whoever imports it."""
    module = router.scope.module
    is_other = module.is_migration or is_aside(module) or is_put_away(module)
    return router.scope is module.top and not is_other and not _is_on_purpose(router)


def _is_on_purpose(router: Router) -> bool:
    """Tell whether a comment above a router, or its module's docstring, says it is not served."""
    module = router.scope.module
    start = next(each.start for each in module.body if each.end >= router.call.end)
    above = _ABOVE.search(module.text_between(0, start))
    docstring = b""
    match module.body[0]:
        case ExpressionStatement(String() as text):
            docstring = module.source(text).encode()
    return _ON_PURPOSE.search((above[0] if above else b"") + docstring) is not None


def _is_switched_off(router: Router, codebase: Codebase) -> bool:
    """Tell whether the line that includes a router stands somewhere as a comment."""
    stem = router.scope.module.stem.encode()
    line = re.compile(
        rb"(?m)^[ \t]*#.*\binclude_router\(\s*(?:\w+\.)*" + re.escape(stem) + rb"[._]\w+"
    )
    others = codebase.mentioning(b"include_router")
    return any(line.search(each.text) for each in others if not each.is_test)


def _is_meant(router: Router, application: Application) -> bool:
    """Tell whether a router is included by the name of its module, which was not imported."""
    return any(
        isinstance(included, Attribute)
        and isinstance(included.value, Name)
        and included.value.id == router.scope.module.stem
        for call in application.routers.unknown
        for included in call.node.arguments[:1]
    )


def _serves(router: Router, used: set[Router], parents: Mapping[Router, list[Inclusion]]) -> bool:
    """Tell whether a router has routes, or includes one that has and that nothing else includes."""
    return router in used or any(
        _serves(each.child, used, parents)
        for each in router.includes
        if each.child is not router
        and all(inclusion.parent is router for inclusion in parents[each.child])
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
        rule="Include every router that has routes.",
        why=(
            "A router does nothing until an application, or a router that one includes, includes "
            "it. A forgotten line is not an error: the routes answer 404, and are missing from the "
            "documentation."
        ),
        bad="""\
# app/main.py
from app import posts, users

app = FastAPI()
app.include_router(posts.router)
""",
        good="""\
# app/main.py
from app import posts, users

app = FastAPI()
app.include_router(posts.router)
app.include_router(users.router)
""",
        when_not=(
            "Not reported: routers that are passed on in any way, routers of a library, those of "
            "which a comment says that they are left out on purpose, and all of them where "
            "some router is looked up by name at run time."
        ),
        fix_safety="No automatic fix: whether the routes are missed or left over, only you know.",
        references={
            "Bigger Applications": "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "the module is imported, its router forgotten",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import posts, users

app = FastAPI()
app.include_router(posts.router)
app.add_event_handler("startup", users.warm_up)
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/posts")
def read_posts() -> None: ...
""",
                "app/users.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/users")  # <- here


@router.get("")
def read_users() -> None: ...


def warm_up() -> None: ...
""",
            },
        ),
        Flagged(
            "a router of routers that nobody includes",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.api.v1 import api

app = FastAPI()
app.include_router(api, prefix="/v1")
""",
                "app/api/v1.py": """\
from fastapi import APIRouter

from app.api.posts import router

api = APIRouter()
api.include_router(router)
""",
                "app/api/v2.py": """\
from fastapi import APIRouter

from app.api.posts import new_router

api = APIRouter()  # <- here
api.include_router(new_router)
""",
                "app/api/posts.py": """\
from fastapi import APIRouter

router = APIRouter()
new_router = APIRouter()


@router.get("/posts")
def read_posts() -> None: ...


@new_router.get("/posts")
def read_posts_by_page() -> None: ...
""",
            },
        ),
        Flagged(
            "only a test includes it",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.posts import router as posts

app = FastAPI()
app.include_router(posts)
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()
drafts = APIRouter()  # <- here


@router.get("/posts")
def read_posts() -> None: ...


@drafts.get("/drafts")
def read_drafts() -> None: ...
""",
                "tests/test_drafts.py": """\
from fastapi import FastAPI

from app.posts import drafts

app = FastAPI()
app.include_router(drafts)
""",
            },
        ),
        Clean(
            "a router that is included by a name that nobody imports any more",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import users

app = FastAPI()
app.include_router(users.router)
app.include_router(posts.router)
""",
                "app/posts.py": _ROUTER,
                "app/users.py": _ROUTER,
            },
        ),
        Clean(
            "included through names, lists, loops and functions",
            {
                "app/main.py": """\
from fastapi import APIRouter, FastAPI

from app import comments, posts, tags, users
from app.users import router as users_router

app = FastAPI()
app.include_router(users_router)

ROUTERS = {"posts": posts.router}
for name, router in ROUTERS.items():
    app.include_router(router, tags=[name])

for module in (comments, tags):
    app.include_router(module.router)
""",
                "app/comments.py": _ROUTER,
                "app/posts.py": _ROUTER,
                "app/tags.py": _ROUTER,
                "app/users.py": _ROUTER,
            },
        ),
        Clean(
            "a router that collects others, which the application includes one by one",
            {
                "app/routers/__init__.py": """\
from fastapi import APIRouter

from . import posts, users

api_router = APIRouter()
api_router.include_router(posts.router)
api_router.include_router(users.router)
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.routers import posts, users

app = FastAPI()
app.include_router(posts.router, prefix="/posts")
app.include_router(users.router, prefix="/users")
""",
                "app/routers/posts.py": _ROUTER,
                "app/routers/users.py": _ROUTER,
            },
        ),
        Clean(
            "routers that are looked up by name",
            {
                "app/main.py": """\
import pkgutil
from importlib import import_module

from fastapi import FastAPI

from app import about, domains

app = FastAPI()
app.include_router(about.router)
for found in pkgutil.iter_modules(domains.__path__):
    app.include_router(import_module(f"app.domains.{found.name}").router)
""",
                "app/about.py": _ROUTER,
                "app/domains/__init__.py": "",
                "app/domains/posts.py": _ROUTER,
            },
        ),
        Clean(
            "the routers of a library, and an example of their use",
            {
                "examples/app.py": """\
from fastapi import FastAPI

from shop_routes import carts

app = FastAPI()
app.include_router(carts.router)
""",
                "shop_routes/__init__.py": "",
                "shop_routes/carts.py": _ROUTER,
                "shop_routes/orders.py": _ROUTER,
            },
        ),
        Clean(
            "a router of callbacks",
            """\
from fastapi import APIRouter, FastAPI

callbacks = APIRouter()
api = APIRouter()
app = FastAPI()


@callbacks.post("{$callback_url}/paid")
def paid() -> None: ...


@api.post("/bills", callbacks=callbacks.routes)
def create_bill(callback_url: str) -> None: ...


app.include_router(api)
""",
        ),
        Clean(
            "a router that was put away",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import posts

app = FastAPI()
app.include_router(posts.router)
""",
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/posts")
def read() -> None: ...
""",
                "app/_archive/users.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def read() -> None: ...
""",
            },
        ),
        Clean(
            "routers that are left out on purpose, as is said above them",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import posts

app = FastAPI()
app.include_router(posts.router)
""",
                "app/posts.py": _ROUTER,
                "app/cache.py": """\
from fastapi import APIRouter

# Only where it is wanted: `include_router` it in an application of your own.
router = APIRouter()


@router.delete("/cache")
def empty() -> None: ...
""",
                "app/users.py": """\
\"\"\"Users as they were before version 2: not served any more, not included anywhere.\"\"\"

from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def read() -> None: ...
""",
            },
        ),
        Clean(
            "routers whose lines are switched off, beside those of others",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import boats, posts

# from app.users import router as users_router

app = FastAPI()
app.include_router(posts.router)
# app.include_router(boats.router, prefix="/boats")  # not before summer
#app.include_router(users_router)
""",
                "app/boats.py": _ROUTER,
                "app/posts.py": _ROUTER,
                "app/users.py": _ROUTER,
            },
        ),
        Clean(
            "routers that a package lends by their names",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.about import router
from app.api import posts_router, users_router

app = FastAPI()
app.include_router(router)
app.include_router(posts_router)
app.include_router(users_router)
""",
                "app/about.py": _ROUTER,
                "app/api/__init__.py": """\
from importlib import import_module

_ROUTERS = {"posts_router": "app.api.posts", "users_router": "app.users.routes"}


def __getattr__(name: str) -> object:
    return getattr(import_module(_ROUTERS[name]), "router")
""",
                "app/api/posts.py": _ROUTER,
                "app/users/__init__.py": "",
                "app/users/routes.py": _ROUTER,
            },
        ),
        Clean(
            "routers that another module finds",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import plugins, posts

app = FastAPI()
app.include_router(posts.router)
for each in plugins.load():
    app.include_router(each.router)
""",
                "app/plugins.py": """\
import pkgutil
from importlib import import_module
from pathlib import Path


def load() -> list:
    folder = Path(__file__).parent
    return [import_module(f"app.{name}") for _, name, _ in pkgutil.iter_modules([str(folder)])]
""",
                "app/posts.py": _ROUTER,
                "app/users.py": _ROUTER,
            },
        ),
        Clean(
            "a part of the application that is called like a test",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import cars, test_drives

app = FastAPI()
app.include_router(cars.router)
app.include_router(test_drives.router)
""",
                "app/test_drives/__init__.py": """\
from .test_drives import router
""",
                "app/test_drives/test_drives.py": """\
from fastapi import APIRouter

from . import bookings

router = APIRouter(prefix="/test-drives")
router.include_router(bookings.router)
""",
                "app/test_drives/bookings.py": _ROUTER,
                "app/cars.py": _ROUTER,
            },
        ),
    ),
)
