"""A field, endpoints and a client in one project: all of it checks itself afterwards."""

from pathlib import Path

import pytest

from fastwright.scaffolds.language import parse
from fastwright.verbs import add
from fastwright.verbs.add import Target
from fastwright.verbs.review import review
from tests.scaffolds.making import PYTHON, assert_clean, assert_passes, made

FIELDS = (
    ("posts", "subtitle:str{120}?"),
    ("posts", "rating:int{1..5}=3"),
    ("posts", "kind:enum{news,essay}=news"),
    ("posts", "extra:json?"),
    ("posts", "slug:slug?:unique"),
    ("posts", "editor:ref[users]?:set-null"),
    ("posts", "sequel:ref[posts]?:unique"),
    ("comments", "mood:str{20}?"),
    ("comments", "about:ref[posts]?"),
)
ENDPOINTS = {
    ("posts", "POST", "/{post_id}/publish"): "publish_post",
    ("posts", "GET", "/stats"): "get_posts_stats",
    ("comments", "GET", "/posts/{post_id}/comments/count"): "get_comments_count",
    ("comments", "POST", "/{comment_id}/report"): "report_comment",
}


@pytest.mark.verify
def test_a_project_with_additions_checks_itself(tmp_path: Path) -> None:
    root = made(tmp_path, "comments")
    target = Target(root, python=PYTHON)
    tests = ["tests/test_migrations.py", "tests/test_openapi.py", "tests/weather"]

    for domain, text in FIELDS:
        plan = add.field(domain, parse(text), target)
        assert (plan.to_paste, plan.to_run) == ((), ())
        add.apply(plan)
        tests.append(f"tests/{domain}/test_{parse(text).column}.py")
    for asked, function in ENDPOINTS.items():
        add.apply(add.endpoint(*asked, target))
        tests.append(f"tests/{asked[0]}/test_{function}.py")
    add.apply(add.client("weather", target))

    assert_clean(root)
    assert review((root,)).findings == ()
    assert_passes(root, *tests, "tests/posts", "tests/comments")
