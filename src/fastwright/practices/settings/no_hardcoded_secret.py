"""settings/no-hardcoded-secret: keys and passwords come from the environment, not from the code."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from fastwright.application import (
    environment,
    literals,
    open_keys,
    received_secrets,
    refused_defaults,
    secret_parameters,
    stand_ins,
)
from fastwright.application.application import Application
from fastwright.application.literals import Literal
from fastwright.application.running import Running
from fastwright.application.secret_parameters import ADDRESSES, KEYS, PASSWORDS, Passed
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class, Scope
from fastwright.codebase.values import External, FunctionValue
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
    Call,
    Expression,
    FormattedString,
    Name,
)

# The field of settings from which fastapi-jwt-auth takes its key, and what hands it the settings.
_KEY_FIELD = "authjwt_secret_key"
_HANDS_OUT = b"load_config"
_PASSWORD_NAME = re.compile(r"(\w+_)?(password|passwd|pwd)|password_hash")
_READ = "from the environment, in a settings field without a default, and change it: whoever has"
_KEY_MESSAGE = f"Read this key {_READ} read the code can sign what the application trusts."
_LOGIN_MESSAGE = f"Read this password {_READ} read the code can log in with it."
_COMPARED_MESSAGE = f"Read what is compared with {_READ} read the code gets in with it."
_DEVELOPMENT_MESSAGE = (
    "mean development only where somebody says so: where nobody does, this account is made, and "
    "whoever has read the code can log in with it."
)
_FALLBACK_MESSAGE = (
    "Take this default away, so that nothing starts without a secret of its own: where the "
    "environment sets none, whoever has read the code can sign or log in with it."
)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each key or password that is written out, where it is written."""
    found: dict[tuple[str, int], Finding] = {}
    running = application.running
    for each in (
        *_keys(application.codebase),
        *_keys_of_fields(application),
        *_addresses(application, running),
        *_passwords(application, running),
        *_accounts(application, running),
        *_compared(application),
    ):
        found.setdefault((each.at.path, each.at.line), each)
    modules = application.codebase.by_path
    for each in found.values():
        if not stand_ins.cannot_load(modules[each.at.path], application):
            yield each


def _written(passed: Iterable[Passed], codebase: Codebase) -> Iterator[tuple[CallSite, Literal]]:
    """Yield the strings that live code passes, with the calls."""
    for call, node in passed:
        literal = literals.read(node, call.function, codebase)
        if (
            literal is not None
            and stand_ins.is_live(call.function.module)
            and not stand_ins.is_in_example(call)
        ):
            yield call, literal


def _keys(codebase: Codebase) -> Iterator[Finding]:
    keys = (*secret_parameters.passed(KEYS, codebase), *secret_parameters.session_keys(codebase))
    for call, literal in _written(keys, codebase):
        if not (
            refused_defaults.is_refused(literal, codebase)
            or open_keys.is_open(call, literal, codebase)
        ):
            yield _finding(literal, _KEY_MESSAGE, call)


def _keys_of_fields(application: Application) -> Iterator[Finding]:
    """Yield the keys that fastapi-jwt-auth takes from a field of its settings."""
    is_used = any(application.codebase.mentioning(_HANDS_OUT))
    for model in application.models.all if is_used else ():
        field = model.fields.get(_KEY_FIELD)
        if (
            field is not None
            and field.default is not None
            and stand_ins.is_live(field.owner.module)
        ):
            literal = literals.read(
                field.default, field.owner, application.codebase, is_fallback=model.is_settings
            )
            if literal is not None and not refused_defaults.is_refused(
                literal, application.codebase
            ):
                yield _finding(literal, _KEY_MESSAGE)


