"""An element more, however the collection is written."""

import pytest

from fastwright.scaffolds.registering import collections
from fastwright.scaffolds.splicing import CannotBePutError

CASES = {
    "trailing comma": ("D = (\n    a,\n    b,\n)\n", "D = (\n    a,\n    b,\n    new,\n)\n"),
    "no trailing comma": ("D = [\n    a,\n    b\n]\n", "D = [\n    a,\n    b,\n    new,\n]\n"),
    "comment behind": (
        "D = (\n    a,  # first\n    b,  # é\n)\n",
        "D = (\n    a,  # first\n    b,  # é\n    new,\n)\n",
    ),
    "comment behind, no comma": (
        "D = (\n    a,\n    b  # last\n)\n",
        "D = (\n    a,\n    b,  # last\n    new,\n)\n",
    ),
    "comment below": (
        "D = (\n    a,\n    # the end\n)\n",
        "D = (\n    a,\n    new,\n    # the end\n)\n",
    ),
    "bracket on the last line": ("D = [a,\n     b]\n", "D = [a,\n     b,\n     new]\n"),
    "one line": ("D = [a, b]\n", "D = [a, b, new]\n"),
    "one of a tuple": ("D = (a,)\n", "D = (a, new)\n"),
    "empty list": ("D = []\n", "D = [new]\n"),
    "empty tuple": ("D = ()\n", "D = (new,)\n"),
    "annotated": ("D: tuple[R, ...] = (a,)\n", "D: tuple[R, ...] = (a, new)\n"),
    "line ends of Windows": (
        "D = (\r\n    a,\r\n)\r\n",
        "D = (\r\n    a,\r\n    new,\r\n)\r\n",
    ),
    "there already": ("D = (\n    a,\n    new,\n)\n", "D = (\n    a,\n    new,\n)\n"),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_an_element_is_added_once(before: str, after: str) -> None:
    once = collections.append(before.encode(), "D", "new")

    assert once == after.encode()
    assert collections.append(once, "D", "new") == once


def test_a_dict_gets_an_entry() -> None:
    before = b"ROUTES = {\n    **posts.ROUTES,\n    **DOCS,\n}\n"

    after = collections.append(before, "ROUTES", "**tags.ROUTES")

    assert after == b"ROUTES = {\n    **posts.ROUTES,\n    **DOCS,\n    **tags.ROUTES,\n}\n"


@pytest.mark.parametrize(
    "text",
    [
        "D = a + b\n",
        "D = tuple(x for x in y)\n",
        "E = (a,)\n",
        "D = (a,)\nD = (b,)\n",
        "def f():\n    D = (a,)\n",
        "D = (a, ]\n",
    ],
)
def test_where_it_is_not_certain_nothing_is_put(text: str) -> None:
    with pytest.raises(CannotBePutError):
        collections.append(text.encode(), "D", "new")
