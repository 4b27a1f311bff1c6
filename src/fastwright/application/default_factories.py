"""Gives fields and columns a `default_factory` in the place of a default: the edits, where sure."""

import re
from dataclasses import dataclass, replace

from fastwright.application import deferring, line_length, models
from fastwright.application.application import Application
from fastwright.application.models import SCHEMA, SQLMODEL
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Class
from fastwright.codebase.modules import Module
from fastwright.codebase.spelling import Spelling, spell
from fastwright.codebase.values import ClassValue, External
from fastwright.source import surroundings
from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.nodes import Node
from fastwright.source.scopes import Use
from fastwright.source.syntax import Assign, Call, Expression, Keyword, Name, String

_FACTORY = "default_factory"
# The first version whose `Query` and the like take a `default_factory`.
_FIRST_FASTAPI = (0, 100)
_MAPPED = External("sqlalchemy.orm.mapped_column")
_MAPPED_DATACLASS = re.compile(rb"MappedAsDataclass|mapped_as_dataclass")


@dataclass(frozen=True, slots=True)
class DefaultFactory:
    """The edits that give a field a function; `names` are those that the field goes by."""

    edits: tuple[Edit, ...]
    names: tuple[str, ...]
    imports: tuple[tuple[str, Import], ...] = ()


def in_call(
    call: CallSite, maker: CallSite, definition: Class | None, application: Application
) -> DefaultFactory | None:
    """Return how a field or column that `maker` makes is given a function; None where not sure.

    `call` gives the default, or a part of it; `definition` is the class in whose body it stands.
    """
    if not _takes_factory(maker, application) or _is_injected(definition, application):
        return None
    module, node = call.function.module, maker.node
    is_column = models.makes_column(maker, application.codebase)
    passed = None if arguments.unpacks(node) else _passed(call, node, is_column=is_column)
    if passed is None:
        return None
    value, named = passed
    deferred = deferring.defer(value, call.node, definition, module, application.codebase)
    names = _names(call, node, definition)
    if deferred is None or not names:
        return None
    edits = _joined(deferred, named)
    widest = line_length.allowed(module, application)
    if not deferring.fits(module, node.start, edits, widest):
        edits = (*edits, *_on_lines_of_its_own(node, module))
        if not deferring.fits(module, node.start, edits, widest):
            return None
    return DefaultFactory(edits, names)


def around_value(
    call: CallSite, definition: Class, application: Application
) -> DefaultFactory | None:
    """Return how `Field(default_factory=…)` is put around a plain default; None where not sure."""
    if _is_injected(definition, application):
        return None
    module, codebase = call.function.module, application.codebase
    statement = next(each for each in definition.node.body if _is_in(call, each))
    written = _field(definition, module, application)
    if written is None or not isinstance(statement, Assign) or statement.value is None:
        return None
    value, annotation = statement.value, statement.annotation
    if annotation is None or b"(" in module.text_between(annotation.start, annotation.end):
        return None  # `Annotated` may hold a `Field` already
    deferred = deferring.defer(value, call.node, definition, module, codebase)
    names = _names(call, None, definition)
    if deferred is None or not names or module.has_comment(value.start, value.end):
        return None
    widest = line_length.allowed(module, application)
    margin = module.indent(statement.start)
    for inside, behind in (("", ""), (f"\n{margin}    ", f"\n{margin}")):
        opened = module.insert(value.start, f"{written.text}({inside}{_FACTORY}=")
        edits = (*_joined(deferred, opened), module.insert(value.end, f"{behind})"))
        if deferring.fits(module, statement.start, edits, widest):
            return DefaultFactory(edits, names, written.imports)
    return None


def _passed(
    call: CallSite, maker: Call, *, is_column: bool
) -> tuple[Expression, Edit | None] | None:
    """Return what is passed for the default, and the edit that passes it as a factory.

    Columns take functions under the same names.
    """
    module = call.function.module
    is_given = maker.keyword(_FACTORY) is not None
    match [each for each in (*maker.keywords, *maker.arguments[:1]) if _is_in(call, each)]:
        case [Keyword("default_factory", value)]:
            # What is called otherwise may well give a function.
            return (value, None) if value == call.node else None
        case [Keyword(_, value)] if is_column:
            return value, None
        case [Keyword("default" as name, value) as keyword] if not is_given:
            return value, Edit(module.path, keyword.start, keyword.start + len(name), _FACTORY)
        case [Expression() as value] if len(maker.arguments) == 1 and not is_given:
            return value, None if is_column else module.insert(value.start, f"{_FACTORY}=")
    return None


