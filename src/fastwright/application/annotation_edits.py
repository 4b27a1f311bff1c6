"""Writes what FastAPI injects into annotations: the edits, on one line or on several.

A line that would get too long is broken as formatters do it: a parameter a line, and then what
stands in the brackets on a line of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.codebase import signatures
from fastwright.codebase.definitions import Function
from fastwright.codebase.modules import Module
from fastwright.source.edits import Edit, apply
from fastwright.source.syntax import Call, Constant, Expression, Parameter

_STEP = "    "


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


@dataclass(frozen=True, slots=True)
class Names:
    """How `Annotated` and `Any` are written in a file."""

    annotated: str
    of_any: str


def on_one_line(markers: Sequence[Marker], module: Module, names: Names) -> list[Edit]:
    """Return the edits that move markers, which break no line."""
    return [edit for each in markers for edit in _edits(each, module, names)]


def laid_out(
    function: Function, markers: Sequence[Marker], names: Names, star: Parameter | None
) -> tuple[Edit, ...]:
    """Return the edits that move markers, with line ends where a line would get too long.

    A `*` is put before the parameter `star`.
    """
    module = function.module
    flat = on_one_line(markers, module, names)
    starred = [] if star is None else [module.insert(star.start, f"*,{_between(star, module)}")]
    widest = signatures.widest(module, function.node.name_start, [*flat, *starred])
    if widest is None:
        return (*flat, *starred)
    broken = signatures.one_a_line(function)
    margin = None if broken is None else signatures.margin(function)
    if star is not None and margin is not None:
        starred = [module.insert(star.start, f"*,{margin}")]
    moved = [edit for each in markers for edit in _fitting(each, module, names, margin, widest)]
    return (*moved, *(broken or ()), *starred)


def _between(parameter: Parameter, module: Module) -> str:
    """Return what separates parameters: a line end where each has a line of its own."""
    margin = _own_margin(parameter, module)
    return " " if margin is None else margin


def _own_margin(parameter: Parameter, module: Module) -> str | None:
    """Return the line end and the indentation before a parameter that begins a line."""
    margin, column = module.indent(parameter.start), module.position(parameter.start)[1]
    return f"\n{margin}" if len(margin) == column - 1 else None


def _fitting(
    marker: Marker, module: Module, names: Names, margin: str | None, widest: int
) -> list[Edit]:
    """Return the edits of a marker, with line ends within the brackets where that is too long.

    `margin` is the line end and the indentation that its parameter gets, None where it stays as it
    is. What has several lines keeps them.
    """
    parameter = marker.parameter
    flat = _edits(marker, module, names)
    own = _own_margin(parameter, module)
    before, new = margin if margin is not None else own, _applied(flat, parameter, module)
    if before is None or "\n" in new:
        return flat
    behind = module.text_between(parameter.end, module.line_end(parameter.end)).decode()
    rest = "," if margin is not None else behind
    if len(f"{before}{new}{rest}") - 1 <= widest:
        return flat
    inner = before + ("\t" if "\t" in before else _STEP)
    return _edits(marker, module, names, inner, before)


def _applied(edits: Sequence[Edit], parameter: Parameter, module: Module) -> str:
    moved = [
        Edit(each.path, each.start - parameter.start, each.end - parameter.start, each.text)
        for each in edits
    ]
    return apply(module.text_between(parameter.start, parameter.end), moved).decode()


def _edits(
    marker: Marker, module: Module, names: Names, first: str = "", last: str = ""
) -> list[Edit]:
    """Return the edits that move one marker, and its default value behind the annotation.

    `first` stands behind `[`, and `last` before `]`.
    """
    parameter, default = marker.parameter, marker.parameter.default
    if default is None:
        return []
    annotation = parameter.annotation
    opened, closed = f"{names.annotated}[{first}", f"{last}]"
    if annotation is None:
        before = parameter.start + len(parameter.name.encode())
        edits = [Edit(module.path, before, default.start, f": {opened}{names.of_any}, ")]
    else:
        edits = [
            module.insert(annotation.start, opened),
            Edit(module.path, annotation.end, default.start, ", "),
        ]
    if marker.is_dependency:
        return [*edits, module.insert(default.end, closed)]
    value = marker.value
    behind = closed if value is None else f"{closed} = {module.source(value)}"
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
