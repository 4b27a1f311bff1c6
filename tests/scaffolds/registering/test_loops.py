"""A router joins those that a loop includes."""

import pytest

from fastwright.scaffolds.registering import loops
from fastwright.scaffolds.splicing import CannotBePutError

_LOOP = "for each in {over}:\n    app.include_router(each, prefix='/api')\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            _LOOP.format(over="(posts.router, users)"),
            _LOOP.format(over="(posts.router, users, new)"),
        ),
        (
            "ROUTERS = [\n    posts,\n    users,  # all\n]\n" + _LOOP.format(over="ROUTERS"),
            (
                "ROUTERS = [\n    posts,\n    users,  # all\n    new,\n]\n"
                + _LOOP.format(over="ROUTERS")
            ),
        ),
    ],
)
def test_the_collection_grows(before: str, after: str) -> None:
    assert loops.include(before.encode(), "app", "new").decode() == after
    assert loops.include(after.encode(), "app", "new").decode() == after


@pytest.mark.parametrize(
    "text",
    [
        _LOOP.format(over="find_routers()"),
        _LOOP.format(over="[(posts, '/posts')]"),
        _LOOP.format(over="[posts]") * 2,
        "for each in [posts]:\n    app.include_router(other)\n",
        "for router, prefix in PAIRS:\n    app.include_router(router, prefix=prefix)\n",
        "app.include_router(posts)\n",
    ],
)
def test_what_is_not_certain_is_left(text: str) -> None:
    with pytest.raises(CannotBePutError):
        loops.include(text.encode(), "app", "new")
