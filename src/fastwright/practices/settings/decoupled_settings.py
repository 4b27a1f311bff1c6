"""settings/decoupled-settings: each domain has a settings class of its own."""

import re
from collections import Counter
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import Model, ModelField
from fastwright.codebase.definitions import Class
from fastwright.codebase.values import ClassValue, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)

# What a word in a setting's name says about whom it serves.
_WORDS = {
    "database": "database db postgres postgresql pg mysql mariadb sqlalchemy sqlite sql mongo "
    "mongodb",
    "Redis": "redis cache memcached valkey",
    "queues": "celery rabbit rabbitmq amqp kafka nats broker queue sqs arq",
    "mail": "mail smtp email emails mailgun sendgrid resend postmark",
    "authentication": "auth jwt oauth oauth2 sso algorithm token tokens secret session cookie "
    "login password refresh captcha totp",
    "storage": "s3 aws minio gcs storage upload uploads bucket",
    "payments": "stripe paypal payment payments",
    "monitoring": "sentry log logging logger loguru otel opentelemetry prometheus grafana jaeger "
    "logfire posthog",
    "Google": "google",
    "GitHub": "github",
    "Discord": "discord",
    "Slack": "slack",
    "LDAP": "ldap",
    "language models": "openai anthropic llm",
    "search": "elasticsearch opensearch meilisearch",
    "text messages": "twilio sms",
    "chat bots": "bot telegram whatsapp",
}
_DOMAINS = {word: domain for domain, words in _WORDS.items() for word in words.split()}
# What others than those who log in have, too: the account of a service, say.
_KEPT_BY_ALL = {"log", "login", "password", "secret", "session", "token"}
# So many domains with so many fields each share a class that should be split.
_SEVERAL = ((2, 3), (3, 2))
_MANY_DOMAINS, _MANY_FIELDS = 4, 9
# A class of fewer fields is shared well, and longer by two domains alone.
_HANDFUL, _PAIR, _MANY_FIELDS_OF_A_PAIR = 9, 2, 12
_PREFIX = re.compile(r"\benv_prefix[\"']?\s*[=:]\s*[\"'](\w+)[\"']")
# So many prefixes say that the settings are split already.
_SPLIT = 3
# So many domains are named.
_SHOWN = 4


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each settings class that serves several domains."""
    prefixes = {model.definition: _prefix(model) for model in application.settings}
    are_split = len(set(filter(None, prefixes.values()))) >= _SPLIT
    counted = {
        model.definition: _counts(model, application)
        for model in application.settings
        # The settings of one domain among others may still name what it keeps its own in.
        if not (are_split and prefixes[model.definition])
    }
    mixed = {
        model.definition
        for model in application.settings
        if _are_several(counted.get(model.definition, Counter()), len(model.fields))
    }
    for model in application.settings:
        # A class that inherits the mixture has no more to split.
        if model.definition in mixed and mixed.isdisjoint(model.lineage[1:]):
            yield Finding(
                at=model.place,
                message=(
                    f"Split `{model.name}` into one settings class for each domain, beside the "
                    f"code that reads it: {_listed(counted[model.definition])} share this one."
                ),
            )


def _prefix(model: Model) -> str:
    """Return the prefix that a class's own variables of the environment have."""
    definition = model.definition
    found = _PREFIX.search(definition.module.source(definition.node))
    return found[1] if found else ""


def _counts(model: Model, application: Application) -> Counter[str]:
    """Return how many of a class's fields serve which domain."""
    resolver, definition = application.codebase.resolver, model.definition
    bases = [resolver.value(base, definition.scope) for base in definition.bases]
    # A class that puts others together only answers for what it adds.
    is_mixture = sum(isinstance(base, ClassValue) for base in bases) > 1
    fields = model.own_fields if is_mixture else model.fields.values()
    first = Counter(_words(each)[0] for each in fields)
    return Counter(
        domain
        for field in fields
        if (domain := _domain(field, application)) is not None and not _is_of_vendor(field, first)
    )


def _is_of_vendor(field: ModelField, first: Counter[str]) -> bool:
    """Tell whether a secret is one of several settings of something that has no domain here."""
    start, *rest = _words(field)
    return (
        start not in _DOMAINS
        and first[start] > 1
        and next((word for word in rest if word in _DOMAINS), None) in _KEPT_BY_ALL
    )


def _domain(field: ModelField, application: Application) -> str | None:
    """Return the domain that a field serves, by the first word of its name that tells."""
    if field.annotation is not None:
        kind = application.codebase.resolver.annotated(field.annotation, field.owner)
        if isinstance(kind, Instance) and isinstance(kind.of, Class):
            return None  # settings of another class, which is what is asked for
    return next((_DOMAINS[word] for word in _words(field) if word in _DOMAINS), None)


def _words(field: ModelField) -> list[str]:
    return field.name.lower().removesuffix("_email").split("_")  # an address, not mail


def _are_several(domains: Counter[str], size: int) -> bool:
    """Tell whether a class serves too many: the fewer fields each has, the more it takes."""
    if size < (_HANDFUL if len(domains) > _PAIR else _MANY_FIELDS_OF_A_PAIR):
        return False
    return any(
        sum(count >= fields for count in domains.values()) >= needed for needed, fields in _SEVERAL
    ) or (len(domains) >= _MANY_DOMAINS and domains.total() >= _MANY_FIELDS)


