"""structure/explicit-module-imports: of another domain, modules are imported, not their names."""

from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.domains import Domains, are_apart
from fastwright.codebase.modules import Module
from fastwright.practice import Clean, Explanation, Finding, Fixed, Flagged, Kind, Practice
from fastwright.source.syntax import Alias, Attribute, If, ImportFrom, Name, Statement, Try

# So many of the names are listed.
_SHOWN = 3


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each import of names out of a module of another domain."""
    domains = Domains(application)
    if not domains.folders:
        return
    for module in application.codebase.own_modules:
        here = domains.of(module)
        if here is None or module.is_migration:
            continue
        for statement in _imports(module.body):
            target = application.codebase.imports.find(module, statement.level, statement.module)
            if not isinstance(target, Module) or target.is_package:
                continue
            there = domains.of(target)
            if there is None or not are_apart(here, there):
                continue
            names = [each for each in statement.names if _is_plain(each, target, application)]
            if names:
                yield Finding(module.place(statement), _message(statement, names, there))


def _imports(body: Iterable[Statement]) -> Iterator[ImportFrom]:
    """Yield the imports that a module begins with, but for those only type checkers see."""
    for statement in body:
        match statement:
            case ImportFrom():
                yield statement
            case If(Name("TYPE_CHECKING") | Attribute(_, "TYPE_CHECKING")):
                pass
            case If(_, inner, otherwise):
                yield from _imports((*inner, *otherwise))
            case Try(inner, handlers, otherwise):
                yield from _imports(inner)
                for handler in handlers:
                    yield from _imports(handler.body)
                yield from _imports(otherwise)


def _is_plain(alias: Alias, target: Module, application: Application) -> bool:
    """Tell whether a name is taken as it is: not renamed, and no router to be included.

    A service that is called as its module says as much as the module would.
    """
    if alias.renamed or alias.name == target.stem:
        return False
    value = application.codebase.resolver.module_member(target, alias.name)
    return not application.routers.is_router(value)


def _message(statement: ImportFrom, names: list[Alias], domain: str) -> str:
    dots = "." * statement.level
    parent, _, last = statement.module.rpartition(".")
    subject = domain.rpartition("/")[2]
    alias = last if last.startswith(subject) else f"{subject}_{last}"
    renamed = last if alias == last else f"{last} as {alias}"
    written = f"from {dots}{parent} import {renamed}" if dots or parent else f"import {renamed}"
    listed = ", ".join(f"`{each.name}`" for each in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    if statement.names[0].name == "*":
        listed = "every name"
    return f"Write `{written}` instead of taking {listed}{more} out of another domain."


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Of another domain, import the module under a telling name, not the names in it.",
        why=(
            "`Post` or `get_by_id` says nothing of where it comes from: half a file further down "
            "nobody sees that another domain is being used, and two domains with a `Post` get in "
            "each other's way. `post_service.get_by_id()` shows every crossing where it happens, "
            "does not break when domains import each other, and is patched in one place in tests."
        ),
        bad="""\
from src.auth.dependencies import valid_user
from src.notifications.service import send
""",
        good="""\
from src.auth import dependencies as auth_dependencies
from src.notifications import service as notification_service
""",
        when_not=(
            "Within a domain, names are imported as usual, and so are those of global modules "
            "and of packages that offer names in their `__init__.py`. A name under an alias "
            "(`ErrorCode as PostErrorCode`) and a router to be included are fine. A codebase laid "
            "out by layers has no domains, and nothing is reported."
        ),
        fix_safety=(
            "No automatic fix: tests that patch the imported name have to patch it in its "
            "own module afterwards."
        ),
        references={
            "Bigger applications": "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a function and a schema of another domain",
            {
                "src/main.py": """\
from fastapi import FastAPI

from src.auth.router import router as auth_router
from src.posts.router import router as post_router

app = FastAPI()
app.include_router(auth_router)
app.include_router(post_router)
""",
                "src/auth/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/auth/dependencies.py": """\
def valid_user() -> str:
    return "ada"
""",
                "src/auth/schemas.py": """\
class User: ...
""",
                "src/posts/service.py": """\
from src.auth.schemas import User  # <- here


def posts_of(user: User) -> list[str]:
    return []
