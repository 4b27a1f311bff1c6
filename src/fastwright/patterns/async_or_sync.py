"""async-or-sync: what waits decides, not taste."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.application.entries import Role
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_RUNNERS = (
    "starlette.concurrency.run_in_threadpool",
    "fastapi.concurrency.run_in_threadpool",
    "asyncio.to_thread",
    "anyio.to_thread.run_sync",
    "asyncer.asyncify",
)


def places(application: Application) -> Iterator[Step]:
    """Yield the plain functions that run in threads, and where threads are asked for."""
    yield from sightings.calls(application, _RUNNERS, "hands work to a thread with `{}`")
    for entry in application.entries:
        function = entry.function
        if entry.role is Role.ROUTE and not function.is_async:
            place = function.module.place(function.node)
            yield place.step(f"`{function.qualified_name}` is a plain `def`: it runs in a thread")


PATTERN = Pattern(
    question="Should a route be async def or def?",
    answer=(
        "`async def` if everything it waits for is awaited; plain `def` if it calls something that "
        "blocks: FastAPI then runs it in a thread. The one thing that must never happen is a "
        "blocking call inside `async def`: the event loop stands still, and with it every other "
        "request of the process. Threads are few (40 by default), and they do not help with "
        "computing: that goes to another process. Measured, 100 requests at once that each wait "
        "0.1 s: awaiting takes about 0.2 s in all, plain `def` 0.3 s, and blocking in `async def` "
        "10 s, some 50 times as long. Computing takes the same in both, and in two processes "
        "little more than half. `python benchmarks/pings.py` in a checkout measures it."
    ),
    parts=(
        Part(
            "Awaiting all the way down: the route, the dependency and the driver.",
            "src/posts/dependencies.py",
            ("valid_post_id",),
        ),
        Part(
            "Work that blocks or computes is handed to a thread where it is called, with a limit "
            "of its own.",
            "src/auth/passwords.py",
            ("verify_password",),
        ),
        Part("Files are read in a thread.", "src/emails/mailbox.py", ("find_letters",)),
    ),
    otherwise=(
        "A codebase on a synchronous ORM is best with plain `def` throughout: mixing is where the "
        "mistakes are. Dependencies follow the same rule, and a plain `def` that waits for nothing "
        "costs a trip to a thread for nothing."
    ),
    keywords=(
        "async sync def await blocking event loop thread threadpool run_in_threadpool to_thread "
        "concurrency concurrent slow freeze hang hangs load requests time.sleep cpu bound process "
        "ping"
    ),
    practices=(
        "async_routes/no-blocking-call",
        "async_routes/no-cpu-bound-work",
        "async_routes/async-dependency",
    ),
    places=places,
)
