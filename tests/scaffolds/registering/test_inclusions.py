"""Routers are included behind those that are, wherever that is."""

import pytest

from fastwright.scaffolds.registering import inclusions

CASES = {
    "behind the last": (
        "app.include_router(a)\napp.include_router(b, prefix='/b')  # b\nrun()\n",
        (
            "app.include_router(a)\napp.include_router(b, prefix='/b')  # b\n"
            "app.include_router(new)\nrun()\n"
        ),
    ),
    "over several lines": (
        "app.include_router(\n    a,\n)\n",
        "app.include_router(\n    a,\n)\napp.include_router(new)\n",
    ),
    "in a factory": (
        "def make():\n    app = FastAPI()\n    app.include_router(a)\n    return app\n",
        (
            "def make():\n    app = FastAPI()\n    app.include_router(a)\n"
            "    app.include_router(new)\n    return app\n"
        ),
    ),
    "the first": (
        "app = FastAPI(\n    title='é',\n)\nx = 1\n",
        "app = FastAPI(\n    title='é',\n)\napp.include_router(new)\nx = 1\n",
    ),
    "without a line end": ("app = FastAPI()", "app = FastAPI()\napp.include_router(new)\n"),
    "there already": ("app.include_router( new )\n", "app.include_router( new )\n"),
    "of others": (
        "other.include_router(a)\napp = FastAPI()\n",
        "other.include_router(a)\napp = FastAPI()\napp.include_router(new)\n",
    ),
}


def test_one_with_a_prefix_comes_behind_those_that_have_one() -> None:
    before = b"app.include_router(a, prefix='/a')\napp.include_router(pages)\n"

    after = inclusions.include(before, "app", "new, prefix='/new'")

    assert after == (
        b"app.include_router(a, prefix='/a')\napp.include_router(new, prefix='/new')\n"
        b"app.include_router(pages)\n"
    )


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_a_router_is_included_once(before: str, after: str) -> None:
    once = inclusions.include(before.encode(), "app", "new")

    assert once == after.encode()
    assert inclusions.include(once, "app", "new") == once


@pytest.mark.parametrize(
    "text",
    [
        "for each in all:\n    app.include_router(each)\n",
        "if debug:\n    app.include_router(a)\n",
        "x = 1\n",
        "app = FastAPI()\napp = wrap(app)\n",
    ],
)
def test_where_it_is_not_certain_nothing_is_said(text: str) -> None:
    assert inclusions.include(text.encode(), "app", "new") is None
