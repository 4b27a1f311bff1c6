"""structure/explicit-module-imports: of another domain, modules are imported, not their names."""

from collections.abc import Iterable, Iterator

from fastwright.application import english, line_length
from fastwright.application.application import Application
from fastwright.application.domains import Domains, are_apart
from fastwright.codebase import names
from fastwright.codebase.modules import Module
from fastwright.codebase.qualifying import Taking, qualify
from fastwright.practice import (
    Clean,
    Edit,
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
    Alias,
    Attribute,
    Collection,
    If,
    ImportFrom,
    Name,
    Statement,
    String,
    Try,
)

# So many of the names are listed.
_SHOWN = 3


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each import of names out of a module of another domain."""
    domains = Domains(application)
    if not domains.folders:
        return
    for module in application.codebase.own_modules:
        if not _takes(module, domains, application):
            continue
        takings = list(_takings(module, domains, application))
        edits = _edits(module, takings, application) if application.is_mended else {}
        for taking in takings:
            made = edits.get(taking.statement)
            fix = Fix(Safety.UNSAFE, made) if made else None
            yield Finding(module.place(taking.statement), _message(taking), fix=fix)


def _edits(
    module: Module, takings: list[Taking], application: Application
) -> dict[ImportFrom, tuple[Edit, ...]]:
    width = line_length.allowed(module, application)
    return qualify(module, takings, application.codebase, width)


def _takes(module: Module, domains: Domains, application: Application) -> bool:
    return application.codebase.remembered(
        (__name__, module.path), lambda: any(_takings(module, domains, application))
    )


def _takings(module: Module, domains: Domains, application: Application) -> Iterator[Taking]:
    here = domains.of(module)
    if here is None or module.is_migration:
        return
    handed_on = set(_handed_on(module))
    for statement in _imports(module.import_statements):
        target = application.codebase.imports.find(module, statement.level, statement.module)
        if not isinstance(target, Module) or target.is_package:
            continue
        there = domains.of(target)
        if there is None or not are_apart(here, there):
            continue
        taken = [
            each.name
            for each in statement.names
            if _is_plain(each, target, application) and each.bound not in handed_on
        ]
        if taken:
            yield Taking(statement, target, tuple(taken), _alias(statement, there))


def _handed_on(module: Module) -> Iterator[str]:
    """Yield the names that a module says it has for others."""
    for binding in module.bound("__all__"):
        match names.given(binding):
            case Collection(_, items):
                yield from (each.value or "" for each in items if isinstance(each, String))


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


def _alias(statement: ImportFrom, domain: str) -> str:
    """Return a name for the module that tells its domain: its own, where that does."""
    last = statement.module.rpartition(".")[2]
    subject = domain.rpartition("/")[2]
    tells = last.startswith(subject) or english.singular(subject) in last.split("_")
    return last if tells else f"{subject}_{last}"


def _message(taking: Taking) -> str:
    names, imported = taking.names, taking.imported
    written = f"from {imported.module} import {imported.item}"
    if not imported.module:
        written = f"import {imported.item}"
    listed = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    if names[0] == "*":
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
            "Unsafe: the module is imported under the alias, and the names become its attributes "
            "wherever the file uses them. What replaces a name in this file by a way that is not "
            "seen does nothing afterwards. None where tests or text may find one of the names, "
            "other files import it from here, the file uses it in strings or gives it another "
            "value, the alias is taken, the package gives something else under the module's name, "
            "the statement has a comment or a condition, or a line would get too long."
        ),
        references={
            "Bigger applications": "https://fastapi.tiangolo.com/tutorial/bigger-applications/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "a function and a schema of another domain, and a module that tells its domain itself",
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
from src.posts.post_texts import shorten  # <- here


def valid_user() -> str:
    return shorten("ada")
""",
                "src/auth/schemas.py": """\
class User: ...
""",
                "src/posts/post_texts.py": """\
def shorten(text: str) -> str:
    return text[:80]
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
def read(user: Annotated[str, Depends(valid_user)]) -> list[str]:
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
from src.posts import post_texts


def valid_user() -> str:
    return post_texts.shorten("ada")
""",
                "src/auth/schemas.py": """\
class User: ...
""",
                "src/posts/post_texts.py": """\
def shorten(text: str) -> str:
    return text[:80]
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
def read(user: Annotated[str, Depends(auth_dependencies.valid_user)]) -> list[str]:
    return posts_of(user)
""",
            },
        ),
        Fixed(
            "decorators, handlers, patterns, f-strings, attributes and keywords of the name",
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
                "src/auth/service.py": """\
from functools import cache

LIMIT = 10


class Denied(Exception): ...


def create_token(name: str, create_token: bool = True) -> str:
    return name


def logged(function):
    return cache(function)
""",
                "src/auth/constants.py": """\
class Kind: ...


class Role:
    ADMIN = 1
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/posts/service.py": """\
'Posts, with `create_token` and LIMIT.'

from src.auth.constants import Kind, Role  # <- here
from src.auth.service import (  # <- here
    LIMIT,
    Denied,
    create_token,
    logged,
)


class Grüße(Denied):
    limit = LIMIT; kind: str = f"{Kind!r} ü LIMIT"


@logged
def token(name: str = "é", *, size=LIMIT) -> "str":
    # create_token gives the name
    s = Grüße("create token of é")
    s.create_token = create_token(s, create_token=Role)
    try: return "ü" + create_token(  # the same
            name,
        )
    except (Denied, ValueError): pass
    match name:
        case Denied() | Role.ADMIN: s = LIMIT
    return s.create_token
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
                "src/auth/service.py": """\
from functools import cache

LIMIT = 10


class Denied(Exception): ...


def create_token(name: str, create_token: bool = True) -> str:
    return name


def logged(function):
    return cache(function)
""",
                "src/auth/constants.py": """\
class Kind: ...


class Role:
    ADMIN = 1
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/posts/service.py": """\
'Posts, with `create_token` and LIMIT.'

from src.auth import constants as auth_constants
from src.auth import service as auth_service


class Grüße(auth_service.Denied):
    limit = auth_service.LIMIT; kind: str = f"{auth_constants.Kind!r} ü LIMIT"


@auth_service.logged
def token(name: str = "é", *, size=auth_service.LIMIT) -> "str":
    # create_token gives the name
    s = Grüße("create token of é")
    s.create_token = auth_service.create_token(s, create_token=auth_constants.Role)
    try: return "ü" + auth_service.create_token(  # the same
            name,
        )
    except (auth_service.Denied, ValueError): pass
    match name:
        case auth_service.Denied() | auth_constants.Role.ADMIN: s = auth_service.LIMIT
    return s.create_token
""",
            },
        ),
        Fixed(
            "relative imports, names that stay, a module that is imported already",
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
                "src/auth/service.py": """\
from functools import cache

LIMIT = 10


class Denied(Exception): ...


def create_token(name: str, create_token: bool = True) -> str:
    return name


def logged(function):
    return cache(function)
""",
                "src/auth/schemas.py": """\
class User: ...


class Claim: ...
""",
                "src/auth/dependencies.py": """\
def valid_user() -> str:
    return "ada"
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/posts/service.py": """\
from __future__ import annotations

from src.auth import schemas as known
from src.auth.dependencies import valid_user as valid
from src.auth.router import router
from src.auth.schemas import (  # <- here
    Claim as AuthClaim,
    User,
)


def posts_of(user: User, claim: AuthClaim) -> list[known.Claim]:
    router.add_api_route("/", valid)
    return []
""",
                "src/posts/api/tokens.py": """\
from ...auth.dependencies import valid_user as valid
from ...auth.service import LIMIT, Denied as AuthDenied, create_token  # <- here

limit, valid, name = [LIMIT, (create_token)(), AuthDenied]
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
                "src/auth/service.py": """\
from functools import cache

LIMIT = 10


class Denied(Exception): ...


def create_token(name: str, create_token: bool = True) -> str:
    return name


def logged(function):
    return cache(function)
""",
                "src/auth/schemas.py": """\
class User: ...


class Claim: ...
""",
                "src/auth/dependencies.py": """\
def valid_user() -> str:
    return "ada"
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

router = APIRouter()
""",
                "src/posts/service.py": """\
from __future__ import annotations

from src.auth import schemas as known
from src.auth.dependencies import valid_user as valid
from src.auth.router import router
from src.auth.schemas import (
    Claim as AuthClaim,
)


def posts_of(user: known.User, claim: AuthClaim) -> list[known.Claim]:
    router.add_api_route("/", valid)
    return []
""",
                "src/posts/api/tokens.py": """\
from ...auth import service as auth_service
from ...auth.dependencies import valid_user as valid
from ...auth.service import Denied as AuthDenied

limit, valid, name = [auth_service.LIMIT, (auth_service.create_token)(), AuthDenied]
""",
            },
        ),
        Flagged(
            "no fix where tests replace a name, other files take it from here, or text finds it",
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
                "src/auth/service.py": """\
def create_token() -> str:
    return ""


def send() -> None: ...


def find() -> None: ...


class User: ...


class Claim: ...
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

from src.auth.service import find  # <- here
from src.posts.service import create_token

router = APIRouter()
found = find, create_token
""",
                "src/posts/service.py": """\
from src.auth.service import create_token  # <- here

token = create_token()
""",
                "src/posts/tasks.py": """\
from src.auth.service import send  # <- here

send()
""",
                "src/posts/models.py": """\
from src.auth.service import User

__all__ = ["User"]


class Admin(User): ...
""",
                "src/posts/schemas.py": """\
from src.auth.service import Claim  # <- here


def of(claim: "list[Claim]") -> Claim:
    return claim[0]
""",
                "src/tests/test_posts.py": """\
from unittest.mock import patch

from src.posts import router


def test_tasks(monkeypatch) -> None:
    with patch("src.posts.tasks.send"):
        monkeypatch.setattr(router, "find", None)
""",
            },
        ),
        Flagged(
            "no fix where a name or the alias means more, or what is taken may change",
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
                "src/auth/service.py": """\
count = 0


def create_token() -> str:
    global count
    count += 1
    return ""


class User: ...
""",
                "src/auth/broken/__init__.py": """\
from src.auth.broken.mail import send as mail
""",
                "src/auth/broken/mail.py": """\
def send() -> None: ...
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

from src.auth.service import User  # <- here

router = APIRouter()


def of(user: User, auth_service: str) -> User:
    return user
""",
                "src/posts/service.py": """\
from src.auth.service import create_token  # <- here


def posts(create_token=create_token):
    return create_token()
""",
                "src/posts/tasks.py": """\
from src.auth.broken.mail import send  # <- here

send()
""",
                "src/posts/models.py": """\
from src.auth.service import count  # <- here

first = count
""",
                "src/posts/schemas.py": """\
try:
    from src.auth.service import User  # <- here
except ImportError:
    User = object

known = User
""",
                "src/posts/crud.py": """\
# One line each, as the debugger shows it.
import os; from src.auth.service import User  # <- here

print(f"{User=}", os.name)
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
            "what a module hands on, as it says itself",
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
def get_user() -> str: ...
""",
                "src/posts/dependencies.py": """\
from src.auth.dependencies import get_user

__all__ = ["get_user"]
""",
                "src/posts/router.py": """\
from fastapi import APIRouter

router = APIRouter()
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
