"""Kept files: those that are read once for each key, by code that looks where it keeps them."""

from collections.abc import Iterator

from fastwright.codebase import members
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.witnesses import Trace
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Comparison,
    Expression,
    Name,
    String,
    Subscript,
    walk_all,
)

_READING = {
    *("glob", "iterdir", "listdir", "open", "read_bytes", "read_text", "rglob", "scandir", "walk"),
}
# So many objects are followed, one made by the other.
_DEEPEST = 3


def is_kept(trace: Trace, codebase: Codebase) -> bool:
    """Tell whether a file is read only if its content is not yet where the code looks before."""
    if codebase.knowledge.blocking(trace.site.name) != "file" or not _reads(trace):
        return False
    return any(_keeps(function, node, codebase) for function, node in _places(trace))


def _places(trace: Trace) -> Iterator[tuple[Function, Expression]]:
    """Yield the functions on the way, each with what leads on in it."""
    yield from ((edge.caller, edge.node) for edge in trace.edges)
    yield trace.site.function, trace.site.node


def _reads(trace: Trace) -> bool:
    """Tell whether a file is only read: not written, taken away, copied or moved."""
    if trace.site.name.rpartition(".")[2] not in _READING:
        return False
    match trace.site.node:
        case Call(called) as call:
            mode = call.argument(0 if isinstance(called, Attribute) else 1, "mode")
            return not (isinstance(mode, String) and (mode.value or "")[:1] in {"a", "w", "x"})
    return False


def _keeps(function: Function, node: Expression, codebase: Codebase) -> bool:
    """Tell whether a function looks into a container before a place, and adds to it behind."""
    source = function.module.source
    looked = {
        source(each)
        for each in _looked_into(function)
        if each.end <= node.start and _outlives(each, function, codebase)
    }
    if not looked:
        return False
    return any(source(each) in looked for each in _filled(function, node.start))


def _looked_into(function: Function) -> Iterator[Expression]:
    for each in walk_all(function.body, Comparison, Call):
        match each:
            case Comparison((_, container), ("in" | "not in",)):
                yield container
            case Call(Attribute(container, "get"), (_, *_)):
                yield container


def _filled(function: Function, start: int) -> Iterator[Expression]:
    """Yield the containers that are added to by what ends behind a place."""
    for each in walk_all(function.body, Assign, Call):
        if each.end <= start:
            continue
        match each:
            case Assign((Subscript(container), *_)) | Call(Attribute(container, "add"), (_,)):
                yield container


def _outlives(container: Expression, function: Function, codebase: Codebase) -> bool:
    """Tell whether a container stays while the process runs: a global one, or that of a global."""
    match container:
        case Name(name):
            return not (name in function.details.bindings or name in function.parameter_names)
        case Attribute(Name(name)) if function.owner and _is_first(name, function):
            return members.is_classmethod(function) or _is_of_process(function.owner, codebase)
        case Attribute(Name(name)):
            return name in {each.name for each in function.module.classes}
    return False


def _is_of_process(owner: Class, codebase: Codebase, depth: int = _DEEPEST) -> bool:
    """Tell whether objects of a class are globals only, or what such a one makes for itself."""
    heirs = (each for each in codebase.derived if owner in codebase.resolver.lineage(each))
    made = {call for each in {owner, *heirs} for call in codebase.calls_of(each)}
    return bool(made) and all(
        call.function.is_module
        or codebase.habits.of(call.function).keeps_global
        or (
            call.function.name == "__init__"
            and call.function.owner is not None
            and depth > 0
            and _is_of_process(call.function.owner, codebase, depth - 1)
        )
        for call in made
    )


def _is_first(name: str, function: Function) -> bool:
    return any(each.name == name for each in function.parameters[:1])
