"""The blueprint departs from no practice, and the good form of each practice occurs in it."""

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from fastwright import catalogue
from fastwright.application import application, understanding
from fastwright.application.application import Application
from fastwright.reviews import suppressions
from fastwright.verbs import review
from tests.practices.departures import DEPARTURES
from tests.practices.good_forms import FORMS

BLUEPRINT = Path(__file__).parents[2] / "blueprint"
PRACTICES = [name for name in catalogue.names() if name != suppressions.NAME]
# Prints what FastAPI serves that is a function of the blueprint: no mounts, no own document.
SERVED = """\
import json, os
from tests.environment import SETTINGS, ignore_env_file
os.environ.update(SETTINGS)
ignore_env_file()
from fastapi.routing import iter_route_contexts
from src.main import create_app
routes = [each for each in iter_route_contexts(create_app().routes) if each.endpoint]
print(json.dumps([
    [method, each.path] for each in routes
    if each.endpoint.__module__.startswith("src.") for method in each.methods
]))
"""


@cache
def _blueprint() -> Application:
    return application.read(BLUEPRINT, use_cache=False)


@cache
def _spoiled_blueprint() -> Application:
    texts = {
        path.relative_to(BLUEPRINT).as_posix(): path.read_text()
        for folder in ("alembic", "src", "tests")
        for path in (BLUEPRINT / folder).rglob("*.py")
    }
    for name in ("alembic.ini", "pyproject.toml"):
        texts[name] = (BLUEPRINT / name).read_text()
    for change in (each for changes in DEPARTURES.values() for each in changes):
        text = texts.get(change.path, "")
        assert change.old in text, change
        texts[change.path] = text.replace(change.old, change.new, 1)
    return application.read_texts(texts)


def test_the_blueprint_departs_from_no_practice() -> None:
    found = review.review((BLUEPRINT,), review.Options(only=tuple(PRACTICES)))
    assert [f"{each.at.path}:{each.at.line} {each.message}" for each in found.findings] == []
    assert found.practices.keys() == set(PRACTICES)
    assert (found.failures, found.unreadable, found.suppressed) == ((), (), 0)


def test_all_of_the_blueprint_was_understood() -> None:
    summary = understanding.summary(_blueprint())
    assert summary["resolved"] >= 0.95 * summary["calls"] > 0
    assert understanding.unknowns(_blueprint()) == []


def test_its_routes_are_those_that_fastapi_serves() -> None:
    """Without mounts, and without the OpenAPI document, which is FastAPI's own."""
    ran = subprocess.run(
        [BLUEPRINT / ".venv/bin/python", "-c", SERVED],
        cwd=BLUEPRINT,
        env={"PYTHONPATH": str(BLUEPRINT)},
        check=True,
        capture_output=True,
        text=True,
    )
    served = sorted((method, path) for method, path in json.loads(ran.stdout))
    read = [
        (method, registration.path)
        for route in _blueprint().routes
        for registration in route.registrations
        for method in route.methods
    ]
    assert sorted(read, key=str) == served


@pytest.mark.parametrize("name", PRACTICES)
def test_the_good_form_occurs(name: str) -> None:
    form = FORMS[name]
    assert form(_blueprint()), form.__doc__


def test_there_is_a_form_and_a_departure_for_each_practice() -> None:
    assert sorted(FORMS) == sorted(PRACTICES)
    assert sorted(DEPARTURES) == sorted(PRACTICES)


@pytest.mark.parametrize("name", PRACTICES)
def test_a_departure_would_be_found(name: str) -> None:
    """In a blueprint that departs from all of them at once."""
    assert list(catalogue.find(name).check(_spoiled_blueprint()))
