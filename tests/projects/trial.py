"""Tries projects out: `python trial.py BLUEPRINT PROJECT…`, in the blueprint's environment.

Each project has a process of its own, forked from one that has imported their packages, and a
database of its own on one PostgreSQL. What is wrong with one is printed as JSON: `{path: reason}`.
"""

import asyncio
import contextlib
import gc
import io
import json
import multiprocessing
import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

PACKAGES = [
    *("aiosmtpd.smtp", "alembic.autogenerate", "alembic.command", "asyncpg", "cryptography.fernet"),
    *("faker", "fastapi_offline", "httpx2", "hypothesis", "importlinter.cli", "jinja2", "jwt"),
    *("limits", "pgqueuer", "polyfactory.factories", "psutil", "pwdlib.hashers.argon2", "pyotp"),
    *("pytest", "redis.asyncio", "schemathesis.openapi", "schemathesis.specs.openapi.schemas"),
    *("sqlmodel.ext.asyncio.session", "uvicorn"),
]


def main(blueprint: str, projects: list[str]) -> dict[str, str]:
    for name in PACKAGES:
        import_module(name)
    sys.path.insert(0, blueprint)
    folder = Path(tempfile.mkdtemp(prefix="trial-"))
    services = import_module("src.embedded").acquire(folder, disposable=True)
    for name in [name for name in sys.modules if name.partition(".")[0] == "src"]:
        del sys.modules[name]
    sys.path.remove(blueprint)
    gc.freeze()
    tasks = [
        (project, services.database_url, f"trial_{number}", services.redis_url)
        for number, project in enumerate(projects)
    ]
    try:
        fork = multiprocessing.get_context("fork")
        with fork.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
            results = pool.starmap(try_out, tasks, chunksize=1)
    finally:
        services.release()
    return {project: why for project, why in zip(projects, results, strict=True) if why}


def try_out(project: str, server: str, database: str, redis_url: str) -> str:
    """Return what is wrong with a project; empty if nothing is."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            asyncio.run(execute(server, f"CREATE DATABASE {database}"))
            settle(project)
            os.environ.update(DATABASE_URL=url_of(server, database), REDIS_URL=redis_url)
            import_everything()
            assert import_module("importlinter.cli").lint_imports(no_cache=True) == 0
            migrate()
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, it is told
        return f"{said.getvalue()}\n{traceback.format_exc()}"
    return ""


def url_of(server: str, database: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


async def execute(server: str, statement: str) -> None:
    url = url_of(server, "postgres").replace("+asyncpg", "", 1)
    connection = await import_module("asyncpg").connect(url)
    await connection.execute(statement)
    await connection.close()


def settle(project: str) -> None:
    """Go there, and take the settings of its tests."""
    os.chdir(project)
    sys.path.insert(0, project)
    import_module("tests.environment").isolate()


def import_everything() -> None:
    """All modules are there, and agree on routes and settings."""
    for folder in ("src", "tests"):
        for path in sorted(Path(folder).rglob("*.py")):
            if path.name != "__main__.py":
                import_module(".".join(path.with_suffix("").parts))
    assert import_module("src.main").app.openapi()["paths"]
    settings, routes = import_module("tests.test_config"), import_module("tests.test_routes")
    settings.test_env_example_names_exactly_the_variables_there_are()
    routes.test_every_route_is_in_the_matrix()


def migrate() -> None:
    """The revisions are one chain, lead to what the models say, and back."""
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config("alembic.ini")
    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "base")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2:])))
