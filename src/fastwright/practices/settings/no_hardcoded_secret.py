"""settings/no-hardcoded-secret: keys and passwords come from the environment, not from the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.application.models import SCHEMA, SETTINGS
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import CallSite, Class, Function, Module, Scope
from fastwright.codebase.values import External, FunctionValue, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
    Step,
)
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Comparison,
    Conditional,
    Expression,
    FormattedString,
    Name,
    String,
    walk_all,
)

# Which argument is a key: (position, name).
_KEYS = {
    **dict.fromkeys(("jwt.encode", "jwt.decode"), (1, "key")),
    **dict.fromkeys(("jose.jwt.encode", "jose.jwt.decode"), (1, "key")),
    **dict.fromkeys(
        [
            f"itsdangerous.{name}"
            for name in (
                *("Serializer", "URLSafeSerializer", "TimedSerializer", "Signer"),
                *("URLSafeTimedSerializer", "TimestampSigner"),
            )
        ],
        (0, "secret_key"),
    ),
    "fastapi_users.authentication.JWTStrategy": (0, "secret"),
    "fastapi_login.LoginManager": (0, "secret"),
    "authlib.jose.jwt.encode": (2, "key"),
    "authlib.jose.jwt.decode": (1, "key"),
    "cryptography.fernet.Fernet": (0, "key"),
    "hmac.new": (0, "key"),
}
_KEY_FIELD = "authjwt_secret_key"
_SESSIONS = "starlette.middleware.sessions.SessionMiddleware"
_ADDING = (
    *("fastapi.FastAPI.add_middleware", "starlette.applications.Starlette.add_middleware"),
    "starlette.middleware.Middleware",
)
# Which argument is an address that may hold a password.
_URLS = {
    "sqlalchemy.create_engine": (0, "url"),
    "sqlalchemy.ext.asyncio.create_async_engine": (0, "url"),
    "databases.Database": (0, "url"),
    "tortoise.contrib.fastapi.register_tortoise": (99, "db_url"),
    "tortoise.contrib.fastapi.RegisterTortoise": (99, "db_url"),
    "tortoise.Tortoise.init": (99, "db_url"),
    "mongoengine.connect": (99, "host"),
    "pymongo.MongoClient": (0, "host"),
    "motor.motor_asyncio.AsyncIOMotorClient": (0, "host"),
    "redis.from_url": (0, "url"),
    "redis.Redis.from_url": (0, "url"),
    "redis.asyncio.from_url": (0, "url"),
    "redis.asyncio.Redis.from_url": (0, "url"),
    "asyncpg.connect": (0, "dsn"),
    "asyncpg.create_pool": (0, "dsn"),
    "psycopg.connect": (0, "conninfo"),
    "psycopg2.connect": (0, "dsn"),
}
_PASSWORDS = {
    **dict.fromkeys(
        (
            *("psycopg.connect", "psycopg2.connect", "asyncpg.connect", "asyncpg.create_pool"),
            *("redis.Redis", "redis.StrictRedis", "redis.asyncio.Redis"),
            *("pymysql.connect", "aiomysql.connect", "aiomysql.create_pool"),
            "mysql.connector.connect",
        ),
        (99, "password"),
    ),
    "fastapi_mail.ConnectionConfig": (99, "MAIL_PASSWORD"),
    **dict.fromkeys(
        ("boto3.client", "boto3.resource", "boto3.Session", "boto3.session.Session"),
        (99, "aws_secret_access_key"),
    ),
    "smtplib.SMTP.login": (1, "password"),
    "smtplib.SMTP_SSL.login": (1, "password"),
    "aiosmtplib.SMTP.login": (1, "password"),
}
_ENVIRONMENT = {"os.getenv", "os.environ.get"}
_ENVIRONMENT_NAME = re.compile(r"((app|fastapi|python)_)?(env|environment)")
_WRAPPERS = {"pydantic.SecretStr", "pydantic.SecretBytes", "pydantic.Field", "sqlmodel.Field"}
_PASSWORD_NAME = re.compile(r"(\w+_)?(password|passwd|pwd)|password_hash")
_GIVEN_NAME = re.compile(r"(x_)?(token|api_key|apikey|password|passwd|secret|secret_key)")
_URL = re.compile(r"[\w+.-]+://[^/@\s:]*:(?P<password>[^/@\s{}<>$*]+)@(?P<host>[^/?:\s]*)")
_NEAR = {"localhost", "127.0.0.1", "0.0.0.0", "db", "postgres", "mysql", "redis", "mongo"}  # noqa: S104 - read, not bound
_SHORTEST = 4
_NO_PASSWORD = {
    "disabled",
    "unusable",
    "invalid",
    "none",
    "null",
    "oauth",
    "not-set",
    "no-password",
}
_RANDOM = re.compile(r"(?=(?:\D*\d){3})(?=\d*[A-Za-z])[\w+/=-]{24,}")
_WORDY = re.compile(r"(?i)secret|change|insecure|example|default|local|develop|test|your|super|key")
_NO_SECRET = {"null", "none", "undefined", "string", "anonymous", "bearer", "guest", "test"}
_ASIDE = re.compile(
    r"(^|[/_.-])(examples?|docs|docs_src|samples?|demos?|fixtures|mocks?|dummy|seed(?:s|er|ers|ing)?\d*)([/_.-]|$)"
)
# What stands before a text that is only given to a name.
_DEFINED = re.compile(rb"\s*(?:#.*|\w+\s*(?::[^=]*)?=\s*(?:[\w.]+\([^\[{]*)?[bfr]?)")
_CREDENTIALS = {
    "fastapi.security.HTTPBasicCredentials",
    "fastapi.security.OAuth2PasswordRequestForm",
}
_READ = "from the environment, in a settings field without a default, and change it: whoever has"
_KEY_MESSAGE = f"Read this key {_READ} read the code can sign what the application trusts."
_LOGIN_MESSAGE = f"Read this password {_READ} read the code can log in with it."
_COMPARED_MESSAGE = f"Read what is compared with {_READ} read the code gets in with it."
_FALLBACK_MESSAGE = (
    "Take this default away, so that nothing starts without a secret of its own: where the "
    "environment sets none, whoever has read the code can sign or log in with it."
)
_ENDPOINTS = (Role.ROUTE, Role.DEPENDENCY)


@dataclass(frozen=True)
class _Literal:
    """A string that is written out; `is_fallback` where the environment may replace it."""

    node: Expression
    module: Module
    text: str
    is_fallback: bool


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each key or password that is written out, where it is written."""
    found: dict[tuple[str, int], Finding] = {}
    for each in (
        *_keys(application.codebase),
        *_keys_of_fields(application),
        *_addresses(application.codebase),
        *_accounts(application),
        *_compared(application),
    ):
        found.setdefault((each.at.path, each.at.line), each)
    yield from found.values()


