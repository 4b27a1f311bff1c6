"""schemas/no-secret-in-response: answers carry no password, hash or other secret."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.models import SCHEMA, Model, ModelField
from fastwright.application.returned_dicts import Written, returned_pairs
from fastwright.application.routes import Route
from fastwright.codebase.modules import Class, Function, Scope
from fastwright.codebase.values import External, Instance, Value
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Place,
    Practice,
    Step,
)
from fastwright.source.nodes import wrap
from fastwright.source.syntax import (
    Attribute,
    Call,
    Constant,
    Dict,
    Expression,
    Name,
    String,
    Subscript,
)

_PASSWORD = re.compile(
    r"(hashed_?|encrypted_?|raw_?|plain_?|user_?)?(password|passwd|passphrase|pwd)"
    r"(_?(hash|hashed|digest|salt|encrypted))?|pass_hash|pw_hash"
)
# What nobody wants to answer with when a row or the settings are handed out as they are.
_SECRET = re.compile(
    rf"{_PASSWORD.pattern}|salt|(\w+_)?(secret|secret_key|private_key|api_key|secret_access_key)"
    r"|(\w+_)?(reset|verification|refresh)_token(_hash)?"
)
# What is shown once, to whoever had it made, and not when it is read again.
_KEY = re.compile(r"api_key|private_key|secret_key|secret_access_key")
_NOTHING = re.compile(r"(?!)")
_SETTING = re.compile(r"(\w+_)?(password|passwd|secret|secret_key|private_key|api_key|token)s?")
_HOLDERS = {"builtins.str", "builtins.bytes"}
_COLUMNS = {"sqlalchemy.Column", "sqlalchemy.orm.mapped_column"}
_TEXT_COLUMNS = {"String", "Text", "Unicode", "UnicodeText", "VARCHAR", "CHAR", "LargeBinary"}
_UNTYPED = {"builtins.dict", "typing.Any", "builtins.object"}
_MOST_ROUTES = 3
_DEEPEST = 2


@dataclass
class _Exposed:
    """A field that routes answer with."""

    model: Model
    secret: ModelField
    routes: list[Route] = field(default_factory=list)


@dataclass(frozen=True)
class _Answer:
    """A model that a route answers with; in `depth` fields, by what stands at `place`."""

    model: Model
    depth: int
    place: Place


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each secret in a response schema, and each row that is handed out."""
    exposed: dict[tuple[Class, str], _Exposed] = {}
    for route in application.routes:
        if not route.is_websocket and not _narrows(route):
            for answer in _answers(route, application):
                model = answer.model
                for secret in _secrets(model, _handed_out(answer, route), application):
                    if model.is_table or model.is_settings or not _is_optional(secret):
                        yield _of_model(model, secret, answer.place)
                        break
                if not model.is_table and not model.is_settings:
                    for each in _secrets(model, _PASSWORD, application):
                        key = model.definition, each.name
                        exposed.setdefault(key, _Exposed(model, each)).routes.append(route)
    yield from _of_schemas(exposed, application)
    yield from _of_dicts(application)


def _handed_out(answer: _Answer, route: Route) -> re.Pattern[str]:
    """Return which fields of a model the route itself is to blame for, not the model."""
    model = answer.model
    if model.is_settings:
        return _SETTING
    if model.is_table:
        return _SECRET
    return _KEY if route.methods == {"GET"} and not answer.depth else _NOTHING


def _narrows(route: Route) -> bool:
    """Tell whether the route leaves fields out, or answers without a schema of its own."""
    names = ("response_model_include", "response_model_exclude", "response_class")
    return any(route.keyword(name) is not None for name in names)


def _declared(route: Route, application: Application) -> tuple[Expression, Scope] | None:
    """Return the response's type and its scope; None where FastAPI gets none."""
    model = route.keyword("response_model")
    if model is not None:
        return None if _is_none(model) else (model, route.scope)
    returned = route.function.node.returns
    if returned is None:
        return None
    outer = route.function.outer or route.function
    described = application.codebase.resolver.annotated(returned, outer)
    if isinstance(described, Instance) and described.of in _UNTYPED:
        return None
    return returned, outer


def _is_none(node: Expression) -> bool:
    return isinstance(node, Constant) and node.text == "None"


def _answers(route: Route, application: Application) -> Iterator[_Answer]:
    """Yield the models that a route answers with, and those within them."""
    codebase = application.codebase
    declared = _declared(route, application)
    if declared is not None:
        node, scope = declared
        place = scope.module.place(node)
        for model, depth in _within(list(named_in(node, scope, codebase)), application):
            # SQLAlchemy's own tables are no response type.
            if model.is_settings or codebase.is_a(model.definition, SCHEMA):
                yield _Answer(model, depth, place)
        return
    function = route.function
    for raw in function.details.returns:
        for node in _parts(wrap(raw)):
            place = function.module.place(node)
            objects = list(_objects(codebase.resolver.value(node, function)))
            for model, depth in _within(objects, application):
                yield _Answer(model, depth, place)


