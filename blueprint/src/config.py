"""Settings that belong to no domain, and the ground on which every domain's settings stand.

Each domain has a `DomainSettings` class of its own, with its own prefix. `refuse_unsafe_start`
looks at all of them at once, so that one start shows everything that is unsafe.
"""

import os
import secrets
import sys
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = ROOT / ".data"
SECRET_MIN_LENGTH = 32


class Environment(StrEnum):
    LOCAL = "local"
    STAGING = "staging"
    PRODUCTION = "production"


class SettingsError(Exception):
    """The settings do not allow a start. The message names every variable at fault."""


class DomainSettings(BaseSettings):
    """Settings of one domain, read from the environment and `.env`.

    A subclass states its prefix in `model_config` and its rules for production in
    `production_faults`.
    """

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore", frozen=True
    )
    loaded: ClassVar[list["DomainSettings"]] = []

    @classmethod
    def load(cls) -> Self:
        """Read the settings once for the process.

        Raises:
            SettingsError: a variable has a value that cannot be used.
        """
        try:
            settings = cls()
        except ValidationError as error:
            faults = [
                f"{cls.variable(str(e['loc'][0]))}: {_reason(e['msg'])}" if e["loc"] else e["msg"]
                for e in error.errors(include_input=False)
            ]
            raise SettingsError(_fault_message(faults)) from None
        DomainSettings.loaded.append(settings)
        return settings

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable that sets `field`: `DB_POOL_SIZE` for `pool_size`."""
        alias = cls.model_fields[field].alias if field in cls.model_fields else None
        return (alias or f"{cls.model_config.get('env_prefix', '')}{field}").upper()

    def production_faults(self) -> list[str]:
        """What is wrong with these settings in production: `VARIABLE: reason` each."""
        return []

    def staging_faults(self) -> list[str]:
        """The same in staging, where most settings have to be as good."""
        return self.production_faults()

    def secret_faults(self, *fields: str) -> list[str]:
        """Faults of secret fields: missing, a placeholder, or too short to resist guessing."""
        faults = []
        for field in fields:
            value = getattr(self, field).get_secret_value()
            if field not in self.model_fields_set or not value:
                faults.append(f"{self.variable(field)}: missing")
            elif len(set(value)) < SECRET_MIN_LENGTH // 4 or "change" in value.lower():
                faults.append(f"{self.variable(field)}: still a placeholder")
            elif len(value) < SECRET_MIN_LENGTH:
                faults.append(
                    f"{self.variable(field)}: shorter than {SECRET_MIN_LENGTH} characters"
                )
        return faults


def local_secret() -> SecretStr:
    """A secret for local work when none is set, the same for all processes of this project."""
    path = DATA_DIR / "local-secret"
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f"local-secret.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        if os.geteuid() == 0:  # root must not lock out whose project it is
            owner = ROOT.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        try:
            path.hardlink_to(draft)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return SecretStr(path.read_text())


def secret_from_settings() -> SecretStr:
    """The default of a secret setting: none but for local work."""
    return local_secret() if settings.is_local else SecretStr("")


CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class GlobalConfig(DomainSettings):
    """What the whole application shares. These variables have no prefix."""

    environment: Environment = Environment.LOCAL
    app_name: str = Field(default="Inkwell", min_length=1)
    public_url: str = Field(
        default_factory=lambda: f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    )
    debug: bool = False
    allowed_hosts: CommaSeparated = ("*",)
    cors_origins: CommaSeparated = ()
    trusted_proxies: CommaSeparated = ()
    telemetry: bool = False  # OpenTelemetry; what it costs is felt even without an exporter
    jobs_in_process: bool | None = None  # None: for local work only
    max_body_size: int = Field(default=1_048_576, ge=1024)  # bytes

    @field_validator("allowed_hosts", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def is_a_base(cls, value: str) -> str:
        parts = urlsplit(value)
        is_plain = not parts.query and not parts.fragment and "@" not in parts.netloc
        is_written_well = value.isprintable() and " " not in value
        if parts.scheme not in {"http", "https"} or not (
            parts.hostname and is_plain and is_written_well
        ):
            raise ValueError("Must be a URL such as https://example.com")
        return value.rstrip("/")

    @property
    def is_local(self) -> bool:
        return self.environment is Environment.LOCAL

    @property
    def runs_jobs(self) -> bool:
        """Whether the application runs jobs itself, rather than `python -m src.worker`."""
        return self.is_local if self.jobs_in_process is None else self.jobs_in_process

    @property
    def shows_docs(self) -> bool:
        return self.environment in {Environment.LOCAL, Environment.STAGING}

    def production_faults(self) -> list[str]:
        faults = []
        if self.debug:
            faults.append("DEBUG: must be off")
        if not self.public_url.startswith("https://"):
            faults += self.staging_faults() or ["PUBLIC_URL: must begin with https://"]
        if "allowed_hosts" not in self.model_fields_set or not self.allowed_hosts:
            faults.append("ALLOWED_HOSTS: missing")
        elif any("*" in host and not host.startswith("*.") for host in self.allowed_hosts):
            faults.append("ALLOWED_HOSTS: '*' lets any host through")
        if any("*" in origin for origin in self.cors_origins):
            faults.append("CORS_ORIGINS: '*' lets any site call with its visitors' browsers")
        if {"*", "0.0.0.0/0", "::/0"} & set(self.trusted_proxies):
            faults.append("TRUSTED_PROXIES: everybody's X-Forwarded-For would be believed")
        return faults

    def staging_faults(self) -> list[str]:
        return [] if "public_url" in self.model_fields_set else ["PUBLIC_URL: missing"]


class DatabaseConfig(DomainSettings):
    """PostgreSQL. Without `DATABASE_URL`, local work uses the embedded server."""

    model_config = SettingsConfigDict(env_prefix="DB_")

    url: SecretStr | None = Field(default=None, alias="DATABASE_URL")
    pool_size: int = Field(default=10, ge=1)
    max_overflow: int = Field(default=20, ge=0)
    read_pool_size: int = Field(default=10, ge=1)
    pool_timeout: float = Field(default=5, gt=0)  # seconds to wait for a free connection
    connect_timeout: float = Field(default=5, gt=0)  # seconds
    statement_timeout: float = Field(default=15, gt=0)  # seconds

    def production_faults(self) -> list[str]:
        return [] if self.url else ["DATABASE_URL: missing (the embedded server is for local work)"]


class RedisConfig(DomainSettings):
    """Redis or Valkey. Without `REDIS_URL`, local work uses the embedded server."""

    model_config = SettingsConfigDict(env_prefix="REDIS_")

    url: SecretStr | None = None
    timeout: float = Field(default=0.5, gt=0)  # seconds for a connection or an answer
    max_connections: int = Field(default=50, ge=1)

    def production_faults(self) -> list[str]:
        return [] if self.url else ["REDIS_URL: missing (the embedded server is for local work)"]


def refuse_unsafe_start(environment: Environment) -> None:
    """Stop a start that would be unsafe. Staging may be open to any host; local work to anything.

    Raises:
        SettingsError: names every variable at fault, of every domain.
    """
    if environment is Environment.LOCAL:
        return
    in_production = environment is Environment.PRODUCTION
    faults = [
        fault
        for settings in DomainSettings.loaded
        for fault in (settings.production_faults() if in_production else settings.staging_faults())
    ]
    if faults:
        raise SettingsError(_fault_message(faults))


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")


def _fault_message(faults: list[str]) -> str:
    listed = "".join(f"\n  - {fault}" for fault in faults)
    return f"These settings do not allow a start (see .env.example):{listed}"


def _show_plainly(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What ends a process: settings at fault are a matter of words, everything else of code.

    They are read when modules are imported, before any `main` could catch this.
    """
    if issubclass(kind, SettingsError):
        print(error, file=sys.stderr)  # noqa: T201
    else:
        _show_otherwise(kind, error, trace)


_show_otherwise, sys.excepthook = sys.excepthook, _show_plainly

settings = GlobalConfig.load()
database_settings = DatabaseConfig.load()
redis_settings = RedisConfig.load()
