"""Code is put between other code, however that is written."""

import pytest

from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignment,
    behind,
    definition,
    into,
    parse,
)

PUT = {
    "()": "(new)",
    "[]": "[new]",
    "(a,)": "(a, new)",
    "(a, b)": "(a, b, new)",
    "(a, b,)": "(a, b, new)",
    "[a]": "[a, new]",
    "[a,  # one\n]": "[a, new  # one\n]",
    "(\n    a,\n    b,\n)": "(\n    a,\n    b,\n    new,\n)",
    "(\n    a,\n    b\n)": "(\n    a,\n    b,\n    new,\n)",
    "[\n    b,  # two\n    # three\n]": "[\n    b,  # two\n    new,\n    # three\n]",
    "(\n    a,\n    b  # two\n)": "(\n    a,\n    b,  # two\n    new,\n)",
    "(\n    a,\n    b)": "(\n    a,\n    b,\n    new)",
    "[\n  a, b,\n]": "[\n  a, b, new\n]",
    "[\n\ta,\n]": "[\n\ta,\n\tnew,\n]",
    "(\r\n    a,\r\n)": "(\r\n    a,\r\n    new,\r\n)",
    "('ä', 'ö')": "('ä', 'ö', new)",
    "f(a, b=1)": "f(a, b=1, new)",
    "{'a': 1}": "{'a': 1, new}",
}


def value_of(text: bytes) -> Node:
    found = assignment(parse(text), "x")
    value = found.child_by_field_name("right") if found else None
    assert value is not None
    return value.child_by_field_name("arguments") or value


@pytest.mark.parametrize(("before", "after"), PUT.items())
def test_an_element_is_put_at_the_end(before: str, after: str) -> None:
    text = f"x = {before}\ny = 1\n".encode()

    assert into(text, value_of(text), "new").decode() == f"x = {after}\ny = 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(a, b)", "(a, new, b)"),
        ("(\n    a,  # one\n    b,\n)", "(\n    a,  # one\n    new,\n    b,\n)"),
        ("(\n    a, b,\n)", "(\n    a, new, b,\n)"),
    ],
)
def test_an_element_is_put_behind_another(before: str, after: str) -> None:
    text = f"x = {before}\n".encode()
    value = value_of(text)

    put = into(text, value, "new", after=value.named_children[0])

    assert put.decode() == f"x = {after}\n"


@pytest.mark.parametrize("value", ["a, b", "a"])
def test_without_brackets_nothing_is_put(value: str) -> None:
    text = f"x = {value}\n".encode()

    with pytest.raises(CannotBePutError):
        into(text, value_of(text), "new")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A:\n    a: int\n", "class A:\n    a: int\n    new: int\n"),
        ("class A:\n\ta = 1  # one", "class A:\n\ta = 1  # one\n\tnew: int"),
        (
            "class A:\n    a = f(\n        1\n    )\n\n    def b(): ...\n",
            "class A:\n    a = f(\n        1\n    )\n    new: int\n\n    def b(): ...\n",
        ),
    ],
)
def test_a_statement_is_put_below_another(before: str, after: str) -> None:
    text = before.encode()
    found = definition(parse(text), "A")
    body = found.child_by_field_name("body") if found else None
    assert body is not None

    assert behind(text, body.named_children[0], "new: int").decode() == after


@pytest.mark.parametrize("text", ["a = 1; b = 2\n", "b = 2; a = 1\n"])
def test_a_statement_that_shares_its_line_gets_no_neighbour(text: str) -> None:
    found = assignment(parse(text.encode()), "a")
    assert found is not None

    with pytest.raises(CannotBePutError):
        behind(text.encode(), found, "new = 1")
