"""Fields that domains get later, in projects as `fastwright new` makes them."""

from pathlib import Path

import pytest

from fastwright.errors import (
    ConflictsError,
    ExistingRowsError,
    OptionError,
    UnknownDomainError,
)
from fastwright.scaffolds.draft import Outcome
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.new_fields import add_field
from tests.scaffolds.making import apply, made

COLUMNS = {
    "subtitle:str{120}?": (
        "    subtitle: str | None = Field(default=None, max_length=SUBTITLE_MAX_LENGTH)\n"
    ),
    "rating:int{1..5}=3": (
        '    rating: int = Field(default=3, sa_column_kwargs={"server_default": "3"})\n'
    ),
    "seen_at:datetime=now": (
        "    seen_at: datetime = Field(\n"
        "        default_factory=utc_now,\n"
        "        sa_type=UTCDateTime,\n"
        '        sa_column_kwargs={"server_default": func.now()},\n'
        "    )\n"
    ),
    "kind:enum{news,essay}=news": (
        "    kind: PostKind = Field(\n"
        "        default=PostKind.NEWS,\n"
        '        sa_type=stored_values(PostKind, "kind"),\n'
        '        sa_column_kwargs={"server_default": "news"},\n'
        "    )\n"
    ),
    "editor:ref[users]?:set-null": (
        "    editor_id: int | None = Field(\n"
        '        default=None, foreign_key="user_account.id", ondelete="SET NULL", '
        "sa_type=BigInteger\n"
        "    )\n"
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("project"), "comments")


def add(root: Path, domain: str, text: str, existing: str | None = None) -> Outcome:
    return add_field(root, domain, parse(text), existing_rows=existing)


def text_of(outcome: Outcome, path: str) -> str:
    return outcome.files[path].decode()


@pytest.mark.parametrize(("text", "column"), COLUMNS.items())
def test_the_model_gets_a_column_behind_the_others(project: Path, text: str, column: str) -> None:
    models = text_of(add(project, "posts", text), "src/posts/models.py")

    assert f'sa_type=stored_values(PostStatus, "status"))\n{column}' in models


def test_limits_of_numbers_are_conditions_of_the_table(project: Path) -> None:
    outcome = add(project, "posts", "rating:int{1..5}=3")

    condition = 'CheckConstraint(f"rating BETWEEN {RATING_MIN} AND {RATING_MAX}", "rating"),\n'
    assert condition in text_of(outcome, "src/posts/models.py")
    assert "RATING_MIN = 1\nRATING_MAX = 5\n" in text_of(outcome, "src/posts/constants.py")


def test_it_is_sent_changed_and_answered(project: Path) -> None:
    schemas = text_of(add(project, "posts", "subtitle:str{120}?"), "src/posts/schemas.py")

    create, update, summary = (
        schemas.split(f"class Post{name}(")[1].split("\n\n\n")[0]
        for name in ("Create", "Update", "Summary")
    )
    assert "    subtitle: Subtitle | None = None" in create
    assert "    subtitle: Subtitle | None = LEFT_OUT" in update
    assert "    status: PostStatus\n    subtitle: str | None\n    published_at:" in summary
    assert "Subtitle = Annotated[" in schemas.split("class PostCreate")[0]


@pytest.mark.parametrize(
    ("text", "listed", "schema"),
    [("subtitle:str?", "SUMMARY", "PostSummary"), ("notes:text?", "WHOLE", "PostResponse")],
)
def test_it_is_selected_where_it_is_answered(
    project: Path, text: str, listed: str, schema: str
) -> None:
    outcome = add(project, "posts", text)
    name = text.partition(":")[0]

    statements = text_of(outcome, "src/posts/statements.py")
    assert f"col(Post.{name})" in statements.split(f"\n{listed} = (")[1].split("\n)\n")[0]
    answered = text_of(outcome, "src/posts/schemas.py").split(f"class {schema}(")[1]
    assert f"    {name}: str | None" in answered.split("\n\n\n")[0]


def test_what_is_written_only_is_in_no_answer(project: Path) -> None:
    outcome = add(project, "posts", "secret:str?:write-only")

    assert "src/posts/statements.py" not in outcome.files
    answers = text_of(outcome, "src/posts/schemas.py").split("class PostSummary")[1]
    assert "secret" not in answers


def test_what_is_read_only_is_in_no_body(project: Path) -> None:
    outcome = add(project, "posts", "views:int:read-only=0")

    bodies = text_of(outcome, "src/posts/schemas.py").split("class PostSummary")[0]
    assert "views" not in bodies
    assert "tests/posts/routes.py" not in outcome.files


def test_the_tests_let_bodies_have_it_and_try_it(project: Path) -> None:
    outcome = add(project, "posts", "subtitle:str{120}?")

    assert '    "subtitle",\n' in text_of(outcome, "tests/posts/routes.py")
    tests = text_of(outcome, "tests/posts/test_subtitle.py")
    assert 'CREATE = ("POST", "/posts")' in tests
    assert '"x" * 121' in tests


def test_a_test_that_names_all_fields_of_an_answer_names_it_too(project: Path) -> None:
    lists = text_of(add(project, "posts", "subtitle:str?"), "tests/posts/test_lists.py")

    assert '        "updated_at",\n        "subtitle",\n    }\n' in lists


def test_what_is_deleted_and_keeps_its_place_is_emptied(project: Path) -> None:
    outcome = add(project, "comments", "mood:str{20}")

    assert "mood=None" in text_of(outcome, "src/comments/service.py")
    models = text_of(outcome, "src/comments/models.py")
    assert "mood: str | None = Field(default=None, max_length=MOOD_MAX_LENGTH)" in models


def test_where_changes_are_taken_over_one_by_one_it_is_too(project: Path) -> None:
    outcome = add(project, "comments", "mood:str{20}?")

    assert outcome.snippets == ()
    assert (
        '    if "mood" in changes.model_fields_set:\n'
        "        comment.mood = changes.mood\n"
        "        await session.flush()\n"
        '    if "body" in changes'
    ) in text_of(outcome, "src/comments/service.py")


def test_how_changes_are_taken_over_may_be_left_to_the_user(tmp_path: Path) -> None:
    root = made(tmp_path, "comments")
    service = root / "src/comments/service.py"
    service.write_text(
        service.read_text().replace('if "body" in changes', 'if "body" in fields_of')
    )

    (left,) = add(root, "comments", "mood:str{20}?").snippets

    assert left.path == "src/comments/service.py"
    assert "comment.mood = changes.mood" in left.text


@pytest.mark.parametrize("text", ["subtitle:str", "day:date", "email:email", "tags:list[str]{1..}"])
def test_nobody_knows_what_rows_get_that_are_there(project: Path, text: str) -> None:
    with pytest.raises(ExistingRowsError) as refused:
        add(project, "posts", text)

    assert refused.value.suggestion == f"{text}?"


@pytest.mark.parametrize(
    ("text", "stated", "sql"),
    [
        ("subtitle:str", "It's new", "'It''s new'"),
        ("rating:int{1..5}", "3", "3"),
        ("is_open:bool", "true", "true"),
        ("tags:list[str]", None, "'{}'"),
        ("data:json", None, "'{}'"),
        ("token:uuid", None, "gen_random_uuid()"),
    ],
)
def test_rows_that_are_there_get_what_is_said(
    project: Path, text: str, stated: str | None, sql: str
) -> None:
    outcome = add(project, "posts", text, stated)

    assert outcome.existing == {f"post.{text.partition(':')[0]}": sql}
    assert outcome.notes


def test_what_has_to_be_given_is_given_by_tests_and_seeds(project: Path) -> None:
    outcome = add(project, "posts", "rating:int{1..5}", "3")

    body = 'NEW_POST = {"title": "Title", "body": "Body", "rating": 1}\n'
    assert body in text_of(outcome, "tests/posts/routes.py")


def test_adding_it_again_changes_nothing(tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    for text in ("subtitle:str{120}?", "rating:int{1..5}=3", "kind:enum{news,essay}:index=news"):
        apply(root, add(root, "posts", text))
        assert add(root, "posts", text).files == {}


def test_a_domain_that_is_not_there_is_refused(project: Path) -> None:
    with pytest.raises(UnknownDomainError, match="There are: comments, posts") as refused:
        add(project, "post", "name")
    assert refused.value.suggestion == "posts"
    with pytest.raises(OptionError, match="which is no domain"):
        add(project, "posts", "tag:ref[tags]?")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title:str?", "posts has `title` already"),
        ("author:ref[users]?", "posts has `author_id` already"),
        ("author:str?", "`PostSummary` in src/posts/schemas.py has `author` already"),
    ],
)
def test_a_field_does_not_take_the_place_of_another(project: Path, text: str, reason: str) -> None:
    with pytest.raises(ConflictsError, match=reason):
        add(project, "posts", text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("slug:slug?:unique", '{"post_slug_key": PostSlugTaken}'),
        ("editor:ref[users]?", '"post_editor_id_fkey": partial(UnknownReference, "editor_id")'),
    ],
)
def test_requests_hear_what_a_broken_constraint_means(
    project: Path, text: str, meaning: str
) -> None:
    outcome = add(project, "posts", text)

    assert outcome.snippets == ()
    service = text_of(outcome, "src/posts/service.py")
    assert meaning in service
    flushes = service.count("await session.flush()")
    assert service.count("with meaning(BROKEN):\n") == flushes


