"""Moves what FastAPI injects from default values into annotations: the edits, and when they hold.

All markers of a function move at once, because a parameter without a default must not follow one
that has one. What would be in the wrong order is made keyword-only where nobody passes it by
position: FastAPI never does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.application import injected
from fastwright.application.application import Application
from fastwright.codebase import arguments, members, signatures
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import CallSite, Function, Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.edits import Edit
from fastwright.source.syntax import Call, Constant, Expression, Parameter, Starred, String

_EQUALS = re.compile(rb"\s*=\s*")
_COLON = re.compile(rb"\s*:\s*")
# What stands for “no default” in values, in older versions.
_NOTHING = re.compile(r"(^|\.)(Undefined|PydanticUndefined|Required)$")
# What libraries call the decorator that reads the default values of what it decorates.
_INJECTING = "inject"


@dataclass(frozen=True, slots=True)
class Marker:
    """A parameter with the call that FastAPI reads in its default, and what that makes."""

    parameter: Parameter
    made: Call
    name: str
    is_dependency: bool

    @property
    def is_written_here(self) -> bool:
        """Tell whether the call itself is the default, not a name for it."""
        return self.parameter.default == self.made

    @property
    def value(self) -> Expression | None:
        """Return the default value that the call holds; None where there is none."""
        if self.is_dependency:
            return None
        value = self.made.argument(0, "default")
        return None if isinstance(value, Constant) and value.text == "..." else value


def spelled(module: Module, application: Application) -> Spelling | None:
    """Return how to write `Annotated` in a file; older Pythons do not have it in `typing`."""
    knowledge = application.codebase.knowledge
    for library in ("typing", "typing_extensions"):
        known = spell(f"{library}.Annotated", module, knowledge)
        if known is not None and not known.imports:
            return known
    is_new = application.requirements.allows("python", (3, 9))
    return spell(f"{'typing' if is_new else 'typing_extensions'}.Annotated", module, knowledge)


@dataclass(frozen=True, slots=True)
class Annotated:
    """The edits that put markers into annotations, with what they need."""

    edits: tuple[Edit, ...]
    spellings: tuple[Spelling, ...]


def annotate(
    function: Function, markers: Sequence[Marker], annotated: Spelling | None, codebase: Codebase
) -> Annotated | None:
    """Return the edits for all markers of a function, or None where they are not surely right.

    `annotated` is what `spelled` returns for the function's module.
    """
    module = function.module
    if not all(_can_move(each, function) for each in markers):
        return None
    untyped = any(each.parameter.annotation is None for each in markers)
    of_any = spell("typing.Any", module, codebase.knowledge) if untyped else Spelling("")
    if annotated is None or of_any is None:
        return None
    edits = [edit for each in markers for edit in _edits(each, module, annotated.text, of_any.text)]
    if _loses_comment(edits, module) or _is_called_unseen(function, codebase):
        return None
    if _is_read_by_others(function, codebase):
        return None
    calls = _calls(function, codebase)
    star = _star(function, markers)
    if star is not None and (
        _has_star(function)
        or _is_wrapped(function, codebase)
        or (function.owner is None and injected.is_passed_on(function, codebase))
        or any(_passes_by_position(each, function, star) for each in calls)
    ):
        return None
    required = [each.parameter for each in markers if each.value is None]
    if any(not _passes(call.node, each, function) for call in calls for each in required):
        return None
    return Annotated(_laid_out(function, edits, star), (annotated, of_any))


def _laid_out(
    function: Function, edits: Sequence[Edit], star: Parameter | None
) -> tuple[Edit, ...]:
    """Return the edits with the `*`, and with line ends where a line would get too long."""
    module = function.module
    between = "" if star is None else _between(star, module)
    whole = [*edits, *([module.insert(star.start, f"*,{between}")] if star else [])]
    start = function.node.name_start
    if not signatures.is_too_long(module, start, whole):
        return tuple(whole)
    broken = signatures.one_a_line(function)
    if broken is None:
        return tuple(whole)
    if star is None:
        return (*edits, *broken)
    inner = broken[0].text
    return (*edits, *broken, module.insert(star.start, f"*,{inner}"))


def _can_move(marker: Marker, function: Function) -> bool:
    parameter, made = marker.parameter, marker.made
    default = parameter.default
    if default is None or parameter.form.startswith("*") or parameter.form == "positional":
        return False
    if not marker.is_dependency and not marker.is_written_here:
        return False  # a marker with a name of its own may hold a default for all who use it
    if any(isinstance(each, Starred) for each in made.arguments) or any(
        each.name is None for each in made.keywords
    ):
        return False
    value = marker.value
    if value is not None and _NOTHING.search(function.module.source(value)):
        return False
    if marker.is_dependency and parameter.annotation is None and not _names_its_own(made):
        return False
    return _is_plain(parameter, default, function.module) and _is_read_here(parameter, function)


def _names_its_own(made: Call) -> bool:
    return made.argument(0, "dependency") is not None


def _is_plain(parameter: Parameter, default: Expression, module: Module) -> bool:
    """Tell whether nothing but `:` and `=` stands between the parts: no comment, no parenthesis."""
    name_end = parameter.start + len(parameter.name.encode())
    annotation = parameter.annotation
    if annotation is None:
        before = name_end
    else:
        if not _COLON.fullmatch(module.text_between(name_end, annotation.start)):
            return False
        before = annotation.end
    return bool(_EQUALS.fullmatch(module.text_between(before, default.start)))


def _is_read_here(parameter: Parameter, function: Function) -> bool:
    """Tell whether the annotation is evaluated where the default was.

    Text is evaluated later, without the names of functions around and of what only type checkers
    import.
    """
    if isinstance(parameter.annotation, String):
        return False
    if not function.module.mentions(b"from __future__ import annotations"):
        return parameter.annotation is None or "Annotated[" not in function.module.source(
            parameter.annotation
        )
    is_at_top = function.outer is None or function.outer.is_module
    return is_at_top and function.owner is None and not function.module.mentions(b"TYPE_CHECKING")


def _edits(marker: Marker, module: Module, annotated: str, of_any: str) -> list[Edit]:
    """Return the edits that move one marker, and its default value behind the annotation."""
    parameter, default = marker.parameter, marker.parameter.default
    if default is None:
        return []
    annotation = parameter.annotation
    if annotation is None:
        before = parameter.start + len(parameter.name.encode())
        edits = [Edit(module.path, before, default.start, f": {annotated}[{of_any}, ")]
    else:
        edits = [
            module.insert(annotation.start, f"{annotated}["),
            Edit(module.path, annotation.end, default.start, ", "),
        ]
    if marker.is_dependency:
        return [*edits, module.insert(default.end, "]")]
    value = marker.value
    behind = "]" if value is None else f"] = {module.source(value)}"
    return [*edits, *_without_default(marker.made, module), module.insert(default.end, behind)]


def _without_default(made: Call, module: Module) -> list[Edit]:
    """Return the edit that takes the default value out of a marker's call."""
    for keyword in made.keywords:
        if keyword.name == "default":
            return [_removed(keyword.start, keyword.end, made, module)]
    if made.arguments:
        return [_removed(made.arguments[0].start, made.arguments[0].end, made, module)]
    return []


