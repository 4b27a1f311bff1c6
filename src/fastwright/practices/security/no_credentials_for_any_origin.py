"""security/no-credentials-for-any-origin: browsers send credentials for known origins only."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.environment import is_conditional
from fastwright.application.folders import is_put_away
from fastwright.codebase import names
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Function, Scope
from fastwright.codebase.values import External, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.nodes import Node, wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Collection,
    Comprehension,
    Constant,
    Expression,
    Name,
    String,
)

_CORS = "starlette.middleware.cors.CORSMiddleware"
# Origins that have nothing in common: a pattern that takes them all takes any.
_STRANGERS = ("https://evil.example", "https://a.b-c.test:8443", "https://203.0.113.9")
_SENT_BY_BROWSERS = re.compile(
    rb"\bset_cookie\(|\.cookies\b|\bCookie\(|\bAPIKeyCookie\b|\bHTTPBasic\(|\bSessionMiddleware\b"
)
_DEEPEST = 8
_FOLLOWED = (Form.VALUE, Form.ANNOTATED, Form.IMPORTED)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each CORS middleware that lets any origin use credentials."""
    codebase = application.codebase
    for call in _middlewares(codebase):
        found = _any_origin(call, codebase)
        if found is not None and not is_conditional(call):
            node, what = found
            yield Finding(
                at=call.function.module.place(node),
                message=(
                    f"Name the origins that may send credentials: {what}, so with "
                    f"`allow_credentials=True` {_harm(codebase)}."
                ),
            )


def _harm(codebase: Codebase) -> str:
    """Return what any site can do, which is less where browsers send no credentials."""
    if codebase.is_anywhere(_SENT_BY_BROWSERS):
        return "every web site can act as the visitor's account"
    return "every web site can use the visitor's cookies here, once there are any"


def _middlewares(codebase: Codebase) -> Iterator[CallSite]:
    """Yield the calls that add or make the middleware with credentials."""
    for module in codebase.mentioning(b"CORSMiddleware"):
        if module.is_test or is_put_away(module):
            continue
        for function in module.functions:
            for call in function.calls:
                allowed = call.node.keyword("allow_credentials")
                if allowed is None or not _is_true(allowed, function, codebase):
                    continue
                if any(_is_cors(each, function, codebase) for each in _classes_named(call.node)):
                    yield call


def _classes_named(call: Call) -> Iterator[Expression]:
    yield call.function
    yield from call.arguments[:1]
    yield from (each.value for each in call.keywords if each.name in ("middleware_class", "cls"))


