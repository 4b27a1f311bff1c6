"""settings: one class a domain, read once, secrets without defaults."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_ENVIRONMENT = ("os.getenv", "os.environ.get")


def places(application: Application) -> Iterator[Step]:
    """Yield the settings classes, and where the environment is read beside them."""
    yield from sightings.models(application.settings, "`{}` holds settings")
    yield from sightings.calls(application, _ENVIRONMENT, "reads the environment with `{}`")


PATTERN = Pattern(
    question="How do I organise settings and secrets?",
    answer=(
        "One `BaseSettings` class per domain with a prefix of its own, beside the code that reads "
        "it, and a small global one. Settings are read once, at import, so that a wrong one stops "
        "the start with a sentence instead of failing a request. Secrets have no default that "
        "works in production and are `SecretStr`: they show up in no log."
    ),
    parts=(
        Part(
            "A domain's own settings, with types, bounds and units.",
            "src/pagination.py",
            ("PaginationConfig", "pagination_settings"),
        ),
        Part("What every settings class shares.", "src/config.py", ("DatabaseConfig",)),
        Part(
            "An unsafe start is refused, with all faults at once.",
            "src/config.py",
            ("refuse_unsafe_start",),
        ),
    ),
    otherwise=(
        "A service with five settings needs one class. What differs by tenant or changes at run "
        "time is data, and belongs into the database."
    ),
    keywords=(
        "settings config configuration environment env variables dotenv basesettings "
        "pydantic-settings secret secrets key .env production feature flags jwt secret in code"
    ),
    practices=("settings/decoupled-settings", "settings/no-hardcoded-secret"),
    places=places,
)
