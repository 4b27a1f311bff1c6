"""The declarative base: the class that most tables are made from."""

from collections import Counter
from collections.abc import Iterator

from fastwright.application.models import DECLARATIVE, SQLMODEL, Model
from fastwright.codebase import names
from fastwright.codebase.definitions import Class
from fastwright.codebase.values import ClassValue, External
from fastwright.scaffolds.room import Orm, Place, Symbol, Unknown
from fastwright.scaffolds.rooms.columns import Column, read
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.symbols import find
from fastwright.source.syntax import Call, Expression

_FLAG = "--base app.database:Base"
_SOUGHT = "a declarative base of SQLAlchemy or SQLModel that tables are made from"
_MAPPED_AS_DATACLASS = "sqlalchemy.orm.MappedAsDataclass"


class Base:
    """A declarative base, and what tables get from it."""

    def __init__(self, symbol: Symbol, place: Place, definition: Class | None) -> None:
        self.symbol = symbol
        self.place = place
        self.definition = definition


def base(around: Surroundings) -> Base | Unknown:
    """Return the base of most tables; of several that are as good, none."""
    if around.given.base:
        return _given(around, around.given.base)
    direct: Counter[Class | str] = Counter()
    common: Counter[Class | str] = Counter()
    for table in around.tables:
        above = list(_above(table, around))
        direct.update(_nearest(above, around))
        common.update(above)
    most = len(around.tables) // 2
    chosen = _most(direct, most, around) or _most(common, most, around)
    if chosen is None:
        candidates = [found for each in common if (found := _found(each, around))]
        shown = {str(each.symbol): each.place for each in candidates}
        return Unknown("base", _SOUGHT, _FLAG, shown)
    return _found(chosen, around) or Unknown("base", _SOUGHT, _FLAG)


def orm(around: Surroundings, found: Base) -> Orm:
    """Return how most columns are declared."""
    if found.symbol.module == "sqlmodel" or (
        found.definition and around.codebase.is_a(found.definition, SQLMODEL)
    ):
        return Orm.SQLMODEL
    mapped: Counter[bool] = Counter(
        each.annotation is not None
        for table in around.tables
        for each in table.own_fields
        if isinstance(each.default, Call) or each.annotation is not None
    )
    return Orm.MAPPED if mapped[True] > mapped[False] else Orm.COLUMNS


def is_dataclass(around: Surroundings, found: Base) -> bool:
    """Tell whether tables are dataclasses."""
    return found.definition is not None and _MAPPED_AS_DATACLASS in (
        around.codebase.resolver.lineage(found.definition)
    )


def columns(around: Surroundings, found: Base) -> dict[str, Column]:
    """Return the columns that a base gives to every table."""
    if found.definition is None:
        return {}
    model = around.application.models.of(found.definition)
    if model is None:
        return {}
    read_columns = (read(each, around.application) for each in model.fields.values())
    return {each.name: each for each in read_columns if each is not None}


def _above(table: Model, around: Surroundings) -> Iterator[Class | str]:
    """Yield the declarative classes that a table is made from, the nearest first."""
    for each in table.lineage[1:]:
        if isinstance(each, Class):
            model = around.application.models.of(each)
            is_base = around.codebase.is_a(each, DECLARATIVE, SQLMODEL)
            if is_base and not (model and (model.is_table or _asks(model, around))):
                yield each
        elif each in (DECLARATIVE, SQLMODEL):
            yield each


def _nearest(above: list[Class | str], around: Surroundings) -> list[Class | str]:
    """Return the nearest of the classes above a table: of some side by side, that with the key.

    Where none has it, they merely add columns to what they share.
    """
    lineages = [
        {each} if isinstance(each, str) else set(around.codebase.resolver.lineage(each))
        for each in above
    ]
    if not above or lineages[0].issuperset(above):
        return above[:1]
    keyed: list[Class | str] = [
        each for each in above if isinstance(each, Class) and _has_key(each, around)
    ]
    return keyed[:1] or [each for each in above if all(each in lines for lines in lineages)][:1]


def _has_key(definition: Class, around: Surroundings) -> bool:
    model = around.application.models.of(definition)
    fields = model.fields.values() if model else ()
    return any(each.is_key for field in fields if (each := read(field, around.application)))


def _asks(model: Model, around: Surroundings) -> bool:
    """Tell whether whoever is made from a class has to be given more than a key: it is no base."""
    columns = (read(each, around.application) for each in model.fields.values())
    return any(
        not (each.is_key or each.is_nullable or each.has_default) for each in columns if each
    )


def _most(counted: Counter[Class | str], most: int, around: Surroundings) -> Class | str | None:
    """Return what more than so many tables are made from; of several the nearest of all."""
    best = max(counted.values(), default=0)
    if best <= most:
        return None
    tied = [each for each, count in counted.items() if count == best]
    for each in tied:
        above = (each,) if isinstance(each, str) else around.codebase.resolver.lineage(each)
        if all(other in above for other in tied):
            return each
    # Classes that stand beside each other add columns; what they all come from is the base.
    return next((each for each in tied if isinstance(each, str)), None)


def _found(chosen: Class | str, around: Surroundings) -> Base | None:
    if isinstance(chosen, Class):
        place = around.place(chosen.module, chosen.node)
        return Base(around.symbol(chosen.module, chosen.name), place, chosen)
    above = [each for table in around.tables for each in table.lineage if isinstance(each, Class)]
    for definition in above:
        for written in definition.node.bases:
            if around.codebase.resolver.value(written, definition.scope) != External(chosen):
                continue
            if chosen == SQLMODEL:
                place = around.place(definition.module, definition.node)
                return Base(Symbol("sqlmodel", "SQLModel"), place, None)
            return _variable(written, definition, around)
    return None


def _variable(written: Expression, definition: Class, around: Surroundings) -> Base | None:
    """Return the base that a variable holds: `Base = declarative_base()`."""
    origin = around.codebase.origin(written, definition.scope)
    if origin is None:
        return None
    node, scope = origin
    module = scope.module
    for name, bindings in module.top.details.bindings.items():
        given = names.given(bindings[-1])
        if given is not None and given == node:
            return Base(around.symbol(module, name), around.place(module, node), None)
    return None


def _given(around: Surroundings, symbol: Symbol) -> Base:
    if symbol == Symbol("sqlmodel", "SQLModel"):
        return Base(symbol, Place("", 0), None)
    module, name = find(symbol, "--base", around.codebase)
    value = around.codebase.resolver.module_member(module, name)
    definition = value.definition if isinstance(value, ClassValue) else None
    binding = module.top.details.bindings.get(name, [(0, 0)])[-1]
    return Base(symbol, Place(module.path, module.position(binding[1])[0]), definition)