def _takes_factory(maker: CallSite, application: Application) -> bool:
    """Tell whether a field or a column can be given a function.

    A dataclass takes the one of a column for the value, and FastAPI's own fields may not know it.
    """
    codebase, made = application.codebase, application.codebase.target(maker)
    if isinstance(made, External) and made.name.startswith("fastapi."):
        return application.requirements.allows("fastapi", _FIRST_FASTAPI)
    return made != _MAPPED or not codebase.is_anywhere(_MAPPED_DATACLASS, of_tests=True)


def _is_injected(definition: Class | None, application: Application) -> bool:
    """Tell whether FastAPI makes objects of a class as a dependency.

    It reads the signature, where a mark stands for the factory, and passes a copy of the mark.
    """
    resolver = application.codebase.resolver
    return definition is not None and any(
        isinstance(each.provided, ClassValue)
        and definition in resolver.lineage(each.provided.definition)
        for each in application.written_dependencies
    )


def _field(definition: Class, module: Module, application: Application) -> Spelling | None:
    """Return how to write the function that makes fields for a class."""
    codebase = application.codebase
    if codebase.is_a(definition, SQLMODEL):
        return spell("sqlmodel.Field", module, codebase.knowledge)
    if codebase.is_a(definition, SCHEMA):
        return spell("pydantic.Field", module, codebase.knowledge)
    if all(
        isinstance(each, External) and each.name == "dataclasses.dataclass"
        for each in codebase.decorators(definition)
    ) and not _is_read_of_class(definition, codebase):
        return spell("dataclasses.field", module, codebase.knowledge)
    return None


def _is_read_of_class(definition: Class, codebase: Codebase) -> bool:
    """Tell whether something may ask the class itself for a default, which then it has no more."""
    asked = f"{definition.name}.".encode()
    return any(codebase.mentioning(asked))


def _names(call: CallSite, maker: Call | None, definition: Class | None) -> tuple[str, ...]:
    """Return what the default is of, by each name that it goes by."""
    module = call.function.module
    names = []
    for statement in module.body if definition is None else definition.node.body:
        match statement:
            case Assign((Name(name),)) if _is_in(call, statement):
                names.append(name)
    if call.use & Use.IN_SIGNATURE:
        names += [
            each.name
            for function in module.functions
            for each in function.parameters
            if each.default is not None and _is_in(call, each.default)
        ]
    if maker is not None:
        given = [
            *maker.arguments[:1],
            *(each.value for each in maker.keywords if "alias" in str(each.name)),
        ]
        names += [each.value for each in given if isinstance(each, String) and each.value]
    return tuple(dict.fromkeys(names))


def _is_in(call: CallSite, node: Node) -> bool:
    return surroundings.holds([node], call.node)


def _joined(deferred: Edit, named: Edit | None) -> tuple[Edit, ...]:
    """Return both edits; as one where they insert at one place, where their order counts."""
    if named is not None and (named.start, named.end) == (deferred.start, deferred.end):
        return (replace(named, text=named.text + deferred.text),)
    return (deferred,) if named is None else (named, deferred)


def _on_lines_of_its_own(maker: Call, module: Module) -> tuple[Edit, ...]:
    """Return the edits that put the arguments of a call between its parentheses' lines."""
    line = module.text[module.text.rfind(b"\n", 0, maker.start) + 1 : maker.start]
    if b"\n" in module.text[maker.start : maker.end] or b"(" in line:
        return ()
    opened = module.text.index(b"(", maker.function.end) + 1
    margin = module.indent(maker.start)
    return (
        module.insert(opened, f"\n{margin}    "),
        module.insert(maker.end - 1, f"\n{margin}"),
    )