def _keys(codebase: Codebase) -> Iterator[Finding]:
    for call, argument in _key_arguments(codebase):
        literal = _literal(argument, call.function, codebase)
        if literal is not None and not _is_refused(literal):
            yield _finding(
                literal,
                _KEY_MESSAGE,
                call,
            )


def _keys_of_fields(application: Application) -> Iterator[Finding]:
    """Yield the keys that fastapi-jwt-auth takes from a field of its settings."""
    for model in application.models.by_class.values():
        field = model.fields.get(_KEY_FIELD)
        if field is not None and field.default is not None and _is_live(field.owner.module):
            literal = _literal(
                field.default, field.owner, application.codebase, is_fallback=model.is_settings
            )
            if literal is not None and not _is_refused(literal):
                yield _finding(literal, _KEY_MESSAGE, None)


def _key_arguments(codebase: Codebase) -> Iterator[tuple[CallSite, Expression]]:
    for name, (position, keyword) in _KEYS.items():
        for call in codebase.calls_to(name):
            argument = call.node.argument(position, keyword)
            if argument is not None and _is_live(call.function.module):
                yield call, argument
    for call in codebase.calls_to(*_ADDING):
        first = call.node.arguments[0] if call.node.arguments else None
        key = call.node.keyword("secret_key")
        if first is not None and key is not None and _is_live(call.function.module):
            added = codebase.resolver.value(first, call.function)
            if isinstance(added, External) and added.name == _SESSIONS:
                yield call, key


