"""Random domains in projects of every stack."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.plain.rendering import render
from fastwright.scaffolds.room import Orm
from tests.scaffolds.field_lists import domains
from tests.scaffolds.plain.projects import put_in, write_project
from tests.scaffolds.plain.running import check_style, check_types, run_tests
from tests.scaffolds.plain.stacks import Stack, stacks

_QUIET = settings(
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("stack", stacks()[:6:2], ids=str)
def test_random_domains_are_formatted_and_clean(
    tmp_path_factory: pytest.TempPathFactory, stack: Stack
) -> None:
    root = tmp_path_factory.mktemp("project")
    room = write_project(root, stack)

    @settings(_QUIET, max_examples=4)
    @given(domains(("users",), parents=("posts",)))
    def holds(domain: Domain) -> None:
        rendered = render(domain, room)
        for path, text in rendered.files.items():
            ast.parse(text)
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        check_style(root, list(rendered.files))

    holds()


@pytest.mark.verify
@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("stack", stacks(), ids=str)
def test_random_domains_run(tmp_path: Path, stack: Stack, number: int) -> None:
    room = write_project(tmp_path, stack)

    for domain in _several(number):
        rendered = render(domain, room)
        put_in(room, rendered)
        check_style(tmp_path, list(rendered.files))

    if stack.orm is not Orm.COLUMNS:  # of plain columns mypy knows no types
        check_types(tmp_path)
    assert " passed" in run_tests(tmp_path)


def _several(number: int) -> list[Domain]:
    """Return random domains of different names, which are others for every number."""
    drawn: dict[str, Domain] = {}

    @seed(number)
    @settings(_QUIET, derandomize=False, max_examples=60)
    @given(domains(("users",), parents=("posts",)))
    def draw(domain: Domain) -> None:
        if domain.name != "posts" and len(domain.fields) > 1:
            drawn[domain.name] = domain

    draw()
    return list(drawn.values())[:10]
