"""Moves what FastAPI injects from default values into annotations: the edits, and when they hold.

All markers of a function move at once, because a parameter without a default must not follow one
that has one. What would be in the wrong order is made keyword-only where nobody passes it by
position: FastAPI never does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.application import injected
from fastwright.application.annotation_edits import Marker, Names, laid_out, on_one_line
from fastwright.application.application import Application
from fastwright.codebase import arguments, members
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import External, FunctionValue
from fastwright.source.edits import Edit
from fastwright.source.syntax import Call, Expression, Parameter, Starred, String

_EQUALS = re.compile(rb"\s*=\s*")
_COLON = re.compile(rb"\s*:\s*")
# The first that has `Annotated` in `typing`.
_FIRST_PYTHON = (3, 9)
# What stands for “no default” in values, in older versions.
_NOTHING = re.compile(r"(^|\.)(Undefined|PydanticUndefined|Required)$")
# What libraries call the decorator that reads the default values of what it decorates.
_INJECTING = "inject"


def spelled(module: Module, application: Application) -> Spelling | None:
    """Return how to write `Annotated` in a file; older Pythons do not have it in `typing`."""
    knowledge = application.codebase.knowledge
    for library in ("typing", "typing_extensions"):
        known = spell(f"{library}.Annotated", module, knowledge)
        if known is not None and not known.imports:
            return known
    requirements = application.requirements
    oldest = requirements.oldest_python
    is_new = requirements.allows("python", _FIRST_PYTHON) and (
        oldest is None or (3, oldest) >= _FIRST_PYTHON
    )
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
    names = Names(annotated.text, of_any.text)
    edits = on_one_line(markers, module, names)
    if any(module.has_comment(each.start, each.end) for each in edits):
        return None
    if _is_called_unseen(function, codebase):
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
    return Annotated(laid_out(function, markers, names, star), (annotated, of_any))


def _can_move(marker: Marker, function: Function) -> bool:
    parameter, made = marker.parameter, marker.made
    default = parameter.default
    if default is None or parameter.form.startswith("*") or parameter.form == "positional":
        return False
    if not marker.is_dependency and not marker.is_written_here:
        return False  # a marker with a name of its own may hold a default for all who use it
    if arguments.unpacks(made):
        return False
    if not _can_be_moved(marker, function.module):
        return False
    if marker.is_dependency and parameter.annotation is None and not _names_its_own(made):
        return False
    return _is_plain(parameter, default, function.module) and _is_read_here(parameter, function)


def _can_be_moved(marker: Marker, module: Module) -> bool:
    """Tell whether the default value in a marker's call means the same outside, as it is written.

    In parentheses of its own it may go over several lines.
    """
    made = marker.made
    value = None if marker.is_dependency else made.argument(0, "default")
    if value is None:
        return True
    keyword = next((each for each in made.keywords if each.name == "default"), None)
    before = module.text_between(keyword.start if keyword else made.function.end, value.start)
    return before.count(b"(") == (0 if keyword else 1) and not _NOTHING.search(module.source(value))


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


def _calls(function: Function, codebase: Codebase) -> list[CallSite]:
    """Return the calls of a function, or of the class that it initialises, in tests as well."""
    owner = function.owner
    called = owner if owner is not None and function.name == "__init__" else function
    return codebase.calls_anywhere(called)


def _passes(call: Call, parameter: Parameter, function: Function) -> bool:
    """Tell whether a call passes a parameter: one with `*` or `**` may."""
    return arguments.unpacks(call) or arguments.passed(call, parameter.name, function) is not None


def _passes_by_position(call: CallSite, function: Function, first: Parameter) -> bool:
    """Tell whether a call reaches a parameter, or one behind it, by its position."""
    if any(isinstance(each, Starred) for each in call.node.arguments):
        return True
    position = function.parameters.index(first)
    if function.owner is not None and not members.is_static(function):
        position -= 1
    return len(call.node.arguments) > position
