"""The table in the blueprint's README: each thing of the brief, where it is, and what holds it."""

import ast
import re
from collections.abc import Iterator

import pytest

from fastwright.projects import blueprint

README = blueprint.root() / "README.md"
_TARGET = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str]]:
    """The cells of each row: of the brief, here, held by."""
    text = README.read_text(encoding="utf-8")
    table = text.partition("| Of the brief | Here | Held by |\n")[2].partition("\n\n")[0]
    cells = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    return [(brief.strip(), here.strip(), by.strip()) for brief, here, by in cells[1:]]


ROWS = rows()


def defined(tree: ast.Module) -> Iterator[str]:
    """Every name that a module gives, those of classes as `Class.name`."""
    for node in tree.body:
        yield from _names(node)
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                yield from (f"{node.name}.{name}" for name in _names(each))


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign(targets=targets):
            yield from (each.id for each in targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(name)):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (each.asname or each.name for each in aliases)


def fault(target: str) -> str | None:
    """Why a target leads nowhere: `path`, or `path::name` in it."""
    where, _, name = target.partition("::")
    path = blueprint.root() / where
    if not path.exists():
        return f"there is no {where}"
    if not name:
        return None
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return None if name in set(defined(ast.parse(text))) else f"{where} has no {name}"
    return None if name in text else f"{where} says nothing of {name}"


def test_the_table_is_whole() -> None:
    assert len(ROWS) > 80
    assert len({brief for brief, _, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("brief", "here", "by"), ROWS, ids=[row[0] for row in ROWS])
def test_each_row_leads_to_what_it_says(brief: str, here: str, by: str) -> None:
    for cell in (here, by):
        targets = _TARGET.findall(cell)
        assert targets, brief
        assert [told for target in targets if (told := fault(target))] == []


def test_a_row_that_leads_nowhere_is_noticed() -> None:
    assert fault("src/nowhere.py") == "there is no src/nowhere.py"
    assert fault("src/main.py::create_nothing") == "src/main.py has no create_nothing"
    assert fault("alembic.ini::nothing_of_it") == "alembic.ini says nothing of nothing_of_it"