def _addresses(codebase: Codebase) -> Iterator[Finding]:
    """Yield the passwords of databases and servers."""
    for name, (position, keyword) in _URLS.items():
        for call in codebase.calls_to(name):
            argument = call.node.argument(position, keyword)
            if argument is not None and _is_live(call.function.module):
                literal = _literal(argument, call.function, codebase)
                address = literal and _URL.match(literal.text)
                if literal and address and not (literal.is_fallback and _is_near(address["host"])):
                    yield _finding(literal, _LOGIN_MESSAGE, call)
                for part in _parts_of_address(argument, call.function, codebase):
                    yield _finding(part, _LOGIN_MESSAGE, call)
    for name, (position, keyword) in _PASSWORDS.items():
        for call in codebase.calls_to(name):
            argument = call.node.argument(position, keyword)
            if argument is not None and _is_live(call.function.module):
                literal = _literal(argument, call.function, codebase)
                if literal is not None and not literal.is_fallback:
                    yield _finding(literal, _LOGIN_MESSAGE, call)


def _parts_of_address(argument: Expression, scope: Scope, codebase: Codebase) -> Iterator[_Literal]:
    """Yield the passwords that are put into an address by name."""
    match codebase.origin(argument, scope):
        case (FormattedString(parts), where):
            for part in parts:
                match part:
                    case (
                        Name(name)
                        | Attribute(_, name)
                        | Call(_, (Name(name) | Attribute(_, name),))
                    ):
                        if _PASSWORD_NAME.fullmatch(name.lower()):
                            inner = part.arguments[0] if isinstance(part, Call) else part
                            literal = _literal(inner, where, codebase)
                            if literal and not literal.is_fallback and _is_password(literal.text):
                                yield literal


def _accounts(application: Application) -> Iterator[Finding]:
    """Yield the passwords of accounts that the code makes."""
    for model in application.models.by_class.values():
        names = [name for name in model.fields if _PASSWORD_NAME.fullmatch(name.lower())]
        if model.is_settings or not names:
            continue
        for call in application.codebase.calls_of(model.definition):
            if _is_live(call.function.module) and (model.is_table or not _is_script(call)):
                for name in names:
                    literal = _password(call.node.keyword(name), call, application.codebase)
                    if literal and not literal.is_fallback and _is_password(literal.text):
                        yield _finding(literal, _LOGIN_MESSAGE, call)


def _is_script(call: CallSite) -> bool:
    """Tell whether a module that serves nothing makes a form for itself, to print it, say."""
    function = call.function
    return function.is_module and b"fastapi" not in function.module.text


def _password(node: Expression | None, call: CallSite, codebase: Codebase) -> _Literal | None:
    """Return the password that an account is made with, also where it is hashed on the way."""
    match node:
        case None:
            return None
        case Call(called, (passed, *_)):
            value = codebase.resolver.value(called, call.function)
            name = value.name if isinstance(value, External) else ""
            if isinstance(value, FunctionValue):
                name = value.function.name
            hashes = "hash" in name.rpartition(".")[2]
            return _literal(passed, call.function, codebase) if hashes else None
        case _:
            return _literal(node, call.function, codebase)


def _is_password(text: str) -> bool:
    """Tell whether a text can be a password, and is no word for an account that has none."""
    return len(text) >= _SHORTEST and not text.isupper() and text.lower() not in _NO_PASSWORD


