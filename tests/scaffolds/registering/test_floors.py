"""A domain stands above what it uses, and everything around it stays."""

import pytest

from fastwright.scaffolds.registering import floors
from fastwright.scaffolds.splicing import CannotBePutError

BEFORE = """\
# é
[[tool.importlinter.contracts]]
type = "layers"
containers = ["src"]
layers = [
    "main",
    "posts",  # busy
    "notes | users",
    "(auth)",
]

[[tool.importlinter.contracts]]
type = "layers"
containers = [
    "src.auth",
    "src.users",
]
layers = ["(router)", "(models)"]

[tool.other]
x = 1
"""


def test_a_domain_is_a_layer_and_a_container() -> None:
    after = floors.add(BEFORE, "tags", "src", {"users", "auth"})

    assert after == BEFORE.replace(
        '    "notes | users"', '    "tags",\n    "notes | users"'
    ).replace('    "src.users"', '    "src.tags",\n    "src.users"')
    assert floors.add(after, "tags", "src", {"users", "auth"}) == after


def test_a_domain_stands_above_all_that_it_uses() -> None:
    after = floors.add(BEFORE, "tags", "src", {"auth", "posts"})

    assert '"main",\n    "tags",\n    "posts"' in after


def test_a_project_without_contracts_stays_as_it_is() -> None:
    assert floors.add("[project]\n", "tags", "src", {"users"}) == "[project]\n"


@pytest.mark.parametrize("text", ["[project\n", BEFORE.replace("auth", "login")])
def test_where_it_is_not_certain_nothing_is_put(text: str) -> None:
    with pytest.raises(CannotBePutError):
        floors.add(text, "tags", "src", {"auth"})
