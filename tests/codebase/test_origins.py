"""A name leads back to the expression that it was given, through imports and classes."""

import pytest

from fastwright.source.syntax import Expression
from tests.codebase.reading import Read


def origin(read: Read, text: str, path: str = "app.py", name: str = "<module>") -> str | None:
    function = read.function(name, path)
    source = function.module.source
    node = [each for each in read.expressions(name, path) if source(each) == text][-1]
    assert isinstance(node, Expression)
    found = read.codebase.origin(node, function)
    return None if found is None else found[1].module.source(found[0])


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("x = [1]\nx\n", "x", "[1]"),
        ("x = [1]\ny = x\ny\n", "y", "[1]"),
        ("x: list = [1]\nx\n", "x", "[1]"),
        ("x = 1\nx = 2\nx\n", "x", "2"),
        ("x = 1\nx = 2\ny = x\ny\n", "y", "2"),
        ("class A:\n    x = 1\nA.x\n", "A.x", "1"),
        ("class A:\n    x = 1\nclass B(A): pass\nB().x\n", "B().x", "1"),
        ("x = y\ny = x\nx\n", "x", None),
        ("x = x\nx\n", "x", None),
        ("for x, y in z: pass\nx\n", "x", None),
        ("x = 1\nfor x, y in z: pass\nx\n", "x", None),
        ("x = 1\ny = [x for x, _ in z]\nw = x\nw\n", "w", "1"),
        ("x = 1\ny = lambda x: x + 1\nw = x\nw\n", "w", "1"),
        ("def x(): pass\nx\n", "x", None),
        ("gone\n", "gone", None),
        ("gone.attribute\n", "gone.attribute", None),
        ("1 + 1\n", "1 + 1", "1 + 1"),
    ],
)
def test_names_lead_to_expressions(text: str, name: str, expected: str | None) -> None:
    assert origin(Read(text), name) == expected


def test_imports_are_followed() -> None:
    read = Read(
        {
            "a.py": "x = ['here']\n",
            "b.py": "from a import x as y\n",
            "app.py": "from b import y\nimport a\ny\na.x\n",
        }
    )
    assert origin(read, "y") == "['here']"
    assert origin(read, "a.x") == "['here']"


@pytest.mark.parametrize("module", ["app", "b"])
def test_imports_in_circles_come_to_an_end(module: str) -> None:
    read = Read({"app.py": f"from {module} import x\nx\n", "b.py": "from app import x\n"})
    assert origin(read, "x") is None


def test_the_variable_of_a_comprehension_has_no_origin() -> None:
    assert origin(Read("x = 1\ny = [x for x in z]\n"), "x") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = [a, b]\nx\n", ["a", "b"]),
        ("x = (a, b)\nx\n", ["a", "b"]),
        ("y = [b]\nx = [a, *y, c]\nx\n", ["a", "b", "c"]),
        ("y = [b]\nx = [a] + y + [c]\nx\n", ["a", "b", "c"]),
        ("x = [a]\nx += [b]\nx\n", ["a", "b"]),
        ("x = [a]\nx = x + [b]\nx\n", ["a", "b"]),
        ("x = x + [b]\nx\n", ["b"]),
        ("x += [b]\nx\n", ["b"]),
        ("x = [*x]\nx\n", []),
        ("x = y + [a]\ny = x + [b]\nx\n", ["b", "a"]),
    ],
)
def test_lists_are_put_together(text: str, expected: list[str]) -> None:
    read = Read(text)
    function = read.function("<module>")
    node = [each for each in read.expressions() if function.module.source(each) == "x"][-1]
    assert isinstance(node, Expression)
    found = read.codebase.items(node, function)
    assert [scope.module.source(item) for item, scope in found] == expected
