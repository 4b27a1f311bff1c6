"""background-jobs: what may wait is promised in the transaction, and done by a worker."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_CALLS = (
    "fastapi.BackgroundTasks.add_task",
    "starlette.background.BackgroundTasks.add_task",
    # What a decorated task becomes, also those of dramatiq and taskiq.
    "celery.app.task.Task.delay",
    "celery.app.task.Task.apply_async",
    "celery.app.task.Task.send",
    "celery.app.task.Task.kiq",
    "celery.Celery.send_task",
    "arq.connections.ArqRedis.enqueue_job",
    "rq.Queue.enqueue",
    "rq.Queue.enqueue_call",
    "pgqueuer.queries.Queries.enqueue",
    "pgqueuer.adapters.persistence.queries.Queries.enqueue",
    "asyncio.create_task",
)


def places(application: Application) -> Iterator[Step]:
    """Yield where work is put off."""
    yield from sightings.calls(application, _CALLS, "puts work off with `{}`")


PATTERN = Pattern(
    question="How do I run work in the background?",
    answer=(
        "Ask what happens when the process dies right after the answer. If nothing is lost that "
        "anybody misses, use `BackgroundTasks`. Otherwise enqueue a durable job in the request's "
        "own transaction, so that it is there exactly when the write is, and let a worker do it. "
        "A job may run twice: make it come to the same end, by a key that is the same each time."
    ),
    parts=(
        Part(
            "Good to lose: a line in a log, after the response.",
            "src/posts/router.py",
            ("get_user_post",),
        ),
        Part(
            "Not to lose: `enqueue` takes the session, so that the job is there exactly when the "
            "write is.",
            "src/emails/service.py",
            ("queue_email",),
        ),
        Part("What a job knows of itself, its key among it.", "src/jobs.py", ("Work",)),
    ),
    otherwise=(
        "With Redis or RabbitMQ already there, Celery, arq or taskiq do as well; keep in mind that "
        "they do not commit together with your database. CPU-heavy work needs processes of its "
        "own wherever it is started."
    ),
    keywords=(
        "background job task queue worker celery arq rq dramatiq cron schedule periodic email "
        "send later async backgroundtasks retry durable outbox long running video upload process "
        "asynchronously nightly"
    ),
    practices=("async_routes/no-blocking-call", "async_routes/no-cpu-bound-work"),
    places=places,
)
