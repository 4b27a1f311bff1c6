"""What is taken out of the blueprint's files, and how they look afterwards."""

from pathlib import PurePosixPath

import pytest

from fastwright.projects import blueprint
from fastwright.projects.domains import PARTS
from fastwright.projects.pruning import MarkerError, owners, pruned

NONE: frozenset[str] = frozenset()
POSTS = frozenset({"posts"})


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("src/posts/router.py", {"posts"}),
        ("tests/posts/__init__.py", {"posts"}),
        ("templates/emails/posts/digest.html", {"posts"}),
        ("tests/test_cache.py", {"cache"}),
        ("tests/attacks/test_posts_in_lists.py", {"posts"}),
        ("tests/posts/test_cache.py", {"posts", "cache"}),
        ("alembic/versions/2026-11-23_add_posts_and_likes.py", {"posts"}),
        ("alembic/versions/2026-11-23_add_accounts.py", set()),
        ("src/postscript.py", set()),
        ("src/main.py", set()),
    ],
)
def test_a_file_belongs_to_the_parts_that_its_path_names(path: str, parts: set[str]) -> None:
    assert owners(PurePosixPath(path)) == parts


@pytest.mark.parametrize(
    ("text", "with_posts", "without"),
    [
        ("a\n# [posts]\nb\n# [/posts]\nc\n", "a\nb\nc\n", "a\nc\n"),
        ("a\nb  # [posts]\nc\n", "a\nb\nc\n", "a\nc\n"),
        ("b  # why  # [posts]\nc\n", "b  # why\nc\n", "c\n"),
        ("    # [posts]\n    b\n    # [/posts]\n", "    b\n", ""),
        ("| b | <!-- [posts] -->\n", "| b |\n", ""),
        ("<!-- [posts] -->\nb\n<!-- [/posts] -->\n", "b\n", ""),
        ("// [posts]\nb\n// [/posts]\nc", "b\nc", "c"),
        ("/* [posts] */\nb\n/* [/posts] */\nc", "b\nc", "c"),
        ("{# [posts] #}\nb\n{# [/posts] #}\nc", "b\nc", "c"),
        ("a\nb  # [posts, cache]\n", "a\n", "a\n"),
        ("a\nb  # [posts | cache]\n", "a\nb\n", "a\n"),
        ("a\nb  # [blueprint]\n", "a\n", "a\n"),
        (
            "# [posts]\nb\n# [cache]\nc\n# [/cache]\nd  # [posts]\n# [/posts]\n",
            "b\nd\n",
            "",
        ),
        (
            "no marker: # [posts] here\n",
            "no marker: # [posts] here\n",
            "no marker: # [posts] here\n",
        ),
        ("\n\na\n\n\n", "\n\na\n\n\n", "\n\na\n\n\n"),
    ],
)
def test_a_marked_text_is_there_for_its_parts(text: str, with_posts: str, without: str) -> None:
    assert pruned(text, POSTS) == with_posts
    assert pruned(text, NONE) == without


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("a\n\n\n", "\n\nc\n", "a\n\n\nc\n"),
        ("a\n\n", "\n\nc\n", "a\n\n\nc\n"),
        ("a\n\n", "c\n", "a\n\nc\n"),
        ("a\n", "\n\nc\n", "a\n\n\nc\n"),
        ("a\n", "c\n", "a\nc\n"),
        ("a\n\n", "", "a\n"),
        ("", "\n\nc\n", "c\n"),
    ],
)
def test_what_is_around_a_gap_closes_up(before: str, after: str, left: str) -> None:
    assert pruned(f"{before}# [posts]\nb\n# [/posts]\n{after}", NONE) == left


@pytest.mark.parametrize(
    "text",
    [
        "# [posts]\na\n",
        "a\n# [/posts]\n",
        "# [posts]\n# [cache]\n# [/posts]\n# [/cache]\n",
        "# [posts]\na\n# [/cache]\n",
        "a  # [/posts]\n",
        "# [poets]\na\n# [/poets]\n",
        "a  # [posts | poets]\n",
    ],
)
def test_a_marker_that_makes_no_sense_is_an_error(text: str) -> None:
    with pytest.raises(MarkerError):
        pruned(text, PARTS)


def test_every_marker_of_the_blueprint_makes_sense() -> None:
    for path in blueprint.files():
        text = (blueprint.root() / path).read_text(encoding="utf-8")
        try:
            pruned(text, PARTS)
        except MarkerError as error:
            pytest.fail(f"{path}: {error}")
