"""Which parameters of libraries take keys, passwords and addresses with passwords."""

from collections.abc import Iterator, Mapping

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite
from fastwright.codebase.values import External
from fastwright.source.syntax import Expression

# Functions of libraries, each with a parameter: its position, None where it is only passed by name,
# and its name.
Parameters = Mapping[str, tuple[int | None, str]]

KEYS: Parameters = {
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
# Addresses that may hold a password.
ADDRESSES: Parameters = {
    "sqlalchemy.create_engine": (0, "url"),
    "sqlalchemy.ext.asyncio.create_async_engine": (0, "url"),
    "databases.Database": (0, "url"),
    "tortoise.contrib.fastapi.register_tortoise": (None, "db_url"),
    "tortoise.contrib.fastapi.RegisterTortoise": (None, "db_url"),
    "tortoise.Tortoise.init": (None, "db_url"),
    "mongoengine.connect": (None, "host"),
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
PASSWORDS: Parameters = {
    **dict.fromkeys(
        (
            *("psycopg.connect", "psycopg2.connect", "asyncpg.connect", "asyncpg.create_pool"),
            *("redis.Redis", "redis.StrictRedis", "redis.asyncio.Redis"),
            *("pymysql.connect", "aiomysql.connect", "aiomysql.create_pool"),
            "mysql.connector.connect",
        ),
        (None, "password"),
    ),
    "fastapi_mail.ConnectionConfig": (None, "MAIL_PASSWORD"),
    **dict.fromkeys(
        ("boto3.client", "boto3.resource", "boto3.Session", "boto3.session.Session"),
        (None, "aws_secret_access_key"),
    ),
    "smtplib.SMTP.login": (1, "password"),
    "smtplib.SMTP_SSL.login": (1, "password"),
    "aiosmtplib.SMTP.login": (1, "password"),
}
_SESSIONS = "starlette.middleware.sessions.SessionMiddleware"
_ADDING = (
    *("fastapi.FastAPI.add_middleware", "starlette.applications.Starlette.add_middleware"),
    "starlette.middleware.Middleware",
)

Passed = tuple[CallSite, Expression]


def passed(parameters: Parameters, codebase: Codebase) -> Iterator[Passed]:
    """Yield what is passed for these parameters, with the calls."""
    for name, (position, keyword) in parameters.items():
        for call in codebase.calls_to(name):
            node = call.node
            found = node.keyword(keyword) if position is None else node.argument(position, keyword)
            if found is not None:
                yield call, found


def session_keys(codebase: Codebase) -> Iterator[Passed]:
    """Yield the keys with which `SessionMiddleware` signs cookies, with the calls that add it."""
    for call in codebase.calls_to(*_ADDING):
        key = call.node.keyword("secret_key")
        if key is not None and call.node.arguments:
            added = codebase.resolver.value(call.node.arguments[0], call.function)
            if added == External(_SESSIONS):
                yield call, key
