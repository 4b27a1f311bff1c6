"""The composition root: everything that the application is made of, put together in one place."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import TypedDict

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from redis.asyncio import Redis

from src.auth.router import router as auth_router
from src.aws.config import aws_settings  # [media]
from src.cache.reading import Cache  # [cache]
from src.comments.router import router as comments_router  # [comments]
from src.config import database_settings, redis_settings, refuse_unsafe_start, settings
from src.database import Database, open_database
from src.emails.config import mail_settings
from src.emails.router import router as mailbox_router
from src.health.router import router as health_router
from src.limits import RateLimits
from src.logs import configure_logging
from src.media.files import router as files_router  # [media]
from src.media.router import router as media_router  # [media]
from src.middleware import add_middleware
from src.notifications.listening import Streams, open_streams  # [notifications]
from src.notifications.router import router as notifications_router  # [notifications]
from src.openapi import OPENAPI_URL, add_openapi, docs_router, operation_id
from src.pages.router import router as pages_router
from src.posts.router import router as posts_router  # [posts]
from src.problems import add_problem_handlers
from src.profiles.router import router as profiles_router  # [profiles]
from src.redis import open_redis
from src.services import open_services
from src.users.router import router as users_router
from src.worker import working

# Routers are tried in this order: the busiest first.
DOMAINS: tuple[APIRouter, ...] = (
    posts_router,  # [posts]
    comments_router,  # [comments]
    profiles_router,  # [profiles]
    notifications_router,  # [notifications]
    users_router,
    auth_router,
    media_router,  # [media]
    pages_router,
    health_router,
)

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
GC_THRESHOLDS = (10_000, 50, 50)  # https://docs.python.org/3/library/gc.html#gc.set_threshold


class State(TypedDict):
    """What a running application has open; routes reach it through dependencies."""

    database: Database
    redis: Redis
    limits: RateLimits
    cache: Cache  # [cache]
    streams: Streams  # [notifications]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[State]:
    async with (
        open_services() as services,
        open_database(services.database_url, database_settings) as database,
        open_redis(services.redis_url, redis_settings) as redis,
        open_streams(services.database_url) as streams,  # [notifications]
    ):
        tune_garbage_collector()
        worker = working(database, services.database_url) if settings.runs_jobs else nullcontext()
        async with worker:
            yield {
                "database": database,
                "redis": redis,
                "limits": RateLimits(redis),
                "cache": Cache(redis, database),  # [cache]
                "streams": streams,  # [notifications]
            }


def tune_garbage_collector() -> None:
    """Spare requests the pauses of collections that find nothing.

    What imports have made stays for ever, and most of a request is gone when it ends.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def create_app() -> FastAPI:
    """The application.

    Raises:
        SettingsError: it would run unsafely in production; names every variable at fault.
    """
    refuse_unsafe_start(settings.environment)
    configure_logging(as_json=not settings.is_local)
    app = FastAPI(
        title=settings.app_name,
        version="0.1.0",
        debug=settings.debug,
        lifespan=lifespan,
        telemetry=None if settings.telemetry else NO_TELEMETRY,
        redirect_slashes=False,
        openapi_url=OPENAPI_URL if settings.shows_docs else None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=operation_id,
    )
    add_problem_handlers(app)
    add_middleware(app, settings)
    add_openapi(app)
    for router in DOMAINS:
        app.include_router(router)
    if settings.shows_docs:
        app.include_router(docs_router(app))
    if settings.is_local and not mail_settings.server:
        app.include_router(mailbox_router)
    # [media]
    if not aws_settings.bucket:
        app.include_router(files_router)
    # [/media]
    return app


app = create_app()
