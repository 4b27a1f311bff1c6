"""Copies: models that code builds of one object just as FastAPI would build them of it."""

from fastwright.application.application import Application
from fastwright.application.models import SCHEMA, SETTINGS
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue, FunctionValue, Instance
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Comprehension,
    Constant,
    Expression,
    Name,
    Subscript,
)

_FROM_OBJECT = {"from_orm", "model_validate", "parse_obj"}
_DUMPS = {"dict", "model_dump"}


def copied(
    node: Expression, function: Function, model: Class, application: Application
) -> Expression | None:
    """Return the object of which an expression makes the model, when FastAPI would make the same.

    `function` is a route's, and the expression stands in it.
    """
    return _copied(node, function, model, application) if isinstance(node, Call) else None


def copied_list(
    node: Expression, function: Function, model: Class, application: Application
) -> Expression | None:
    """Return the list of objects of which an expression makes a list of models, each as above."""
    match node:
        case Comprehension("list", Call() as item, (clause,)):
            match clause.target, _copied(item, function, model, application):
                case Name(each), Name(given) if each == given:
                    return clause.iterable
    return None


def _copied(
    node: Call, function: Function, model: Class, application: Application
) -> Expression | None:
    resolver = application.codebase.resolver
    match node.function:
        case Attribute(base, method) if method in _FROM_OBJECT:
            if resolver.value(base, function) != ClassValue(model) or len(node.arguments) != 1:
                return None
            # A method of one's own may do anything.
            is_own = isinstance(resolver.member(ClassValue(model), method), FunctionValue)
            given = node.arguments[0]
            is_object = isinstance(given, Name | Attribute | Await | Call | Subscript)
            is_plain = all(
                each.name == "from_attributes" and isinstance(each.value, Constant)
                for each in node.keywords
            )
            is_as_found = is_object and not _is_changed(given)
            return given if is_as_found and is_plain and not is_own else None
    found = _unpacked(node) or _field_by_field(node, model, application)
    if found is None or node.arguments:
        return None
    if isinstance(found, Name) and _is_kept_outside(found.id, function):
        return None
    is_model = resolver.value(node.function, function) == ClassValue(model)
    return found if is_model and _converts(found, function, application) else None


def _is_changed(given: Expression) -> bool:
    """Tell whether an object is `x.model_copy(update=…)`: its fields may be of other types."""
    return isinstance(given, Call) and given.keyword("update") is not None


def _is_kept_outside(name: str, function: Function) -> bool:
    """Tell whether a name is of what lives longer than the request: a client or the settings."""
    outer = function.outer
    if outer is None or name in function.parameter_names or name in function.details.bindings:
        return False
    return name in outer.parameter_names or name in outer.details.bindings


def _unpacked(node: Call) -> Expression | None:
    """Return `x` of `Model(**x.model_dump())` and the like."""
    if len(node.keywords) != 1 or node.keywords[0].name is not None:
        return None
    match node.keywords[0].value:
        case Attribute(given, "__dict__"):
            return given
        case Call(Attribute(given, method), (), ()) if method in _DUMPS:
            return given
        case Call(Name("vars"), (given,), ()):
            return given
    return None


def _field_by_field(node: Call, model: Class, application: Application) -> Expression | None:
    """Return `x` of `Model(a=x.a, b=x.b)` when these are all of the model's fields."""
    known = application.models.of(model)
    given: set[str] = set()
    first: Expression | None = None
    for keyword in node.keywords:
        match keyword.value:
            case Attribute(Name(name) as base, attribute) if attribute == keyword.name:
                given.add(name)
                first = first or base
            case _:
                return None
    names = {keyword.name for keyword in node.keywords}
    is_all = known is not None and names == known.fields.keys() and len(names) > 1
    return first if is_all and len(given) == 1 else None


def _converts(given: Expression, function: Function, application: Application) -> bool:
    """Tell whether FastAPI can read an object's attributes into the model."""
    codebase = application.codebase
    value = codebase.resolver.value(given, function)
    if isinstance(value, Instance):
        is_model = codebase.is_a(value.of, SCHEMA, *SETTINGS)
        return is_model or application.requirements.allows("pydantic", (2,))
    # With Pydantic 1, what is no model needs `orm_mode`, which is not looked for.
    return value is None and application.requirements.allows("pydantic", (2,))
