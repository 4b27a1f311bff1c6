"""project-structure: a package for each domain."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step


def places(application: Application) -> Iterator[Step]:
    """Yield the routers."""
    for router in application.routers.all:
        module = router.scope.module
        kind = "an application" if router.is_application else "a router"
        yield module.place(router.call).step(f"makes {kind}")


PATTERN = Pattern(
    question="How should I structure a FastAPI project?",
    answer=(
        "By domain, not by kind of file: a package for each thing the product is about, with its "
        "router, schemas, models, dependencies, service, config and exceptions, each only when it "
        "has content. Inside, router → dependencies → service → models; routers translate HTTP "
        "and nothing else, services know no HTTP. Domains use one another in one direction, by "
        "explicit module names. One function puts it all together."
    ),
    parts=(
        Part("The one place that knows all domains.", "src/main.py", ("create_app",)),
        Part("A router only translates.", "src/posts/router.py", ("create_post", "delete_post")),
        Part(
            "What the domain can do is a module of functions, which take a database or a session "
            "and know nothing of requests.",
            "src/posts/service.py",
            ("get_visible_post",),
        ),
    ),
    otherwise=(
        "Up to some five hundred lines one package with a module per role is easier to read. Grow "
        "domains when two subjects begin to change for different reasons."
    ),
    keywords=(
        "structure project layout folder folders organise organize domain architecture router "
        "service repository layers clean modules package big large application circular import ddd"
    ),
    practices=("structure/explicit-module-imports", "rest/included-router"),
    places=places,
)