def _addresses(application: Application, running: Running) -> Iterator[Finding]:
    """Yield the passwords in addresses of databases and servers."""
    codebase = application.codebase
    passed = secret_parameters.passed(ADDRESSES, codebase)
    addresses = [(call, node) for call, node in passed if stand_ins.is_live(call.function.module)]
    for call, literal in _written(addresses, codebase):
        address = literals.ADDRESS.match(literal.text)
        if address is None or stand_ins.is_placeholder(address["password"]):
            continue
        if not stand_ins.is_near(address["host"], literal, call, codebase, running):
            yield _finding(literal, _LOGIN_MESSAGE, call)
    for call, node in addresses:
        for part in _parts_of_address(node, call.function, codebase):
            yield _finding(part, _LOGIN_MESSAGE, call)


def _parts_of_address(node: Expression, scope: Scope, codebase: Codebase) -> Iterator[Literal]:
    """Yield the passwords that are put into an address by name."""
    match codebase.origin(node, scope):
        case (FormattedString(parts), where):
            for part in parts:
                inner = part.arguments[0] if isinstance(part, Call) and part.arguments else part
                match inner:
                    case Name(name) | Attribute(_, name) if _PASSWORD_NAME.fullmatch(name.lower()):
                        literal = literals.read(inner, where, codebase)
                        if literal and stand_ins.is_password(literal):
                            yield literal


def _passwords(application: Application, running: Running) -> Iterator[Finding]:
    """Yield the passwords that are passed on their own."""
    codebase = application.codebase
    for call, literal in _written(secret_parameters.passed(PASSWORDS, codebase), codebase):
        if literal.is_fallback or stand_ins.is_placeholder(literal.text):
            continue
        if not (
            stand_ins.is_of_cloud(call, literal, codebase)
            or stand_ins.is_errand(call, codebase, running)
        ):
            yield _finding(literal, _LOGIN_MESSAGE, call)


def _accounts(application: Application, running: Running) -> Iterator[Finding]:
    """Yield the passwords of accounts that the code makes."""
    codebase = application.codebase
    told: set[Scope] = set()
    for definition in codebase.derived:
        question = "passwords", definition.module.path, definition.key
        names = codebase.remembered(question, partial(_password_fields, definition, application))
        model = application.models.of(definition) if names else None
        if model is None:
            continue
        for call in codebase.calls_of(definition):
            if stand_ins.is_live(call.function.module) and not stand_ins.is_trial(
                call, model, running
            ):
                for name in names:
                    literal = _of_account(call.node.keyword(name), call, codebase)
                    if literal and stand_ins.is_password(literal):
                        yield from _account(literal, call, told, codebase)


def _account(
    literal: Literal, call: CallSite, told: set[Scope], codebase: Codebase
) -> Iterator[Finding]:
    """Yield what is wrong with an account: one for development is, where that is the default.

    A function is told that once.
    """
    asked = environment.asked_for_development(call)
    if asked is None:
        yield _finding(literal, _LOGIN_MESSAGE, call)
    elif environment.is_development(asked, call.function, codebase) and call.function not in told:
        told.add(call.function)
        shown = call.function.module.source(asked)
        yield _finding(literal, f"Let `{shown}` {_DEVELOPMENT_MESSAGE}", call)


def _password_fields(definition: Class, application: Application) -> list[str]:
    """Return the names of a model's fields for passwords; those of settings hold no account's."""
    model = application.models.of(definition)
    if model is None or model.is_settings:
        return []
    return [name for name in model.fields if _PASSWORD_NAME.fullmatch(name.lower())]


def _of_account(node: Expression | None, call: CallSite, codebase: Codebase) -> Literal | None:
    """Return the password that an account is made with, also where it is hashed on the way."""
    match node:
        case None:
            return None
        case Call(called, (passed, *_)):
            match codebase.resolver.value(called, call.function):
                case External(name) if "hash" in name.rpartition(".")[2]:
                    return literals.read(passed, call.function, codebase)
                case FunctionValue(function) if "hash" in function.name:
                    return literals.read(passed, call.function, codebase)
            return None
        case _:
            return literals.read(node, call.function, codebase)


def _compared(application: Application) -> Iterator[Finding]:
    """Yield what a route or dependency compares a token or password of the request with."""
    for node, function in received_secrets.compared_with(application):
        if stand_ins.is_live(function.module):
            literal = literals.read(node, function, application.codebase)
            if literal is not None and not stand_ins.is_no_secret(literal.text):
                yield _finding(literal, _COMPARED_MESSAGE)


