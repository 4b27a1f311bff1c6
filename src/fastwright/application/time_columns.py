"""Whether the column that a time is for keeps zones, as far as its type can be read."""

import re

from fastwright.application.application import Application
from fastwright.application.models import ModelField
from fastwright.application.zones import Zones, is_time_type
from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import ClassValue, Instance, Value
from fastwright.source import surroundings
from fastwright.source.syntax import (
    Assign,
    Attribute,
    BinaryOperation,
    Call,
    Conditional,
    Expression,
    Keyword,
    Lambda,
    Name,
    walk,
)

_TYPED = re.compile(r"\b(?:sa_column|sa_type|type_)=")
# Where a base may say what times are in all its tables.
_TYPES_OF_ALL = b"type_annotation_map"


class TimeColumns:
    """Tells of times whether their columns keep zones: None where no column or type is known."""

    def __init__(self, application: Application, zones: Zones) -> None:
        self._application = application
        self._resolver = application.codebase.resolver
        self._zones = zones

    def of_maker(self, maker: CallSite) -> bool | None:
        """Answer for times that are asked for by what makes a column."""
        return self._of_call(maker.node, maker.function.module)

    def of_value(self, node: Expression, function: Function) -> bool | None:
        """Answer for a time that is given to a row, or to what makes a column."""
        keyword: str | None = None
        for outer in reversed(surroundings.around(function.body, node)):
            match outer:
                case Keyword():
                    keyword = outer.name
                case BinaryOperation() | Conditional() | Lambda():
                    pass
                case Assign((Attribute(row, name),)):
                    return self._of_attribute(self._resolver.value(row, function), name)
                case Call(called) if keyword is not None:
                    made = self._resolver.value(called, function)
                    of_row = self._of_attribute(made, keyword)
                    return self._of_call(outer, function.module) if of_row is None else of_row
                case _:
                    return None
        return None

    def _of_call(self, call: Call, module: Module) -> bool | None:
        for table in self._application.tables:
            for field in table.fields.values():
                if field.default == call and field.owner.module is module:
                    return self._of_field(table.definition, field)
        return None

    def _of_attribute(self, owner: Value | None, name: str) -> bool | None:
        match owner:
            case ClassValue(definition) | Instance(Class() as definition):
                model = self._application.models.of(definition)
                field = model.fields.get(name) if model and model.is_table else None
                return self._of_field(definition, field) if field else None
        return None

    def _of_field(self, definition: Class, field: ModelField) -> bool | None:
        if self._zones.is_aware_field(definition, field.name):
            return True
        module, says = field.owner.module, field.default
        if not (isinstance(says, Call) and (says.arguments or _TYPED.search(module.source(says)))):
            return None if any(self._application.codebase.mentioning(_TYPES_OF_ALL)) else False
        types = (
            self._resolver.value(each, field.owner)
            for each in walk(says)
            if isinstance(each, Name | Attribute)
        )
        return False if any(is_time_type(each) for each in types) else None