def _is_cors(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    return codebase.resolver.value(node, scope) == External(_CORS)


def _is_true(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    found = codebase.origin(node, scope)
    return found is not None and isinstance(found[0], Constant) and found[0].text == "True"


def _any_origin(call: CallSite, codebase: Codebase) -> tuple[Node, str] | None:
    """Return what lets any origin in, and how it does."""
    origins = call.node.keyword("allow_origins")
    if origins is not None:
        allowed = _Origins(codebase)
        if allowed.holds_any(origins, call.function):
            if not allowed.is_setting:
                return origins, "`*` allows any origin"
            named = call.function.module.source(origins)
            if _is_refused(named.rpartition(".")[2], codebase):
                return None
            return origins, f"`{named}` allows any origin unless the environment sets it"
    pattern = call.node.keyword("allow_origin_regex")
    if pattern is not None:
        match codebase.origin(pattern, call.function):
            case (String(str() as text), _) if _takes_any(text):
                return pattern, f"the pattern `{text}` allows any origin"
    return None


def _is_refused(setting: str, codebase: Codebase) -> bool:
    """Tell whether settings look for `*` in this one, to refuse it in production."""
    asks = re.compile(
        rb"[\"']\*[\"']\s*(?:not\s+)?in\s+(?:\w+\.)*" + re.escape(setting.encode()) + rb"\b"
    )
    return any(each.mentions(b"production") for each in codebase.like(asks))


class _Origins:
    """Follows a list of origins to where it is written."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        # Whether it is the default of a setting, which the environment may change.
        self.is_setting = False

    def holds_any(self, node: Expression, scope: Scope, depth: int = _DEEPEST) -> bool:
        """Tell whether `*` is among what is certainly allowed."""
        if not depth:
            return False
        match node:
            case String("*"):
                return True
            case Collection(_, items):
                return any(self.holds_any(each, scope, depth - 1) for each in items)
            case BinaryOperation(left, "+", right):
                return any(self.holds_any(each, scope, depth - 1) for each in (left, right))
            case Comprehension(_, _, (clause,)) if not clause.conditions:
                return self.holds_any(clause.iterable, scope, depth - 1)
            case Call(Attribute(text, "split" | "strip" | "copy")):
                return self.holds_any(text, scope, depth - 1)
            case Name():
                found = _only_value(node, scope, self._codebase)
                return found is not None and self.holds_any(*found, depth - 1)
            case Attribute():
                return self._of_attribute(node, scope, depth)
            case _:
                return False

    def _of_attribute(self, node: Attribute, scope: Scope, depth: int) -> bool:
        value = self._codebase.resolver.value(node.value, scope)
        if isinstance(value, Instance) and isinstance(value.of, Class):
            computed = self._property(value.of, node.name)
            if computed is not None:
                returned = [wrap(raw) for raw in computed.details.returns]
                return len(returned) == 1 and self.holds_any(returned[0], computed, depth - 1)
            if self._is_overridden(value.of, node.name):
                return False
            self.is_setting = True
        found = self._codebase.origin(node, scope)
        return found is not None and self.holds_any(_default(found[0]), found[1], depth - 1)

    def _property(self, definition: Class, name: str) -> Function | None:
        for each in self._codebase.resolver.lineage(definition):
            if isinstance(each, Class) and each.bound(name):
                return each.method(name)
        return None

    def _is_overridden(self, definition: Class, name: str) -> bool:
        return any(each.bound(name) for each in self._codebase.below(definition))


def _default(node: Expression) -> Expression:
    """Return what a field that is written as a call has for a default."""
    default = node.argument(0, "default") if isinstance(node, Call) else None
    return default or node


def _only_value(node: Name, scope: Scope, codebase: Codebase) -> tuple[Expression, Scope] | None:
    """Return what a name is given, where that happens once only."""
    found = names.bindings_of(node.id, scope)
    if found is None:
        return None
    bindings, _ = found
    if len(bindings) != 1 or bindings[0][0] not in _FOLLOWED:
        return None
    return codebase.origin(node, scope)


def _takes_any(pattern: str) -> bool:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return False
    return all(compiled.fullmatch(origin) for origin in _STRANGERS)


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Only origins that are named may make requests with credentials.",
        why=(
            "A browser asks the server which sites may read its answers. For `*` with credentials "
            "Starlette sends back whichever origin asked, so any page that a visitor opens can "
            "call the API with the visitor's cookies and read what comes back."
        ),
        bad="""\
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)
""",
        good="""\
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
    allow_credentials=True,
)
""",
        when_not=(
            "A public API without cookies may allow any origin, with `allow_credentials=False`. "
            "A wildcard that only development gets is not reported."
        ),
        fix_safety="No automatic fix: which origins are yours cannot be read from the code.",
        references={
            "CORS": "https://fastapi.tiangolo.com/tutorial/cors/",
            "Requests with credentials": (
                "https://developer.mozilla.org/en-US/docs/Web/HTTP/CORS#requests_with_credentials"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a wildcard together with credentials",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],  # <- here
    allow_credentials=True,
)
""",
        ),
        Flagged(
            "a list with a name of its own, in a helper that takes the application",
            """\
from starlette.middleware.cors import CORSMiddleware as Cors


def register(app):
    origins = ["http://localhost:3000", "*"]
    app.add_middleware(
        Cors,
        allow_credentials=True,
        allow_origins=origins,  # <- here
    )
""",
        ),
        Flagged(
            "the default of a setting in another file, split by a property",
            {
                "app/settings.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    cors_origins: str = "*"

    @property
    def origins(self) -> list[str]:
        return [each.strip() for each in self.cors_origins.split(",")]


settings = Settings()
""",
                "app/main.py": """\
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware

from .settings import settings

app = FastAPI(
    middleware=[
        Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,  # <- here
            allow_credentials=True,
        )
    ]
)
""",
            },
        ),
        Flagged(
            "a pattern that every origin fits",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origin_regex=r"https?://.*",  # <- here
    allow_credentials=True,
)
""",
        ),
        Clean(
            "any origin, but no credentials",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=False)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
""",
        ),
        Clean(
            "named origins, and a pattern for subdomains",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
    allow_origin_regex=r"https://[a-z]+\\.app\\.example",
    allow_methods=["*"],
    allow_headers=["*"],
    allow_credentials=True,
)
""",
        ),
        Clean(
            "a wildcard for development only",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    is_production: bool


settings = Settings()
app = FastAPI()
if settings.is_production:
    origins = ["https://app.example"]
else:
    origins = ["*"]
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
if not settings.is_production:
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
        ),
        Clean(
            "a default that the production settings replace",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[str] = ["*"]


class ProductionSettings(Settings):
    origins: list[str] = ["https://app.example"]


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI()
    app.add_middleware(
        CORSMiddleware, allow_origins=settings.origins, allow_credentials=True
    )
    return app
""",
        ),
        Clean(
            "a copy that is kept for reference",
            {
                "reference codes/main.py": """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
            },
        ),
        Clean(
            "a default that the settings refuse in production",
            """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    origins: list[str] = ["*"]

    def check_for_production(self) -> None:
        if "*" in self.origins:
            raise ValueError("Name the origins in production.")


settings = Settings()
app = FastAPI()
app.add_middleware(
    CORSMiddleware, allow_origins=settings.origins, allow_credentials=True
)
""",
        ),
    ),
)
