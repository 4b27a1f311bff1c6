"""The ground of the tests themselves: nobody's settings and nobody's data but their own."""

import os

from src.auth.config import auth_settings
from src.config import DATA_DIR, ROOT, database_settings
from tests.environment import SETTINGS, documented_variables, run_python, without_settings
from tests.servers import Urls


def test_the_settings_of_the_developer_are_left_behind() -> None:
    theirs = {"AUTH_JWT_SECRET": "x", "auth_jwt_secret": "x", "Debug": "true", "PATH": "/bin"}

    assert without_settings(theirs) == {"PATH": "/bin"}


def test_only_the_settings_of_the_tests_are_set() -> None:
    known = set(documented_variables())

    ours = {name for name in os.environ if name.upper() in known}

    assert ours == {*SETTINGS, "DATABASE_URL", "REDIS_URL"}
    assert auth_settings.jwt_secret.get_secret_value() == SETTINGS["AUTH_JWT_SECRET"]


def test_the_servers_are_not_those_of_the_project(urls: Urls) -> None:
    assert database_settings.url
    assert database_settings.url.get_secret_value() == urls.database
    assert str(DATA_DIR) not in f"{urls.database}{urls.redis}"


def test_a_process_of_its_own_has_no_settings_but_the_given_ones() -> None:
    code = (
        "import os, src.config; print(src.config.settings.app_name, 'DATABASE_URL' in os.environ)"
    )

    result = run_python(code, APP_NAME="Mine")

    assert result.stdout == "Mine False\n", result.stderr
    assert str(ROOT) not in result.stdout
