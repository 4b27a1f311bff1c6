"""What it means that a field's value is taken, or refers to nothing: errors that routes state."""

from functools import partial

from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft, Snippet
from fastwright.scaffolds.endpoints.routers import read
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.target import Target, body_of
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignment,
    behind,
    definition,
    definitions,
    element_names,
    into,
    text_of,
    walk,
)
from fastwright.source.edits import Edit, apply
from fastwright.source.importing import Import

_FLUSH = "await session.flush()"
_BROKEN = """\
# What it means that a change would break a constraint.
BROKEN: dict[str, Callable[[], AppError]] = {}
"""


def add(draft: Draft, target: Target, column: Column) -> None:
    """Let requests hear of a value that is taken, or of a reference to nothing."""
    if not column.is_taken:
        return
    if not _is_heard(draft, target):
        draft.leave(_left(target, column))
        return
    _define(draft, target)
    if column.field.unique:
        error = f"{target.model}{names.pascal(column.name)}Taken"
        _add_error(draft, target, column, error)
        draft.add_import(target.path("service"), Import(f"src.{target.domain}.exceptions", error))
        draft.add_import(target.path("router"), Import(f"src.{target.domain}.exceptions", error))
        _mean(draft, target, f"{target.entity}_{column.name}_key", error)
        _raise(draft, target, error)
    if column.is_reference:
        _mean(
            draft,
            target,
            f"{target.entity}_{column.name}_fkey",
            f'partial(UnknownReference, "{column.name}")',
        )
        _raise(draft, target, "UnknownReference")
        unknown = Import("src.constraints", "UnknownReference")
        draft.add_import(target.path("service"), Import("functools", "partial"))
        draft.add_import(target.path("service"), unknown)
        draft.add_import(target.path("router"), unknown)
    _wrap(draft, target)


def _is_heard(draft: Draft, target: Target) -> bool:
    """Tell whether functions are there that write what is made, and what is changed."""
    root = draft.root_of(target.path("service"))
    bodies = [body_of(root, function) for function in _functions(target)]
    return all(body is not None and any(map(_is_flush, walk(body))) for body in bodies)


def _define(draft: Draft, target: Target) -> None:
    """Let there be a `BROKEN`, below what the service defines before its first function."""
    path = target.path("service")
    root = draft.root_of(path)
    first = next(definitions(root), None) if root else None
    if root is None or first is None or assignment(root, "BROKEN") is not None:
        return
    above = [each for each in root.named_children if each.end_byte < first.start_byte]
    above = [each for each in above if each.type not in {"comment", "decorator"}]
    draft.put(path, behind(draft.text(path) or b"", above[-1], _BROKEN, blank_lines=1))
    draft.add_import(path, Import("collections.abc", "Callable"))
    draft.add_import(path, Import("src.exceptions", "AppError"))


def _functions(target: Target) -> tuple[str, str]:
    return f"create_{target.entity}", f"update_{target.entity}"


def _left(target: Target, column: Column) -> Snippet:
    kind = "fkey" if column.is_reference else "key"
    return Snippet(
        target.path("service"),
        f"# where {names.spaced(target.domain)} are made and changed:\n"
        f'    with meaning({{"{target.entity}_{column.name}_{kind}": …}}):\n        {_FLUSH}',
        f"A value of {column.name} can break a constraint. What a request hears then was found "
        "nowhere: say it with an error of the domain, and with @raises on both routes.",
    )


def _add_error(draft: Draft, target: Target, column: Column, error: str) -> None:
    thing, value = names.with_article(names.spaced(target.entity)), names.spaced(column.name)
    code = (
        f"class {error}(Conflict):\n"
        f'    code = "{target.entity}_{column.name}_taken"\n'
        f'    detail = "There is {thing} with this {value} already."\n'
    )

    def change(text: bytes, root: Node) -> bytes:
        if definition(root, error) is not None:
            return text
        last = list(definitions(root))[-1:]
        return behind(text, last[0], code, blank_lines=2) if last else text + code.encode()

    path = target.path("exceptions")
    if draft.change(path, change, snippet=code, why="There are no errors to put it behind."):
        draft.add_import(path, Import("src.exceptions", "Conflict"))


def _mean(draft: Draft, target: Target, constraint: str, error: str) -> None:
    key = f'"{constraint}"'
    pair = f"{key}: {error}"

    def change(text: bytes, root: Node) -> bytes:
        there = assignment(root, "BROKEN")
        holder = there.child_by_field_name("right") if there else None
        if holder is None:
            raise CannotBePutError
        is_there = any(each.startswith(key) for each in element_names(holder))
        return text if is_there else into(text, holder, pair)

    draft.change(target.path("service"), change, snippet=pair, why="BROKEN is not written out.")


def _raise(draft: Draft, target: Target, error: str) -> None:
    """State an error on the routes that make and change one."""
    path = target.path("router")
    for function in _functions(target):
        draft.change(
            path,
            partial(_raised, function=function, error=error),
            snippet=f"@raises({error})  # on {function}",
            why="Such a route was not found.",
        )
    draft.add_import(path, Import("src.exceptions", "raises"))


def _raised(text: bytes, _: Node, *, function: str, error: str) -> bytes:
    router = read(text)
    routes = router.routes if router else ()
    route = next((each for each in routes if each.function == function), None)
    if route is None:
        raise CannotBePutError
    statement = route.statement
    for decorator in statement.named_children:
        call = decorator.named_child(0) if decorator.type == "decorator" else None
        if call is not None and text_of(call.child_by_field_name("function")) == "raises":
            arguments = call.child_by_field_name("arguments")
            if arguments is None or error in element_names(arguments):
                return text
            return into(text, arguments, error)
    defined = statement.child_by_field_name("definition")
    start = defined.start_byte if defined else statement.start_byte
    return apply(text, [Edit("", start, start, f"@raises({error})\n")])


def _wrap(draft: Draft, target: Target) -> None:
    """Let what flushes a change say what it means that a constraint would break."""
    path = target.path("service")
    for function in _functions(target):
        while bare := _bare_flush(draft, path, function):
            text = draft.text(path) or b""
            start = text.rfind(b"\n", 0, bare.start_byte) + 1
            indent = text[start : bare.start_byte].decode()
            wrapped = f"with meaning(BROKEN):\n{indent}    {_FLUSH}"
            draft.put(path, apply(text, [Edit("", bare.start_byte, bare.end_byte, wrapped)]))
    draft.add_import(path, Import("src.constraints", "meaning"))


def _bare_flush(draft: Draft, path: str, function: str) -> Node | None:
    """Return a statement of a function that flushes outside of a `with`."""
    body = body_of(draft.root_of(path), function)
    for node in walk(body) if body else ():
        block = node.parent.parent if node.parent else None
        if _is_flush(node) and (block is None or block.type != "with_statement"):
            return node
    return None


def _is_flush(node: Node) -> bool:
    return node.type == "expression_statement" and text_of(node) == _FLUSH
