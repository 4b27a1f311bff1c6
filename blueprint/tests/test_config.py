"""Settings: complete in `.env.example`, and no unsafe start in production."""

import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

import src.main  # noqa: F401  (every domain's settings are loaded by it)
from src.auth.config import AuthConfig
from src.config import (
    DatabaseConfig,
    DomainSettings,
    Environment,
    GlobalConfig,
    RedisConfig,
    SettingsError,
    local_secret,
    refuse_unsafe_start,
)
from src.pagination import PaginationConfig
from tests.environment import ENV_EXAMPLE, documented_variables, run_python

SECRET = "6Zq3yXb0n9vKfWm2TtRr8LhJc5DsAa1E-"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "ALLOWED_HOSTS": "api.example.com,*.example.org",
    "CORS_ORIGINS": "https://app.example.com",
    "TRUSTED_PROXIES": "10.0.0.0/8",
    "DATABASE_URL": "postgresql://app:secret@db.example.com/app",
    "REDIS_URL": "redis://redis.example.com/0",
    "PUBLIC_URL": "https://www.example.com",
    "AUTH_JWT_SECRET": SECRET,
    "AUTH_ENCRYPTION_SECRET": SECRET.lower(),
    "MAIL_SMTP_URL": "smtps://app:secret@smtp.example.com",
    "MAIL_SENDER": "App <no-reply@example.com>",
    "AWS_BUCKET": "inkwell",  # [media]
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",  # [media]
    "AWS_SECRET_ACCESS_KEY": SECRET,  # [media]
    "PAGINATION_CURSOR_SECRET": SECRET[::-1],
}
START = "import src.pagination, src.main"

EXAMPLES = re.findall(r"^# ([A-Z][A-Z_]*)=(.*)$", ENV_EXAMPLE.read_text(), re.MULTILINE)
FIELDS = {
    type(settings).variable(field): (type(settings), field)
    for settings in DomainSettings.loaded
    for field in type(settings).model_fields
}


def test_env_example_names_exactly_the_variables_there_are() -> None:
    assert sorted(documented_variables()) == sorted(FIELDS)


@pytest.mark.parametrize(("variable", "value"), EXAMPLES)
def test_env_example_shows_the_real_default(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, field = FIELDS[variable]
    default = settings.model_fields[field].get_default(call_default_factory=True)

    monkeypatch.setenv(variable, value)

    assert getattr(settings(), field) == default


def test_env_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    lines = re.findall(r"^([A-Z][A-Z_]*)=(.*)$", ENV_EXAMPLE.read_text(), re.MULTILINE)
    code = (
        "import pathlib, src.config\n"
        f"src.config.DATA_DIR = pathlib.Path({str(tmp_path)!r})\n"
        f"{START}\n"
        "from src.auth.config import auth_settings\n"
        "from src.pagination import pagination_settings\n"
        "assert len(auth_settings.jwt_secret.get_secret_value()) >= 32\n"
        "assert len(pagination_settings.cursor_secret.get_secret_value()) >= 32\n"
    )

    result = run_python(code, **dict(lines))

    assert result.returncode == 0, result.stderr


def variables_in(message: str) -> set[str]:
    """The variables that a refusal to start names."""
    return set(re.findall(r"^  - (\w+): ", message, re.MULTILINE))


def test_production_refuses_to_start_and_names_all_that_is_unsafe() -> None:
    unsafe = {
        "DEBUG": "true",
        "ALLOWED_HOSTS": "*",
        "CORS_ORIGINS": "*",
        "TRUSTED_PROXIES": "*",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "AUTH_JWT_SECRET": "much-too-short",
        "AUTH_ENCRYPTION_SECRET": SECRET[:31],
        "PUBLIC_URL": "http://www.example.com",
        "MAIL_SMTP_URL": "smtp://app:secret@smtp.example.com",
        "MAIL_SENDER": "",
        "PAGINATION_CURSOR_SECRET": "change-me-change-me-change-me-change-me",
    }

    result = run_python(START, **PRODUCTION | unsafe)

    assert result.returncode == 1
    assert variables_in(result.stderr) == set(unsafe)
    assert "Traceback" not in result.stderr
    assert "much-too-short" not in result.stderr


@pytest.mark.parametrize("environment", [Environment.PRODUCTION, Environment.STAGING])
def test_a_start_is_refused_with_the_names_of_all_that_is_missing(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("src.config.DATA_DIR", tmp_path)
    for variable in PRODUCTION:
        monkeypatch.setenv(variable, "")
    loaded = [type(settings)() for settings in DomainSettings.loaded]
    monkeypatch.setattr(DomainSettings, "loaded", loaded)

    with pytest.raises(SettingsError) as refusal:
        refuse_unsafe_start(environment)

    missing = set(PRODUCTION) - {"ENVIRONMENT", "CORS_ORIGINS", "TRUSTED_PROXIES"}
    if environment is Environment.STAGING:
        missing.remove("ALLOWED_HOSTS")
    assert variables_in(str(refusal.value)) == missing
    refuse_unsafe_start(Environment.LOCAL)


def test_a_correct_production_starts_without_docs_and_logs_json() -> None:
    code = (
        f"{START}\n"
        "import logging\n"
        "from fastapi.routing import iter_route_contexts\n"
        "routes = iter_route_contexts(src.main.app.routes)\n"
        "paths = [src.main.app.openapi_url, *(route.path for route in routes)]\n"
        "logging.getLogger('test').warning('hello', extra={'paths': paths})\n"
    )

    result = run_python(code, **PRODUCTION)

    assert result.returncode == 0, result.stderr
    line = json.loads(result.stdout)
    assert line["event"] == "hello"
    openapi_url, *paths = line["paths"]
    assert openapi_url is None
    assert "/users/me" in paths
    assert not [path for path in paths if "doc" in path or "openapi" in path or "/dev" in path]


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", "missing"),
        ("a" * 64, "placeholder"),
        ("CHANGE-me-" + SECRET, "placeholder"),
        (SECRET[:31], "shorter than 32"),
    ],
)
@pytest.mark.parametrize(
    ("settings", "field", "variable"),
    [
        (AuthConfig, "jwt_secret", "AUTH_JWT_SECRET"),
        (AuthConfig, "encryption_secret", "AUTH_ENCRYPTION_SECRET"),
        (PaginationConfig, "cursor_secret", "PAGINATION_CURSOR_SECRET"),
    ],
)
def test_a_weak_secret_is_a_fault(
    settings: type[DomainSettings], field: str, variable: str, secret: str, fault: str
) -> None:
    faults = settings.model_validate({field: secret}).production_faults()

    (found,) = [fault for fault in faults if fault.startswith(f"{variable}: ")]
    assert fault in found
    assert not secret or secret not in found


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"debug": True}, "DEBUG"),
        ({"allowed_hosts": ""}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": "*"}, "ALLOWED_HOSTS"),
        ({"allowed_hosts": "api.example.com,*"}, "ALLOWED_HOSTS"),
        ({"cors_origins": "*"}, "CORS_ORIGINS"),
        ({"cors_origins": "https://*.example.com"}, "CORS_ORIGINS"),
        ({"trusted_proxies": "10.0.0.1,*"}, "TRUSTED_PROXIES"),
    ],
)
def test_each_unsafe_setting_is_a_fault(values: dict[str, object], fault: str) -> None:
    config = GlobalConfig.model_validate({"allowed_hosts": "api.example.com", **values})

    (found,) = config.production_faults()

    assert found.startswith(f"{fault}: ")


