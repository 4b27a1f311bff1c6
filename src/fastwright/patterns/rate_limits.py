"""rate-limits: guessing and flooding are counted in a store that all processes share."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_LIMITERS = ("slowapi.Limiter", "fastapi_limiter.depends.RateLimiter")
_COUNTS = (
    "slowapi.Limiter.limit",
    "slowapi.Limiter.shared_limit",
    *(
        f"limits.{package}strategies.{name}RateLimiter.hit"
        for package in ("", "aio.")
        for name in ("FixedWindow", "MovingWindow", "SlidingWindowCounter")
    ),
)


def places(application: Application) -> Iterator[Step]:
    """Yield where limiters are made, and where they count."""
    yield from sightings.calls(application, _LIMITERS, "makes a limiter with `{}`")
    yield from sightings.calls(application, _COUNTS, "counts with `{}`")


PATTERN = Pattern(
    question="How do I limit how often something is called?",
    answer=(
        "By a dependency on the routes that need it, counting in Redis so that all processes "
        "share the count. Limit logins both by account and by address: either alone is easy to go "
        "around. Answer 429 with `Retry-After`. Decide what happens when the store is away: count "
        "in the process rather than let everything through or nothing."
    ),
    parts=(
        Part(
            "The limit is a dependency with a meaning.",
            "src/auth/dependencies.py",
            ("limit_logins",),
        ),
        Part("Where it counts.", "src/limits.py", ("RateLimits",)),
    ),
    otherwise="Floods of traffic belong to the proxy in front; here are limits that need meaning.",
    keywords=(
        "rate limit limits limiting throttle brute force guessing flood 429 retry-after slowapi "
        "ddos attempts too many requests"
    ),
    practices=("security/authenticated-writes",),
    places=places,
)
