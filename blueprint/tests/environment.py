"""The settings of a test run: its own, whatever the developer's environment and `.env` say.

Imports nothing of the application, which reads its settings when it is imported.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

ROOT = Path(__file__).resolve().parent.parent
ENV_EXAMPLE = ROOT / ".env.example"
HOST = "api.example.com"
ORIGIN = "https://app.example.com"

SETTINGS = {
    "ENVIRONMENT": "local",
    "ALLOWED_HOSTS": HOST,
    "CORS_ORIGINS": ORIGIN,
    "AUTH_JWT_SECRET": "signs-the-tokens-of-nobody-but-the-tests-and-is-long-enough-for-sha-512",
    "AUTH_ENCRYPTION_SECRET": "hides-the-authenticator-apps-of-nobody-but-the-tests",
    "PUBLIC_URL": "https://www.example.com",
    "JOBS_IN_PROCESS": "false",
    "PAGINATION_CURSOR_SECRET": "signs-the-cursors-of-nobody-but-the-tests",
    "MEDIA_LINK_SECRET": "signs-the-links-of-nobody-but-the-tests",  # [media]
    "MEDIA_UPLOAD_LIMIT": "100000/minute",  # [media]
    # Limits have tests of their own, which lower them.
    "AUTH_LOGIN_LIMIT": "100000/minute",
    "AUTH_LOGIN_ADDRESS_LIMIT": "100000/minute",
    "AUTH_REGISTER_ADDRESS_LIMIT": "100000/minute",
    "AUTH_MAIL_LIMIT": "100000/minute",
    "AUTH_MAIL_ADDRESS_LIMIT": "100000/minute",
    "AUTH_CODE_LIMIT": "100000/minute",
    "AUTH_LINK_ADDRESS_LIMIT": "100000/minute",
    "NOTIFICATIONS_STREAM_LIFETIME": "0",  # [notifications]
    # All workers share one server.
    "DB_POOL_SIZE": "5",
    "DB_MAX_OVERFLOW": "5",
    "DB_READ_POOL_SIZE": "5",
    # A busy machine is no outage.
    "DB_POOL_TIMEOUT": "60",
    "DB_CONNECT_TIMEOUT": "60",
    "DB_STATEMENT_TIMEOUT": "60",
    "REDIS_TIMEOUT": "30",
    "CACHE_TIMEOUT": "30",  # [cache]
}

_ISOLATED = "from tests.environment import ignore_env_file; ignore_env_file()\n"


def documented_variables() -> list[str]:
    """Every variable of the application, as `.env.example` names them."""
    return re.findall(r"^(?:# )?([A-Z][A-Z_]*)=", ENV_EXAMPLE.read_text(), re.MULTILINE)


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no setting of the application is set."""
    ours = set(documented_variables())
    return {name: value for name, value in environment.items() if name.upper() not in ours}


def isolate() -> None:
    """Give this process the settings of the test run and no others."""
    inherited = without_settings(os.environ)
    os.environ.clear()
    os.environ.update(inherited | SETTINGS)
    ignore_env_file()


def ignore_env_file() -> None:
    """Let settings come from the environment alone."""

    def sources(
        _: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    BaseSettings.settings_customise_sources = sources  # type: ignore[assignment]


def run_python(code: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run code in a process of its own, in which only these settings are set."""
    return subprocess.run(
        python(code),
        cwd=ROOT,
        env=without_settings(os.environ) | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def python(code: str) -> list[str]:
    """The command that runs code without regard to `.env`."""
    return [sys.executable, "-c", _ISOLATED + code]