def _within(definitions: list[Class], application: Application) -> Iterator[tuple[Model, int]]:
    """Yield the models among classes, and those in their fields, not too far down."""
    seen: set[Class] = set()
    level = definitions
    for depth in range(_DEEPEST):
        below: list[Class] = []
        for definition in level:
            model = application.models.by_class.get(definition)
            if model is not None and definition not in seen:
                seen.add(definition)
                yield model, depth
                below += [] if model.is_table else _in_fields(model, application)
        level = below


def _in_fields(model: Model, application: Application) -> Iterator[Class]:
    for each in model.fields.values():
        if each.annotation is not None and not _is_excluded(each):
            yield from named_in(each.annotation, each.owner, application.codebase)


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield a returned expression, or the values of the dict that it writes out."""
    match node:
        case Dict(pairs):
            for pair in pairs:
                yield from _parts(pair.value)
        case _:
            yield node


def _objects(value: Value | None) -> Iterator[Class]:
    match value:
        case Instance(Class() as definition):
            yield definition
        case Instance("builtins.list" | "typing.Sequence", (Instance(Class() as definition), *_)):
            yield definition


def _secrets(
    model: Model, names: re.Pattern[str], application: Application
) -> Iterator[ModelField]:
    if any(_serializes(each, application) for each in model.lineage if isinstance(each, Class)):
        return
    for name, each in model.fields.items():
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        if names.fullmatch(plain) and not _is_excluded(each) and _is_text(each, application):
            yield each


def _serializes(definition: Class, application: Application) -> bool:
    """Tell whether a class decides for itself what it answers with."""
    resolver = application.codebase.resolver
    for method in definition.methods.values():
        if method.name in {"model_dump", "dict"}:
            return True
        for decorator in method.decorators:
            node = decorator.function if isinstance(decorator, Call) else decorator
            value = resolver.value(node, definition.scope)
            if isinstance(value, External) and value.name.endswith("_serializer"):
                return True
    return False


def _is_excluded(each: ModelField) -> bool:
    return any(
        isinstance(node, Call) and node.keyword("exclude") is not None for node in _calls_in(each)
    )


def _calls_in(each: ModelField) -> Iterator[Expression]:
    if each.default is not None:
        yield each.default
    if each.annotation is not None:
        yield from getattr(each.annotation, "items", ())


def _is_text(each: ModelField, application: Application) -> bool:
    resolver = application.codebase.resolver
    if each.annotation is not None:
        described = resolver.annotated(each.annotation, each.owner)
        if isinstance(described, Instance) and described.of == "sqlalchemy.orm.Mapped":
            described = described.arguments[0] if described.arguments else None
        return isinstance(described, Instance) and described.of in _HOLDERS
    if isinstance(each.default, Call):
        made = resolver.value(each.default.function, each.owner)
        if isinstance(made, External) and made.name in _COLUMNS:
            return any(
                _names_text(item, each.owner, application) for item in each.default.arguments
            )
    return False


def _names_text(node: Expression, scope: Scope, application: Application) -> bool:
    made = node.function if isinstance(node, Call) else node
    value = application.codebase.resolver.value(made, scope)
    return isinstance(value, External) and value.name.rpartition(".")[2] in _TEXT_COLUMNS


def _of_model(model: Model, secret: ModelField, place: Place) -> Finding:
    at = secret.place
    return Finding(
        at=place,
        message=(
            f"Answer with a schema that lacks `{secret.name}` instead of `{model.name}`: "
            "whoever may call this route reads it."
        ),
        chain=(Step(at.path, at.line, f"{secret.owner.name} has {secret.name}"),),
    )


def _of_schemas(
    exposed: dict[tuple[Class, str], _Exposed], application: Application
) -> Iterator[Finding]:
    seen: set[Place] = set()
    for each in exposed.values():
        for place in _places(each, application):
            if place not in seen:
                seen.add(place)
                yield Finding(
                    at=place,
                    message=(
                        f"Leave `{each.secret.name}` out of the response schema "
                        f"`{each.model.name}`: {_said(len(each.routes))} with it."
                    ),
                    chain=tuple(
                        Step(route.place.path, route.place.line, f"{route.function.name} answers")
                        for route in each.routes[:_MOST_ROUTES]
                    ),
                )


def _of_dicts(application: Application) -> Iterator[Finding]:
    """Yield the passwords that routes without a schema write into their answers."""
    seen: set[Place] = set()
    for route in application.routes:
        if route.is_websocket or _narrows(route) or _declared(route, application):
            continue
        for each in returned_pairs(route.function, application.codebase):
            place = each.through[-1].module.place(each.pair)
            name = _password_in(each, application)
            if name is not None and place not in seen:
                seen.add(place)
                at = route.place
                yield Finding(
                    at=place,
                    message=f"Leave `{name}` out of what `{route.function.name}` answers: "
                    "whoever may call this route reads it.",
                    chain=(Step(at.path, at.line, f"{route.function.name} answers with it"),),
                )


def _password_in(written: Written, application: Application) -> str | None:
    """Return the key of a pair that hands a password out."""
    match written.pair.key:
        case String(str() as key) if _PASSWORD.fullmatch(key.lower()):
            kept = _is_kept(written.pair.value, written.through[-1], application)
            return key if kept and not any(_drops(each, key) for each in written.through) else None
    return None


def _is_kept(node: Expression, scope: Scope, application: Application) -> bool:
    """Tell whether a value is read from where it is kept, not made for this one answer."""
    match node:
        case Call(Name("str"), (value,)):
            return _is_kept(value, scope, application)
        case (
            Attribute(_, name)
            | Subscript(_, (String(str() as name),))
            | Call(Attribute(_, "get"), (String(str() as name), *_))
        ) if _PASSWORD.fullmatch(name.lower()):
            kept = application.codebase.resolver.value(node, scope)
            return not isinstance(kept, Instance) or kept.of in _HOLDERS
    return False


def _drops(scope: Scope, key: str) -> bool:
    """Tell whether a function takes a key out of a dict."""
    if not isinstance(scope, Function) or scope.is_module or not scope.body:
        return False
    text = scope.module.text[scope.body[0].start : scope.body[-1].end].decode("utf-8", "replace")
    return re.search(rf"(?:\bpop\(|\bdel\b|!=|not in)[^\n]*{re.escape(key)}", text) is not None


def _said(routes: int) -> str:
    return "a route answers" if routes == 1 else f"{routes} routes answer"


def _places(each: _Exposed, application: Application) -> Iterator[Place]:
    """Yield where the secret gets in: at the field, or where an optional one is set."""
    if not _is_optional(each.secret):
        yield each.secret.place
        return
    for call in application.codebase.calls_of(each.model.definition):
        module = call.function.module
        value = call.node.keyword(each.secret.name)
        if value is not None and not isinstance(value, Constant | String) and not module.is_test:
            yield module.place(value)


def _is_optional(each: ModelField) -> bool:
    """Tell whether the field may be left empty."""
    match each.default:
        case None:
            return False
        case Call() as made:
            default = made.argument(0, "default")
            if default is None:
                return made.keyword("default_factory") is not None
            return not isinstance(default, Constant) or default.text != "..."
        case _:
            return True


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="No answer carries a password, its hash, or another secret.",
        why=(
            "A hash that is sent out can be cracked at leisure, and a key can be used at once; "
            "both end up in logs, caches and browser storage. It is the first thing an attacker "
            "looks for in a response, and nobody misses it on the page."
        ),
        bad="""\