def _compared(application: Application) -> Iterator[Finding]:
    """Yield what a route or dependency compares a token or password of the request with."""
    for entry in application.entries:
        function = entry.function
        if entry.role in _ENDPOINTS and _is_live(function.module):
            given = {
                each.name
                for each in function.parameters
                if _GIVEN_NAME.fullmatch(each.name)
                or _is_basic(each.annotation, function, application)
            }
            for one, other in _comparisons(function, application.codebase) if given else ():
                for written, received in ((one, other), (other, one)):
                    literal = _literal(written, function, application.codebase)
                    if (
                        literal
                        and literal.text.lower() not in _NO_SECRET
                        and _is_given(received, given, function, application.codebase)
                    ):
                        yield _finding(literal, _COMPARED_MESSAGE, None)


def _comparisons(function: Function, codebase: Codebase) -> Iterator[tuple[Expression, Expression]]:
    for node in walk_all(function.body):
        match node:
            case Comparison((one, other), ("==" | "!=",)):
                yield one, other
            case Call(called, (one, other)):
                value = codebase.resolver.value(called, function)
                if isinstance(value, External) and value.name.endswith(".compare_digest"):
                    yield one, other


def _is_given(node: Expression, given: set[str], function: Function, codebase: Codebase) -> bool:
    """Tell whether an expression is a token or password that came with the request."""
    match node:
        case Attribute(Name(owner), "password"):
            return owner in given
        case Call(Attribute(base, "encode")):
            return _is_given(base, given, function, codebase)
        case Name(name) if name in given:
            return _GIVEN_NAME.fullmatch(name) is not None
        case Name():
            origin = codebase.origin(node, function)
            return origin is not None and _is_given(origin[0], given, function, codebase)
        case _:
            return False


def _is_basic(annotation: Expression | None, function: Function, application: Application) -> bool:
    if annotation is None:
        return False
    described = application.codebase.resolver.annotated(annotation, function.outer or function)
    return isinstance(described, Instance) and described.of in _CREDENTIALS


def _literal(
    node: Expression, scope: Scope, codebase: Codebase, *, is_fallback: bool = False
) -> _Literal | None:
    """Return the string that an expression is, through names, settings and environment."""
    match node:
        case String(text):
            written = scope.module.source(node).strip("bB'\"") if text is None else text
            is_secret = written.strip() and "{{" not in written and len(set(written)) > 1
            return _Literal(node, scope.module, written, is_fallback) if is_secret else None
        case FormattedString((String(str() as text), *_)) if _URL.match(text):
            return _Literal(node, scope.module, text, is_fallback)
        case BinaryOperation(_, "or", right):
            return _literal(right, scope, codebase, is_fallback=True)
        case Call(Attribute(base, "get_secret_value" | "encode")):
            return _literal(base, scope, codebase, is_fallback=is_fallback)
        case Conditional(body, _, otherwise):
            chosen = (
                _literal(each, scope, codebase, is_fallback=True) for each in (body, otherwise)
            )
            return next((each for each in chosen if each is not None), None)
        case Call(Name("str"), (inner,)):
            return _literal(inner, scope, codebase, is_fallback=is_fallback)
        case Call():
            return _in_call(node, scope, codebase, is_fallback=is_fallback)
        case Name() | Attribute():
            return _behind(node, scope, codebase, is_fallback=is_fallback)
        case _:
            return None


def _behind(
    node: Expression, scope: Scope, codebase: Codebase, *, is_fallback: bool
) -> _Literal | None:
    """Return the string that a name or attribute was given, or is given where nobody does."""
    origin = codebase.origin(node, scope)
    if origin is None and isinstance(node, Name) and isinstance(scope, Function):
        for each in scope.parameters:
            if each.name == node.id and each.default is not None:
                outer = scope.outer or scope
                return _literal(each.default, outer, codebase, is_fallback=is_fallback)
    if origin is None or isinstance(origin[0], Name | Attribute):
        return None
    found, where = origin
    replaceable = isinstance(where, Class) and codebase.is_a(where, SCHEMA, *SETTINGS)
    literal = _literal(found, where, codebase, is_fallback=is_fallback or replaceable)
    if literal and replaceable and _has_environments(where) and not _is_random(literal.text):
        return None
    return literal


