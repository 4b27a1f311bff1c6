"""Where a function itself keeps its thread waiting, by what is known of the libraries it calls."""

from collections.abc import Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.habits import ITERATING, Habit
from fastwright.codebase.values import Instance, Text
from fastwright.codebase.witnesses import Site
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import Attribute, Call, Constant, Expression, Number

# What changes one entry of a directory: as a rule over before anybody could notice.
_MOMENTARY = {
    "TemporaryDirectory",
    "hardlink_to",
    "link",
    "makedirs",
    "mkdir",
    "mkdtemp",
    "remove",
    "removedirs",
    "rename",
    "renames",
    "replace",
    "rmdir",
    "symlink",
    "symlink_to",
    "touch",
    "unlink",
}
_SHORTEST_SLEEP = 0.01  # seconds


def sites(function: Function, codebase: Codebase) -> Iterator[Site]:
    """Yield where a function itself blocks: in calls, loops over results, and `with` blocks."""
    if _may_block(codebase.habits.of(function), codebase):
        yield from _sites(function, codebase)


def _may_block(habit: Habit, codebase: Codebase) -> bool:
    blocking = codebase.knowledge.blocking
    return habit.goes_over or any(blocking(name) or name in ITERATING for name in habit.libraries)


def _sites(function: Function, codebase: Codebase) -> Iterator[Site]:
    for call, name in codebase.library_calls(function):
        if call.is_awaited:
            continue  # no sync call, whatever its object is said to be
        if _blocks(name, call, codebase):
            yield Site(function, call.node, name)
        elif name in ITERATING and call.node.arguments:
            yield from _implicit(call.node.arguments[0], ("__iter__",), function, codebase)
    for bindings in function.details.bindings.values():
        for binding in bindings:
            if binding[0] == Form.ITEM and not binding[3]:
                yield from _implicit(wrap(binding[2]), ("__iter__",), function, codebase)
    for raw, is_async in function.details.entered:
        if not is_async:
            yield from _implicit(wrap(raw), ("__enter__", "__exit__"), function, codebase)


def _blocks(name: str, call: CallSite, codebase: Codebase) -> bool:
    kind = codebase.knowledge.blocking(name)
    if kind == "file":
        return name.rpartition(".")[2] not in _MOMENTARY and not _is_in_memory(call, codebase)
    if kind == "sleep":
        return not _is_short(call.node)
    if kind == "lock":
        return not _goes_on(call, codebase)
    return kind is not None


def _goes_on(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether a call that may wait for another thread is told not to, or has no reason to."""
    match call.node.function:
        case Attribute(base, "put"):
            queue = codebase.resolver.value(base, call.function)
            is_unbounded = isinstance(queue, Instance) and queue.made and not _given(queue.made[0])
            return bool(is_unbounded) or _is_false(call.node.argument(1, "block"))
        case Attribute(_, "get"):
            return _is_false(call.node.argument(0, "block"))
    return _is_false(call.node.argument(0, "blocking"))


def _given(call: Call) -> bool:
    return bool(call.arguments or call.keywords)


def _is_false(node: Expression | None) -> bool:
    return isinstance(node, Constant) and node.text == "False"


def _is_in_memory(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether what is read or written is no file on a disk."""
    if not call.node.arguments:
        return False
    match codebase.resolver.value(call.node.arguments[0], call.function):
        case Instance("io.BytesIO" | "io.StringIO"):
            return True
        case Text(path):
            return path.startswith("/proc/")
    return False


def _is_short(call: Call) -> bool:
    match call.arguments:
        case (Number(text),):
            return text.replace(".", "").isdigit() and float(text) < _SHORTEST_SLEEP
    return False


def _implicit(
    node: Expression, methods: tuple[str, ...], function: Function, codebase: Codebase
) -> Iterator[Site]:
    """Yield the site where Python itself calls a method that blocks.

    What a lock guards is as a rule over in a moment, and so is tidying up after a file.
    """
    value = codebase.resolver.value(node, function)
    if isinstance(value, Instance) and isinstance(value.of, str):
        for method in methods:
            name = f"{value.of}.{method}"
            if codebase.knowledge.blocking(name) not in {None, "file", "lock"}:
                yield Site(function, node, name)
                return
