"""What a field adds to the tests of its domain, and a file of tests of its own."""

from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.endpoints.routers import Route, read, segments
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.house import samples
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields import imports, trials
from fastwright.scaffolds.new_fields.constants import defined
from fastwright.scaffolds.new_fields.schemas import inherited_fields
from fastwright.scaffolds.new_fields.target import Target
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignment,
    element_names,
    into,
    parse,
    text_of,
    walk,
)

_ROWS = {"factories", "seed"}  # modules that make rows, where others send requests


def add(draft: Draft, target: Target, column: Column, answering: str | None) -> None:
    """Let the tests know of a field, and try it; `answering` is the schema that answers with it."""
    if answering:
        _show(draft, target, column, answering)
    text = draft.text(target.path("router"))
    router = read(text) if text is not None else None
    routes = router.routes if router else ()
    key = f"{{{target.entity}_id}}"
    by_length = sorted(routes, key=lambda route: len(segments(route.path)))
    posts = (each for each in by_length if each.method == "POST" and key not in each.path)
    patches = (each for each in by_length if each.method == "PATCH" and key in each.path)
    create, update = next(posts, None), next(patches, None)
    if create is None or update is None:
        draft.note(f"No tests were written: src/{target.domain}/router.py has no POST and PATCH.")
        return
    if column.is_taken:
        for route in (create, update):
            _let_write(draft, target, column, route)
    if column.is_needed:
        _give(draft, target, column)
    path = f"tests/{target.domain}/test_{column.name}.py"
    if not column.is_reference:
        draft.make(path, trials.of_value(target, column, create, update))
    elif column.is_taken:
        draft.make(path, trials.of_reference(target, column, create, update))


def _let_write(draft: Draft, target: Target, column: Column, route: Route) -> None:
    """Let the matrix of routes say that a body may have the field."""
    path = f"tests/{target.domain}/routes.py"
    quoted = f'"{column.name}"'

    def change(text: bytes, root: Node) -> bytes:
        arguments = _arguments(root, route)
        if arguments is None:
            raise CannotBePutError
        for each in arguments.named_children:
            if text_of(each.child_by_field_name("name")) == "writable":
                holder = each.child_by_field_name("value")
                if holder is not None and holder.type == "identifier":
                    there = assignment(root, text_of(holder))
                    holder = there.child_by_field_name("right") if there else None
                if holder is None or holder.type != "set":
                    raise CannotBePutError
                return text if quoted in element_names(holder) else into(text, holder, quoted)
        return into(text, arguments, f"writable={{{quoted}}}")

    draft.change(
        path,
        change,
        snippet=f'    ("{route.method}", "{route.path}"): Route(…, writable={{{quoted}}}),',
        why="ROUTES does not show what bodies of this route may write.",
    )


def _arguments(root: Node, route: Route) -> Node | None:
    """Return what the `Route(…)` of the matrix is given for a route."""
    there = assignment(root, "ROUTES")
    routes = there.child_by_field_name("right") if there else None
    for pair in routes.named_children if routes else ():
        key = text_of(pair.child_by_field_name("key"))
        value = pair.child_by_field_name("value")
        if key == f'("{route.method}", "{route.path}")' and value is not None:
            return value.child_by_field_name("arguments")
    return None


def _give(draft: Draft, target: Target, column: Column) -> None:
    """Give the field a value wherever the domain's tests and seeds make one of its things."""
    if column.is_reference:
        why = "Whatever makes one needs something that it refers to."
        snippet = f'    "{column.name}": …,'
        draft.leave(Snippet(f"tests/{target.domain}/factories.py", snippet, why))
        return
    value = samples.good(column.field)[0]
    files = [*(draft.root / "tests" / target.domain).glob("*.py")]
    files.append(draft.root / target.path("seed"))
    for file in sorted(files):
        path = file.relative_to(draft.root).as_posix()
        is_row = file.stem in _ROWS
        given = _as_row(column, value) if is_row else repr(value)
        text = draft.text(path)
        while text is not None and (changed := _given(text, target, column, given)) is not None:
            text = changed
            draft.put(path, text)
            if is_row:
                imports.add(draft, target, path, given, constants=defined(column))


def _as_row(column: Column, value: object) -> str:
    """Return Python for a value as rows have it: of what is unique, another for each."""
    if column.field.kind is Kind.UUID and column.field.unique:
        return "uuid4()"
    return samples.python(column.field, value, column.choices)


def _given(text: bytes, target: Target, column: Column, value: str) -> bytes | None:
    """Return a text in which one more dict or call with all that is needed has the field."""
    for node in walk(parse(text)):
        if node.type == "dictionary":
            if _is_constant_of_a_test(node) or any(map(_is_listing, node.named_children)):
                continue
            keys = {each.partition(":")[0].strip("\"'") for each in element_names(node)}
            element = f'"{column.name}": {value}'
        elif node.type == "argument_list":
            keys = {each.partition("=")[0] for each in element_names(node) if "=" in each}
            element = f"{column.name}={value}"
        else:
            continue
        if target.needed and target.needed <= keys and column.name not in keys:
            return into(text, node, element)
    return None


def _is_constant_of_a_test(node: Node) -> bool:
    """Tell whether this is what a module of tests calls something: it knows what that is for."""
    above = node.parent
    name = text_of(above.child_by_field_name("left")) if above else ""
    return name.isupper() and not name.startswith(("NEW_", "SETTINGS"))


def _is_listing(pair: Node) -> bool:
    """Tell whether a dict has a list of values for each field, rather than a value."""
    value = pair.child_by_field_name("value")
    return value is not None and value.type in {"list", "list_comprehension"}


def _show(draft: Draft, target: Target, column: Column, answering: str) -> None:
    """Let tests that name all fields of a response name this one too."""
    root = draft.root_of(target.path("schemas"))
    fields = {*inherited_fields(root, answering)} - {column.name}
    quoted = {f'"{name}"' for name in fields}
    for file in sorted((draft.root / "tests" / target.domain).glob("test_*.py")):
        path = file.relative_to(draft.root).as_posix()
        text = draft.text(path) or b""
        for node in walk(parse(text)):
            if node.type in {"set", "list", "tuple"} and set(element_names(node)) == quoted:
                draft.put(path, into(text, node, f'"{column.name}"'))
                break