class UserRead(BaseModel):
    id: int
    email: str
    hashed_password: str


@router.get("/users/{user_id}")
def read_user(user: UserDep) -> UserRead: ...
""",
        good="""\
class UserRead(BaseModel):
    id: int
    email: str


@router.get("/users/{user_id}")
def read_user(user: UserDep) -> UserRead: ...
""",
        when_not=(
            "A login answers with its token, and the route that makes a key shows it once. "
            "A field with `exclude=True` or of type `SecretStr` is not sent."
        ),
        fix_safety="No automatic fix: a client may read the field today.",
        references={
            "FastAPI: Response model": (
                "https://fastapi.tiangolo.com/tutorial/response-model/#return-the-same-input-data"
            ),
            "OWASP: Broken object property level authorization": (
                "https://owasp.org/API-Security/editions/2023/en/"
                "0xa3-broken-object-property-level-authorization/"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a schema, also as a part of another, from another file",
            {
                "app/schemas.py": """\
from pydantic import BaseModel


class UserBase(BaseModel):
    email: str


class UserRead(UserBase):
    id: int
    hashed_password: str  # <- here


class Page(BaseModel):
    users: list[UserRead]
""",
                "app/main.py": """\
from fastapi import FastAPI

from app import schemas as user_schemas

app = FastAPI()


@app.get("/users", response_model=user_schemas.Page)
async def read_users():
    return {"users": []}
