"""Adds a route to a domain, the function behind it, and its tests."""

from pathlib import Path

from fastwright.errors import ImpossibleRouteError, UnknownDomainError
from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft, Outcome
from fastwright.scaffolds.endpoints import code, matrix, wording
from fastwright.scaffolds.endpoints.routers import Route, Router, parameters_in, read
from fastwright.scaffolds.endpoints.schemas import (
    count_schema,
    found_by,
    is_body,
    owner_of,
    response_for,
)
from fastwright.scaffolds.endpoints.siblings import place_of, sibling_of
from fastwright.scaffolds.endpoints.wording import Endpoint
from fastwright.scaffolds.house import near
from fastwright.scaffolds.rooms import house
from fastwright.scaffolds.splicing import CannotBePutError, Node, behind, definitions, text_of
from fastwright.source.edits import Edit, apply
from fastwright.source.importing import Import


def add_endpoint(root: Path, domain: str, method: str, path: str) -> Outcome:
    """Return what becomes of the files of a project with one more route in a domain.

    Raises `UnknownRoomError` where the project is not ours, `UnknownDomainError` where there is no
    such domain, and `ImpossibleRouteError` where it cannot have the route.
    """
    house.ours(root, "endpoints")
    draft = Draft(root)
    text = draft.text(f"src/{domain}/router.py")
    router = read(text) if text is not None else None
    if router is None or not router.routes:
        raise _unknown(root, domain)
    endpoint = wording.endpoint(domain, method, path, router)
    if any((each.method, each.path) == (endpoint.method, endpoint.path) for each in router.routes):
        return draft.outcome()
    sibling = sibling_of(endpoint, router)
    if endpoint.is_about_one:
        _about_one(draft, endpoint, router, sibling)
    else:
        _about_all(draft, endpoint, router, sibling)
    matrix.list_route(draft, endpoint, sibling)
    return draft.outcome()


def _unknown(root: Path, domain: str) -> UnknownDomainError:
    known = sorted(file.parent.name for file in (root / "src").glob("*/router.py"))
    return UnknownDomainError(
        f"There is no domain “{domain}” with routes. There are: {', '.join(known)}.",
        suggestion=near.domain(domain, known),
    )


def _about_one(draft: Draft, endpoint: Endpoint, router: Router, sibling: Route) -> None:
    """Let the endpoint answer with the thing that its path leads to."""
    alias = sibling.parameters[endpoint.entity]
    found = found_by(draft, endpoint.domain, alias)
    response = response_for(draft, endpoint.domain, found) if found else None
    if found is None or response is None:
        raise ImpossibleRouteError(
            f"`{alias}` in src/{endpoint.domain}/dependencies.py does not show what it finds as a "
            "schema of the domain, so that nobody knows what to answer.",
            suggestion=None,
        )
    others = _asked(draft, endpoint, sibling, but={endpoint.entity})
    given = [f"{endpoint.entity}: {alias}", *(f"_: {annotation}" for annotation in others[:1])]
    called = f"{endpoint.entity}={endpoint.entity}"
    _add_to_router(draft, endpoint, router, code.route(endpoint, sibling, given, called, response))
    schemas = f"src.{endpoint.domain}.schemas"
    draft.add_import(f"src/{endpoint.domain}/router.py", Import(schemas, response))
    imports = [Import(schemas, name) for name in dict.fromkeys((found, response))]
    _add_to_service(draft, endpoint, code.giving_back(endpoint, found, response), imports)


def _about_all(draft: Draft, endpoint: Endpoint, router: Router, sibling: Route) -> None:
    """Let the endpoint answer how many things there are: under a parent, or of one's own."""
    response, text = count_schema(endpoint.domain, endpoint.action)
    model = names.pascal(endpoint.entity)
    above = [name.removesuffix("_id") for name in parameters_in(endpoint.path)]
    given = [f"{name}: {sibling.parameters[name]}" for name in above]
    keys = {f"{name}_id": f"{name}_id={name}.id" for name in above}
    for annotation in _asked(draft, endpoint, sibling, but=set(above))[:1]:
        own = owner_of(draft, endpoint.domain, model)
        given.insert(0, f"{'user' if own else '_'}: {annotation}")
        if own:
            keys[own] = f"{own}=user.id"
    called = ", ".join(["session", *keys.values()])
    given.append("session: DbSession")
    _add_to_router(draft, endpoint, router, code.route(endpoint, sibling, given, called, response))
    router_path, schemas_path = (
        f"src/{endpoint.domain}/{name}.py" for name in ("router", "schemas")
    )
    draft.add_import(router_path, Import("src.database", "DbSession"))
    draft.add_import(router_path, Import(f"src.{endpoint.domain}.schemas", response))
    _append(draft, schemas_path, response, text)
    draft.add_import(schemas_path, Import("src.schemas", "CustomModel"))
    draft.add_import(schemas_path, Import("pydantic", "Field"))
    imports = [
        Import("sqlalchemy"),
        Import("sqlmodel.ext.asyncio.session", "AsyncSession"),
        Import(f"src.{endpoint.domain}.models", model),
        Import(f"src.{endpoint.domain}.schemas", response),
        *([Import("sqlmodel", "col")] if keys else []),
    ]
    _add_to_service(draft, endpoint, code.counting(endpoint, model, response, list(keys)), imports)


def _asked(draft: Draft, endpoint: Endpoint, sibling: Route, *, but: set[str]) -> list[str]:
    """Return the annotations of the sibling's parameters that say who may call."""
    found = {
        annotation: found_by(draft, endpoint.domain, annotation)
        for name, annotation in sibling.parameters.items()
        if name not in but
    }
    return [each for each, schema in found.items() if schema and not is_body(schema)]


def _add_to_router(draft: Draft, endpoint: Endpoint, router: Router, written: str) -> None:
    path = f"src/{endpoint.domain}/router.py"
    beside, is_before = place_of(endpoint, router)

    def change(text: bytes, _: Node) -> bytes:
        if is_before:
            start = beside.statement.start_byte
            return apply(text, [Edit("", start, start, f"{written}\n\n")])
        return behind(text, beside.statement, written, blank_lines=2)

    draft.change(path, change, snippet=written, why="Its last route shares a line with others.")
    draft.add_import(path, Import(f"src.{endpoint.domain}", "service"))


def _add_to_service(draft: Draft, endpoint: Endpoint, text: str, imports: list[Import]) -> None:
    path = f"src/{endpoint.domain}/service.py"
    _append(draft, path, endpoint.function, text)
    for wanted in imports:
        draft.add_import(path, wanted)


def _append(draft: Draft, path: str, name: str, written: str) -> None:
    """Put a function or class behind the last one of its module that others may use."""

    def change(text: bytes, root: Node) -> bytes:
        defined = list(definitions(root))
        if any(text_of(each.child_by_field_name("name")) == name for each in defined):
            raise ImpossibleRouteError(
                f"{path} has a `{name}` already: end the path with another word.", suggestion=None
            )
        public = [
            each
            for each in defined
            if not text_of(each.child_by_field_name("name")).startswith("_")
        ]
        if not public:
            raise CannotBePutError
        return behind(text, public[-1], written, blank_lines=2)

    draft.change(
        path, change, snippet=written, why="There is no function or class to put it behind."
    )
