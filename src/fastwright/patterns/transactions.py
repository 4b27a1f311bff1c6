"""transactions: one a request, committed before the answer is sent."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield what hands out sessions, then where transactions are begun, committed, taken back."""
    yield from sightings.sessions(application)
    for method in ("commit", "rollback", "begin", "begin_nested"):
        names = [f"{session}.{method}" for session in sightings.SESSIONS]
        yield from sightings.calls(application, names, "calls `{}`")


PATTERN = Pattern(
    question="Where do I commit, and how do I handle transactions?",
    answer=(
        "One session and one transaction per request, opened and closed by a dependency. Services "
        "change objects and flush; they never commit, so that several of them can take part in "
        "one request and all of it holds or none. Commit before the answer is sent: a client must "
        "never hear of a write that then fails. Any error rolls back."
    ),
    parts=(
        Part(
            'The dependency owns the transaction; `scope="function"` ends it before the '
            "response is sent.",
            "src/database.py",
            ("get_session", "DbSession"),
        ),
        Part(
            "The same for code outside of a request: a job, a script.",
            "src/database.py",
            ("transaction",),
        ),
        Part(
            "A service works in the transaction of whoever hands it the `session`, and does not "
            "commit.",
            "src/posts/service.py",
            ("delete_post",),
        ),
    ),
    otherwise=(
        "What has to survive a failing request commits on its own, in a session of its own: "
        "revoking a stolen session, counting an attempt. Long work does not belong into a "
        "request's transaction at all: enqueue a job."
    ),
    keywords=(
        "transaction commit rollback flush unit of work atomic session begin savepoint nested "
        "integrity save database write repository service"
    ),
    practices=("database/async-session", "database/no-query-in-loop"),
    places=places,
)
