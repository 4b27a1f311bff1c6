"""Routes that are added to domains as `fastwright new` makes them."""

from pathlib import Path

import pytest

from fastwright.errors import ImpossibleRouteError, UnknownDomainError
from fastwright.scaffolds.draft import Outcome
from fastwright.scaffolds.endpoints import add_endpoint
from tests.scaffolds.making import apply, made

ROUTES = {
    # For its owner, as changing it is.
    ("posts", "POST", "/{post_id}/publish"): (
        '@router.post("/posts/{post_id}/publish", summary="Publish a post")\n'
        "async def publish_post(post: ChangeOwnPost) -> PostResponse:\n"
        "    return await service.publish_post(post=post)\n"
    ),
    # For everybody who reads it.
    ("posts", "GET", "/posts/{post_id}/history"): (
        '@router.get("/posts/{post_id}/history", summary="Read the history of a post")\n'
        "async def get_post_history(post: ReadPost) -> PostResponse:\n"
        "    return await service.get_post_history(post=post)\n"
    ),
    # About one's own.
    ("posts", "POST", "/import"): (
        '@router.post("/posts/import", summary="Import posts")\n'
        "async def import_posts(user: Writer, session: DbSession) -> PostsImport:\n"
        "    return await service.import_posts(session, author_id=user.id)\n"
    ),
    # Under what it lies under.
    ("comments", "GET", "/posts/{post_id}/comments/count"): (
        '@router.get("/posts/{post_id}/comments/count", summary="Read the count of comments")\n'
        "async def get_comments_count(\n"
        "    post: posts_dependencies.ReadPost, session: DbSession\n"
        ") -> CommentsCount:\n"
        "    return await service.get_comments_count(session, post_id=post.id)\n"
    ),
    # Of a router with a prefix.
    ("notifications", "GET", "/summary"): (
        '@router.get("/summary", summary="Read the summary of notifications")\n'
        "async def get_notifications_summary(user: Reader, session: DbSession) -> "
        "NotificationsSummary:\n"
        "    return await service.get_notifications_summary(session, user_id=user.id)\n"
    ),
    # Whoever may follow has to have a verified account: so it is asked for.
    ("profiles", "POST", "/{profile_id}/verify"): (
        '@router.post("/profiles/{profile_id}/verify", summary="Verify a profile")\n'
        "async def verify_profile(profile: ValidProfile, _: Follower) -> ProfileResponse:\n"
        "    return await service.verify_profile(profile=profile)\n"
    ),
}
IMPOSSIBLE = [
    ("POST", "/"),
    ("POST", "/{post_id}"),
    ("POST", "/posts"),
    ("FETCH", "/{post_id}/publish"),
    ("POST", "/{post-id}/publish"),
    ("POST", "/{post_id}/Publish"),
    ("POST", "/{post_id}/pub lish"),
    ("POST", "/{tag_id}/publish"),
    ("POST", "/{post_id}/{tag_id}/publish"),
    ("POST", "/{post_id}/create"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("project"), "comments", "profiles", "notifications")


def text_of(outcome: Outcome, path: str) -> str:
    return outcome.files[path].decode()


@pytest.mark.parametrize(("asked", "route"), ROUTES.items())
def test_a_route_is_for_whom_its_neighbours_are(
    project: Path, asked: tuple[str, str, str], route: str
) -> None:
    outcome = add_endpoint(project, *asked)

    assert outcome.snippets == ()
    assert route in text_of(outcome, f"src/{asked[0]}/router.py")


def test_the_service_gives_the_thing_back(project: Path) -> None:
    outcome = add_endpoint(project, "posts", "POST", "/{post_id}/publish")

    assert (
        "async def publish_post(*, post: VisiblePost) -> PostResponse:\n"
        '    """Publish a post: so far it is given back as it is."""\n'
        "    return post\n"
    ) in text_of(outcome, "src/posts/service.py")


def test_the_matrix_says_whom_it_is_for(project: Path) -> None:
    outcome = add_endpoint(project, "posts", "POST", "/{post_id}/publish")

    assert (
        '    ("POST", "/posts/{post_id}/publish"): '
        "Route(Access.OWNER, scope=Scope.POSTS_WRITE, **OWN),\n"
    ) in text_of(outcome, "tests/posts/routes.py")
    tests = text_of(outcome, "tests/posts/test_publish_post.py")
    assert '401, "not_authenticated"' in tests
    assert "ROUTES[KEY].foreign" in tests
    assert "404, str(ROUTES[KEY].missing)" in tests


def test_a_word_is_tried_before_the_parameter_that_would_take_it(project: Path) -> None:
    router = text_of(add_endpoint(project, "posts", "GET", "/stats"), "src/posts/router.py")

    assert router.index('"/posts/stats"') < router.index('"/posts/{post_id}"')


def test_adding_it_again_changes_nothing(project: Path, tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    apply(root, add_endpoint(root, "posts", "POST", "/{post_id}/publish"))

    assert add_endpoint(root, "posts", "post", "posts/{post_id}/publish/") == Outcome({})


@pytest.mark.parametrize(("method", "path"), IMPOSSIBLE)
def test_an_impossible_route_is_refused(project: Path, method: str, path: str) -> None:
    with pytest.raises(ImpossibleRouteError) as refused:
        add_endpoint(project, "posts", method, path)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("POST", "/post_id/publish", "/posts/{post_id}/publish"),
        ("POST", "/posts/:post_id/publish", "/posts/{post_id}/publish"),
        ("POST", "/<id>/publish", "/posts/{post_id}/publish"),
        ("POST", "/{posts_id}/publish", "/posts/{post_id}/publish"),
        ("POST", "/{post_id}/Publish It", "/posts/{post_id}/publish-it"),
        ("POST", "/{post_id}/{other_id}", "/posts/{post_id}/publish"),
        ("DELET", "/count", "DELETE"),
        ("FETCH", "/count", None),
    ],
)
def test_the_nearest_possible_route_is_shown(
    project: Path, method: str, path: str, nearest: str | None
) -> None:
    with pytest.raises(ImpossibleRouteError) as refused:
        add_endpoint(project, "posts", method, path)
    assert refused.value.suggestion == nearest


def test_a_domain_that_is_not_there_is_refused(project: Path) -> None:
    with pytest.raises(UnknownDomainError, match="There are: auth, comments") as refused:
        add_endpoint(project, "post", "GET", "/count")
    assert refused.value.suggestion == "posts"


def test_what_cannot_be_changed_safely_is_left_to_the_user(tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    matrix = root / "tests/posts/routes.py"
    matrix.write_text(matrix.read_text().replace("ROUTES: dict[Key, Route] = {", "R = {"))

    outcome = add_endpoint(root, "posts", "POST", "/{post_id}/publish")

    (left,) = outcome.snippets
    assert left.path == "tests/posts/routes.py"
    assert '("POST", "/posts/{post_id}/publish")' in left.text
    assert "src/posts/router.py" in outcome.files
