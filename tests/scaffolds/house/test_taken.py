"""Names that something of a project has already, and what is said to whoever asks for them."""

import pytest

from fastwright.errors import ConflictsError, FastwrightError, ImpossibleNameError
from fastwright.scaffolds.language import parse
from fastwright.verbs import add
from fastwright.verbs.add import Target
from tests.scaffolds.making import made


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(made(tmp_path_factory.mktemp("project"), "posts", "media"))


@pytest.mark.parametrize(
    ("name", "reason", "suggestion"),
    [
        ("jobs", "src/jobs.py is there already", "custom_jobs"),
        ("emails", "src/emails/__init__.py is there already", "custom_emails"),
        ("auth", "src/auth/__init__.py is there already", "custom_auths"),
        ("users", "src/users/__init__.py is there already", "custom_users"),
        ("media", "There is a domain media already.", None),
    ],
)
def test_nothing_is_put_in_the_place_of_something_else(
    target: Target, name: str, reason: str, suggestion: str | None
) -> None:
    with pytest.raises(ImpossibleNameError) as refused:
        add.asked(name, ["title:str"], target)

    assert refused.value.message.startswith(reason)
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("fields", "suggestion"),
    [
        (["title:str{50}"], None),
        (["title:str", "subtitle:str{120}?"], "fastwright add field posts 'subtitle:str{120}?'"),
    ],
)
def test_who_asks_for_a_domain_that_is_there_hears_of_fields(
    target: Target, fields: list[str], suggestion: str | None
) -> None:
    with pytest.raises(ConflictsError) as refused:
        add.domain(add.asked("posts", fields, target), target)

    assert refused.value.message.startswith("There is a domain posts already.")
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize("kind", ["fields", "endpoints", "clients"])
def test_other_projects_are_told_what_is_not_for_them(target: Target, kind: str) -> None:
    plain = Target(target.path / "src")
    (target.path / "src/pyproject.toml").write_text("")
    asked = {
        "fields": lambda: add.field("posts", parse("title"), plain),
        "endpoints": lambda: add.endpoint("posts", "GET", "/count", plain),
        "clients": lambda: add.client("weather", plain),
    }

    with pytest.raises(FastwrightError, match=f"and {kind} are for such projects so far"):
        asked[kind]()
