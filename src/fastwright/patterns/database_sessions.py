"""database-sessions: one engine a process, one session a request."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_MAKERS = (
    "sqlalchemy.create_engine",
    "sqlmodel.create_engine",
    "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.ext.asyncio.async_sessionmaker",
    "asyncpg.create_pool",
    "databases.Database",
    "motor.motor_asyncio.AsyncIOMotorClient",
)


def places(application: Application) -> Iterator[Step]:
    """Yield where engines, pools and session makers are made, and what hands out sessions."""
    yield from sightings.calls(application, _MAKERS, "makes one with `{}`")
    yield from sightings.sessions(application)


PATTERN = Pattern(
    question="How do I set up the database engine and hand out sessions?",
    answer=(
        "Make the engine (or pool) once per process, in the lifespan, and close it there. Hand out "
        "a session per request by a dependency with an `Annotated` alias. Use an async driver and "
        "`AsyncSession` in async routes; one session is for one task at a time."
    ),
    parts=(
        Part("The engine's settings in one place.", "src/database.py", ("create_engine",)),
        Part(
            "The lifespan opens what the process shares, and closes it.",
            "src/main.py",
            ("lifespan",),
        ),
        Part("A session per request.", "src/database.py", ("get_session", "DbSession")),
    ),
    otherwise=(
        "An application that only uses a synchronous driver is sound with plain `def` routes: "
        "FastAPI runs them in threads. Hot reads may go around the ORM with prepared statements."
    ),
    keywords=(
        "database session engine pool connection sessionmaker asyncsession create_engine get_db "
        "sqlalchemy sqlmodel setup connect lifespan missinggreenlet greenlet expire "
        "lazy loading"
    ),
    practices=("database/async-session", "lifecycle/lifespan"),
    places=places,
)
