"""Random domains in projects of ours are clean, migrate there and back, and pass their tests."""

from pathlib import Path

import pytest

from fastwright.scaffolds import autogenerate, servers
from tests.scaffolds.making import PYTHON, assert_clean, assert_passes, made
from tests.scaffolds.random_domains import drawn, put

COUNT = 300
SAMPLE = 4
AT_ONCE = 12  # in one project: as many as share the time that its checks take


def test_some_of_them_are_clean(tmp_path: Path) -> None:
    root = made(tmp_path)
    for domain in drawn(COUNT)[COUNT - SAMPLE :]:
        put(root, domain)

    assert_clean(root)


@pytest.mark.verify
@pytest.mark.parametrize("start", range(0, COUNT, AT_ONCE))
def test_all_of_them_migrate_and_pass_their_own_tests(tmp_path: Path, start: int) -> None:
    root = made(tmp_path)
    found = [put(root, domain) for domain in drawn(COUNT)[start : start + AT_ONCE]]

    assert_clean(root)
    with servers.of_the_house(root, PYTHON) as variables:
        revision = autogenerate.write(
            root,
            PYTHON,
            ini="alembic.ini",
            message="Add domains",
            name="9999_domains",
            variables=variables,
        )
    assert revision is not None
    assert_passes(root, *(f"tests/{domain.name}" for domain in found))