def _listed(domains: Counter[str]) -> str:
    shown = [f"{domain} ({count})" for domain, count in domains.most_common(_SHOWN)]
    hidden = len(domains) - len(shown)
    if hidden:
        shown.append(f"{hidden} more")
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Each domain reads its own settings class, with its own prefix.",
        why=(
            "One class for everything is imported everywhere: a mail setting that is missing "
            "stops a migration, tests set keys of services that they never call, every module "
            "sees every secret, and no domain can move without it."
        ),
        bad="""\
class Settings(BaseSettings):
    database_url: str
    database_pool_size: int = 10
    jwt_secret: str
    jwt_expire_minutes: int = 30
    smtp_host: str
    smtp_password: str


settings = Settings()
""",
        good="""\
# auth/config.py
class AuthSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="JWT_")

    secret: str
    expire_minutes: int = 30


# database/config.py
class DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DATABASE_")

    url: str
    pool_size: int = 10
""",
        when_not=(
            "A small service with a handful of settings is well served by one class. So is a "
            "class whose fields are the settings of the domains, nested."
        ),
        fix_safety="No automatic fix: names in the environment may change with the prefixes.",
        references={
            "Pydantic Settings: Environment variable names": (
                "https://docs.pydantic.dev/latest/concepts/pydantic_settings/#environment-variable-names"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "one class for the database, tokens and mail",
            """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):  # <- here
    DATABASE_URL: str
    DATABASE_POOL_SIZE: int = 10
    JWT_SECRET: str
    JWT_ALGORITHM: str = "HS256"
    SMTP_HOST: str
    SMTP_PASSWORD: str
    PROJECT_NAME: str = "shop"
    LANGUAGE: str = "en"
    DEBUG: bool = False
""",
        ),
        Flagged(
            "two domains with many settings each, under an alias and over two classes",
            """\
import pydantic_settings as config


class Base(config.BaseSettings):
    postgres_host: str
    postgres_port: int = 5432
    postgres_user: str
    postgres_password: str
    postgres_db: str


class Settings(Base):  # <- here
    secret_key: str
    algorithm: str = "HS256"
    access_token_expire_minutes: int = 30
    debug: bool = False
    title: str = "shop"
    language: str = "en"
    support_address: str = ""


class TestSettings(Settings):
    debug: bool = True
""",
        ),
        Clean(
            "a handful for one database and one kind of token; the secret of a service's account",
            """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    postgres_host: str
    postgres_user: str
    postgres_password: str
    secret_key: str
    algorithm: str = "HS256"
    access_token_expire_minutes: int = 30


class Harbour(BaseSettings):
    postgres_host: str
    postgres_user: str
    postgres_password: str
    pool_size: int = 5
    berth_url: str
    berth_account: str
    berth_password: str
    berth_secret: str
    berth_token: str
""",
        ),
        Flagged(
            "many domains with one or two settings each, in Pydantic 1",
            """\
from pydantic import BaseSettings


class Config(BaseSettings):  # <- here
    db_url: str
    redis_url: str
    celery_broker_url: str
    celery_backend_url: str
    sentry_dsn: str = ""
    jwt_secret_key: str
    jwt_algorithm: str = "HS256"
    log_level: str = "INFO"
    title: str = "shop"
""",
        ),
        Clean(
            "one class for each domain, put together by inheritance or as fields",
            """\
from pydantic_settings import BaseSettings


class TokenSettings(BaseSettings):
    SECRET_KEY: str
    ALGORITHM: str = "HS256"
    ACCESS_TOKEN_EXPIRE_MINUTES: int = 30
    REFRESH_TOKEN_EXPIRE_DAYS: int = 7


class DatabaseSettings(BaseSettings):
    POSTGRES_HOST: str
    POSTGRES_USER: str
    POSTGRES_PASSWORD: str


class Settings(TokenSettings, DatabaseSettings):
    DEBUG: bool = False


class Nested(BaseSettings):
    token: TokenSettings
    database: DatabaseSettings
    log_level: str = "INFO"
""",
        ),
        Clean(
            "several prefixes of one domain, and a handful of settings",
            """\
from pydantic_settings import BaseSettings


class AppSettings(BaseSettings):
    APP_NAME: str = "shop"
    APP_VERSION: str = "1"
    LICENSE_NAME: str = "MIT"
    LICENSE_URL: str = ""
    CONTACT_NAME: str = "me"
    CONTACT_URL: str = ""


class SmallSettings(BaseSettings):
    admin_email: str
    admin_password: str
    jwt_secret: str
    captcha_secret: str
    cors_origins: str = "*"
    cors_origin_regex: str = ""
    database_url: str
    sentry_dsn: str = ""
    debug: bool = False
""",
        ),
        Clean(
            "a schema that is not read from the environment",
            """\
from pydantic import BaseModel


class Settings(BaseModel):
    database_url: str
    database_echo: bool
    smtp_host: str
    smtp_port: int
    jwt_secret: str
    jwt_algorithm: str
""",
        ),
        Clean(
            "settings of one domain among others, which names where it keeps its own",
            """\
from pydantic_settings import BaseSettings, SettingsConfigDict


class TaskSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TASK_")

    redis_ttl: int = 60
    redis_key: str = "task"
    redis_size: int = 100
    postgres_ttl: int = 60
    postgres_table: str = "task"
    postgres_size: int = 100


class MailSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MAIL_")

    host: str


class SearchSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SEARCH_")

    host: str
""",
        ),
    ),
)