def _is_random(text: str) -> bool:
    """Tell whether a machine made a text: it is a key that is in use, not a word to be replaced."""
    return _RANDOM.fullmatch(text) is not None and _WORDY.search(text) is None


def _has_environments(scope: Scope) -> bool:
    """Tell whether settings know several environments: their defaults are the developer's."""
    return isinstance(scope, Class) and any(
        _ENVIRONMENT_NAME.fullmatch(name.lower()) for name in scope.bindings
    )


def _in_call(call: Call, scope: Scope, codebase: Codebase, *, is_fallback: bool) -> _Literal | None:
    """Return the string that a call passes on, or falls back to."""
    inner: Expression | None = None
    match codebase.resolver.value(call.function, scope):
        case External(name) if name in _ENVIRONMENT:
            inner, is_fallback = call.argument(1, "default"), True
        case External(name) if name in _WRAPPERS:
            inner = call.argument(0, "default")
        case External("decouple.config") | Instance("starlette.config.Config"):
            inner, is_fallback = call.keyword("default"), True
    return _literal(inner, scope, codebase, is_fallback=is_fallback) if inner else None


def _is_refused(literal: _Literal) -> bool:
    """Tell whether the module looks for the default by name, most likely to refuse it."""
    quoted = re.compile(rb"[\"']" + re.escape(literal.text.encode()) + rb"[\"']")
    text = literal.module.text
    return literal.is_fallback and any(
        not _DEFINED.fullmatch(text[text.rfind(b"\n", 0, found.start()) + 1 : found.start()])
        for found in quoted.finditer(text)
        if found.start() != literal.node.start
    )


def _is_near(host: str) -> bool:
    """Tell whether a host is of the developer's machine or compose file."""
    return host in _NEAR


def _is_live(module: Module) -> bool:
    """Tell whether code is neither a test nor an example."""
    return not module.is_test and not module.is_migration and not _ASIDE.search(module.path)


