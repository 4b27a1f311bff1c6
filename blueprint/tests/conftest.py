"""The ground of a test run: its own settings and servers, ready before the application is imported.

The process that was started by hand starts the servers; each worker has a database of its own
there, and a logical Redis database. The fixtures are in `tests/fixtures.py`.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.environment import isolate
from tests.servers import TEMPLATE, Servers, Urls, create_database

SERVERS = ("TESTS_DATABASE_URL", "TESTS_REDIS_URL")  # how workers hear of them

settings.register_profile(
    "check",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "verify", settings.get_profile("check"), max_examples=2000, derandomize=False
)
settings.load_profile("check")


def pytest_configure(config: pytest.Config) -> None:
    if "src.config" in sys.modules:
        raise pytest.UsageError("A conftest imports the application before it has settings.")
    isolate()
    worker = getattr(config, "workerinput", {}).get("workerid")
    if worker is None:
        servers = Servers()
        config.add_cleanup(servers.stop)
        os.environ.update(zip(SERVERS, (servers.urls.database, servers.urls.redis), strict=True))
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    if worker or not config.getoption("numprocesses"):
        name = f"worker_{number}"
        urls = Urls(*(os.environ[variable] for variable in SERVERS))
        create_database(urls, name, template=TEMPLATE)
        os.environ.update(urls.of(database=name, redis=number).variables)
        config.pluginmanager.import_plugin("tests.fixtures")
