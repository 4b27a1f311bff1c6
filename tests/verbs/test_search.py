"""Free words find what they are about."""

import pytest

from fastwright import catalogue
from fastwright.errors import NoAnswerError
from fastwright.verbs import search
from fastwright.verbs.explain import explain

PRACTICES, PATTERNS = catalogue.select(), catalogue.patterns()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("blocking call in async", "async_routes/no-blocking-call"),
        ("event loop blocked", "async_routes/no-blocking-call"),
        ("How should I structure my authentication dependencies?", "auth-dependencies"),
        ("how do I get the current user from a jwt token", "auth-dependencies"),
        ("where should I commit", "transactions"),
        ("rollback on error", "transactions"),
        ("how to paginate a list", "pagination"),
        ("offset pagination slow", "pagination"),
        ("cursor keyset", "pagination"),
        ("background tasks vs celery", "background-jobs"),
        ("run a cron job", "background-jobs"),
        ("send email after response", "background-jobs"),
        ("async def or def", "async-or-sync"),
        ("should this route be sync", "async-or-sync"),
        ("run_in_threadpool", "async-or-sync"),
        ("pydantic settings env", "settings"),
        ("where do environment variables go", "settings"),
        ("pytest async client", "testing"),
        ("override dependencies in tests", "testing"),
        ("project folder layout", "project-structure"),
        ("circular import between modules", "project-structure"),
        ("split a big app into domains", "project-structure"),
        ("hide private fields in the response", "serialization"),
        ("separate create and update schemas", "serialization"),
        ("exception handlers", "errors"),
        ("problem json 422", "errors"),
        ("MissingGreenlet", "database-sessions"),
        ("create engine once", "database-sessions"),
        ("get_db session dependency", "database-sessions"),
        ("check that the row belongs to the user", "ownership-checks"),
        ("fetch or 404", "ownership-checks"),
        ("alembic autogenerate", "migrations"),
        ("rate limiting login attempts", "rate-limits"),
        ("429 too many requests", "rate-limits"),
        ("N+1 queries", "database/no-query-in-loop"),
        ("query in a loop", "database/no-query-in-loop"),
        ("jwt secret hardcoded", "settings/no-hardcoded-secret"),
        ("sql injection f-string", "database/no-sql-formatting"),
        ("password hashing md5", "security/strong-password-hash"),
        ("cors wildcard credentials", "security/no-credentials-for-any-origin"),
        ("coroutine was never awaited", "async_routes/await-coroutine"),
        ("utcnow timezone", "schemas/aware-datetime"),
        ("on_event startup deprecated", "lifecycle/lifespan"),
        ("swagger docs in production", "security/docs-closed-in-production"),
        ("python-jose passlib unmaintained", "security/maintained-auth-libraries"),
        ("Annotated Depends", "dependencies/annotated-dependency"),
        ("route order shadowed", "rest/reachable-route"),
        ("default value computed once at import", "schemas/default-factory"),
        # Asked in other words than those that the answers were written with.
        ("how do I protect my endpoints", "auth-dependencies"),
        ("api key header auth", "auth-dependencies"),
        ("only admins may call this route", "auth-dependencies"),
        ("user can edit other users posts", "ownership-checks"),
        ("where do I call session.commit", "transactions"),
        ("unit of work", "transactions"),
        ("infinite scroll api", "pagination"),
        ("list endpoint returns everything", "database/bounded-list"),
        ("send an email without making the user wait", "background-jobs"),
        ("retry failed jobs", "background-jobs"),
        ("my api hangs under load", "async-or-sync"),
        ("my async route blocks other requests", "async_routes/no-blocking-call"),
        ("bcrypt blocks the event loop", "async_routes/no-blocking-call"),
        ("pandas in an endpoint", "async_routes/no-cpu-bound-work"),
        ("load config from .env", "settings"),
        ("secret key in source code", "settings/no-hardcoded-secret"),
        ("override get_db in pytest", "testing"),
        ("how to write integration tests", "testing"),
        ("RuntimeError: Event loop is closed in tests", "testing/async-test-client"),
        ("don't leak hashed password in response", "schemas/no-secret-in-response"),
        ("pydantic v2 from_attributes orm mode", "serialization"),
        ("folder structure for large fastapi app", "project-structure"),
        ("return consistent error format", "errors"),
        ("connection pool size", "database-sessions"),
        ("404 if not found dependency", "ownership-checks"),
        ("add column to existing table", "migrations"),
        ("alembic drops all tables", "migrations/import-all-models"),
        ("limit requests per ip", "rate-limits"),
        ("selectinload vs joinedload", "database/no-query-in-loop"),
        ("is passlib still ok", "security/maintained-auth-libraries"),
        ("users/me is captured by users/{id}", "rest/reachable-route"),
        ("SQLModel table as request body", "schemas/no-table-as-body"),
        ("run code on startup", "lifecycle/lifespan"),
        ("how do I upload files", "file-uploads"),
        ("save an UploadFile to s3", "file-uploads"),
        ("profile picture", "file-uploads"),
        ("jwt refresh tokens", "login-tokens"),
        ("log out and revoke tokens", "login-tokens"),
        ("access token expires too soon", "login-tokens"),
        ("redis cache", "caching"),
        ("when do I invalidate cached responses", "caching"),
        ("websocket", "live-updates"),
        ("server-sent events", "live-updates"),
        ("push notifications to the browser in real time", "live-updates"),
    ],
)
def test_a_question_finds_its_answer(words: str, expected: str) -> None:
    assert explain(words).best == expected


@pytest.mark.parametrize(
    "words",
    [
        "kubernetes helm chart",
        "docker deployment",
        "graphql",
        "?",
        "how do I",
    ],
)
def test_what_nothing_is_about_has_no_answer(words: str) -> None:
    with pytest.raises(NoAnswerError, match="Nothing here is about"):
        explain(words)


@pytest.mark.parametrize("words", ["shared http client", "stream a large file", "uuid primary key"])
def test_what_is_only_near_is_no_answer(words: str) -> None:
    answer = explain(words)
    assert answer.best is None
    assert set(answer.others) == {*answer.practices, *answer.patterns}


def test_the_words_of_practices_are_those_of_practices_that_there_are() -> None:
    assert set(search.KEYWORDS) <= set(PRACTICES)


def test_the_order_does_not_depend_on_the_run() -> None:
    first = list(search.rank("async database session", PRACTICES, PATTERNS).items())
    assert first == list(search.rank("async database session", PRACTICES, PATTERNS).items())
    assert first == sorted(first, key=lambda item: (-item[1].score, item[0]))