def test_what_is_written_in_another_way_is_left_to_the_user(tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    service = root / "src/posts/service.py"
    service.write_text(service.read_text().replace("await session.flush()", "await write(session)"))

    (left,) = add(root, "posts", "slug:slug?:unique").snippets

    assert left.path == "src/posts/service.py"
    assert "post_slug_key" in left.text


@pytest.mark.parametrize(
    ("text", "deleted"),
    [
        ("editor:ref[users]?", "test_it_goes_with_what_it_leads_to"),
        ("sequel:ref[posts]?:set-null", "test_it_forgets_what_it_leads_to"),
    ],
)
def test_a_reference_has_tests_of_what_becomes_of_it(
    project: Path, text: str, deleted: str
) -> None:
    name = parse(text).column

    tests = text_of(add(project, "posts", text), f"tests/posts/test_{name}.py")

    assert f"async def {deleted}(" in tests
    assert '422, "unknown_reference"' in tests


def test_what_is_not_as_expected_is_left_to_the_user(tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    statements = root / "src/posts/statements.py"
    statements.write_text(statements.read_text().replace("    col(Post.created_at),\n", ""))

    outcome = add(root, "posts", "subtitle:str?")

    (left,) = outcome.snippets
    assert (left.path, left.text) == ("src/posts/statements.py", "    col(Post.subtitle),")
    assert "src/posts/models.py" in outcome.files