""",
            },
        ),
        Flagged(
            "a table as the response, and a row that is returned without any response model",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    password: str
    totp_secret: str | None = None


def current_user() -> User:
    return User(id=1, password="x")


UserDep = Annotated[User, Depends(current_user)]


@app.get("/users")
def read_users() -> list[User]:  # <- here
    return []


@app.get("/me")
def read_me(user: UserDep):
    return {"ok": True, "user": user}  # <- here
""",
        ),
        Flagged(
            "an optional field, where it is filled",
            """\
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Account(BaseModel):
    name: str
    passwd: str | None = None


def shown(row) -> Account:
    return Account(
        name=row.name,
        passwd=row.passwd,  # <- here
    )


@router.get("/account")
def read_account() -> Account:
    return shown(None)


@router.post("/account")
def sign_in(account: Account) -> bool:
    return True
""",
        ),
        Flagged(
            "keys that are listed again",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Worker(BaseModel):
    name: str
    api_key: str


@app.post("/workers")
def create_worker() -> Worker:
    return Worker(name="a", api_key="b")


@app.get("/workers")
def read_workers() -> list[Worker]:  # <- here
    return []
""",
        ),
        Flagged(
            "the settings",
            """\
from fastapi import FastAPI
from pydantic_settings import BaseSettings

app = FastAPI()


class Settings(BaseSettings):
    app_name: str = "shop"
    stripe_api_key: str


@app.get("/settings", response_model=Settings)  # <- here
def read_settings():
    return Settings()
""",
        ),
        Flagged(
            "dicts that are written out, also by a helper in another file",
            {
                "app/shapes.py": """\
def user_shape(row) -> dict:
    return {
        "id": str(row["_id"]),
        "password": str(row["password"]),  # <- here
    }


def users_shape(rows) -> list:
    return [user_shape(each) for each in rows]
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.database import users
from app.shapes import users_shape

app = FastAPI()


@app.get("/users")
async def read_users():
    return users_shape(users.find())


@app.get("/users/{name}")
async def read_user(name: str):
    user = await users.find_one({"name": name})
    shown = {"name": user.get("name"), "passwd": user.get("passwd")}  # <- here
    return {"message": "found", "user": shown}
""",
            },
        ),
        Clean(
            "dicts without it, with one that is made here, and of what is masked",
            """\
import secrets

from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

from app.database import users

app = FastAPI()


class Login(BaseModel):
    name: str
    password: SecretStr


class Shown(BaseModel):
    name: str


def shape(row) -> dict:
    return {"name": row["name"], "password": row["password"]}


@app.get("/users/first")
async def read_first():
    user = shape(users.find_one())
    user.pop("password", None)
    return user


@app.get("/users/second", response_model=Shown)
async def read_second():
    return shape(users.find_one())


@app.get("/users/third")
async def read_third() -> str:
    return shape(users.find_one())["name"]


@app.post("/users")
async def create_user(login: Login):
    password = secrets.token_urlsafe()
    users.insert_one({"name": login.name, "password": login.password})
    return {"password": password, "name": login.name}


@app.post("/users/masked")
async def mask(login: Login):
    return {"password": login.password, "has_password": True}
""",
        ),
        Clean(
            "a response model that filters what the function returns",
            """\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str


class UserRead(BaseModel):
    email: str


class UserCreate(UserRead):
    password: str


@app.post("/users", response_model=UserRead)
def create_user(wanted: UserCreate) -> User:
    return User(email=wanted.email, hashed_password="x")
""",
        ),
        Clean(
            "fields that are excluded, masked, or only speak of passwords",
            """\
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr

app = FastAPI()


class UserRead(BaseModel):
    email: str
    password: SecretStr
    password_hash: str = Field(exclude=True)
    hashed_password: Annotated[str, Field(exclude=True)]
    has_password: bool
    password_changed_at: datetime
    password_hint: str


@app.get("/users", response_model=list[UserRead])
def read_users():
    return []
""",
        ),
        Clean(
            "a login that answers with its token, and a key that is shown when it is made",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Token(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"


class NewKey(BaseModel):
    name: str
    api_key: str


@app.post("/login")
def login() -> Token:
    return Token(access_token="a", refresh_token="b")


class ModelConfig(BaseModel):
    name: str
    api_key: str | None = None


@app.get("/models")
def read_models() -> list[ModelConfig]:
    return []


@app.post("/keys", response_model=NewKey)
def create_key():
    return NewKey(name="a", api_key="b")
""",
        ),
        Clean(
            "what the route leaves out by itself, and a schema that is only read",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    email: str
    password: str


@app.get("/users", response_model=list[User], response_model_exclude={"__all__": {"password"}})
def read_users():
    return []


@app.put("/users/me")
def update_me(user: User) -> None:
    return None
""",
        ),
    ),
)