""",
                "src/posts/router.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends

from src.auth.dependencies import valid_user  # <- here
from src.posts.service import posts_of

router = APIRouter()


@router.get("/posts")
def read_posts(user: Annotated[str, Depends(valid_user)]) -> list[str]:
    return posts_of(user)
""",
            },
            {
                "src/main.py": """\
from fastapi import FastAPI

from src.auth.router import router as auth_router
from src.posts.router import router as post_router

app = FastAPI()
app.include_router(auth_router)
app.include_router(post_router)
""",
                "src/auth/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/auth/dependencies.py": """\
def valid_user() -> str:
    return "ada"
""",
                "src/auth/schemas.py": """\
class User: ...
""",
                "src/posts/service.py": """\
from src.auth import schemas as auth_schemas


def posts_of(user: auth_schemas.User) -> list[str]:
    return []
""",
                "src/posts/router.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends

from src.auth import dependencies as auth_dependencies
from src.posts.service import posts_of

router = APIRouter()


@router.get("/posts")
def read_posts(user: Annotated[str, Depends(auth_dependencies.valid_user)]) -> list[str]:
    return posts_of(user)
""",
            },
        ),
        Flagged(
            "relative imports, layers within domains, a star, several lines",
            {
                "app/__init__.py": "",
                "app/main.py": """\
from fastapi import FastAPI

from app.admin.api.v1.users import router
from app.shop.api.router import router as shop

app = FastAPI()
app.include_router(router)
app.include_router(shop)
""",
                "app/admin/__init__.py": "",
                "app/admin/api/__init__.py": "",
                "app/admin/api/v1/__init__.py": "",
                "app/admin/api/v1/users.py": """\
from fastapi import APIRouter

from .....app.admin.service.users import UserService

router = APIRouter()
""",
                "app/admin/service/__init__.py": "",
                "app/admin/service/users.py": """\
class UserService: ...


class RoleService: ...
""",
                "app/shop/__init__.py": "",
                "app/shop/api/__init__.py": "",
                "app/shop/api/router.py": """\
from fastapi import APIRouter

from ...admin.service.users import (RoleService,  # <- here
    UserService as AdminUserService,
)

try:
    from app.admin.service.users import *  # <- here
except ImportError:
    pass

router = APIRouter()
""",
                "app/shop/models.py": """\
class Order: ...
""",
            },
        ),
        Flagged(
            "a router in the package itself, and an import from a file beside the routes",
            {
                "main.py": """\
from fastapi import FastAPI

import posts
import users

app = FastAPI()
app.include_router(posts.router)
app.include_router(users.router)
""",
                "posts/__init__.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "posts/schemas.py": """\
class Post: ...
""",
                "users/__init__.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "users/models.py": """\
class User: ...
""",
                "users/tasks.py": """\
from posts.schemas import Post  # <- here
from users.models import User
""",
            },
        ),
        Clean(
            "modules, aliases, routers, type checkers, packages that offer names, global modules",
            {
                "src/main.py": """\
from fastapi import FastAPI

from src.posts.router import router
from src.posts.service import Posts

app = FastAPI()
app.include_router(router)
""",
                "src/config.py": "TITLE = 'Posts'\n",
                "src/database/__init__.py": "",
                "src/database/models.py": "class Base: ...\n",
                "src/auth/__init__.py": """\
from src.auth.service import Auth
""",
                "src/auth/constants.py": "class ErrorCode: ...\n",
                "src/auth/login_log.py": "login_log = object()\n",
                "src/auth/service.py": "class Auth: ...\n",
                "src/auth/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/posts/service.py": "class Posts: ...\n",
                "src/posts/router.py": """\
from typing import TYPE_CHECKING

from fastapi import APIRouter

from src.auth import Auth
from src.auth import service as auth_service
from src.auth.constants import ErrorCode as AuthErrorCode
from src.auth.login_log import login_log
from src.auth.router import router
from src.config import TITLE
from src.database.models import Base
from src.posts.service import Posts

if TYPE_CHECKING:
    from src.auth.service import Auth as Authentication
    from src.auth.constants import ErrorCode

router = APIRouter()
router.include_router(router)
""",
            },
        ),
        Clean(
            "a codebase laid out by layers",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.api.routes import posts, users

app = FastAPI()
app.include_router(posts.router)
app.include_router(users.router)
""",
                "app/crud.py": "def find() -> None: ...\n",
                "app/models/post.py": "class Post: ...\n",
                "app/services/posts.py": "class Posts: ...\n",
                "app/api/deps.py": "def get_user() -> None: ...\n",
                "app/api/routes/posts.py": """\
from fastapi import APIRouter

from app.api.deps import get_user
from app.api.routes.users import read_user
from app.crud import find
from app.models.post import Post
from app.services.posts import Posts

router = APIRouter()
""",
                "app/api/routes/users.py": """\
from fastapi import APIRouter

router = APIRouter()


def read_user() -> None: ...
""",
            },
        ),
        Clean(
            "a domain within a domain, and tests",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
                "app/cases/views.py": """\
from fastapi import APIRouter

from app.cases.priorities.models import Priority

router = APIRouter()
""",
                "app/cases/models.py": "class Case: ...\n",
                "app/cases/priorities/views.py": """\
from fastapi import APIRouter

from app.cases.models import Case

router = APIRouter()
""",
                "app/cases/priorities/models.py": "class Priority: ...\n",
                "app/users/views.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "app/users/models.py": "class User: ...\n",
                "app/users/tests/test_users.py": """\
from app.cases.models import Case
""",
            },
        ),
    ),
)