def _removed(start: int, end: int, made: Call, module: Module) -> Edit:
    """Return the edit that removes an argument with the comma behind it, or else before it."""
    others = sorted(
        (each.start, each.end) for each in (*made.arguments, *made.keywords) if each.start != start
    )
    following = [first for first, _ in others if first > start]
    before = [last for _, last in others if last < start]
    if following:
        return Edit(module.path, start, following[0], "")
    if before:
        return Edit(module.path, before[-1], end, "")
    opened = made.function.end + module.text_between(made.function.end, start).index(b"(") + 1
    return Edit(module.path, opened, made.end - 1, "")


def _loses_comment(edits: Sequence[Edit], module: Module) -> bool:
    return any(module.has_comment(each.start, each.end) for each in edits)


def _is_called_unseen(function: Function, codebase: Codebase) -> bool:
    """Tell whether something may pass arguments that no call of the function shows.

    These are `functools.partial`, what runs it with arguments, and `super()` in an override.
    """
    owner = function.owner
    if codebase.importers.hand_on((owner or function).name):
        return True
    return owner is not None and any(
        each.method(function.name) is not None for each in codebase.below(owner)
    )


def _is_read_by_others(function: Function, codebase: Codebase) -> bool:
    """Tell whether a library of its own reads the default values to inject what they name.

    So does `inject` of dependency-injector: before 4.46 it looks nowhere else, and the function
    would get the marker itself.
    """
    return any(
        isinstance(each, External) and each.name.rpartition(".")[2] == _INJECTING
        for each in codebase.decorators(function)
    )


def _is_wrapped(function: Function, codebase: Codebase) -> bool:
    """Tell whether a function of the codebase decorates it, which may pass things by position."""
    return any(isinstance(each, FunctionValue) for each in codebase.decorators(function))


def _has_star(function: Function) -> bool:
    """Tell whether there is a `*` already, bare or of `*args`: there cannot be a second one."""
    return any(each.form in {"keyword", "*"} for each in function.parameters)


def _star(function: Function, markers: Sequence[Marker]) -> Parameter | None:
    """Return the first parameter that would stand without a default behind one that has one."""
    bare = {each.parameter for each in markers if each.value is None}
    has_default = False
    for parameter in function.parameters:
        if parameter.form == "keyword" or parameter.form.startswith("*"):
            return None
        if parameter.default is not None and parameter not in bare:
            has_default = True
        elif has_default:
            return parameter
    return None


def _between(parameter: Parameter, module: Module) -> str:
    """Return what separates parameters: a line end where each has a line of its own."""
    margin, column = module.indent(parameter.start), module.position(parameter.start)[1]
    return f"\n{margin}" if len(margin) == column - 1 else " "


def _calls(function: Function, codebase: Codebase) -> list[CallSite]:
    """Return the calls of a function, or of the class that it initialises, in tests as well."""
    owner = function.owner
    called = owner if owner is not None and function.name == "__init__" else function
    return codebase.calls_anywhere(called)


def _passes(call: Call, parameter: Parameter, function: Function) -> bool:
    """Tell whether a call passes a parameter: one with `*` or `**` may."""
    if any(isinstance(each, Starred) for each in call.arguments) or any(
        each.name is None for each in call.keywords
    ):
        return True
    return arguments.passed(call, parameter.name, function) is not None


def _passes_by_position(call: CallSite, function: Function, first: Parameter) -> bool:
    """Tell whether a call reaches a parameter, or one behind it, by its position."""
    if any(isinstance(each, Starred) for each in call.node.arguments):
        return True
    position = function.parameters.index(first)
    if function.owner is not None and not members.is_static(function):
        position -= 1
    return len(call.node.arguments) > position