def _finding(literal: _Literal, message: str, use: CallSite | None) -> Finding:
    place = literal.module.place(literal.node)
    chain: tuple[Step, ...] = ()
    if use is not None:
        module = use.function.module
        line, _ = module.position(use.node.start)
        if (module.path, line) != (place.path, place.line):
            used = module.source(use.node.function)
            chain = (Step(module.path, line, f"{used} is given it"),)
    message = _FALLBACK_MESSAGE if literal.is_fallback else message
    return Finding(at=place, message=message, chain=chain)


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Keys and passwords stand in the environment, never in the code.",
        why=(
            "Whoever has ever read the repository, a copy, a container image or a stack trace "
            "can sign tokens for any user, or log in. Such a key is the same on every machine, "
            "nobody changes it, and it stays in the history after it is removed."
        ),
        bad="""\
SECRET_KEY = "09d25e094faa6ca2556c"

token = jwt.encode(claims, SECRET_KEY, algorithm="HS256")
""",
        good="""\
class AuthSettings(BaseSettings):
    jwt_key: SecretStr


token = jwt.encode(claims, settings.jwt_key.get_secret_value(), algorithm="HS256")
""",
        when_not=(
            "Tests and examples use keys of their own. The password of a database on the "
            "developer's own machine may be a default that the environment replaces."
        ),
        fix_safety="No automatic fix: the key must be changed where it is used, too.",
        references={
            "Pydantic Settings": "https://docs.pydantic.dev/latest/concepts/pydantic_settings/",
            "CWE-798: Use of hard-coded credentials": (
                "https://cwe.mitre.org/data/definitions/798.html"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a key for tokens, in another file and under another name",
            {
                "app/config.py": """\
ALGORITHM = "HS256"
SECRET_KEY = "09d25e094faa6ca2556c"  # <- here
""",
                "app/tokens.py": """\
import jwt as pyjwt

from app import config
from app.config import SECRET_KEY as KEY


def make(claims: dict) -> str:
    return pyjwt.encode(claims, KEY, algorithm=config.ALGORITHM)


def read(token: str) -> dict:
    return pyjwt.decode(token, config.SECRET_KEY, algorithms=[config.ALGORITHM])
""",
            },
        ),
        Flagged(
            "a key that is the default of a setting, and one that the environment may lack",
            """\
import os

from jose import jwt
from fastapi import FastAPI
from pydantic import SecretStr
from pydantic_settings import BaseSettings
from starlette.middleware.sessions import SessionMiddleware


class Settings(BaseSettings):
    jwt_key: SecretStr = SecretStr("super-secret")  # <- here


settings = Settings()
app = FastAPI()
app.add_middleware(
    SessionMiddleware,
    secret_key=os.getenv("SESSION_KEY", "not so secret"),  # <- here
)


def make(claims: dict) -> str:
    return jwt.encode(claims, settings.jwt_key.get_secret_value())
""",
        ),
        Flagged(
            "the passwords of a database and of an account",
            """\
from sqlalchemy import create_engine
from sqlmodel import Field, SQLModel

DATABASE_URL = "postgresql://shop:gX2-77kd@10.0.0.5/shop"  # <- here
engine = create_engine(DATABASE_URL)


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    passwd: str


def first_user() -> User:
    return User(
        email="admin@shop.example",
        passwd="21232f297a57a5a743894a0e4a801fc3",  # <- here
    )
""",
        ),
        Flagged(
            "a token that a dependency compares with",
            """\
import secrets
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials

app = FastAPI()


async def with_token(x_token: Annotated[str, Header()]) -> None:
    if x_token != "fake-super-secret-token":  # <- here
        raise HTTPException(403)


@app.get("/me", dependencies=[Depends(with_token)])
def read_me(credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> bool:
    given = credentials.password.encode()
    expected = b"swordfish"  # <- here
    return secrets.compare_digest(given, expected)
""",
        ),
        Flagged(
            "keys in an object, in a signature and under a telling name; addresses and mail",
            {
                "app/tokens.py": """\
import jwt
from pydantic import BaseModel
from pydantic_settings import BaseSettings

KEY = "a1b2c3d4"  # <- here


class Settings(BaseSettings):
    secret_key: str = "secret"  # <- here
    refresh_secret_key: str = "secret"


class AuthSettings(BaseModel):
    authjwt_secret_key: str = "x9y8z7"  # <- here


class Tokens:
    def __init__(self) -> None:
        self.key = "k1l2m3"  # <- here

    def make(self, claims: dict) -> str:
        return jwt.encode(claims, self.key)


def make(claims: dict, key: str = KEY) -> str:
    return jwt.encode(claims, key)


def read(token: str) -> dict:
    return jwt.decode(token, Settings().secret_key, algorithms=["HS256"])
""",
                "app/main.py": """\
from fastapi import FastAPI
from fastapi_mail import ConnectionConfig
from tortoise.contrib.fastapi import register_tortoise

app = FastAPI()
address = "asyncpg://shop:winter22@db.shop.eu/shop"  # <- here
register_tortoise(app, db_url=address, modules={"models": ["app.tables"]})
mail = ConnectionConfig(
    MAIL_USERNAME="shop",
    MAIL_PASSWORD="winter23",  # <- here
)
""",
            },
        ),
        Flagged(
            "a password that is put into an address, and a key that was made to be used",
            {
                "app/migrate.py": """\
from urllib.parse import quote_plus

from sqlalchemy import create_engine

DB_HOST = "10.1.2.3"
DB_PASSWORD = "n7Wq2Lx9"  # <- here
ADDRESS = f"postgresql://shop:{quote_plus(DB_PASSWORD)}@{DB_HOST}/shop"

engine = create_engine(ADDRESS)
""",
                "app/config.py": """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    environment: str = "development"
    access_key: str = "9d9bc4d77ac3a6fce1869ec8222729d2"  # <- here
    refresh_key: str = "local-development-key-2024-01-01"
""",
                "app/tokens.py": """\
import jwt

from app.config import Settings

settings = Settings()


def make(claims: dict) -> tuple[str, str]:
    return jwt.encode(claims, settings.access_key), jwt.encode(claims, settings.refresh_key)
""",
            },
        ),
        Clean(
            "a script that tries a form out, and rows to develop with",
            {
                "lessons/forms.py": """\
from pydantic import BaseModel


class SignUp(BaseModel):
    name: str
    password: str


print(SignUp(name="ada", password="hunter22"))
""",
                "scripts/seed2.py": """\
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    password: str


rows = [User(id=1, password="hunter22")]
""",
            },
        ),
        Clean(
            "settings that know several environments have defaults for the developer's",
            """\
from enum import StrEnum

import jwt
from pydantic_settings import BaseSettings


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    environment: Environment = Environment.DEVELOPMENT
    jwt_secret: str = "only-on-my-machine"


settings = Settings()


def make(claims: dict) -> str:
    return jwt.encode(claims, settings.jwt_secret, algorithm="HS256")
""",
        ),
        Clean(
            "keys and passwords from the environment",
            """\
import os

import jwt
from pydantic import SecretStr
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine


class Settings(BaseSettings):
    jwt_key: SecretStr
    database_url: str = "postgresql://postgres:postgres@localhost/shop"
    session_key: str = ""


settings = Settings()
engine = create_engine(settings.database_url)
other = create_engine(os.getenv("OTHER_URL", "sqlite:///other.db"))


def make(claims: dict) -> str:
    return jwt.encode(claims, settings.jwt_key.get_secret_value())


def read(token: str) -> dict:
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])
""",
        ),
        Clean(
            "names, messages and addresses that only sound secret",
            """\
from fastapi import FastAPI
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer

TOKEN_PREFIX = "shop_"
WRONG_PASSWORD = "Incorrect password"
API_KEY_NAME = "X-API-Key"

scheme = OAuth2PasswordBearer(tokenUrl="/login")
header = APIKeyHeader(name=API_KEY_NAME)
app = FastAPI()


@app.get("/check")
def check(token_type: str, token: str) -> bool:
    return token_type == "bearer" and token != "null"
""",
        ),
        Clean(
            "a default that is refused, and an account without a password",
            """\
import jwt
from pydantic import BaseModel, model_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: str = "changethis"

    @model_validator(mode="after")
    def changed(self):
        if self.secret_key == "changethis":
            raise ValueError("set SECRET_KEY")
        return self


class User(BaseModel):
    name: str
    password: str


def made(wanted: User) -> User:
    return User(name=wanted.name, password=f"hashed-{wanted.password}")


settings = Settings()


def make(claims: dict) -> str:
    return jwt.encode(claims, settings.secret_key)


def from_directory(name: str) -> User:
    return User(name=name, password="LDAP")
""",
        ),
        Clean(
            "a test, an example, and a function of one's own called `encode`",
            {
                "tests/test_tokens.py": """\
import jwt

token = jwt.encode({}, "test-key")
""",
                "docs/examples/tokens.py": """\
import jwt

token = jwt.encode({}, "example-key")
""",
                "app/jwt.py": """\
def encode(claims: dict, label: str) -> str:
    return label
""",
                "app/main.py": """\
from app import jwt

token = jwt.encode({}, "a plain label")
""",
            },
        ),
    ),
)