def _finding(literal: Literal, message: str, use: CallSite | None = None) -> Finding:
    at = literal.place
    chain: tuple[Step, ...] = ()
    if use is not None:
        module = use.function.module
        used = module.place(use.node).step(f"{module.source(use.node.function)} is given it")
        if (used.path, used.line) != (at.path, at.line):
            chain = (used,)
    message = _FALLBACK_MESSAGE if literal.is_fallback else message
    return Finding(at=at, message=message, chain=chain)


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
            "developer's own machine may be a default that the environment replaces, or stand in a "
            "script that no application loads. A default that the code refuses, by its text "
            "or its length, is safe, and so is a stand-in such as `your_password`."
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
            "accounts for development, which one code takes for granted and the other asks for",
            {
                "app/open.py": """\
from pydantic_settings import BaseSettings

from app.models import User


class Settings(BaseSettings):
    environment: str = "development"


settings = Settings()


def make_users() -> list[User]:
    if settings.environment == "development":
        return [
            User(name="skipper", password="ahoy-ahoy"),  # <- here
            User(name="sailor", password="aye-aye"),
        ]
    return [User(name="cook", password="soup-again")]  # <- here
""",
                "app/closed.py": """\
from pydantic_settings import BaseSettings

from app.models import User


class Settings(BaseSettings):
    environment: str = "production"


settings = Settings()


def make_user() -> User | None:
    if settings.environment == "development":
        return User(name="skipper", password="ahoy-ahoy")
    return None
""",
                "app/models.py": """\
from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    password: str
""",
            },
        ),
        Flagged(
            "what is left behind without its neighbours stands aside, what only is unused does not",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read_root() -> None: ...
""",
                "app/former.py": """\
import jwt

from moorings_of_old import harbour

KEY = "b0at-h0use"


def sign(claims: dict) -> str:
    return jwt.encode({**claims, "iss": harbour}, KEY)
""",
                "app/unused.py": """\
import jwt

KEY = "b0at-h0use"  # <- here


def sign(claims: dict) -> str:
    return jwt.encode(claims, KEY)
""",
            },
        ),
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
                "app/config.py": """\
from fastapi_jwt_auth import AuthJWT

from app.tokens import AuthSettings

AuthJWT.load_config(AuthSettings)
""",
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
            "the settings of a library that nobody hands to it",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Settings(BaseModel):
    authjwt_secret_key: str = "x9y8z7"
""",
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
            "names, messages and addresses that only sound secret, an example, and a stand-in",
            """\
import os

import boto3
import jwt
from fastapi import FastAPI
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer

TOKEN_PREFIX = "shop_"
WRONG_PASSWORD = "Incorrect password"
API_KEY_NAME = "X-API-Key"

scheme = OAuth2PasswordBearer(tokenUrl="/login")
header = APIKeyHeader(name=API_KEY_NAME)
app = FastAPI()
EXAMPLES = {"normal": {"value": jwt.encode({"sub": "ada"}, "f52e826e62cdd364c86f")}}
local = boto3.resource(
    "dynamodb",
    endpoint_url=os.environ["DYNAMODB_LOCAL"],
    aws_access_key_id="key",
    aws_secret_access_key="key",
)


@app.get("/check")
def check(token_type: str, token: str) -> bool:
    return token_type == "bearer" and token != "null"
""",
        ),
        Clean(
            "a default that is refused, and accounts without a password, or for a while",
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


def from_provider(name: str) -> User:
    return User(name=name, password="!oauth")


TEMP_PASSWORD = "Sweep-2026"


def for_a_while(name: str) -> User:
    return User(name=name, password=TEMP_PASSWORD)
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
        Clean(
            "a script for the database on the developer's own machine",
            {
                "rename.py": """\
import psycopg2

host = "localhost"
connection = psycopg2.connect(host=host, dbname="shop", user="postgres", password="12345")
connection.cursor().execute("ALTER TABLE post RENAME TO article")
""",
            },
        ),
        Clean(
            "a default that is refused by its name, and a look into a token",
            {
                "app/settings.py": """\
import jwt
from pydantic import field_validator
from pydantic_settings import BaseSettings

DEFAULT_KEY = "change-me-in-production"


class Settings(BaseSettings):
    stage: str = "production"
    key: str = DEFAULT_KEY

    @field_validator("key")
    @classmethod
    def refuse(cls, value: str) -> str:
        if value == DEFAULT_KEY:
            raise ValueError("Set a key.")
        return value


def make(claims: dict) -> str:
    return jwt.encode(claims, Settings().key)
""",
                "look_into.py": """\
import jwt

print(jwt.decode(input(), "your_secret_key", algorithms=["HS256"]))
""",
            },
        ),
        Clean(
            "the database of the developer, where the other is out of reach",
            """\
import os
import socket

from sqlalchemy import create_engine

try:
    socket.gethostbyname("db")
    DATABASE_URL = os.environ["DATABASE_URL"]
except socket.gaierror:
    DATABASE_URL = "postgresql://user:pass@localhost:5435/orders"
engine = create_engine(DATABASE_URL)
""",
        ),
        Clean(
            "stand-ins for passwords, tokens that are looked into, and a key that is public",
            {
                "app/main.py": """\
import jwt
import psycopg2
from fastapi import FastAPI

app = FastAPI()
PUBLIC_KEY = \"\"\"-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A
-----END PUBLIC KEY-----\"\"\"


@app.get("/who")
def who(token: str) -> tuple[dict, dict]:
    unchecked = jwt.decode(token, "unused", options={"verify_signature": False})
    return unchecked, jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])


def connect() -> psycopg2.extensions.connection:
    return psycopg2.connect(host="db.example.com", user="shop", password="your_password")
""",
            },
        ),
        Clean(
            "scripts that no application loads: the developer's database, an account to try with",
            {
                "app/main.py": """\
from fastapi import FastAPI

app = FastAPI()
""",
                "app/forms.py": """\
from pydantic import BaseModel


class NewUser(BaseModel):
    name: str
    password: str
""",
                "app/look_at_tables.py": """\
import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.forms import NewUser

DATABASE_URL = "mysql+aiomysql://root:12345@localhost:3308/shop"


async def look() -> None:
    async with create_async_engine(DATABASE_URL).connect() as connection:
        print(await connection.scalar(text("SELECT version_num FROM alembic_version")))


async def try_form() -> None:
    print(NewUser(name="ada", password="hunter22"))


if __name__ == "__main__":
    asyncio.run(look())
""",
            },
        ),
        Clean(
            "defaults that validators and the start refuse",
            {
                "app/settings.py": """\
from pydantic import field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    access_key: str = "dev-only-key"
    refresh_key: str = "insecure-refresh-key"

    @field_validator("access_key")
    @classmethod
    def refuse(cls, value: str) -> str:
        if value.lower().startswith("dev-"):
            raise ValueError("Set a key.")
        return value


settings = Settings()
""",
                "app/main.py": """\
import jwt
from fastapi import FastAPI

from app.settings import settings

app = FastAPI()
if settings.refresh_key.startswith("insecure"):
    raise SystemExit("Set a key.")


@app.post("/tokens")
def make(name: str) -> tuple[str, str]:
    claims = {"sub": name}
    return jwt.encode(claims, settings.access_key), jwt.encode(claims, settings.refresh_key)
""",
            },
        ),
        Flagged(
            "a default that is long enough for what its length is compared with",
            """\
import jwt
from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    jwt_key: str = Field("not-so-secret-secret", min_length=12)  # <- here


def make(claims: dict) -> str:
    return jwt.encode(claims, Settings().jwt_key)
""",
        ),
        Clean(
            "defaults that are too short to start with, and one that another module refuses",
            {
                "app/settings.py": """\
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    access_key: str = Field("secret", min_length=32)
    refresh_key: str = "secret-2"
    cookie_key: str = "fill-in-a-key"

    @field_validator("refresh_key")
    @classmethod
    def long_enough(cls, value: str) -> str:
        if len(value) < 32:
            raise ValueError("Set a longer key.")
        return value


settings = Settings()
""",
                "app/start.py": """\
from app.settings import settings


def refuse_defaults() -> None:
    weak = settings.model_dump().values()
    if any(each in ("fill-in-a-key", "") for each in weak):
        raise SystemExit("Set a key.")
""",
                "app/main.py": """\
import jwt
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from app.settings import settings

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=settings.cookie_key)


@app.post("/tokens")
def make(name: str) -> tuple[str, str]:
    claims = {"sub": name}
    return jwt.encode(claims, settings.access_key), jwt.encode(claims, settings.refresh_key)
""",
            },
        ),
        Clean(
            "a key that is made of itself",
            """\
from cryptography.fernet import Fernet
from fastapi import FastAPI

app = FastAPI()


def seal(text: bytes, key: str | bytes) -> bytes:
    if isinstance(key, str):
        key = key.encode()
    return Fernet(key).encrypt(text)


@app.post("/notes")
def add(text: str, key: str) -> bytes:
    return seal(text.encode(), key)
""",
        ),
        Clean(
            "labels for what is made of a key, a recipe, a load test, and what testers run",
            {
                "app/main.py": """\
import hashlib
import hmac

from fastapi import FastAPI

app = FastAPI()
_LABEL = b"shop-key-id"


def fingerprint(kek: str) -> str:
    return hmac.new(_LABEL, kek.encode(), hashlib.sha256).hexdigest()


def signed(bot_token: str, text: str) -> str:
    key = hmac.new(key=b"MiniAppData", msg=bot_token.encode(), digestmod=hashlib.sha256)
    return hmac.new(key.digest(), text.encode(), hashlib.sha256).hexdigest()


@app.get("/key")
def read_key(key: str) -> str:
    return fingerprint(key) + signed(key, "text")
""",
                "locust/locustfile.py": """\
from sqlalchemy import create_engine

engine = create_engine("postgresql://shop:p4-2kd9@mock:5432/shop")
""",
                "cookbook/claims.py": """\
import jwt

SECRET = "a-secret-of-the-claims-demo"


def sign(name: str) -> str:
    return jwt.encode({"sub": name}, SECRET)
""",
                "qa/scenarios/orders.py": """\
import psycopg2


def connect():
    return psycopg2.connect(host="shop.example.com", user="shop", password="p4-2kd9")
""",
            },
        ),
        Clean(
            "the database of the developer, or of containers, where the environment names none",
            {
                "app/database.py": """\
import os

from sqlalchemy import create_engine

DATABASE_URL = os.getenv("DATABASE_URL")
if not DATABASE_URL:
    DATABASE_URL = "postgresql://writer:open-sesame@localhost/boats"
engine = create_engine(DATABASE_URL)
""",
                "migrations/env.py": """\
import os

from alembic import context
from sqlalchemy import create_engine

URL = os.getenv("DATABASE_URL", "postgresql://boats:boats@boats_database:5432/boats")
engine = create_engine(context.get_x_argument(as_dictionary=True).get("url") or URL)
""",
            },
        ),
        Flagged(
            "defaults that are a server or a key, and an address in containers without another",
            {
                "app/database.py": """\
import os

import jwt
from sqlalchemy import create_engine

DATABASE_URL = os.getenv("DATABASE_URL")
if not DATABASE_URL:
    DATABASE_URL = "postgresql://writer:open-sesame@db.example.com/boats"  # <- here
KEY = os.getenv("KEY")
if KEY is None:
    KEY = "v3ry-long-and-not-to-be-told"  # <- here
engine = create_engine(DATABASE_URL)
token = jwt.encode({"sub": "1"}, KEY, algorithm="HS256")
""",
                "migrations/env.py": """\
from alembic import context
from sqlalchemy import create_engine

engine = create_engine("postgresql://boats:boats@boats_database:5432/boats")  # <- here
context.configure(connection=engine.connect())
""",
            },
        ),
    ),
)