def test_hosts_that_nobody_has_set_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS")

    assert "ALLOWED_HOSTS: missing" in GlobalConfig().production_faults()


@pytest.mark.parametrize("settings", [DatabaseConfig, RedisConfig])
def test_embedded_servers_are_a_fault(
    settings: type[DomainSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in ("", None):
        for variable in ("DATABASE_URL", "REDIS_URL"):
            if url is None:
                monkeypatch.delenv(variable)
            else:
                monkeypatch.setenv(variable, url)
        assert len(settings().production_faults()) == 1


def test_safe_settings_have_no_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in PRODUCTION.items():
        monkeypatch.setenv(variable, value)

    for settings in DomainSettings.loaded:
        assert type(settings)().production_faults() == []


@pytest.mark.parametrize(
    ("settings", "variable", "value"),
    [
        (GlobalConfig, "ENVIRONMENT", "test"),
        (DatabaseConfig, "DB_POOL_SIZE", "many"),
        (GlobalConfig, "MAX_BODY_SIZE", "10"),
        (DatabaseConfig, "DB_POOL_TIMEOUT", "0"),
        (RedisConfig, "REDIS_MAX_CONNECTIONS", "-1"),
        (AuthConfig, "AUTH_JWT_ALGORITHM", "none"),
        (AuthConfig, "AUTH_JWT_EXPIRATION", "0"),
        (AuthConfig, "AUTH_LOGIN_LIMIT", "often"),
    ],
)
def test_an_unusable_value_is_refused(
    settings: type[DomainSettings], variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = list(DomainSettings.loaded)
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError, match=rf"- {variable}: ") as refusal:
        settings.load()

    assert "many" not in str(refusal.value), "a refused value may be a secret"
    assert DomainSettings.loaded == loaded


def test_secrets_do_not_show_in_a_representation() -> None:
    for settings in DomainSettings.loaded:
        for name, value in settings:
            if isinstance(value, SecretStr):
                assert value.get_secret_value() not in repr(settings), name


def test_the_local_secret_is_made_once_and_kept_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.config.DATA_DIR", tmp_path / "data")

    first, second = local_secret(), local_secret()

    assert first == second
    assert len(first.get_secret_value()) >= 32
    (path,) = (tmp_path / "data").iterdir()
    assert path.stat().st_mode & 0o077 == 0
