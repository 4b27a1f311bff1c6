"""Made rows: objects of tables that a function makes itself, and what it leaves empty in them."""

from fastwright.application.models import Model, ModelField
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import ClassValue, FunctionValue
from fastwright.source.syntax import (
    Assign,
    Attribute,
    Call,
    Constant,
    Expression,
    Name,
    walk_all,
)


def is_made_without(
    row: Expression | None, model: Model, field: ModelField, function: Function, codebase: Codebase
) -> bool:
    """Tell whether a function makes a row itself, and gives it no value for a column."""
    if not isinstance(row, Name) or len(function.details.bindings.get(row.id, ())) != 1:
        return False
    match codebase.origin(row, function):
        case (Call(made, ()) as call, scope) if scope is function:
            named = {each.name for each in call.keywords}
            return (
                codebase.resolver.value(made, function) == ClassValue(model.definition)
                and not model.definition.method("__init__")
                and named.isdisjoint({None, field.name})
                and not _has_default(field)
                and not _may_be_changed(row, field.name, function, codebase)
            )
    return False


def _has_default(field: ModelField) -> bool:
    """Tell whether a column, or the database, may fill itself."""
    made = field.default
    if isinstance(made, Call):
        return any("default" in (each.name or "default") for each in made.keywords)
    return made is not None and not isinstance(made, Constant)


def _may_be_changed(row: Name, name: str, function: Function, codebase: Codebase) -> bool:
    """Tell whether a row may get something for a column after it was made."""
    for assign in walk_all(function.body, Assign):
        match assign:
            case Assign((Attribute(Name(changed), attribute), *_)):
                if changed == row.id and attribute == name:
                    return True
    return any(
        row.id in (each.id for each in call.node.arguments if isinstance(each, Name))
        and (call.last_name == "setattr" or isinstance(codebase.target(call), FunctionValue))
        for call in function.calls
    )
