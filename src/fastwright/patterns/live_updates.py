"""live-updates: what happens is read from the table, and a message only says that there is some."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.codebase.values import ClassValue, External
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_STREAMS = (
    *("fastapi.sse.EventSourceResponse", "starlette.responses.StreamingResponse"),
    *("sse_starlette.EventSourceResponse", "sse_starlette.sse.EventSourceResponse"),
)
_ACCEPT = "starlette.websockets.WebSocket.accept"


def places(application: Application) -> Iterator[Step]:
    """Yield the routes that stream, where streams are made, and where websockets are accepted."""
    for route in application.routes:
        keyword = route.call.keyword("response_class")
        value = application.codebase.resolver.value(keyword, route.scope) if keyword else None
        match value:
            case External(name) if name in _STREAMS:
                yield route.place.step(f"`{route.function.name}` streams")
            case ClassValue(definition) if application.codebase.is_a(definition, *_STREAMS):
                yield route.place.step(f"`{route.function.name}` streams")
    yield from sightings.calls(application, _STREAMS, "makes a stream with `{}`")
    yield from sightings.calls(application, (_ACCEPT,), "accepts a websocket with `{}`")


PATTERN = Pattern(
    question="How do I push live updates to clients?",
    answer=(
        "With server-sent events unless clients have to talk back: they are plain HTTP, come "
        "through proxies, and browsers take them up again by themselves. Write what happens to a "
        "table, and let `LISTEN`/`NOTIFY` or Redis only say that there is something: streams read "
        "the table from the last id they have seen, so that nothing is lost with a message, and "
        "nothing piles up for a slow client. Hold no database connection between two looks, end "
        "streams when the token ends and at shutdown, and bound how many one user has."
    ),
    parts=(
        Part(
            "The route is a generator, with `EventSourceResponse`.",
            "src/notifications/router.py",
            ("stream_notifications",),
        ),
        Part(
            "What one stream waits for; a message only wakes it.",
            "src/notifications/listening.py",
            ("Subscription",),
        ),
        Part(
            "Wake, look, send: `follow` reads page by page from the last place.",
            "src/notifications/streaming.py",
            ("follow",),
        ),
    ),
    otherwise=(
        "WebSockets are for both directions, as in a chat or a game; check the token before "
        "`accept()`, since dependencies run there too, and keep the list of who is connected in "
        "Redis once there is a second process. For updates once a minute, polling with an `ETag` "
        "is enough."
    ),
    keywords=(
        "live real-time realtime push update updates sse server-sent events "
        "websocket websockets notify pubsub chat broadcast eventsource notifications polling"
    ),
    practices=("async_routes/no-blocking-call", "security/authenticated-writes"),
    places=places,
)
