"""Free words find what they are about."""

import pytest

from fastwright import catalogue
from fastwright.verbs import search

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
    ],
)
def test_a_question_finds_its_answer(words: str, expected: str) -> None:
    assert next(iter(search.rank(words, PRACTICES, PATTERNS))) == expected


def test_what_nothing_is_about_has_no_answer() -> None:
    assert search.rank("kubernetes helm chart", PRACTICES, PATTERNS) == {}


def test_the_order_does_not_depend_on_the_run() -> None:
    first = list(search.rank("async database session", PRACTICES, PATTERNS).items())
    assert first == list(search.rank("async database session", PRACTICES, PATTERNS).items())
    assert first == sorted(first, key=lambda item: (-item[1], item[0]))
