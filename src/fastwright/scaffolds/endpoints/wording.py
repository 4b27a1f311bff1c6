"""What an endpoint and the functions behind it are called."""

from collections.abc import Collection
from dataclasses import dataclass

from fastwright.errors import ImpossibleRouteError
from fastwright.scaffolds import names
from fastwright.scaffolds.endpoints.routers import METHODS, Router, parameters_in, segments
from fastwright.scaffolds.language.fault import nearest


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A new route of a domain: `POST /posts/{post_id}/publish`."""

    domain: str
    entity: str
    method: str
    path: str  # the whole one
    prefix: str  # of the router

    @property
    def key(self) -> str:
        """Return the parameter that a thing of the domain is found by."""
        return f"{self.entity}_id"

    @property
    def is_about_one(self) -> bool:
        """Tell whether it is about a thing of the domain, rather than all of them."""
        return f"{{{self.key}}}" in segments(self.path)

    @property
    def reads(self) -> bool:
        """Tell whether it changes nothing."""
        return self.method == "GET"

    @property
    def action(self) -> str:
        """Return what happens, or is read: `publish`."""
        return segments(self.path)[-1].replace("-", "_")

    @property
    def function(self) -> str:
        """Return the name of the functions: `publish_post`, `get_posts_stats`."""
        subject = self.entity if self.is_about_one else self.domain
        return f"get_{subject}_{self.action}" if self.reads else f"{self.action}_{subject}"

    @property
    def subject(self) -> str:
        """Return what it is about, in words: `a post`, `posts`."""
        if not self.is_about_one:
            return names.spaced(self.domain)
        return names.with_article(names.spaced(self.entity))

    @property
    def summary(self) -> str:
        """Return what it does, in words: `Publish a post`."""
        action = names.spaced(self.action)
        if self.reads:
            return f"Read the {action} of {self.subject}"
        return f"{action.capitalize()} {self.subject}"

    @property
    def own_path(self) -> str:
        """Return what stands in the decorator."""
        return self.path.removeprefix(self.prefix)


def endpoint(domain: str, method: str, path: str, router: Router) -> Endpoint:
    """Return the endpoint that a command asks for; its path may leave out the router's own.

    Raises `ImpossibleRouteError` where it cannot be one.
    """
    if method.upper() not in METHODS:
        near = nearest(method, [each.lower() for each in METHODS])
        raise ImpossibleRouteError(
            f"“{method}” is no method of a route: {', '.join(METHODS)} are.",
            suggestion=near and near.upper(),
        )
    base = router.prefix or f"/{names.kebab(domain)}"
    whole = "/" + path.strip("/")
    begins = {segments(base)[0], *(segments(route.path)[0] for route in router.routes)}
    if segments(whole)[0] not in begins or not whole.startswith(router.prefix):
        whole = base + whole.rstrip("/")
    asked = Endpoint(domain, names.singular(domain), method.upper(), whole, router.prefix)
    known = {name for route in router.routes for name in parameters_in(route.path)}
    right = [_right(segment, known, asked.key) for segment in segments(whole)]
    for segment, instead in zip(segments(whole), right, strict=True):
        if segment != instead:
            raise ImpossibleRouteError(
                f"“{segment}” cannot stand in the path: lower-case letters and digits are expected "
                "there, with - between words, or a parameter such as {" + asked.key + "}.",
                suggestion=f"/{'/'.join(right)}" if all(right) else None,
            )
    if segments(whole)[-1].startswith("{") or whole == base:
        strange = {f"{{{name}}}" for name in parameters_in(whole) if name not in known}
        kept = [segment for segment in segments(whole) if segment not in strange]
        raise ImpossibleRouteError(
            "The path has to end with a word that says what happens, or what is read.",
            suggestion=f"/{'/'.join(kept)}/publish",
        )
    return asked


def _right(segment: str, known: Collection[str], key: str) -> str:
    """Return the nearest segment that can stand in a path; `known` are its parameters."""
    word = names.snake(segment)
    if word not in known and not segment.startswith(("{", "<", ":")):
        return segment if word == segment.replace("-", "_") else names.kebab(word)
    if word not in known:
        word = key if word == "id" and key in known else nearest(word, known) or word
    return f"{{{word}}}"
